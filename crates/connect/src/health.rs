//! How a backend has been doing: counts, times and the state of its breakers.

use crate::breaker::BreakerState;
use patchbay_core::words::CallOutcome;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// How many of the last calls the times are taken from.
const LATEST: usize = 512;

/// The health of one backend at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Health {
    /// Its name in the configuration.
    pub backend: String,
    /// The breaker of its reads.
    pub reads: BreakerState,
    /// The breaker of its writes.
    pub writes: BreakerState,
    /// How long it asked us to stay away still.
    pub paused_for: Option<Duration>,
    /// Calls by outcome, also those we held back.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Reads answered from the cache.
    pub cached: u64,
    /// Reads that shared another's call.
    pub shared: u64,
    /// Repeats of failed attempts.
    pub repeats: u64,
    /// The median time of the latest calls, in milliseconds.
    pub p50_ms: Option<i64>,
    /// 19 of 20 of the latest calls were at most this long, in milliseconds.
    pub p95_ms: Option<i64>,
}

impl Health {
    /// Would neither reads nor writes be refused for the backend's sake?
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.reads == BreakerState::Closed && self.writes == BreakerState::Closed && self.paused_for.is_none()
    }
}

/// What is counted.
#[derive(Debug, Default)]
pub(crate) struct Figures {
    pub(crate) outcomes: BTreeMap<CallOutcome, u64>,
    pub(crate) cached: u64,
    pub(crate) shared: u64,
    pub(crate) repeats: u64,
    times: Vec<i64>,
    oldest: usize,
}

impl Figures {
    /// A call ended. What we held back ourselves says nothing about the backend's times.
    pub(crate) fn ended(&mut self, outcome: CallOutcome, ms: i64) {
        *self.outcomes.entry(outcome).or_default() += 1;
        let held_back = matches!(outcome, CallOutcome::Invalid | CallOutcome::BreakerOpen | CallOutcome::RateLimited);
        if held_back {
            return;
        }
        if self.times.len() < LATEST {
            self.times.push(ms);
        } else {
            self.times[self.oldest] = ms;
            self.oldest = (self.oldest + 1) % LATEST;
        }
    }

    /// The time that this share of the latest calls kept.
    pub(crate) fn within(&self, percent: usize) -> Option<i64> {
        let mut times = self.times.clone();
        times.sort_unstable();
        times.get((times.len() * percent).div_ceil(100).saturating_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_those_of_the_latest_calls() {
        let mut figures = Figures::default();
        assert_eq!(figures.within(50), None);
        (1..=1000).for_each(|ms| figures.ended(CallOutcome::Ok, ms));
        (0..1000).for_each(|_| figures.ended(CallOutcome::BreakerOpen, 0));
        assert_eq!(figures.outcomes[&CallOutcome::Ok], 1000);
        assert_eq!((figures.within(50), figures.within(95), figures.within(100)), (Some(744), Some(975), Some(1000)));
    }
}
