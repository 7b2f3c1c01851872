//! `GET /v1/conversations/{conversation}/turns/{turn}`: the reply of one turn.

use super::path;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::who::Who;
use crate::wire::Reply;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// Read the reply of a turn
///
/// 204 while the turn is still open.
#[utoipa::path(
    get,
    path = "/v1/conversations/{conversation}/turns/{turn}",
    operation_id = "read_turn",
    tag = "messages",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("turn" = String, Path, description = "The turn")
    ),
    security(("visitor" = []), ("host" = [])),
    responses(
        (status = 200, description = "The reply", body = Reply),
        (status = 204, description = "The turn is still open"),
        Refusals
    )
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    Who(session): Who,
    Path((conversation, turn)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (conversation, turn) = (path::conversation(&conversation)?, path::turn(&turn)?);
    match hall.service().reply(&session, &conversation, &turn).await? {
        Some(reply) => Ok(Shown(Reply::from(reply)).into_response()),
        None => Ok((StatusCode::NO_CONTENT, [(header::RETRY_AFTER, HeaderValue::from_static("1"))]).into_response()),
    }
}
