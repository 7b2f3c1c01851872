//! The lines of a conversation as they go over the wire.

use super::row::{self, Person};
use crate::hall::Hall;
use crate::problem::Problem;
use patchbay_core::handoff::{CaseLine, LineKind, Who};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A line of a conversation.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct Line {
    /// Its number in the conversation: the same line has the same number for ever.
    seq: u64,
    /// When it happened.
    #[schema(format = DateTime)]
    at: String,
    /// `message`, `part`, `question`, `proposal`, `action`, `note`, `handoff`, `state`, `rating` or `cut`.
    kind: &'static str,
    /// `customer`, `bot`, `agent` or `system`.
    who: &'static str,
    /// The member of the staff, where one did it.
    #[schema(required)]
    staff: Option<Person>,
    /// The words; empty where there are none, or once they are forgotten.
    text: String,
    /// The turn it belongs to.
    #[schema(required)]
    turn: Option<String>,
    /// What it rests on.
    facts: Vec<LineFact>,
    /// The passages it rests on.
    citations: Vec<LineCitation>,
    /// What else there is to know, by kind.
    #[schema(value_type = Object)]
    data: Value,
}

/// A fact under a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LineFact {
    /// Its name.
    name: String,
    /// The system it came from.
    source: String,
    /// When the system gave it.
    #[schema(format = DateTime)]
    fetched_at: String,
    /// How long it may be believed.
    class: &'static str,
}

/// A passage under a line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct LineCitation {
    /// The passage's id.
    id: String,
    /// Its heading.
    title: String,
}

/// A line, with the name of whoever did it.
pub(crate) async fn shown(hall: &Hall, line: CaseLine) -> Result<Line, Problem> {
    let staff = match &line.staff {
        Some(id) => Some(row::person(hall, id.as_str()).await?),
        None => None,
    };
    let facts = line.facts.into_iter().map(|fact| LineFact {
        name: fact.name,
        source: fact.source,
        fetched_at: fact.fetched_at.to_string(),
        class: fact.class.as_str(),
    });
    let citations = line.citations.into_iter().map(|citation| LineCitation { id: citation.id, title: citation.title });
    Ok(Line {
        seq: line.seq,
        at: line.at.to_string(),
        kind: kind(line.kind),
        who: who(line.who),
        staff,
        text: line.text,
        turn: line.turn.map(|turn| turn.to_string()),
        facts: facts.collect(),
        citations: citations.collect(),
        data: if line.data.is_null() { Value::Object(serde_json::Map::new()) } else { line.data },
    })
}

const fn kind(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Message => "message",
        LineKind::Part => "part",
        LineKind::Question => "question",
        LineKind::Proposal => "proposal",
        LineKind::Action => "action",
        LineKind::Note => "note",
        LineKind::Handoff => "handoff",
        LineKind::State => "state",
        LineKind::Rating => "rating",
        LineKind::Cut => "cut",
    }
}

const fn who(who: Who) -> &'static str {
    match who {
        Who::Customer => "customer",
        Who::Bot => "bot",
        Who::Agent => "agent",
        Who::System => "system",
    }
}
