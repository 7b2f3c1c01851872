//! Tools: what a mind may ask for, and every rule that stands between its wish and a backend.

use super::Kind;
use crate::Money;
use crate::words::{FactClass, Level};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// One operation of one backend with the rules for its use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Tool {
    /// Its name in the configuration; its facts live under this name.
    pub name: String,
    /// The backend it uses.
    pub backend: String,
    /// The operation there (an `operationId`).
    pub operation: String,
    /// One sentence for people and models.
    pub describe: String,
    /// Does it read or write?
    pub access: Access,
    /// What the session must have proven.
    pub auth: Level,
    /// What a mind may give it.
    pub args: BTreeMap<String, Arg>,
    /// Arguments of the operation that come from the proven identity: argument → `customer.id` or `customer.FACT`.
    pub bind: BTreeMap<String, String>,
    /// Tools answered first in the same turn; their facts are usable in the conditions here. Fresh at preview and at execution of a write.
    pub needs: Vec<String>,
    /// Read each of a list: the operation is called once per element.
    pub each: Option<Each>,
    /// On the raw answer, before anything is seen. False means the record is somebody else's.
    pub guard: Condition,
    /// On the facts of `needs` and the arguments, before the call. False means refused.
    pub allow: Condition,
    /// The text that says why, when `allow` is false.
    pub refuse: Option<String>,
    /// The text that says what is about to happen, on the confirm card.
    pub preview: Option<String>,
    /// Who must say yes first.
    pub confirm: Confirm,
    /// What is kept of the answer. All else is dropped before log, mind and desk.
    pub select: Selection,
    /// How the backend recognises a repeated write.
    pub idempotency: Idempotency,
    /// How the effect of a write is proven.
    pub verify: Option<Verify>,
    /// How much of it one customer may use.
    pub limits: Vec<Limit>,
    /// May an answer be used again?
    pub cache: Option<CacheRule>,
    /// What the customer is told when it takes long.
    pub slow: Option<Slow>,
    /// Canonical names for which this tool is right when two systems disagree.
    pub authority: Vec<String>,
}

/// What a tool does to the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Looks, changes nothing.
    Read,
    /// Changes something.
    Write,
    /// Finds out who somebody is; only identity may call it.
    Lookup,
}

/// One argument a mind may give.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Arg {
    /// What it may look like.
    pub kind: Kind,
    /// May it be left out?
    pub optional: bool,
    /// A fact it is always taken from (`order.shipment_id`); then no mind can give it.
    pub from: Option<String>,
}

/// Read each of a list: the argument `arg` takes each element of the fact `of`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Each {
    /// The operation's argument that takes the element.
    pub arg: String,
    /// The fact that holds the list (`profile.orders`).
    pub of: String,
    /// The name under which the list of answers stands in this tool's facts.
    pub take_as: String,
    /// How many elements are read at most; the last ones of the list.
    pub at_most: usize,
}

/// A rule: always true, or an expression in CEL. Never absent by accident.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// Holds always; spelled `always` in configurations.
    Always,
    /// Holds when this CEL expression is true.
    When(String),
}

/// Who must say yes before a write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirm {
    /// These people, in this order; an empty list is nobody.
    By(Vec<Confirmer>),
    /// It depends on the arguments and facts.
    If {
        /// The condition.
        when: Condition,
        /// Who, when it holds.
        then: Vec<Confirmer>,
        /// Who, otherwise.
        otherwise: Vec<Confirmer>,
    },
}

/// Somebody who can say yes to a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confirmer {
    /// The customer, on a card that shows the exact effect.
    Customer,
    /// A person of the staff.
    Agent,
}

/// What is kept of an answer: selected name → where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Selection(pub BTreeMap<String, Selected>);

/// One selected value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Selected {
    /// One value at a JSONPath (RFC 9535).
    One {
        /// The path.
        path: String,
        /// What it must look like; another shape is a bad answer.
        kind: Kind,
        /// May it be missing or null?
        optional: bool,
        /// The name it shares with the same thing from other systems.
        canonical: Option<String>,
        /// How long it may be believed; `None` takes the tool's class.
        class: Option<FactClass>,
    },
    /// One record per node of a JSONPath, each with its own selection (paths relative to the node).
    Each {
        /// The path to the nodes.
        path: String,
        /// What is taken of each.
        take: Selection,
    },
}

/// How the backend recognises a repeated write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Idempotency {
    /// It does not: an unknown outcome is settled by reading, or by a person. Never by trying again.
    None,
    /// By a header with the operation id.
    Header(String),
    /// By an argument with the operation id.
    Argument(String),
}

/// How the effect of a write is proven: this read, and what must hold on its facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verify {
    /// The tool that reads.
    pub read: String,
    /// What must hold then.
    pub expect: Condition,
}

/// What one customer may use of a tool in a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// So many uses.
    Times {
        /// How many.
        times: u32,
        /// In how long.
        per: Duration,
    },
    /// So much money in all.
    Sum {
        /// The argument whose amounts are added up.
        of: String,
        /// The most they may come to.
        at_most: Money,
        /// In how long.
        within: Duration,
    },
}

/// When an answer may be used again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CacheRule {
    /// Its class.
    pub class: FactClass,
    /// For how long.
    pub ttl: Duration,
    /// The arguments that make two calls the same; always holds the bound identity.
    pub key: Vec<String>,
}

/// What the customer is told when a call takes long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Slow {
    /// After how long.
    pub after: Duration,
    /// The text.
    pub say: String,
}
