//! The server: takes connections in, bounds what they may send, and goes down without dropping what was begun.

mod linger;

use crate::hall::Hall;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use linger::Linger;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tower::Service;

/// The largest head of a request, in bytes; hyper answers 431 beyond it, and beyond 100 headers.
const LARGEST_HEAD: usize = 64 * 1024;

/// Serves these addresses until `stop` resolves, then ends live streams, finishes open requests within the drain time and
/// returns. Connections beyond the limit wait in the system's queue.
pub async fn serve(listener: TcpListener, router: Router, hall: &Hall, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(hall.limits().connections));
    let connections = TaskTracker::new();
    tokio::pin!(stop);
    loop {
        let arrival = async {
            let place = places.clone().acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = &mut stop => break,
            arrival = arrival => arrival,
        };
        match accepted {
            Ok((stream, peer)) => {
                let connection = connection(stream, peer, router.clone(), hall.clone());
                connections.spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                // Out of file handles, or a peer that gave up: one must pass, the other has.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    hall.closing().cancel();
    connections.close();
    if tokio::time::timeout(hall.limits().drain, connections.wait()).await.is_err() {
        tracing::warn!(open = connections.len(), "connections were still open when the drain time was over");
    }
}

/// One connection, to its end.
async fn connection(stream: TcpStream, peer: SocketAddr, router: Router, hall: Hall) {
    // Small answers must not wait for the peer's acknowledgement of the one before.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "TCP_NODELAY was refused");
    }
    let answer = service_fn(move |request: Request<Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request)
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(hall.limits().head_within)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Linger::new(stream)), answer);
    tokio::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = hall.closing().cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}
