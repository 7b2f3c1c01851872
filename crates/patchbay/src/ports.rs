//! The real clock and the real chance. Only here are they taken from the system.

use patchbay_core::{Chance, Clock, Timestamp};
use std::time::{SystemTime, UNIX_EPOCH};

/// The system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one place where the time comes in")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// The system's random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SystemChance;

impl Chance for SystemChance {
    fn fill(&self, bytes: &mut [u8]) {
        // Without random numbers there are no keys and no ids: nothing may go on.
        getrandom::fill(bytes).expect("invariant: the operating system gives random numbers");
    }
}
