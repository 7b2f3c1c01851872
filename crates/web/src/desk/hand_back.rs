//! `POST /v1/desk/conversations/{conversation}/hand-back`: the bot goes on, with a note for it.

use super::row::Row;
use super::{path, state};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::message;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use utoipa::ToSchema;

/// What the bot should know.
#[derive(Debug, ToSchema)]
pub(crate) struct HandBack {
    /// What happened, in words.
    #[schema(min_length = 1, max_length = 8000)]
    note: String,
}

impl FromFields for HandBack {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { note: fields.needed_text("note")? })
    }
}

/// Hand a conversation back to the bot
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/hand-back",
    operation_id = "hand_back",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = HandBack,
    responses((status = 200, description = "The bot goes on", body = Row), Refusals)
)]
pub(crate) async fn hand_back(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    Strict(back): Strict<HandBack>,
) -> Result<Shown<Row>, Problem> {
    let conversation = path::conversation(&conversation)?;
    message::check_words(&back.note, "note")?;
    hall.pace_staff(by.id())?;
    hall.service().hand_back(&conversation, by.id(), &back.note).await?;
    state::now(&hall, &conversation).await
}
