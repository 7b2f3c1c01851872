//! In which order those who wait for a person should be answered.

use super::rows::DeskRow;
use patchbay_core::Timestamp;
use patchbay_core::declare::QueueOrder;
use patchbay_core::handoff::urgency::{self, MINUTE};

/// Who is answered first: by the minute an answer is due, then whoever sounds upset, then the longest wait.
///
/// In queues ordered by feeling, whoever sounds upset is due at once, from the moment they began to wait. A promise that was broken
/// before that still comes first, so that nobody waits for ever.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pressing {
    by_feeling: Vec<String>,
}

impl Pressing {
    /// With the names of the queues that are ordered by feeling.
    pub fn new(by_feeling: impl IntoIterator<Item = String>) -> Self {
        Self { by_feeling: by_feeling.into_iter().collect() }
    }

    /// Until when a conversation should be answered, as its queue's order sees it; none where nothing presses.
    #[must_use]
    pub fn at(&self, row: &DeskRow) -> Option<Timestamp> {
        urgency::due(self.order(row), calm(row), waits(row), row.due)
    }

    /// The place of a row in this order.
    pub(super) fn place(&self, row: &DeskRow) -> (i64, i64, i64) {
        urgency::place(self.order(row), calm(row), waits(row), row.due)
    }

    fn order(&self, row: &DeskRow) -> QueueOrder {
        let by_feeling = row.queue.as_ref().is_some_and(|queue| self.by_feeling.contains(queue));
        if by_feeling { QueueOrder::Feeling } else { QueueOrder::Promise }
    }

    /// The same order for the database.
    pub(super) fn columns(&self) -> String {
        // Without such queues the bare column, so that its index is used.
        if self.by_feeling.is_empty() {
            return "d.due_minute, d.calm, d.wait_first, d.opened".to_owned();
        }
        let names: Vec<String> = self.by_feeling.iter().map(|name| format!("'{}'", name.replace('\'', "''"))).collect();
        let first = format!("d.calm < 2 AND d.queue IN ({})", names.join(", "));
        format!("iif({first}, d.wait_first / {MINUTE}, d.due_minute), d.calm, d.wait_first, d.opened")
    }
}

fn waits(row: &DeskRow) -> Timestamp {
    row.wait_since.unwrap_or(row.last_at)
}

fn calm(row: &DeskRow) -> i64 {
    urgency::calm(row.feeling.map(|(last, _)| last))
}
