//! `POST /v1/conversations/{conversation}/person`: the customer's own button for a person. No mind is needed to understand it.

use super::path;
use crate::body::{Nothing, Strict};
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::who::{Who, pace_key};
use crate::wire::Accepted;
use axum::extract::{Path, State};
use axum::http::StatusCode;

/// Ask for a person
///
/// Who waits already, or talks to somebody, does not wait once more. What follows is told by the live stream.
#[utoipa::path(
    post,
    path = "/v1/conversations/{conversation}/person",
    operation_id = "ask_person",
    tag = "conversations",
    params(("conversation" = String, Path, description = "The conversation")),
    security(("visitor" = []), ("host" = [])),
    responses((status = 202, description = "Asked, and on the disk", body = Accepted), Refusals)
)]
pub(crate) async fn ask(
    State(hall): State<Hall>,
    Who(session): Who,
    Path(conversation): Path<String>,
    _nothing: Strict<Nothing>,
) -> Result<(StatusCode, Shown<Accepted>), Problem> {
    let conversation = path::conversation(&conversation)?;
    hall.pace_message(pace_key(&session))?;
    let received = hall.service().ask_person(&session, &conversation).await?;
    Ok((StatusCode::ACCEPTED, Shown(Accepted::from(received))))
}
