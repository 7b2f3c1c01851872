//! The reply object: what one turn gave the customer.

use patchbay_core::reply as inner;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What one turn gave the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reply {
    /// The conversation.
    #[schema(example = "cnv_01k9z3v8n4x5c6b7m8q9w0e1r2")]
    pub conversation: String,
    /// The turn.
    #[schema(example = "trn_01k9z3v8n4x5c6b7m8q9w0e1r2")]
    pub turn: String,
    /// How it ended: `answered`, `asking`, `proposing`, `done`, `refused`, `declined`, `handed_over` or `failed`.
    #[schema(example = "answered")]
    pub status: &'static str,
    /// How sure the understanding was: `answer`, `ask_back` or `hand_over`.
    #[schema(example = "answer")]
    pub zone: &'static str,
    /// All parts as one text.
    pub text: String,
    /// The released parts, in order.
    pub parts: Vec<Part>,
    /// The open question, when asking.
    #[schema(required)]
    pub question: Option<Question>,
    /// The write that waits for a yes, when proposing.
    #[schema(required)]
    pub proposal: Option<Proposal>,
    /// The facts the reply rests on.
    pub facts: Vec<Fact>,
    /// The passages of the knowledge the reply rests on.
    pub citations: Vec<Citation>,
    /// Every call of the turn.
    pub calls: Vec<Call>,
    /// The handoff, when there was one.
    #[schema(required)]
    pub escalation: Option<Escalation>,
    /// The refusal, when there was one.
    #[schema(required)]
    pub refusal: Option<Refusal>,
    /// How long it took.
    pub timings: Timings,
}

/// A released piece of a reply.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Part {
    /// Its number in the turn, from 1.
    pub n: u32,
    /// The words.
    pub text: String,
    /// Names of the facts it rests on.
    pub facts: Vec<String>,
}

/// An open question to the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Question {
    /// The slot it fills.
    #[schema(example = "order_id")]
    pub slot: String,
    /// What kind of answer is expected: `text`, `choice`, `date`, …
    pub kind: String,
    /// The question in words.
    pub text: String,
    /// Choices to pick from; send a choice's `value` as `picked`.
    pub choices: Vec<Choice>,
}

/// One choice of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Choice {
    /// What picking it sends.
    pub value: String,
    /// What it says.
    pub label: String,
}

/// A write that waits for the customer's yes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Proposal {
    /// Its id, for the address of the decision.
    #[schema(example = "act_01k9z3v8n4x5c6b7m8q9w0e1r2.1")]
    pub id: String,
    /// The tool.
    pub tool: String,
    /// The exact arguments the yes is for.
    pub args: BTreeMap<String, Value>,
    /// What it is about, as it was read when the proposal was made.
    pub object: Value,
    /// What will happen, in words.
    pub effect: String,
    /// Until when a yes counts.
    #[schema(format = DateTime)]
    pub expires: String,
    /// What a yes must name.
    pub digest: String,
}

/// A fact the reply rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Fact {
    /// Its name.
    #[schema(example = "order.status")]
    pub name: String,
    /// Its value. Money is `{"amount": minor units, "currency": "EUR"}`.
    pub value: Value,
    /// The backend it came from.
    pub source: String,
    /// When the backend gave it.
    #[schema(format = DateTime)]
    pub fetched_at: String,
    /// Its age at the time of the reply, in milliseconds.
    pub age_ms: i64,
    /// How long it may be believed: `reference`, `catalogue`, `policy`, `account`, `live` or `never`.
    #[schema(example = "live")]
    pub class: &'static str,
}

/// A passage of the knowledge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Citation {
    /// The passage.
    pub id: String,
    /// Its heading.
    pub title: String,
}

/// One call of a tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Call {
    /// The tool.
    pub tool: String,
    /// How it ended, such as `ok`, `not_found` or `timeout`.
    #[schema(example = "ok")]
    pub outcome: &'static str,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// Did the answer come from a cache?
    pub cached: bool,
}

/// Why a person has the conversation now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Escalation {
    /// The reason's word.
    #[schema(example = "asked_for_human")]
    pub reason: String,
    /// The values the trigger saw.
    pub evidence: BTreeMap<String, Value>,
}

/// Why something was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Refusal {
    /// Why, such as `condition` or `owner_mismatch`.
    #[schema(example = "condition")]
    pub code: &'static str,
    /// The tool that was refused.
    pub tool: String,
    /// What the customer was told.
    pub text: String,
}

/// How long a turn took, in milliseconds from the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Timings {
    /// Until the first part was released.
    #[schema(required)]
    pub first_part_ms: Option<i64>,
    /// Until the reply was closed.
    pub whole_ms: i64,
}

impl From<inner::Reply> for Reply {
    fn from(reply: inner::Reply) -> Self {
        Self {
            conversation: reply.conversation.to_string(),
            turn: reply.turn.to_string(),
            status: reply.status.as_str(),
            zone: reply.zone.as_str(),
            text: reply.text,
            parts: reply.parts.into_iter().map(|part| Part { n: part.n, text: part.text, facts: part.facts }).collect(),
            question: reply.question.map(Question::from),
            proposal: reply.proposal.map(Proposal::from),
            facts: reply.facts.into_iter().map(Fact::from).collect(),
            citations: reply.citations.into_iter().map(Citation::from).collect(),
            calls: reply.calls.into_iter().map(Call::from).collect(),
            escalation: reply.escalation.map(|it| Escalation { reason: it.reason, evidence: it.evidence }),
            refusal: reply.refusal.map(|it| Refusal { code: it.code.as_str(), tool: it.tool, text: it.text }),
            timings: Timings { first_part_ms: reply.timings.first_part_ms, whole_ms: reply.timings.whole_ms },
        }
    }
}

impl From<inner::Proposal> for Proposal {
    fn from(proposal: inner::Proposal) -> Self {
        let inner::Proposal { id, tool, args, object, effect, expires, digest } = proposal;
        Self { id: id.to_string(), tool, args, object, effect, expires: expires.to_string(), digest }
    }
}

impl From<inner::Question> for Question {
    fn from(question: inner::Question) -> Self {
        let inner::Question { slot, kind, text, choices } = question;
        let choices = choices.into_iter().map(|choice| Choice { value: choice.value, label: choice.label }).collect();
        Self { slot, kind, text, choices }
    }
}

impl From<inner::ShownFact> for Fact {
    fn from(fact: inner::ShownFact) -> Self {
        let inner::ShownFact { name, value, source, fetched_at, age_ms, class } = fact;
        Self { name, value, source, fetched_at: fetched_at.to_string(), age_ms, class: class.as_str() }
    }
}

impl From<inner::Citation> for Citation {
    fn from(citation: inner::Citation) -> Self {
        let inner::Citation { id, title } = citation;
        Self { id, title }
    }
}

impl From<inner::ShownCall> for Call {
    fn from(call: inner::ShownCall) -> Self {
        let inner::ShownCall { tool, outcome, ms, cached } = call;
        Self { tool, outcome: outcome.as_str(), ms, cached }
    }
}
