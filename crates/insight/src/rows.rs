//! The conversations behind a number: exactly those that lie in the cells it adds up.

use crate::ask::{Asked, InsightError};
use crate::count::Insight;
use crate::definition::{Definition, Kind};
use crate::figure::rfc3339;
use patchbay_core::Timestamp;
use patchbay_core::words::Outcome;
use patchbay_views::facts::{Cell, Cube, Fact, Lasting, Rules};
use serde::Serialize;
use utoipa::ToSchema;

/// A page of conversations.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Rows {
    /// The conversations, those of the newest day first.
    pub data: Vec<Row>,
    /// Ask again with this as `after`; none at the end.
    pub next: Option<String>,
}

/// One conversation as it is counted.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Row {
    /// The conversation.
    pub conversation: String,
    /// When it began.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String, format = "date-time")]
    pub opened_at: Timestamp,
    /// The channel.
    pub channel: String,
    /// The language (BCP 47).
    pub language: String,
    /// What it was about.
    pub topic: Option<String>,
    /// Where it ended on the ladder.
    pub outcome: &'static str,
    /// Did its success last? None while that cannot be said yet, or where there was none.
    pub durable: Option<bool>,
    /// Why it was handed over first.
    pub reason: Option<String>,
    /// Messages of the customer.
    pub messages: u64,
    /// How long until the first useful answer, in milliseconds.
    pub first_answer: Option<i64>,
    /// How long the customer waited for a person, in milliseconds.
    pub waited: Option<i64>,
    /// How long until it was solved, in milliseconds.
    pub solved: Option<i64>,
    /// The score the customer gave last.
    pub csat: Option<u8>,
    /// The customer wrote again after it had ended.
    pub reopened: bool,
}

impl Insight {
    /// The conversations that count for a figure, or for one part of it, after the conversation `after`.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn rows(
        &self,
        definition: &'static Definition,
        part: Option<String>,
        asked: &Asked,
        now: Timestamp,
        after: Option<String>,
        limit: usize,
    ) -> Result<Rows, InsightError> {
        let (rules, kind) = (self.rules.clone(), definition.kind);
        let outcome = only(kind, part.as_deref());
        let part = part.filter(|_| !matches!(kind, Kind::Time(_) | Kind::Number(_)) || outcome.is_some());
        let counts = move |fact: &Fact| lies(fact, kind, part.as_deref(), &rules, now);
        // One more tells whether there is a next page.
        let mut facts = self.views.facts(asked.range.clone(), outcome, after, limit + 1, counts).await?;
        let more = facts.len() > limit;
        facts.truncate(limit);
        let next = facts.last().filter(|_| more).map(|fact| fact.id.clone());
        Ok(Rows { data: facts.into_iter().map(|fact| row(fact, &self.rules, now)).collect(), next })
    }
}

/// Does a conversation lie in one of the figure's cells, and is it old enough to be counted there?
fn lies(fact: &Fact, kind: Kind, part: Option<&str>, rules: &Rules, now: Timestamp) -> bool {
    let cube = kind.cube();
    let counted = fact.has_ended(rules, now) && (cube != Cube::Lasting || fact.is_judged(rules, now));
    counted && fact.cells(rules).iter().any(|cell| kind.counts(cell) && part.is_none_or(|part| kind.part(cell) == part))
}

/// The outcome that all of them have, where there is only one.
fn only(kind: Kind, part: Option<&str>) -> Option<Outcome> {
    if let (Cube::Outcome | Cube::Depth | Cube::Answered | Cube::Waited | Cube::Solved, Some(part)) = (kind.cube(), part)
        && let Some(outcome) = Outcome::parse(part)
    {
        return Some(outcome);
    }
    let Kind::Share(Cube::Outcome, test) = kind else { return None };
    let cell = |outcome: &Outcome| Cell { cube: Cube::Outcome, a: outcome.as_str().to_owned(), b: 0 };
    let mut possible = Outcome::ALL.iter().filter(|outcome| test(&cell(outcome)));
    possible.next().copied().filter(|_| possible.next().is_none())
}

fn row(fact: Fact, rules: &Rules, now: Timestamp) -> Row {
    let outcome = fact.outcome(rules);
    let success = matches!(outcome, Outcome::Contained | Outcome::Verified);
    let lasted = || !matches!(fact.lasting(rules), Lasting::CameBack);
    Row {
        opened_at: fact.opened_at,
        outcome: outcome.as_str(),
        durable: (success && fact.is_judged(rules, now)).then(lasted),
        reopened: fact.was_reopened(rules),
        solved: fact.solved(rules),
        first_answer: fact.answered,
        waited: fact.waited,
        messages: fact.messages,
        csat: fact.csat.map(|(score, _)| score),
        conversation: fact.id,
        channel: fact.channel,
        language: fact.language,
        topic: fact.topic,
        reason: fact.reason,
    }
}
