//! How a conversation stands with people when a turn begins: all that a handover needs to know of the world outside.

use patchbay_core::Timestamp;
use patchbay_core::id::HandoffId;
use std::collections::BTreeMap;

/// How a conversation stands with people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Standing {
    /// The handoff that is open already.
    pub handoff: Option<HandoffId>,
    /// Since when the customer waits for an answer.
    pub wait_since: Option<Timestamp>,
    /// When people let go of the conversation last, and the reason for which they had it.
    pub released: Option<(Timestamp, String)>,
    /// Who waits in each queue, by its name; a queue nobody waits in may be left out.
    pub queues: BTreeMap<String, Waiting>,
    /// Other conversations of the same person that wait.
    pub elsewhere: u32,
}

/// Who waits in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How many.
    pub people: u32,
    /// How long people waited lately, in seconds.
    pub lately_s: Option<u64>,
}
