//! The brief for whoever takes over, as it goes over the wire.

use patchbay_core::handoff;
use serde::Serialize;
use utoipa::ToSchema;

/// What whoever takes over reads first.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Brief {
    /// What the customer wants.
    issue: String,
    /// What is known that matters, with its source.
    facts: Vec<BriefFact>,
    /// What was tried, and what came of it.
    tried: Vec<Tried>,
    /// How the customer seems to feel.
    #[schema(required)]
    feeling: Option<Feelings>,
    /// What comes next.
    next: Vec<NextStep>,
    /// Is there enough to go on with?
    complete: bool,
    /// How far the log was folded.
    #[schema(format = DateTime)]
    made_at: String,
}

/// A fact with its source.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BriefFact {
    name: String,
    label: String,
    #[schema(value_type = Object)]
    value: serde_json::Value,
    source: String,
    tool: String,
    #[schema(format = DateTime)]
    fetched_at: String,
}

/// Something that was tried.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Tried {
    #[schema(format = DateTime)]
    at: String,
    text: String,
    #[schema(required)]
    tool: Option<String>,
    outcome: String,
}

/// A feeling with its course, in thousandths.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Feelings {
    last: i64,
    slope: i64,
    word: &'static str,
    #[schema(format = DateTime)]
    since: String,
}

/// Something to do next.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NextStep {
    text: String,
    #[schema(required)]
    tool: Option<String>,
}

impl From<handoff::Brief> for Brief {
    fn from(brief: handoff::Brief) -> Self {
        let handoff::Brief { issue, facts, tried, feeling, next, complete, made_at } = brief;
        let fact = |fact: handoff::BriefFact| BriefFact {
            name: fact.name,
            label: fact.label,
            value: fact.value,
            source: fact.source,
            tool: fact.tool,
            fetched_at: fact.fetched_at.to_string(),
        };
        let attempt =
            |tried: handoff::Tried| Tried { at: tried.at.to_string(), text: tried.text, tool: tried.tool, outcome: tried.outcome };
        Self {
            issue,
            facts: facts.into_iter().map(fact).collect(),
            tried: tried.into_iter().map(attempt).collect(),
            feeling: feeling.map(|felt| Feelings { last: felt.last, slope: felt.slope, word: felt.word, since: felt.since.to_string() }),
            next: next.into_iter().map(|step| NextStep { text: step.text, tool: step.tool }).collect(),
            complete,
            made_at: made_at.to_string(),
        }
    }
}
