//! `POST /v1/conversations/{conversation}/actions/{action}`: the customer's yes or no to a proposed write.

use super::{path, prefer};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::who::{Who, pace_key};
use crate::wire::{Accepted, Reply};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use utoipa::ToSchema;

/// A decision.
#[derive(Debug, ToSchema)]
pub(crate) struct Decision {
    /// `yes` or `no`.
    #[schema(example = "yes", pattern = "^(yes|no)$", value_type = String)]
    decision: bool,
    /// The `digest` of the proposal as it was shown; a yes counts for nothing else.
    digest: Option<String>,
}

impl FromFields for Decision {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let decision = match fields.needed_text("decision")?.as_str() {
            "yes" => true,
            "no" => false,
            _ => return Err(Problem::new(Code::FieldInvalid).detail("`decision` must be `yes` or `no`.").field("/decision")),
        };
        Ok(Self { decision, digest: fields.text("digest")? })
    }
}

/// Decide about a proposed write
///
/// Answered like a message: 202 with a receipt, or with `Prefer: wait=SECONDS` 200 with the reply that says what became of it.
#[utoipa::path(
    post,
    path = "/v1/conversations/{conversation}/actions/{action}",
    operation_id = "decide_action",
    tag = "actions",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("action" = String, Path, description = "The proposal's id"),
        ("Prefer" = Option<String>, Header, description = "`wait=SECONDS`: wait for the reply")
    ),
    security(("visitor" = []), ("host" = [])),
    request_body = Decision,
    responses(
        (status = 200, description = "The reply, waited for", body = Reply),
        (status = 202, description = "Accepted, and on the disk", body = Accepted),
        Refusals
    )
)]
pub(crate) async fn decide(
    State(hall): State<Hall>,
    Who(session): Who,
    Path((conversation, action)): Path<(String, String)>,
    headers: HeaderMap,
    Strict(decision): Strict<Decision>,
) -> Result<Response, Problem> {
    let (conversation, action) = (path::conversation(&conversation)?, path::action(&action)?);
    hall.pace_message(pace_key(&session))?;
    let received = hall.service().decide(&session, &conversation, &action, decision.decision, decision.digest).await?;
    prefer::answer(&hall, &headers, received).await
}
