//! `GET /v1/passages/{passage}`: a passage that an answer cites.

use super::path;
use crate::hall::Hall;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::who::Who;
use crate::wire::Passage;
use axum::extract::{Path, State};

/// Read a passage of the knowledge
///
/// For whoever it is meant for, while it is valid; to anybody else it does not exist.
#[utoipa::path(
    get,
    path = "/v1/passages/{passage}",
    operation_id = "read_passage",
    tag = "knowledge",
    params(("passage" = String, Path, description = "The passage, as a citation names it")),
    security(("visitor" = []), ("host" = [])),
    responses(
        (status = 200, description = "The passage", body = Passage),
        Refusals
    )
)]
pub(crate) async fn read(State(hall): State<Hall>, Who(session): Who, Path(passage): Path<String>) -> Result<Shown<Passage>, Problem> {
    let (id, now) = (path::passage(&passage)?, hall.now());
    let passage = hall.library().open(&id, session.level_at(now), now).ok_or(Code::NotFound)?;
    Ok(Shown(Passage::from(passage)))
}
