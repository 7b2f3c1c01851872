//! Signs of life for whoever runs us: alive, and ready for traffic.

use crate::hall::Hall;
use crate::problem::{Code, Problem};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// A sign of life.
#[derive(Serialize, ToSchema)]
pub(crate) struct Health {
    /// `ok`.
    status: &'static str,
}

/// Is the process alive?
#[utoipa::path(get, path = "/healthz", tag = "operations", responses((status = 200, description = "Alive", body = Health)))]
pub(crate) async fn alive() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Does it take traffic?
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    responses((status = 200, description = "Ready for traffic", body = Health), crate::openapi::Refusals)
)]
pub(crate) async fn ready(State(hall): State<Hall>) -> Result<Json<Health>, Problem> {
    if hall.is_ready() { Ok(Json(Health { status: "ok" })) } else { Err(Code::NotReady.into()) }
}
