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
    /// Was the customer offered a person since people had the conversation last?
    pub offered: bool,
    /// Who waits in each queue, by its name; a queue nobody waits in may be left out.
    pub queues: BTreeMap<String, Waiting>,
    /// How the customer seemed to feel before this turn, in thousandths.
    pub feeling: Option<i64>,
    /// Other conversations of the same person that wait.
    pub elsewhere: u32,
}

/// Who waits in a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Waiting {
    /// How many would stand before this conversation.
    pub people: u32,
    /// How many would stand before it if its customer sounded very upset, or upset: fewer where the queue is ordered by feeling.
    pub upset: [u32; 2],
    /// How long people waited lately; none while too few have.
    pub lately: Option<Lately>,
}

/// How long people waited lately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lately {
    /// The middle one of those waits, in seconds.
    pub median_s: u64,
    /// How many they are.
    pub of: u32,
}
