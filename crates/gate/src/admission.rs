//! The first door's question and answers.

use patchbay_core::action::Use;
use patchbay_core::declare::Confirmer;
use patchbay_core::fact::Released;
use patchbay_core::words::{Level, RefusalCode};
use patchbay_core::{Session, Timestamp, Value};
use std::collections::BTreeMap;

/// Who wishes for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A mind, for the customer of the session.
    Mind,
    /// A person of the staff.
    Desk,
    /// Somebody trying a tool from the command line.
    Try,
    /// Finding out or loading who somebody is; the only one that may use lookup tools. It never writes.
    Identity,
}

/// A wish for one call of one tool, with everything the decision rests on.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The tool.
    pub tool: &'a str,
    /// The arguments given. Identity and arguments taken from facts are not among them.
    pub args: &'a BTreeMap<String, Value>,
    /// Whose wish it is.
    pub session: &'a Session,
    /// Facts about the proven customer, without `id`: that comes from the session.
    pub customer: &'a BTreeMap<String, Value>,
    /// What was released of the tool's needs, by tool.
    pub facts: &'a BTreeMap<String, Released>,
    /// What this customer used of this tool before, for its limits.
    pub used: &'a [Use],
    /// Who has said yes, and to what.
    pub confirmed: Option<&'a Confirmed>,
    /// The tools this turn may use; `None` is every tool.
    pub tools_allowed: Option<&'a [String]>,
    /// The time of the decision.
    pub now: Timestamp,
    /// Who wishes for it.
    pub by: Actor,
}

/// A yes, bound to what was shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Confirmed {
    /// The digest of the proposal the yes was given to.
    pub digest: String,
    /// Who has said yes.
    pub by: Vec<Confirmer>,
}

/// What the first door says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Admission {
    /// Go ahead.
    Admitted(Admitted),
    /// No.
    Refused {
        /// Why.
        code: RefusalCode,
        /// The name of the company's text that says why, if the tool has one.
        text: Option<String>,
        /// What exactly refused, for operators: the rule's source, or the name that is not allowed. No values.
        rule: String,
    },
    /// Somebody has to say yes first, to exactly this.
    NeedsConfirmation {
        /// Who still has to, in order.
        confirmers: Vec<Confirmer>,
        /// What the yes must be bound to.
        digest: String,
    },
    /// The customer has to prove more about who they are first.
    NeedsStepUp {
        /// The level it takes.
        level: Level,
    },
    /// An argument is not what the tool takes.
    Invalid {
        /// Which one.
        arg: String,
        /// What is wrong with it, without its value.
        detail: String,
    },
}

/// A call that may be made. Only the gate makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    tool: String,
    args: BTreeMap<String, Value>,
    calls: Vec<BTreeMap<String, serde_json::Value>>,
    digest: String,
}

impl Admitted {
    /// Kept inside the crate: whoever holds an `Admitted` has passed the first door.
    pub(crate) fn new(tool: &str, args: BTreeMap<String, Value>, calls: Vec<BTreeMap<String, serde_json::Value>>, digest: String) -> Self {
        Self { tool: tool.to_owned(), args, calls, digest }
    }

    /// The tool.
    #[must_use]
    pub fn tool(&self) -> &str {
        &self.tool
    }

    /// The arguments of each call as the backend takes them, identity included: one call, or one per element of a list.
    #[must_use]
    pub fn calls(&self) -> &[BTreeMap<String, serde_json::Value>] {
        &self.calls
    }

    /// The digest of tool, arguments, customer and what was seen; for a write, what the yes was bound to.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The arguments as rules see them: typed, in the backend's spelling, without identity.
    pub(crate) fn args(&self) -> &BTreeMap<String, Value> {
        &self.args
    }
}
