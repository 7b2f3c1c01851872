//! The reply object: what the API, `ask --json` and tests read of one turn.

use crate::id::{ActionId, ConversationId, TurnId};
use crate::words::{CallOutcome, FactClass, RefusalCode, ReplyStatus, Zone};
use crate::{Timestamp, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What one turn gave the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reply {
    /// The conversation.
    pub conversation: ConversationId,
    /// The turn.
    pub turn: TurnId,
    /// How it ended.
    pub status: ReplyStatus,
    /// How sure the understanding was.
    pub zone: Zone,
    /// All parts as one text.
    pub text: String,
    /// The released parts, in order.
    pub parts: Vec<Part>,
    /// The open question, when asking.
    pub question: Option<Question>,
    /// The write that waits for a yes, when proposing.
    pub proposal: Option<Proposal>,
    /// The facts the reply rests on.
    pub facts: Vec<ShownFact>,
    /// The passages the reply rests on.
    pub citations: Vec<Citation>,
    /// Every call of the turn.
    pub calls: Vec<ShownCall>,
    /// The handoff, when there was one.
    pub escalation: Option<ShownEscalation>,
    /// The refusal, when there was one.
    pub refusal: Option<Refusal>,
    /// How long it took.
    pub timings: Timings,
}

/// A released piece of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its number in the turn, from 1.
    pub n: u32,
    /// The words.
    pub text: String,
    /// Names of the facts it rests on.
    pub facts: Vec<String>,
}

/// The slot of the question whether the customer wants a person.
pub const PERSON: &str = "person";
/// What picking a person sends, whatever question offers it. No name of a configuration looks like this.
pub const WANTS_PERSON: &str = "@person";
/// What a no to that question stands for.
pub const WANTS_NO_PERSON: &str = "@no_person";

/// An open question to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Question {
    /// The slot it fills; `which_wish` when the wish itself is asked for.
    pub slot: String,
    /// What kind of answer is expected: `text`, `choice`, `date`, …
    pub kind: String,
    /// The question in words.
    pub text: String,
    /// Choices to pick from, if there are some.
    pub choices: Vec<Offer>,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// What picking it sends.
    pub value: String,
    /// What it says.
    pub label: String,
}

/// A write that waits for the customer's yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id: also the operation id and the idempotency key.
    pub id: ActionId,
    /// The tool.
    pub tool: String,
    /// The exact arguments the yes is for, bound identity left out.
    pub args: BTreeMap<String, serde_json::Value>,
    /// What it is about: the facts of the tool's first need, as shown on the card.
    pub object: serde_json::Value,
    /// What will happen, in words.
    pub effect: String,
    /// Until when a yes counts.
    pub expires: Timestamp,
    /// What a yes must name: it is for exactly this tool, these arguments and this object.
    pub digest: String,
}

/// A fact as shown, with its age at the time of the reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownFact {
    /// Its name.
    pub name: String,
    /// Its value in plain JSON.
    pub value: serde_json::Value,
    /// The backend it came from.
    pub source: String,
    /// When the backend gave it.
    pub fetched_at: Timestamp,
    /// Its age in milliseconds.
    pub age_ms: i64,
    /// How long it may be believed.
    pub class: FactClass,
}

impl ShownFact {
    /// How a fact is shown at this time.
    #[must_use]
    pub fn of(fact: &crate::Fact, now: Timestamp) -> Self {
        Self {
            name: fact.name.clone(),
            value: Value::to_json(&fact.value),
            source: fact.source.clone(),
            fetched_at: fact.fetched_at,
            age_ms: i64::try_from(now.since(fact.fetched_at).as_millis()).unwrap_or(i64::MAX),
            class: fact.class,
        }
    }
}

/// A passage of the knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citation {
    /// The passage's id, which opens it.
    pub id: String,
    /// Its heading.
    pub title: String,
}

/// A call as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownCall {
    /// The tool.
    pub tool: String,
    /// How it ended.
    pub outcome: CallOutcome,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// Did the answer come from a cache?
    pub cached: bool,
}

/// A handoff as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownEscalation {
    /// The reason's word.
    pub reason: String,
    /// The values the trigger saw.
    pub evidence: BTreeMap<String, serde_json::Value>,
}

/// A refusal as shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Why.
    pub code: RefusalCode,
    /// The tool that was refused.
    pub tool: String,
    /// What the customer was told.
    pub text: String,
}

/// How long a turn took, in milliseconds from the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Timings {
    /// Until the first part was released.
    pub first_part_ms: Option<i64>,
    /// Until the reply was closed.
    pub whole_ms: i64,
}
