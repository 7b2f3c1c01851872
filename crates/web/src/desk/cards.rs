//! `GET` and `POST /v1/desk/conversations/{conversation}/cards`: the customer's records, read through the same gate as the bot's calls.

use super::path;
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

/// A page of cards.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Cards {
    /// The cards.
    data: Vec<Card>,
}

/// What a tool says about the customer of a conversation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Card {
    /// The tool.
    tool: String,
    /// What it is, in the company's words.
    title: String,
    /// With what it was asked, identity left out.
    #[schema(value_type = Object)]
    args: BTreeMap<String, Value>,
    /// How the call ended.
    outcome: &'static str,
    /// What exactly went wrong, if something did.
    #[schema(required)]
    detail: Option<String>,
    /// What was released.
    facts: Vec<CardFact>,
    /// Names of fields that the rules hide.
    hidden: Vec<String>,
    /// The system.
    #[schema(required)]
    source: Option<String>,
    /// When the system gave it.
    #[schema(required, format = DateTime)]
    fetched_at: Option<String>,
    /// What can be done with it.
    actions: Vec<CardAction>,
}

/// A released value.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardFact {
    /// Its name.
    name: String,
    /// Its name as people read it.
    label: String,
    /// Its value.
    #[schema(value_type = Object)]
    value: Value,
    /// How long it may be believed.
    class: &'static str,
}

/// A write that a card offers.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CardAction {
    /// The tool.
    tool: String,
    /// What it does, in the company's words.
    title: String,
    /// Arguments the card knows already.
    #[schema(value_type = Object)]
    args: BTreeMap<String, Value>,
    /// Arguments that are still asked for.
    asks: Vec<Asked>,
}

/// An argument that is asked for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Asked {
    /// Its name.
    name: String,
    /// What it looks like.
    kind: &'static str,
    /// Its name as people read it.
    label: String,
    /// The choices, where there are some.
    choices: Vec<String>,
    /// May it be left out?
    optional: bool,
}

/// A card to be read, or read again.
#[derive(Debug, ToSchema)]
pub(crate) struct Look {
    /// The tool; it must be one that reads.
    tool: String,
    /// Its arguments, never identity.
    #[schema(value_type = Option<Object>)]
    args: BTreeMap<String, Value>,
}

impl FromFields for Look {
    fn from_fields(fields: &mut Fields) -> Result<Self, Problem> {
        Ok(Self { tool: fields.needed_text("tool")?, args: fields.object("args")?.into_iter().collect() })
    }
}

/// Read the cards
///
/// What was read in the conversation, and where nothing was, what can be read of a customer without being asked.
#[utoipa::path(
    get,
    path = "/v1/desk/conversations/{conversation}/cards",
    operation_id = "read_cards",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    responses((status = 200, description = "The cards", body = Cards), Refusals)
)]
pub(crate) async fn list(State(hall): State<Hall>, by: By<Desk>, Path(conversation): Path<String>) -> Result<Shown<Cards>, Problem> {
    let conversation = path::conversation(&conversation)?;
    let cards = hall.service().cards(&conversation, by.id()).await?;
    Ok(Shown(Cards { data: cards.into_iter().map(Card::from).collect() }))
}

/// Read one card
///
/// The system is asked now, bound to the customer of the conversation; the call stands in the log like any other.
#[utoipa::path(
    post,
    path = "/v1/desk/conversations/{conversation}/cards",
    operation_id = "read_card",
    tag = "desk",
    params(("conversation" = String, Path, description = "The conversation")),
    request_body = Look,
    responses((status = 200, description = "The card", body = Card), Refusals)
)]
pub(crate) async fn look(
    State(hall): State<Hall>,
    by: By<Desk>,
    Path(conversation): Path<String>,
    Strict(look): Strict<Look>,
) -> Result<Shown<Card>, Problem> {
    let conversation = path::conversation(&conversation)?;
    hall.pace_staff(by.id())?;
    let card = hall.service().card(&conversation, by.id(), &look.tool, look.args).await?;
    Ok(Shown(card.into()))
}

/// A name as people read it: the last step of its path, with spaces.
pub(super) fn label(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name).replace('_', " ");
    let mut letters = last.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl From<inner::Card> for Card {
    fn from(card: inner::Card) -> Self {
        let inner::Card { tool, title, args, outcome, detail, facts, hidden, source, fetched_at, actions } = card;
        let fact = |fact: patchbay_core::reply::ShownFact| CardFact {
            label: label(&fact.name),
            name: fact.name,
            value: fact.value,
            class: fact.class.as_str(),
        };
        let asked = |asked: inner::Asked| Asked {
            name: asked.name,
            kind: asked.kind,
            label: asked.label,
            choices: asked.choices,
            optional: asked.optional,
        };
        let action = |action: inner::CardAction| CardAction {
            tool: action.tool,
            title: action.title,
            args: action.args,
            asks: action.asks.into_iter().map(asked).collect(),
        };
        Self {
            tool,
            title,
            args,
            outcome: outcome.as_str(),
            detail,
            facts: facts.into_iter().map(fact).collect(),
            hidden,
            source,
            fetched_at: fetched_at.map(|at| at.to_string()),
            actions: actions.into_iter().map(action).collect(),
        }
    }
}
