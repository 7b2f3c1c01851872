//! `POST /v1/conversations/{conversation}/ratings`: what the customer thinks of an answer, or of the whole.

use super::path;
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::who::{Who, pace_key};
use crate::wire::Accepted;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use patchbay_core::handoff::Survey;
use patchbay_core::id::TurnId;
use patchbay_service::Rating;
use utoipa::ToSchema;

/// The longest reason, in characters.
const LONGEST: usize = 1_000;

/// A rating.
#[derive(Debug, ToSchema)]
pub(crate) struct NewRating {
    /// `helpful` for one answer, `csat` for the whole when it was asked for.
    #[schema(example = "helpful", pattern = "^(helpful|csat)$", value_type = String)]
    kind: Survey,
    /// The turn that answered, for `helpful`.
    #[schema(value_type = Option<String>)]
    turn: Option<TurnId>,
    /// `helpful`: 1 or 0. `csat`: from 1 to the best score that the survey named.
    score: u8,
    /// Why, in the customer's words.
    #[schema(max_length = 1000)]
    reason: Option<String>,
}

impl FromFields for NewRating {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let wrong = |field: &str, detail: &str| Problem::new(Code::FieldInvalid).detail(detail.to_owned()).field(format!("/{field}"));
        let kind = match fields.needed_text("kind")?.as_str() {
            "helpful" => Survey::Helpful,
            "csat" => Survey::Csat,
            _ => return Err(wrong("kind", "`kind` must be `helpful` or `csat`.")),
        };
        let turn = fields
            .text("turn")?
            .map(|turn| TurnId::parse(&turn).ok_or_else(|| wrong("turn", "`turn` must be the id of a turn.")))
            .transpose()?;
        let score = fields.needed_count("score")?;
        let score = u8::try_from(score).map_err(|_| wrong("score", "`score` is too large."))?;
        let reason = fields.text("reason")?;
        if reason.as_ref().is_some_and(|reason| reason.chars().count() > LONGEST) {
            return Err(wrong("reason", "`reason` has at most 1,000 characters."));
        }
        Ok(Self { kind, turn, score, reason })
    }
}

/// Rate an answer, or the whole
///
/// The latest thumb of an answer counts, and five of them are taken. The whole is rated once for each time it was asked for.
#[utoipa::path(
    post,
    path = "/v1/conversations/{conversation}/ratings",
    operation_id = "rate",
    tag = "conversations",
    params(("conversation" = String, Path, description = "The conversation")),
    security(("visitor" = []), ("host" = [])),
    request_body = NewRating,
    responses((status = 201, description = "Taken, and on the disk", body = Accepted), Refusals)
)]
pub(crate) async fn rate(
    State(hall): State<Hall>,
    Who(session): Who,
    Path(conversation): Path<String>,
    Strict(new): Strict<NewRating>,
) -> Result<(StatusCode, Shown<Accepted>), Problem> {
    let conversation = path::conversation(&conversation)?;
    hall.pace_message(pace_key(&session))?;
    let NewRating { kind, turn, score, reason } = new;
    let received = hall.service().rate(&session, &conversation, Rating { kind, turn, score, reason }).await?;
    Ok((StatusCode::CREATED, Shown(Accepted::from(received))))
}
