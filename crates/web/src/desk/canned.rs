//! `GET /v1/desk/conversations/{conversation}/replies` and `POST …/replies/{shortcode}`: canned replies, filled in with live values.

use super::cards::label;
use super::{Params, path};
use crate::body::{FromFields, Strict};
use crate::hall::Hall;
use crate::json::Fields;
use crate::openapi::Refusals;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::staff::By;
use crate::staff::door::Desk;
use axum::extract::{Path, State};
use patchbay_service as inner;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// Canned replies for a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedReplies {
    /// Those that fit best come first.
    data: Vec<OfferedReply>,
}

/// A canned reply.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferedReply {
    /// What is typed for it.
    shortcode: String,
    /// What it is for.
    title: String,
    /// Its words; `⟦order eta⟧` stands where a value will.
    preview: String,
}

/// Which record is meant.
#[derive(Debug, ToSchema)]
pub(crate) struct FillIn {
    /// Where several records could be meant: argument and value of the one that is. Never identity.
    #[schema(value_type = Option<Object>)]
    with: BTreeMap<String, Value>,
}

impl FromFields for FillIn {
    const MAY_BE_EMPTY: bool = true;

    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { with: fields.object("with")?.into_iter().collect() })
    }
}

/// A canned reply with its values, to be read and sent by a person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilledReply {
    /// What was typed for it.
    shortcode: String,
    /// The language of its words (BCP 47).
    language: String,
    /// The words. A mark such as `⟦order eta⟧` stands wherever a value could not be had; a reply with a mark in it is not sent.
    text: String,
    /// Every value in it.
    values: Vec<FilledValue>,
    /// Every mark in it.
    open: Vec<OpenBlank>,
    /// Which records the values are of: argument and value.
    #[schema(value_type = Object)]
    about: BTreeMap<String, Value>,
    /// Where several records could be meant: what there is to choose from. Ask again with the choice in `with`.
    choices: Vec<Choice>,
}

/// A value that was filled in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FilledValue {
    /// Its name.
    #[schema(example = "order.eta")]
    name: String,
    /// Its name as people read it.
    label: String,
    /// As it reads in the text.
    text: String,
    /// The system it came from; none for what the desk knows by itself.
    #[schema(required)]
    source: Option<String>,
    /// When the system gave it.
    #[schema(required, format = DateTime)]
    fetched_at: Option<String>,
}

/// A value that could not be had.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OpenBlank {
    /// Its name.
    name: String,
    /// What stands in the text instead.
    #[schema(example = "⟦order eta⟧")]
    mark: String,
    /// Why: how the call ended (`timeout`, `not_found`, `needs_step_up`, …), or `several`, `none` or `absent`.
    why: &'static str,
    /// Why, in words.
    detail: String,
}

/// Several records that could be meant.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Choice {
    /// The argument that chooses.
    arg: String,
    /// Its name as people read it.
    label: String,
    /// What there is.
    options: Vec<Candidate>,
}

/// One of several records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Candidate {
    /// The argument's value.
    #[schema(value_type = Object)]
    value: Value,
    /// The record, in a few words.
    label: String,
}

/// List canned replies
///
/// Those that are meant for this conversation and for you. `q` looks in shortcodes, titles and words.
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/replies",
    operation_id = "list_replies",
    tag = "desk",
    params(
        ("conversation" = String, Path, description = "The conversation"),
        ("q" = Option<String>, Query, description = "What is looked for")
    ),
    responses((status = 200, description = "The replies", body = OfferedReplies), Refusals)
)]
pub(crate) async fn list(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    mut params: Params,
) -> Result<Shown<OfferedReplies>, Problem> {
    let conversation = path::conversation(&conversation)?;
    let sought = params.text("q").unwrap_or_default();
    params.done()?;
    let found = hall.service().replies(&conversation, &writer(&by), &sought).await?;
    let offered = |inner::OfferedReply { shortcode, title, preview }| OfferedReply { shortcode, title, preview };
    Ok(Shown(OfferedReplies { data: found.into_iter().map(offered).collect() }))
}

/// Fill in a canned reply
///
/// Its values are read now, for the customer of the conversation and through the same rules as the bot's calls. Nothing is sent.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/replies/{shortcode}",
    operation_id = "fill_reply",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation"), ("shortcode" = String, Path, description = "The reply")),
    request_body = FillIn,
    responses((status = 200, description = "The reply with its values", body = FilledReply), Refusals)
)]
pub(crate) async fn fill(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path((conversation, shortcode)): Path<(String, String)>,
    Strict(FillIn { with }): Strict<FillIn>,
) -> Result<Shown<FilledReply>, Problem> {
    let conversation = path::conversation(&conversation)?;
    hall.pace_staff(by.id())?;
    let filled = hall.service().fill_reply(&conversation, &writer(&by), &shortcode, with).await?;
    Ok(Shown(filled.into()))
}

fn writer<'b>(by: &'b By<Desk>) -> inner::Writer<'b> {
    inner::Writer { id: by.id(), name: &by.member.name, roles: &by.member.roles }
}

impl From<inner::FilledReply> for FilledReply {
    fn from(filled: inner::FilledReply) -> Self {
        let value = |value: inner::FilledValue| FilledValue {
            label: label(&value.name),
            name: value.name,
            text: value.text,
            source: value.source,
            fetched_at: value.fetched_at.map(|at| at.to_string()),
        };
        let open = |inner::OpenBlank { name, mark, why, detail }| OpenBlank { name, mark, why, detail };
        let candidate = |inner::Candidate { value, label }| Candidate { value, label };
        let choice = |choice: inner::Choice| Choice {
            label: label(&choice.arg),
            arg: choice.arg,
            options: choice.options.into_iter().map(candidate).collect(),
        };
        let inner::FilledReply { shortcode, language, text, values, open: marks, about, choices } = filled;
        Self {
            shortcode,
            language,
            text,
            values: values.into_iter().map(value).collect(),
            open: marks.into_iter().map(open).collect(),
            about,
            choices: choices.into_iter().map(choice).collect(),
        }
    }
}
