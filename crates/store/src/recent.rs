//! The end of the log in memory: what was written last is what is read most. The views, whoever waits for a reply and the desk all
//! want it at once, and none of them has to open and parse again what was sealed a moment ago.

use patchbay_core::event::Recorded;
use patchbay_core::log::{Position, StreamId};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many events are kept.
const KEPT: usize = 1_024;

/// The last events of the log, without a gap, exactly as they would be read from the file.
#[derive(Default)]
pub(crate) struct Recent {
    kept: Mutex<VecDeque<Arc<Recorded>>>,
    /// How often somebody was forgotten: what was sealed before the last time may have lost its key.
    forgets: AtomicU64,
}

impl Recent {
    /// Takes in what was committed, in order.
    pub(crate) fn keep(&self, committed: Vec<Arc<Recorded>>) {
        let mut kept = self.lock();
        let follows = kept.back().zip(committed.first()).is_none_or(|(last, first)| last.position.0 + 1 == first.position.0);
        if !follows {
            kept.clear();
        }
        kept.extend(committed);
        let surplus = kept.len().saturating_sub(KEPT);
        kept.drain(..surplus);
    }

    /// Somebody is forgotten: nothing that was said stays here.
    pub(crate) fn forget(&self) {
        self.forgets.fetch_add(1, Ordering::AcqRel);
        self.clear();
    }

    /// Keeps nothing of what there was.
    pub(crate) fn clear(&self) {
        self.lock().clear();
    }

    /// Rises whenever somebody is forgotten.
    pub(crate) fn forgets(&self) -> u64 {
        self.forgets.load(Ordering::Acquire)
    }

    /// The events after a position, at most `limit`; `None` where they have to be read from the file.
    pub(crate) fn all(&self, after: Position, limit: usize) -> Option<Vec<Recorded>> {
        let found: Vec<Arc<Recorded>> = {
            let kept = self.lock();
            let before = kept.front()?.position.0 - 1;
            let skip = usize::try_from(after.0.checked_sub(before)?).ok()?;
            kept.iter().skip(skip).take(limit).cloned().collect()
        };
        Some(owned(&found))
    }

    /// The events of one stream after its first `after`, at most `limit`; `None` where they have to be read from the file.
    pub(crate) fn stream(&self, stream: &StreamId, after: u64, limit: usize) -> Option<Vec<Recorded>> {
        let mut found: Vec<Arc<Recorded>> = {
            let kept = self.lock();
            let newest_first = kept.iter().rev().filter(|recorded| recorded.stream == *stream);
            let wanted: Vec<_> = newest_first.take_while(|recorded| recorded.seq > after).cloned().collect();
            let known = match wanted.last() {
                Some(first) => first.seq == after + 1,
                // Nothing is newer if the last one that was seen is here.
                None => kept.iter().rev().any(|recorded| recorded.stream == *stream),
            };
            known.then_some(wanted)?
        };
        found.reverse();
        found.truncate(limit);
        Some(owned(&found))
    }

    /// A lock whose data is whole after every step: a panic elsewhere does not spoil it.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Recorded>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Copied outside the lock.
fn owned(found: &[Arc<Recorded>]) -> Vec<Recorded> {
    found.iter().map(|recorded| Recorded::clone(recorded)).collect()
}
