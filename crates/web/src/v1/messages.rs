//! `POST /v1/conversations/{conversation}/messages`: say something. Answered once it is on the disk.

use super::{path, prefer};
use crate::body::{FromFields, Strict};
use crate::files;
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::who::{Who, pace_key};
use crate::wire::{Accepted, Reply};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use patchbay_service::Inbound;
use utoipa::ToSchema;

/// A message.
#[derive(Debug, ToSchema)]
pub(crate) struct NewMessage {
    /// The words, at most 8,000 characters (Unicode scalar values). Only with `files` they may be left out.
    #[schema(value_type = Option<String>, example = "where is my order?", max_length = 8000)]
    text: String,
    /// The sender's own id; the same id with the same words again gives the first result. `Idempotency-Key` does the same.
    #[schema(min_length = 1, max_length = 255)]
    id: Option<String>,
    /// The value of a choice, when the customer picked instead of typing.
    #[schema(max_length = 255)]
    picked: Option<String>,
    /// Files that came in for this conversation and were not sent before, at most ten.
    #[schema(value_type = Option<Vec<String>>)]
    files: Vec<String>,
}

impl FromFields for NewMessage {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let files = fields.texts("files")?;
        let text = message::text_with(fields, &files)?;
        Ok(Self { text, id: fields.text("id")?, picked: fields.text("picked")?, files })
    }
}

/// Send a message
///
/// 202 with a receipt once it is on the disk. With `Prefer: wait=SECONDS` (at most 30), 200 with the whole reply if it comes in
/// time. A repetition of the same id and words is answered 200 with the first result and `Idempotent-Replayed: true`.
#[utoipa::path(
    post,
    path = "/v1/conversations/{conversation}/messages",
    operation_id = "send_message",
    tag = "messages",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("Idempotency-Key" = Option<String>, Header, description = "The sender's own id for the message, at most 255 characters"),
        ("Prefer" = Option<String>, Header, description = "`wait=SECONDS`: wait for the reply")
    ),
    security(("visitor" = []), ("host" = [])),
    request_body = NewMessage,
    responses(
        (status = 200, description = "The reply, waited for; or the first receipt again", body = Reply),
        (status = 202, description = "Accepted, and on the disk", body = Accepted),
        Refusals
    )
)]
pub(crate) async fn send(
    State(hall): State<Hall>,
    Who(session): Who,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    Strict(new): Strict<NewMessage>,
) -> Result<Response, Problem> {
    let conversation = path::conversation(&conversation)?;
    let client = message::client_id(&headers, new.id)?;
    let files = files::named(&new.files)?;
    message::check_text_with(&new.text, &files)?;
    message::check_picked(new.picked.as_deref())?;
    hall.pace_message(pace_key(&session))?;
    let inbound = Inbound { conversation, client, text: new.text, picked: new.picked, files };
    let received = hall.service().receive(&session, inbound).await?;
    prefer::answer(&hall, &headers, received).await
}
