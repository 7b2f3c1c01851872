//! A write's life: proposed → confirmed → claimed → sent → done | failed | unknown. It outlives the turn that proposed it.

use crate::declare::Confirmer;
use crate::id::{ActionId, ConversationId};
use crate::{Money, Value};
use crate::{Timestamp, session::Customer};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The number of a wish that no mind made: the write was prepared by a person of the staff, and no customer sees its card.
pub const AT_DESK: u32 = u32::MAX - 1;

/// A write as it was proposed: exactly what a yes is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProposedAction {
    /// Its id: also the operation id and the idempotency key of every try.
    pub id: ActionId,
    /// The conversation it belongs to.
    pub conversation: ConversationId,
    /// The mind's own number for the wish.
    pub wish: u32,
    /// The tool.
    pub tool: String,
    /// The arguments the mind gave, typed. Bound identity is not among them: it is bound again at execution.
    pub args: BTreeMap<String, Value>,
    /// The facts of the tool's needs at preview: what the customer was shown.
    pub seen: BTreeMap<String, Value>,
    /// What will happen, in words.
    pub effect: String,
    /// Who still has to say yes, in order.
    pub confirmers: Vec<Confirmer>,
    /// Until when a yes counts.
    pub expires: Timestamp,
    /// Digest of tool, arguments and what was seen; the yes is bound to it.
    pub digest: String,
}

/// The digest a confirmation is bound to: tool, exact arguments, customer and the object as it was seen.
#[must_use]
pub fn digest(tool: &str, args: &BTreeMap<String, Value>, customer: Option<&Customer>, seen: &BTreeMap<String, Value>) -> String {
    let owner = customer.map(|customer| customer.id.as_str());
    let text = serde_json::to_string(&(tool, args, owner, seen)).expect("invariant: names and values always serialise");
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Which writes are the same write: while one is unsettled there is no second proposal for it.
#[must_use]
pub fn sameness(tool: &str, args: &BTreeMap<String, Value>, customer: Option<&Customer>) -> String {
    digest(tool, args, customer, &BTreeMap::new())
}

/// One time that a customer had a write carried out, as limits count it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// When it was taken.
    pub at: Timestamp,
    /// The amounts among its arguments, by name; `None` once they are forgotten.
    pub amounts: Option<BTreeMap<String, Money>>,
    /// The backend is known not to have done it: it moved no money.
    pub failed: bool,
}

/// Where a write stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionState {
    /// Waiting for a yes.
    Proposed,
    /// Everybody who has to has said yes.
    Confirmed,
    /// One worker has taken it, durably, before the call.
    Claimed,
    /// The call has left the house.
    Sent,
    /// The backend did it.
    Done,
    /// The backend did not do it.
    Failed,
    /// Nobody knows yet; shown, and being settled.
    Unknown,
    /// The customer said no, or a takeover or expiry ended it.
    Cancelled,
}

impl ActionState {
    /// May it still have, or come to have, an effect?
    #[must_use]
    pub fn unsettled(self) -> bool {
        matches!(self, Self::Confirmed | Self::Claimed | Self::Sent | Self::Unknown)
    }
}
