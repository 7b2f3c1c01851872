//! Pacing: how often one visitor or address may do something, as a bucket that refills steadily.

use patchbay_core::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How often something may be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// One more is allowed after each such span.
    pub every: Duration,
    /// So many may come at once after a rest.
    pub burst: u32,
}

/// Below this many keys the map is not swept.
const SWEEP_FROM: usize = 4_096;

/// Who has done how much. One time per key: when its bucket will be full again.
pub(crate) struct Paces {
    pace: Pace,
    full: Mutex<Kept>,
}

struct Kept {
    by_key: HashMap<String, Timestamp>,
    sweep_at: usize,
}

impl Paces {
    pub(crate) fn new(pace: Pace) -> Self {
        Self { pace, full: Mutex::new(Kept { by_key: HashMap::new(), sweep_at: SWEEP_FROM }) }
    }

    /// Takes one out of the key's bucket, or says how long to wait for one.
    pub(crate) fn take(&self, key: &str, now: Timestamp) -> Result<(), Duration> {
        let capacity = self.pace.every * self.pace.burst;
        let mut kept = self.full.lock().unwrap_or_else(PoisonError::into_inner);
        kept.sweep(now);
        // Never further away than an empty bucket: a clock that was set back must not lock anybody out.
        let full = kept.by_key.get(key).copied().unwrap_or(now).clamp(now, now.plus(capacity));
        let after = full.plus(self.pace.every);
        let over = after.since(now.plus(capacity));
        if !over.is_zero() {
            return Err(over);
        }
        kept.by_key.insert(key.to_owned(), after);
        Ok(())
    }
}

impl Kept {
    /// Forgets full buckets whenever the number of keys has doubled since the last time.
    fn sweep(&mut self, now: Timestamp) {
        if self.by_key.len() >= self.sweep_at {
            self.by_key.retain(|_, full| *full > now);
            self.sweep_at = (self.by_key.len() * 2).max(SWEEP_FROM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACE: Pace = Pace { every: Duration::from_secs(1), burst: 3 };

    #[test]
    fn a_burst_then_one_per_span_and_each_key_for_itself() {
        let paces = Paces::new(PACE);
        let at = |seconds: i64| Timestamp(seconds * 1000);
        for _ in 0..3 {
            assert_eq!(paces.take("a", at(100)), Ok(()));
        }
        assert_eq!(paces.take("a", at(100)), Err(Duration::from_secs(1)));
        assert_eq!(paces.take("b", at(100)), Ok(()));
        assert_eq!(paces.take("a", at(101)), Ok(()));
        assert_eq!(paces.take("a", at(101)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn a_clock_set_back_locks_nobody_out_for_long() {
        let paces = Paces::new(PACE);
        for _ in 0..3 {
            paces.take("a", Timestamp(3_600_000)).unwrap();
        }
        assert_eq!(paces.take("a", Timestamp(0)), Err(Duration::from_secs(1)));
    }

    #[test]
    fn full_buckets_are_forgotten() {
        let paces = Paces::new(PACE);
        for key in 0..SWEEP_FROM * 4 {
            let at = i64::try_from(key).unwrap() * 10_000;
            paces.take(&key.to_string(), Timestamp(at)).unwrap();
        }
        assert!(paces.full.lock().unwrap().by_key.len() <= SWEEP_FROM);
    }
}
