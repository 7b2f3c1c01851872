//! The stand-in for all backends: a server on loopback that reads each request back and gives the stated answer.

use crate::heard::Heard;
use crate::operations::{Incoming, Operations};
use crate::script::Script;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use patchbay_config::{Fault, Stated};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// Where tokens are given out. No backend's name begins with a hyphen.
pub(crate) const TOKENS: &str = "/-/token";

/// What a stand-in knows and what it has heard.
pub(crate) struct Scene {
    pub(crate) operations: Operations,
    pub(crate) script: Arc<Script>,
    /// Operations that may be asked without a stated answer: then there is no such record.
    pub(crate) optional: BTreeSet<String>,
    /// No backend may answer with more bytes than this.
    pub(crate) largest: usize,
    pub(crate) notes: Mutex<Notes>,
}

/// What happened at the stand-in, oldest first.
#[derive(Default)]
pub(crate) struct Notes {
    /// Every request of an operation.
    pub(crate) heard: Vec<Heard>,
    /// Requests the test states no answer to.
    pub(crate) unstated: Vec<String>,
}

impl Scene {
    pub(crate) fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a request; `None` where the test states none.
    fn answer(&self, heard: Heard) -> Option<Stated> {
        let stated = self.script.next(&heard.operation, &heard.args);
        let mut notes = self.notes();
        if stated.is_none() && !self.optional.contains(&heard.operation) {
            notes.unstated.push(heard.shown());
        }
        notes.heard.push(heard);
        stated
    }
}

/// Two addresses of this machine: one where the stand-in will listen, and one that refuses every connection.
pub(crate) struct Ports {
    listener: TcpListener,
    /// Bound, so that nobody else gets the port, but never listening.
    silent: TcpSocket,
}

impl Ports {
    pub(crate) async fn bind() -> io::Result<Self> {
        let silent = TcpSocket::new_v4()?;
        silent.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
        Ok(Self { listener: TcpListener::bind(("127.0.0.1", 0)).await?, silent })
    }

    /// The stand-in's address, and nobody's.
    pub(crate) fn addresses(&self) -> io::Result<[SocketAddr; 2]> {
        Ok([self.listener.local_addr()?, self.silent.local_addr()?])
    }

    /// Answers until dropped.
    pub(crate) fn serve(self, scene: Arc<Scene>) -> Serving {
        let mut tasks = JoinSet::new();
        let Self { listener, silent } = self;
        tasks.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(converse(stream, Arc::clone(&scene)));
            }
        });
        Serving { _tasks: tasks, _silent: silent }
    }
}

/// A stand-in at work; dropping it closes its doors and every connection.
pub(crate) struct Serving {
    _tasks: JoinSet<()>,
    _silent: TcpSocket,
}

async fn converse(stream: TcpStream, scene: Arc<Scene>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let scene = Arc::clone(&scene);
        async move { respond(&scene, request).await }
    });
    // How a connection ended is nothing to act on: some are broken on purpose.
    // The time is the test's, so no date of this machine goes out.
    let _ = http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service).await;
}

/// One exchange; an error breaks the connection.
async fn respond(scene: &Scene, request: Request<hyper::body::Incoming>) -> io::Result<Response<Full<Bytes>>> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    if head.uri.path() == TOKENS {
        return say(StatusCode::OK, &json!({ "access_token": "stand-in", "token_type": "Bearer", "expires_in": 3600 }));
    }
    let text = |value: &hyper::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let heard = scene.operations.read(Incoming {
        method: head.method.as_str(),
        path: head.uri.path(),
        query: head.uri.query().unwrap_or_default(),
        headers: head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: &body,
    });
    let Some(heard) = heard else {
        scene.notes().unstated.push(format!("{} {}, which no document describes", head.method, head.uri.path()));
        return say(StatusCode::NOT_FOUND, &json!({ "message": "no operation has this path" }));
    };
    let Some(stated) = scene.answer(heard) else {
        return say(StatusCode::NOT_FOUND, &json!({ "message": "the test states no answer" }));
    };
    tokio::time::sleep(stated.delay).await;
    match stated.fault {
        Some(Fault::Timeout) => std::future::pending().await,
        Some(Fault::BadAnswer) => Ok(with_status(Response::new(Full::from("<html>Something went wrong.</html>")), StatusCode::OK)),
        Some(Fault::TooLarge) => Ok(with_status(Response::new(Full::from(vec![b' '; scene.largest + 1])), StatusCode::OK)),
        Some(Fault::Drop | Fault::Unreachable) => Err(io::Error::from(io::ErrorKind::ConnectionAborted)),
        None => match (StatusCode::from_u16(stated.status).map_err(io::Error::other)?, &stated.body) {
            (status, Some(body)) => say(status, body),
            (status, None) => Ok(with_status(Response::new(Full::default()), status)),
        },
    }
}

fn say(status: StatusCode, body: &Value) -> io::Result<Response<Full<Bytes>>> {
    let response = Response::builder().header(CONTENT_TYPE, "application/json").body(Full::from(body.to_string()));
    Ok(with_status(response.map_err(io::Error::other)?, status))
}

fn with_status<T>(mut response: Response<T>, status: StatusCode) -> Response<T> {
    *response.status_mut() = status;
    response
}
