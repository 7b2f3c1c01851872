//! A port that answers: accepting, one task per connection, dropping a connection without an answer, stopping gently.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tower::Service;

/// How long open connections may go on after `stop`.
const GRACE: Duration = Duration::from_secs(1);

/// Why a world or a shop could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No port could be bound on 127.0.0.1.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Listen {
        /// The port that was tried; 0 stands for any.
        port: u16,
        /// What the system said.
        source: io::Error,
    },
    /// A document compiled into this crate is not JSON.
    #[error("the document of {service} cannot be read: {source}")]
    Document {
        /// Which service.
        service: &'static str,
        /// What is wrong in it.
        source: serde_json::Error,
    },
}

/// The connection ends here, without an answer.
#[derive(Debug, thiserror::Error)]
#[error("the connection was dropped on purpose")]
pub(crate) struct Dropped;

/// What answers the requests of a port.
pub(crate) trait Answer: Send + Sync + 'static {
    /// The answer, or the wish to close the connection without one.
    fn answer(&self, request: Request) -> impl Future<Output = Result<Response, Dropped>> + Send;
}

impl Answer for Router {
    async fn answer(&self, request: Request) -> Result<Response, Dropped> {
        let Ok(response) = self.clone().call(request).await;
        Ok(response)
    }
}

/// A port that is bound but does not answer yet.
pub(crate) struct Bound {
    listener: TcpListener,
    address: SocketAddr,
}

impl Bound {
    /// Binds `preferred` on 127.0.0.1, or any free port where that is taken or not given.
    pub(crate) async fn at(preferred: Option<u16>) -> Result<Self, StartError> {
        if let Some(port) = preferred
            && let Ok(bound) = Self::exactly(port).await
        {
            return Ok(bound);
        }
        Self::exactly(0).await
    }

    async fn exactly(port: u16) -> Result<Self, StartError> {
        let failed = |source| StartError::Listen { port, source };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        Ok(Self { listener, address })
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Begins to answer.
    pub(crate) fn serve(self, answers: impl Answer) -> Serving {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(accept(self.listener, Arc::new(answers), stopped));
        Serving { stop, task }
    }
}

/// A port that answers until it is stopped or dropped.
#[derive(Debug)]
pub(crate) struct Serving {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Takes no more connections, lets the open requests finish (at most a second) and returns.
    pub(crate) async fn stop(mut self) {
        self.stop.send_replace(true);
        // A task that panicked has nothing left to stop.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept<A: Answer>(listener: TcpListener, answers: Arc<A>, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, Arc::clone(&answers), stopped.clone()));
                }
                // Out of file handles or the like: it passes, and accepting at once again would spin.
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            },
            _ = stopped.changed() => break,
        }
        while connections.try_join_next().is_some() {}
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

async fn converse<A: Answer>(stream: TcpStream, answers: Arc<A>, mut stopped: watch::Receiver<bool>) {
    // Without this a small answer may wait 40 ms for the acknowledgement of the one before.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let answers = Arc::clone(&answers);
        async move { answers.answer(request.map(Body::new)).await }
    });
    let connection = http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service);
    tokio::pin!(connection);
    tokio::select! {
        // How a connection ended (closed, cut, dropped on purpose) is nothing to act on.
        _ = connection.as_mut() => return,
        _ = stopped.changed() => connection.as_mut().graceful_shutdown(),
    }
    let _ = tokio::time::timeout(GRACE, connection).await;
}
