//! `POST /v1/desk/conversations/{conversation}/reply`: answer the customer. The first answer takes the conversation.

use super::path;
use crate::body::{FromFields, Strict};
use crate::files;
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use patchbay_service::Received;
use serde::Serialize;
use utoipa::ToSchema;

/// An answer to the customer.
#[derive(Debug, ToSchema)]
pub(crate) struct NewReply {
    /// The words, at most 8,000 characters. Only with `files` they may be left out.
    #[schema(value_type = Option<String>, max_length = 8000)]
    text: String,
    /// The writer's own id; the same id with the same words again gives the first result. `Idempotency-Key` does the same.
    #[schema(min_length = 1, max_length = 255)]
    client: Option<String>,
    /// Files that came in for it and were not sent before, at most ten.
    #[schema(value_type = Option<Vec<String>>)]
    files: Vec<String>,
}

impl FromFields for NewReply {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let files = fields.texts("files")?;
        Ok(Self { text: message::text_with(fields, &files)?, client: fields.text("client")?, files })
    }
}

/// Something was written.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Written {
    /// Its number in the conversation.
    seq: u64,
}

impl Written {
    /// The answer to something written; the first one's again for a repetition.
    pub(super) fn answer(received: &Received) -> (StatusCode, HeaderMap, Shown<Self>) {
        let mut headers = HeaderMap::new();
        if received.replayed {
            headers.insert("idempotent-replayed", axum::http::HeaderValue::from_static("true"));
        }
        let status = if received.replayed { StatusCode::OK } else { StatusCode::CREATED };
        (status, headers, Shown(Self { seq: received.seq }))
    }
}

/// Answer the customer
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/reply",
    operation_id = "answer_customer",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = NewReply,
    responses(
        (status = 201, description = "On the disk, and on its way to the customer", body = Written),
        (status = 200, description = "The same was sent before: the first result again", body = Written),
        Refusals
    )
)]
pub(crate) async fn send(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    headers: HeaderMap,
    Strict(new): Strict<NewReply>,
) -> Result<(StatusCode, HeaderMap, Shown<Written>), Problem> {
    let conversation = path::conversation(&conversation)?;
    let client = message::client_id(&headers, new.client)?;
    let files = files::named(&new.files)?;
    message::check_text_with(&new.text, &files)?;
    hall.pace_staff(by.id())?;
    let received = hall.service().answer_with(&conversation, by.id(), &new.text, client, files).await?;
    Ok(Written::answer(&received))
}
