//! `POST /v1/conversations` opens one; `GET /v1/conversations/{conversation}` shows what was said in it.

use super::path;
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::{Code, Problem};
use crate::shown::Shown;
use crate::who::{Who, pace_key};
use crate::wire::{Conversation, Opened};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use patchbay_core::words::ConversationState;
use utoipa::ToSchema;

/// A conversation to be opened.
#[derive(Debug, Default, ToSchema)]
pub(crate) struct NewConversation {
    /// Its language (BCP 47); the company's own where it is left out.
    #[schema(example = "en", max_length = 35)]
    language: Option<String>,
}

impl FromFields for NewConversation {
    const MAY_BE_EMPTY: bool = true;

    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        let language = fields.text("language")?;
        if language.as_ref().is_some_and(|tag| !is_tag(tag)) {
            let detail = "`language` must be a language tag such as `en` or `pt-BR`.";
            return Err(Problem::new(Code::FieldInvalid).detail(detail).field("/language"));
        }
        Ok(Self { language })
    }
}

/// Does it have the form of a language tag (BCP 47)?
fn is_tag(text: &str) -> bool {
    let part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let language = text.split('-').next().unwrap_or_default();
    text.len() <= 35 && text.split('-').all(part) && language.len() >= 2 && language.bytes().all(|byte| byte.is_ascii_alphabetic())
}

/// Open a conversation
#[utoipa::path(
    post,
    path = "/v1/conversations",
    operation_id = "open_conversation",
    tag = "conversations",
    security(("visitor" = []), ("host" = [])),
    request_body = NewConversation,
    responses((status = 201, description = "It is open", body = Opened), Refusals)
)]
pub(crate) async fn open(
    State(hall): State<Hall>,
    Who(session): Who,
    Strict(new): Strict<NewConversation>,
) -> Result<impl IntoResponse, Problem> {
    hall.pace_message(pace_key(&session))?;
    let language = new.language.unwrap_or_else(|| hall.service().house().company.language.clone());
    let id = hall.service().open(&session, Some(language.clone())).await?;
    let location = format!("/v1/conversations/{id}");
    let opened = Opened { id: id.to_string(), state: ConversationState::Bot.as_str(), language };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Shown(opened)))
}

/// Read a conversation
///
/// One that belongs to somebody else is answered like one that does not exist.
#[utoipa::path(
    get,
    path = "/v1/conversations/{conversation}",
    operation_id = "read_conversation",
    tag = "conversations",
    params(("conversation" = String, Path, description = "The conversation")),
    security(("visitor" = []), ("host" = [])),
    responses((status = 200, description = "The conversation", body = Conversation), Refusals)
)]
pub(crate) async fn read(
    State(hall): State<Hall>,
    Who(session): Who,
    Path(conversation): Path<String>,
) -> Result<Shown<Conversation>, Problem> {
    let transcript = hall.service().conversation(&session, &path::conversation(&conversation)?).await?;
    Ok(Shown(transcript.into()))
}
