//! What a turn wants done.

use crate::Timer;
use patchbay_core::fact::Released;
use patchbay_core::id::{ActionId, AskId, CallId};
use patchbay_core::mind::MindContext;
use patchbay_core::words::Level;
use patchbay_core::{Event, Money, Session, Timestamp, Value};
use patchbay_gate::Admitted;
use std::collections::BTreeMap;
use std::time::Duration;

/// One thing a turn wants done. Effects are carried out in order; what is recorded is durable before anything after it is seen outside.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write this event to the conversation's stream (and the action's, for a write's life).
    Record(Box<Event>),
    /// Ask a mind. What it says comes back under the context's `ask`.
    AskMind {
        /// Which of the minds, best first.
        mind: usize,
        /// What it is told.
        context: Box<MindContext>,
    },
    /// The mind need not go on with this question.
    CancelMind(AskId),
    /// Call a backend.
    StartCall(Box<CallStart>),
    /// Nobody waits for this call any more.
    CancelCall(CallId),
    /// Look up whether the same write is already under way.
    LookUp {
        /// Which write: tool, arguments and customer, as a digest.
        sameness: String,
    },
    /// Take a confirmed write, durably and alone, before it is sent.
    Claim {
        /// The write.
        action: ActionId,
        /// Its tool.
        tool: String,
        /// What may be claimed only once at a time.
        sameness: String,
        /// The amounts among its arguments: what limits count with it.
        amounts: BTreeMap<String, Money>,
    },
    /// The customer has proven who they are: make it their session, durably, before anything rests on it.
    Identify {
        /// The lookup that proved it.
        lookup: String,
        /// The company's own id of the customer.
        external: String,
        /// What it proves.
        level: Level,
        /// Until when.
        until: Timestamp,
    },
    /// A write is settled: another one like it may be proposed again.
    Unclaim {
        /// What was claimed.
        sameness: String,
    },
    /// Look after a write whose effect is not known, at this time, durably.
    SettleAt {
        /// The write.
        action: ActionId,
        /// When.
        at: Timestamp,
        /// How many times it will have been looked after before.
        attempt: u32,
    },
    /// Tell the customer what is being done; not part of the reply, not logged.
    Progress(String),
    /// Fire this timer at this time; a timer that is set already is moved.
    SetTimer(Timer, Timestamp),
    /// The turn is over.
    Closed,
}

/// A call the gate has admitted, with all that its answer is judged by.
#[derive(Debug, Clone, PartialEq)]
pub struct CallStart {
    /// The call's id.
    pub call: CallId,
    /// The tool.
    pub tool: String,
    /// The complete arguments; only the gate can make them.
    pub admitted: Admitted,
    /// The operation id, for a write.
    pub operation_id: Option<ActionId>,
    /// How long the answer may take.
    pub within: Duration,
    /// Must the backend itself be asked, whatever a cache holds?
    pub fresh: bool,
    /// Whose call it is: the session the turn has, whatever comes in meanwhile.
    pub session: Session,
    /// The facts the guard may see.
    pub facts: BTreeMap<String, Released>,
    /// What is known about the customer.
    pub customer: BTreeMap<String, Value>,
}
