//! In which order those who wait for a person should be answered.

use super::rows::DeskRow;
use patchbay_core::Timestamp;

/// A minute, in milliseconds: within one, promises count as the same.
const MINUTE: i64 = 60_000;
/// Where nothing is promised, it is due after everything that is.
const UNPROMISED: i64 = MINUTE << 46;

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
        let queue = row.queue.as_ref();
        let first = calm(row) < 2 && queue.is_some_and(|queue| self.by_feeling.contains(queue));
        if first { Some(waits(row)) } else { row.due }
    }

    /// The place of a row in this order.
    pub(super) fn place(&self, row: &DeskRow) -> (i64, i64, i64) {
        let wait = waits(row).0;
        let at = self.at(row).map_or_else(|| UNPROMISED.saturating_add(wait), |at| at.0);
        (at / MINUTE, calm(row), wait)
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

/// 0: very upset, 1: upset, 2: neither; the same bounds as the column's.
fn calm(row: &DeskRow) -> i64 {
    match row.feeling {
        Some((last, _)) if last < -666 => 0,
        Some((last, _)) if last < -333 => 1,
        _ => 2,
    }
}
