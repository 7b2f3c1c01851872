//! The floor that turns are measured against: a bare server that makes the same backend calls for the same question and
//! writes as many rows, of the same size, in group commits. No rules, no understanding, no streams.

mod backends;
mod log;
mod rows;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use backends::Backends;
use clap::Parser;
use log::Log;
use rows::Rows;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

/// Answers like the product, with nothing in between.
#[derive(Debug, Parser)]
struct Arguments {
    #[arg(long)]
    listen: SocketAddr,
    /// A log of the product, after this many turns: as many rows of that size are written here.
    #[arg(long)]
    like: PathBuf,
    #[arg(long)]
    turns: u32,
    /// The file to write to.
    #[arg(long)]
    file: PathBuf,
}

struct Floor {
    backends: Backends,
    log: Log,
    rows: Rows,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let arguments = Arguments::parse();
    let floor = Floor {
        backends: Backends::connect().await?,
        log: Log::open(&arguments.file)?,
        rows: Rows::per_turn(&arguments.like, arguments.turns)?,
    };
    println!("{:?}", floor.rows);
    let router = Router::new()
        .route("/readyz", get(|| async {}))
        .route("/v1/conversations", post(|| async { (StatusCode::CREATED, Json(json!({ "id": "cnv" }))) }))
        .route("/v1/conversations/{conversation}/messages", post(turn))
        .with_state(Arc::new(floor));
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    axum::serve(axum::serve::ListenerExt::tap_io(listener, |stream| drop(stream.set_nodelay(true))), router)
        .with_graceful_shutdown(async { drop(tokio::signal::ctrl_c().await) })
        .await?;
    Ok(())
}

/// One turn: the message is on the disk before anything else happens, the reply before it is sent.
async fn turn(
    State(floor): State<Arc<Floor>>,
    Path(conversation): Path<String>,
    Json(message): Json<Value>,
) -> Result<Json<Value>, StatusCode> {
    let words = message["text"].as_str().unwrap_or_default();
    let order: String = words.chars().filter(char::is_ascii_digit).collect();
    floor.log.write(conversation.clone(), 1, floor.rows.bytes_each).await.ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    let said = floor.backends.where_is(&order).await.map_err(|_| StatusCode::BAD_GATEWAY)?;
    let rest = floor.rows.count.saturating_sub(1);
    floor.log.write(conversation, rest, floor.rows.bytes_each).await.ok_or(StatusCode::SERVICE_UNAVAILABLE)?;
    Ok(Json(json!({ "status": "answered", "text": said })))
}
