//! The company's clock: the wall clock, or one that starts where a test says; both can be moved forward.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

/// What time it is in the company. Clones share the same clock.
#[derive(Clone)]
pub struct Clock {
    source: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    ahead_ms: Arc<AtomicI64>,
}

impl Clock {
    /// The wall clock of this machine.
    #[must_use]
    pub fn system() -> Self {
        #[expect(clippy::disallowed_methods, reason = "a customer's backend has a wall clock of its own; nothing here is replayed")]
        Self::from_fn(Timestamp::now)
    }

    /// A clock that shows `start` now and runs on from there at the usual speed.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        let began = Instant::now();
        Self::from_fn(move || {
            let elapsed = SignedDuration::try_from(began.elapsed()).unwrap_or(SignedDuration::MAX);
            start.saturating_add(elapsed).unwrap_or(Timestamp::MAX)
        })
    }

    /// A clock that asks `source`, such as the clock of a test.
    pub fn from_fn(source: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { source: Arc::new(source), ahead_ms: Arc::default() }
    }

    /// The time now, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let ahead = self.ahead_ms.load(Ordering::Relaxed);
        let milliseconds = (self.source)().as_millisecond().saturating_add(ahead);
        Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    }

    /// The date now, in UTC.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now().to_zoned(TimeZone::UTC).date()
    }

    /// Moves the clock forward by `milliseconds`, for all who share it.
    pub fn advance(&self, milliseconds: u32) {
        self.ahead_ms.fetch_add(i64::from(milliseconds), Ordering::Relaxed);
    }
}

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}
