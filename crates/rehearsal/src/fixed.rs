//! Time that moves only when it is told to, and chance that gives the same bytes in every run.

use patchbay_core::{Chance, Clock, Timestamp};
use sha2::{Digest, Sha256};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

/// What time it is where a test does not say: a Thursday morning.
const MORNING: Timestamp = Timestamp(1_768_471_200_000);

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub(crate) struct FixedClock(AtomicI64);

impl FixedClock {
    /// A clock that shows this time, or a fixed one.
    pub(crate) fn at(now: Option<Timestamp>) -> Self {
        Self(AtomicI64::new(now.unwrap_or(MORNING).0))
    }

    /// Moves it on.
    pub(crate) fn pass(&self, span: Duration) {
        self.0.store(self.now().plus(span).0, Ordering::Release);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Acquire))
    }
}

/// Bytes that look random and are the same in every run: hashes of a counter.
#[derive(Debug, Default)]
pub(crate) struct FixedChance(AtomicU64);

impl Chance for FixedChance {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let n = self.0.fetch_add(1, Ordering::Relaxed);
            let hash = Sha256::digest(n.to_be_bytes());
            chunk.copy_from_slice(&hash[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_moves_when_told_and_chance_repeats() {
        let clock = FixedClock::at(None);
        let before = clock.now();
        assert_eq!(before.to_string(), "2026-01-15T10:00:00.000Z");
        clock.pass(Duration::from_secs(3));
        assert_eq!(clock.now().since(before), Duration::from_secs(3));
        let bytes = || {
            let mut bytes = [0; 40];
            FixedChance::default().fill(&mut bytes);
            bytes
        };
        assert_eq!(bytes(), bytes());
        assert_ne!(bytes()[..8], bytes()[32..]);
    }
}
