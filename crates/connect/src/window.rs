//! Two counters over the last thirty seconds, in steps of one second.

use patchbay_core::Timestamp;
use std::collections::VecDeque;

/// How many seconds are looked at.
const SECONDS: i64 = 30;

/// Counts of two kinds of happening in the last thirty seconds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Window {
    steps: VecDeque<(i64, u32, u32)>,
}

impl Window {
    /// Counts these now.
    pub(crate) fn add(&mut self, now: Timestamp, first: u32, second: u32) {
        self.forget(now);
        match self.steps.back_mut() {
            // A clock that went back counts into the latest step.
            Some(step) if step.0 >= now.seconds() => (step.1, step.2) = (step.1.saturating_add(first), step.2.saturating_add(second)),
            _ => self.steps.push_back((now.seconds(), first, second)),
        }
    }

    /// The two sums.
    pub(crate) fn sums(&mut self, now: Timestamp) -> (u32, u32) {
        self.forget(now);
        self.steps.iter().fold((0, 0), |sums, step| (sums.0 + step.1, sums.1 + step.2))
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.steps.clear();
    }

    fn forget(&mut self, now: Timestamp) {
        while self.steps.front().is_some_and(|step| step.0 <= now.seconds() - SECONDS) {
            self.steps.pop_front();
        }
    }
}
