//! The ledger of effects: what was really changed, by whom and with which words. Only ever added to.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// What kind of line this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A write that was carried out.
    Effect,
    /// A write that came again with the same idempotency key and was answered from memory.
    Replay,
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Entry {
    /// Position, from 1 and without gaps since the last reset.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Effect or replay.
    pub kind: EntryKind,
    /// Which service, such as `orders`.
    pub service: &'static str,
    /// The operation's id in the service's document, such as `cancelOrder`.
    pub operation: &'static str,
    /// The id of what was changed.
    pub object: String,
    /// All arguments, those of the path included.
    pub arguments: Value,
    /// The idempotency key, where the caller sent one.
    pub idempotency_key: Option<String>,
    /// Who called, as the credential says.
    pub caller: String,
}

/// All lines since the last reset. Shared by the services of one world.
#[derive(Debug, Default)]
pub struct Ledger {
    entries: Mutex<Vec<Entry>>,
}

impl Ledger {
    /// Every line, oldest first.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// The lines that are effects, oldest first.
    #[must_use]
    pub fn effects(&self) -> Vec<Entry> {
        self.lock().iter().filter(|entry| entry.kind == EntryKind::Effect).cloned().collect()
    }

    /// Adds a line and gives it the next number.
    pub(crate) fn add(&self, mut entry: Entry) {
        let mut entries = self.lock();
        entry.number = entries.len() as u64 + 1;
        entries.push(entry);
    }

    /// Forgets everything, as part of going back to the seed.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
