//! Time and chance of a test: a day that is always the same, running at the usual speed, and numbers from a seed.

use patchbay_core::{Chance, Clock, Timestamp};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The 20th of November 2026, 12:00 UTC.
const NOON: i64 = 1_795_176_000_000;

/// Starts at noon of a certain day, runs, and can be moved forward.
#[derive(Debug)]
pub struct TestClock {
    began: Instant,
    ahead: AtomicI64,
}

impl TestClock {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), ahead: AtomicI64::new(0) }
    }

    /// Moves the time forward.
    pub fn advance(&self, by: Duration) {
        self.ahead.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(NOON + self.ahead.load(Ordering::Relaxed)).plus(self.began.elapsed())
    }
}

/// Numbers that look like chance and are the same in every run.
#[derive(Debug)]
pub struct TestChance(AtomicU64);

impl TestChance {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl Chance for TestChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            // splitmix64
            let mut mixed = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(mixed ^ (mixed >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}
