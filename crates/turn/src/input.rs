//! What a turn is told.

use crate::Standing;
use patchbay_core::action::{ProposedAction, Use};
use patchbay_core::fact::Released;
use patchbay_core::id::{ActionId, AskId, CallId, ConversationId, TurnId};
use patchbay_core::mind::{Line, MindDone, MindFailure, MindStep};
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_core::{Session, Timestamp, Value};
use std::collections::BTreeMap;
use std::fmt;

/// What a turn starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The turn's id.
    pub id: TurnId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Whose it is: the only source of identity.
    pub session: Session,
    /// What was said before, oldest first.
    pub history: Vec<Line>,
    /// What the mind remembered last.
    pub memory: serde_json::Value,
    /// Turns in a row before this one in which the customer was not understood.
    pub misunderstood: u32,
    /// The lookup that proved whose it is, when words did.
    pub proven_by: Option<String>,
    /// Tries to prove it in words that count against the customer now.
    pub tries: u32,
    /// Facts about the customer that earlier turns of the conversation loaded.
    pub customer: BTreeMap<String, Value>,
    /// The writes this customer had carried out before, by tool: what limits are counted over.
    pub used: BTreeMap<String, Vec<Use>>,
    /// How many minds there are to ask, best first.
    pub minds: usize,
    /// Texts that are released before anything else, by name: a note that a card number was masked.
    pub notes: Vec<String>,
    /// Names of the files that came with the message; the bot says that it cannot read them.
    pub files: Vec<String>,
    /// A person has the conversation: writes are still looked after, but nothing is said.
    pub silent: bool,
    /// How the conversation stands with people.
    pub standing: Standing,
    /// In how many conversations the customer had written before and when last, while they have not been greeted in this one.
    pub earlier: Option<(u32, Option<Timestamp>)>,
    /// Why the turn began.
    pub cause: Cause,
}

/// Why a turn began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The customer said something.
    Message {
        /// The words, masked.
        text: String,
        /// The value of a choice, when they picked one.
        picked: Option<String>,
    },
    /// The customer said yes to a proposed write.
    Confirmed {
        /// The write as it was proposed.
        action: Box<ProposedAction>,
        /// Who said yes.
        by: String,
    },
    /// The customer said no to a proposed write.
    Declined {
        /// The write as it was proposed.
        action: Box<ProposedAction>,
    },
    /// The customer pressed the button for a person. No mind is asked.
    PersonAsked,
    /// A person handed the conversation back. No mind is asked: the customer is told who speaks now.
    HandedBack,
    /// A person did not approve a write that the customer wants. No mind is asked: the customer is told, and the bot goes on.
    NotApproved {
        /// The write as it was proposed.
        action: Box<ProposedAction>,
    },
    /// A write whose effect is not known is looked after.
    Settle {
        /// The write as it was proposed.
        action: Box<ProposedAction>,
        /// How many times it was looked after before.
        attempt: u32,
    },
}

/// One thing a turn is told after it began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A further message of the customer joined, because nothing was released or sent yet (see [`crate::Turn::can_join`]).
    Joined {
        /// The words, masked.
        text: String,
    },
    /// The mind said one thing.
    MindSpoke {
        /// The question it answers.
        ask: AskId,
        /// Its number in the answer, from 0.
        n: u32,
        /// What.
        step: Box<MindStep>,
    },
    /// The mind finished an answer.
    MindFinished {
        /// The question.
        ask: AskId,
        /// How.
        done: MindDone,
    },
    /// The mind could not answer.
    MindFailed {
        /// The question.
        ask: AskId,
        /// Why.
        failure: MindFailure,
    },
    /// A call ended.
    Answered {
        /// The call.
        call: CallId,
        /// How, after the gate's second door.
        answer: Box<Answer>,
    },
    /// It was looked up whether the same write is already under way. Also what a lost claim is told with: somebody else was faster.
    LookedUp {
        /// Which write.
        sameness: String,
        /// The unsettled one, if there is one.
        running: Option<ActionId>,
    },
    /// The claim on a write was won, durably.
    Claimed {
        /// The write.
        action: ActionId,
    },
    /// The write was not taken: since the gate admitted it, a limit was used up elsewhere.
    HeldBack {
        /// The write.
        action: ActionId,
        /// The limit, for operators.
        rule: String,
    },
    /// The session is from now on that of the customer the turn has found, durably.
    Identified {
        /// The session.
        session: Session,
    },
    /// A timer fired.
    TimerFired(Timer),
    /// The customer pressed the button for a person in the middle of the turn.
    PersonAsked,
    /// A person took the conversation.
    TakenOver {
        /// Who.
        by: String,
    },
}

/// How a call ended, after the gate released or refused what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The outcome's word.
    pub outcome: CallOutcome,
    /// Why the gate refused, when it did.
    pub refusal: Option<RefusalCode>,
    /// The rule that decided, as it stands in the configuration.
    pub rule: Option<String>,
    /// What exactly went wrong, for operators.
    pub detail: Option<String>,
    /// What was released.
    pub released: Option<Released>,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// Did it come from a cache?
    pub cached: bool,
}

impl Answer {
    /// An answer that never left the house.
    #[must_use]
    pub fn none(outcome: CallOutcome, detail: impl Into<String>) -> Self {
        Self { outcome, refusal: None, rule: None, detail: Some(detail.into()), released: None, ms: 0, cached: false }
    }
}

/// A timer of a turn. They live as long as the turn; what must outlive it is a durable timer of the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Timer {
    /// By now the customer should have seen something useful.
    Useful,
    /// By now the answer should be whole: reads still running are given up.
    Whole,
    /// By now the turn ends, whatever is missing.
    Last,
    /// A call is taking long enough to say so.
    Slow(CallId),
    /// A write's effect is read back once more.
    ReadBack(u32),
}

impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Useful => f.write_str("useful"),
            Self::Whole => f.write_str("whole"),
            Self::Last => f.write_str("last"),
            Self::Slow(call) => write!(f, "slow:{call}"),
            Self::ReadBack(wish) => write!(f, "read_back:{wish}"),
        }
    }
}

impl Timer {
    /// Reads back what [`fmt::Display`] writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None => [Self::Useful, Self::Whole, Self::Last].into_iter().find(|timer| timer.to_string() == text),
            Some(("slow", call)) => Some(Self::Slow(CallId(call.to_owned()))),
            Some(("read_back", wish)) => wish.parse().ok().map(Self::ReadBack),
            Some(_) => None,
        }
    }
}
