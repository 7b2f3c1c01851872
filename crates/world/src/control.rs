//! The control door: ledger, reset, faults and clock over HTTP, on a port of its own that no customer's system has.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use hyper::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::panel::Panel;
use crate::refusal::Refusal;
use crate::request::{Asked, Given, json_response};

/// The routes under `/_control`.
pub(crate) fn routes(panel: Panel) -> Router {
    Router::new()
        .route("/_control/ledger", get(ledger))
        .route("/_control/reset", post(reset))
        .route("/_control/faults", get(faults).post(place_fault).delete(clear_faults))
        .route("/_control/faults/{id}", delete(remove_fault))
        .route("/_control/clock", get(clock).post(advance))
        .with_state(panel)
}

#[derive(Deserialize)]
struct LedgerQuery {
    /// Only entries with a number above this one.
    #[serde(default)]
    after: u64,
}

async fn ledger(State(panel): State<Panel>, Asked(query): Asked<LedgerQuery>) -> Response {
    let entries: Vec<_> = panel.ledger().entries().into_iter().filter(|entry| entry.number > query.after).collect();
    json_response(StatusCode::OK, &json!({ "entries": entries }))
}

async fn reset(State(panel): State<Panel>) -> StatusCode {
    panel.reset();
    StatusCode::NO_CONTENT
}

async fn faults(State(panel): State<Panel>) -> Response {
    json_response(StatusCode::OK, &json!({ "faults": panel.faults().list() }))
}

async fn place_fault(State(panel): State<Panel>, Given { read: fault, .. }: Given<Fault>) -> Response {
    match panel.faults().place(fault) {
        Ok(id) => json_response(StatusCode::CREATED, &json!({ "id": id })),
        Err(error) => Refusal::rule("fault_invalid", error.to_string()).into_response(),
    }
}

async fn remove_fault(State(panel): State<Panel>, Path(id): Path<u64>) -> Response {
    if panel.faults().remove(id) {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Refusal::not_found("fault", &id.to_string()).into_response()
    }
}

async fn clear_faults(State(panel): State<Panel>) -> StatusCode {
    panel.faults().clear();
    StatusCode::NO_CONTENT
}

async fn clock(State(panel): State<Panel>) -> Response {
    json_response(StatusCode::OK, &now(&panel))
}

#[derive(Deserialize)]
struct Advance {
    advance_ms: u32,
}

async fn advance(State(panel): State<Panel>, Given { read: by, .. }: Given<Advance>) -> Response {
    panel.clock().advance(by.advance_ms);
    json_response(StatusCode::OK, &now(&panel))
}

fn now(panel: &Panel) -> Value {
    json!({ "now": panel.clock().now() })
}
