//! The log contract: streams, one append over several of them, claims, timers, outgoing messages, leases with fences.

use crate::{Event, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// A place in the whole log: gap-free and rising in commit order, from 1. Followers resume after the last one they saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(pub u64);

/// The name of a stream: `kind/id`, such as `conversation/cnv_…`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StreamId(pub String);

impl StreamId {
    /// A conversation's stream.
    #[must_use]
    pub fn conversation(id: &crate::id::ConversationId) -> Self {
        Self(format!("conversation/{id}"))
    }

    /// A write's stream.
    #[must_use]
    pub fn action(id: &crate::id::ActionId) -> Self {
        Self(format!("action/{id}"))
    }

    /// A customer's stream.
    #[must_use]
    pub fn customer(id: &crate::id::CustomerId) -> Self {
        Self(format!("customer/{id}"))
    }

    /// A visitor's stream: what counts against a browser nobody has proven to be somebody.
    #[must_use]
    pub fn visitor(id: &crate::id::VisitorId) -> Self {
        Self(format!("visitor/{id}"))
    }

    /// A queue's stream: how long people waited in it.
    #[must_use]
    pub fn queue(name: &str) -> Self {
        Self(format!("queue/{name}"))
    }

    /// The stream of a member of the staff.
    #[must_use]
    pub fn staff(id: &crate::id::StaffId) -> Self {
        Self(format!("staff/{id}"))
    }

    /// The stream that names every member of the staff there ever was.
    #[must_use]
    pub fn roster() -> Self {
        Self("roster/staff".to_owned())
    }

    /// The part before the slash.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.0.split_once('/').map_or(self.0.as_str(), |(kind, _)| kind)
    }

    /// The part after the slash.
    #[must_use]
    pub fn key(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, key)| key)
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose personal values an append holds: a customer's or a conversation's id. Destroying its key forgets them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Subject(pub String);

/// What a stream must look like for an append to count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// Anything.
    Any,
    /// Exactly this many events; 0 is a new stream.
    Length(u64),
}

/// Events for one stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// The stream.
    pub stream: StreamId,
    /// What it must look like.
    pub expected: Expected,
    /// The events in order, each with the time it happened. Events gathered for one sync keep their own times.
    pub events: Vec<(Timestamp, Event)>,
}

/// Something that may exist only once: the first to claim it wins, everybody else gets the first one's result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What kind of thing: `message`, `action`, `proposal`.
    pub kind: String,
    /// The thing.
    pub key: String,
    /// What later comers are given.
    pub result: String,
}

/// A message to be delivered outside, written with the events it belongs to and delivered at least once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Where: the channel or the webhook, by name.
    pub to: String,
    /// What is delivered.
    pub body: String,
    /// Not before this time.
    pub due: Timestamp,
}

/// A durable timer. Setting one with a name that exists replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimerChange {
    /// Fire at this time.
    Set {
        /// Its name, unique.
        name: String,
        /// When.
        due: Timestamp,
        /// What whoever handles it is told.
        note: String,
    },
    /// Never mind.
    Clear {
        /// Its name.
        name: String,
    },
}

/// A timer that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueTimer {
    /// Its name.
    pub name: String,
    /// When it was due.
    pub due: Timestamp,
    /// What was noted with it.
    pub note: String,
}

/// One transaction: all of it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// When it is written.
    pub at: Timestamp,
    /// Events by stream.
    pub batches: Vec<Batch>,
    /// Whose personal values the events hold.
    pub subject: Option<Subject>,
    /// What must be unique.
    pub claims: Vec<Claim>,
    /// Claims given up by this transaction: kind and key.
    pub unclaims: Vec<(String, String)>,
    /// Messages to deliver outside.
    pub outgoing: Vec<Outgoing>,
    /// Timers set and cleared.
    pub timers: Vec<TimerChange>,
    /// The lease under which this is written; a newer fence in the store refuses it.
    pub fence: Option<Fence>,
}

impl Append {
    /// An append of these events to one stream, and nothing else.
    #[must_use]
    pub fn new(at: Timestamp, stream: StreamId, expected: Expected, events: Vec<Event>) -> Self {
        Self {
            at,
            batches: vec![Batch { stream, expected, events: events.into_iter().map(|event| (at, event)).collect() }],
            subject: None,
            claims: Vec::new(),
            unclaims: Vec::new(),
            outgoing: Vec::new(),
            timers: Vec::new(),
            fence: None,
        }
    }
}

/// What became of an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Appended {
    /// It is in the log, synced.
    Written {
        /// The position of its last event (of the log, when it had none).
        last: Position,
        /// The length of each stream after it, in the order of the batches.
        lengths: Vec<u64>,
    },
    /// One of its claims existed: nothing was written, this is the first one's result.
    AlreadyClaimed {
        /// The claim that existed.
        claim: Claim,
    },
}

/// Why the log did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogError {
    /// The stream has another length than expected: somebody else wrote.
    #[error("{stream} has {actual} events, not the expected number")]
    Conflict {
        /// The stream.
        stream: StreamId,
        /// Its real length.
        actual: u64,
    },
    /// The lease has been taken over; whoever wrote is too late.
    #[error("the lease on {0} belongs to somebody else now")]
    Fenced(String),
    /// There is no room on the disk; nothing was accepted.
    #[error("the disk that holds {path} is full; free some space, then intake resumes by itself")]
    Full {
        /// The file.
        path: String,
    },
    /// Anything else.
    #[error("the log cannot be used: {0}")]
    Broken(String),
}

/// The right to write for something, with a number that only rises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// What the lease is on: a stream, an outbox row, a timer, a projection.
    pub lease: String,
    /// The number of this holder.
    pub number: u64,
}

/// A lease that was granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is written under.
    pub fence: Fence,
    /// Until when, unless renewed.
    pub until: Timestamp,
}

/// What is asked for when a lease is acquired or renewed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// What it is on.
    pub name: String,
    /// Who asks: one name per process.
    pub holder: String,
    /// The time of asking.
    pub now: Timestamp,
    /// For how long.
    pub lasts: Duration,
}
