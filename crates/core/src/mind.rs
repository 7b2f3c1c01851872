//! What a mind (engine) is told and what it may say. A mind proposes; the turn and the gate decide.

use crate::fact::Released;
use crate::id::{ActionId, AskId, ConversationId, TurnId};
use crate::reply::{Citation, Question};
use crate::words::{CallOutcome, Level, RefusalCode, Route, Zone};
use crate::{Timestamp, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything a mind is told for one question. It holds no secret and nothing the gate has not released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MindContext {
    /// The conversation.
    pub conversation: ConversationId,
    /// The turn.
    pub turn: TurnId,
    /// The question's id; what the mind says comes back under it.
    pub ask: AskId,
    /// The time of the question; a mind has no clock.
    pub now: Timestamp,
    /// Why the mind is asked.
    pub occasion: Occasion,
    /// What was said so far, oldest first, the present message not included.
    pub history: Vec<Line>,
    /// What the session has proven.
    pub level: Level,
    /// Declared lookups by which the customer may prove more now; none once they have proven it, or tried too often.
    pub lookups: Vec<String>,
    /// Facts about the proven customer (`customer.tier`), never the identity itself beyond `id`.
    pub customer: BTreeMap<String, Value>,
    /// Every answer released in this turn so far, by tool. The latest one of a tool counts.
    pub facts: BTreeMap<String, Released>,
    /// How the calls ended that the mind asked for in this turn, in the order they ended.
    pub results: Vec<CallResult>,
    /// The tools this turn may use.
    pub tools: Vec<String>,
    /// What the mind remembered when it last finished in this conversation; its own business.
    pub memory: serde_json::Value,
}

/// Why a mind is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The customer said something.
    Message {
        /// The words, masked where they held cards or codes.
        text: String,
        /// The value of a choice the customer picked from a question, when they picked instead of typing.
        picked: Option<String>,
    },
    /// Calls it asked for have ended; nothing is pending.
    Results,
    /// The useful deadline has come and some calls are still pending: say what can be said now.
    Partial {
        /// Tools that have not answered yet.
        pending: Vec<String>,
    },
    /// A write it proposed was carried out, refused, or is unknown; see the last result.
    ActionEnded {
        /// The write.
        action: ActionId,
    },
    /// A lookup it asked for has ended.
    Proof {
        /// How.
        outcome: ProofOutcome,
    },
    /// The customer said no to a proposed write.
    ActionDeclined {
        /// The write.
        action: ActionId,
    },
}

/// How a lookup of who somebody is has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofOutcome {
    /// The session is the customer's now.
    Proven,
    /// Nobody, several, or somebody whose conversation this is not: nobody is told which.
    NotProven,
    /// There were too many tries.
    Locked,
    /// The backend gave no answer; that is no try.
    Unreachable,
}

/// One line of the conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who said it.
    pub who: Speaker,
    /// What was said.
    pub text: String,
}

/// Who says something in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The bot.
    Bot,
    /// A person of the staff.
    Agent,
}

/// How one wish of a mind ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallResult {
    /// The mind's own number for the wish.
    pub wish: u32,
    /// The tool or composition asked for.
    pub tool: String,
    /// How it ended. For a composition: `ok` when every essential tool answered, else the outcome of the first essential that did not.
    pub outcome: CallOutcome,
    /// Why the gate refused, when it did.
    pub refusal: Option<RefusalCode>,
    /// The text for the customer that goes with a refusal, rendered.
    pub text: Option<String>,
    /// For operators: what exactly went wrong (`backend_unreachable: tls_expired`). No values, no secrets.
    pub detail: Option<String>,
    /// The write this is about, when it is one.
    pub action: Option<ActionId>,
    /// For a write with verification: did the backend's state prove it?
    pub verified: Option<bool>,
    /// For a composition: tools of it without an answer, with how they ended.
    pub missing: BTreeMap<String, CallOutcome>,
}

/// One thing a mind says. A mind sends any number of these for one question, then finishes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MindStep {
    /// How it understood the message: for the log, the trace and the triggers.
    Understood(Understanding),
    /// A sentence for the customer.
    Say(Draft),
    /// It wishes for a tool or a composition. A write is proposed, not done.
    Call {
        /// The mind's own number for this wish.
        wish: u32,
        /// The tool or composition.
        tool: String,
        /// Arguments, never identity.
        args: BTreeMap<String, Value>,
    },
    /// It asks the customer something.
    Ask(Question),
    /// It has what a declared lookup asks for, in the customer's words. Only a single match of that lookup proves anything.
    Identify {
        /// The lookup.
        lookup: String,
        /// What the customer said, by the names the lookup asks for.
        answers: BTreeMap<String, Value>,
    },
    /// The wish is not our business; the sentence that says so kindly.
    Decline(Draft),
    /// What is wished for is against the company's own rules; the sentence that says why, and what can be done instead.
    Refuse(Draft),
    /// A person should take over.
    HandOver {
        /// The reason's word.
        reason: String,
    },
}

/// How a message was understood, with the scores behind it. Scores are probabilities in thousandths.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Understanding {
    /// The zone decided.
    pub zone: Option<Zone>,
    /// The skill, when one was chosen.
    pub skill: Option<String>,
    /// The ranked candidates: label and score.
    pub ranked: Vec<(String, i64)>,
    /// How far out of scope the message looked, in thousandths; higher is further.
    pub out_of_scope: i64,
    /// The threshold it was compared with.
    pub threshold: i64,
    /// The examples nearest to the message: label, text, similarity in thousandths.
    pub nearest: Vec<(String, String, i64)>,
    /// Slots that were filled, and from where.
    pub slots: Vec<(String, String)>,
    /// The message could not be understood (counts towards `misunderstood`).
    pub misunderstood: bool,
    /// Which stage answered: `n_grams` or `full`.
    pub stage: String,
    /// How the customer seems to feel.
    #[serde(default)]
    pub feeling: Feeling,
    /// Where the message went: a question about the customer's own business to a skill, one about how things are to the knowledge.
    #[serde(default)]
    pub route: Option<Route>,
    /// The best passages of the knowledge, where it was asked: id, and how probable it is that it answers.
    #[serde(default)]
    pub passages: Vec<(String, i64)>,
}

/// How a customer seems to feel after a message, by the words alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Feeling {
    /// The message, in thousandths from -1000 (furious) to 1000 (delighted).
    pub last: i64,
    /// How much better (or, below zero, worse) each of the latest messages felt than the one before, in thousandths.
    pub slope: i64,
    /// How many messages before asked for the same.
    pub repeated: u32,
    /// It asks for a person.
    pub person: bool,
}

/// A sentence before the gate's last door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The words.
    pub text: String,
    /// The declared text it was rendered from. A draft without one was worded freely, and every claim in it is checked.
    pub template: Option<String>,
    /// Names of the facts it rests on (`order.status`).
    pub facts: Vec<String>,
    /// Passages of the knowledge it rests on.
    pub citations: Vec<Citation>,
}

/// How a mind finished one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MindDone {
    /// What it wants to be given back next time.
    pub memory: serde_json::Value,
}

/// Why a mind could not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct MindFailure {
    /// A stable word, such as `provider_down`.
    pub code: String,
    /// What happened, for operators.
    pub detail: String,
}
