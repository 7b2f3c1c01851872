//! Our own limits towards a backend: so many calls per second, and the pause it asked for.

use patchbay_core::Timestamp;
use std::time::Duration;

/// The longest pause a backend can ask for; longer ones are asked about again after it.
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// So many calls per second, evenly, after a burst of at most one second's worth. Places are given out in order.
#[derive(Debug)]
pub(crate) struct Rate {
    step_micros: i64,
    /// When the next call is due if all came evenly.
    next_micros: i64,
}

impl Rate {
    pub(crate) fn per_second(calls: u32) -> Self {
        Self { step_micros: 1_000_000 / i64::from(calls.max(1)), next_micros: 0 }
    }

    /// Takes the next place and says how long to wait for it; takes none where that is longer than `patience`.
    pub(crate) fn place(&mut self, now: Timestamp, patience: Duration) -> Result<Duration, Duration> {
        let now = now.0.saturating_mul(1000);
        let due = self.next_micros.max(now);
        let wait = Duration::from_micros(u64::try_from(due - 1_000_000 + self.step_micros - now).unwrap_or(0));
        if wait > patience {
            return Err(wait);
        }
        self.next_micros = due + self.step_micros;
        Ok(wait)
    }
}

/// The pause a backend asked for by `Retry-After`.
#[derive(Debug, Default)]
pub(crate) struct Pause {
    until: Timestamp,
}

impl Pause {
    /// The backend asks to stay away this long.
    pub(crate) fn ask(&mut self, now: Timestamp, wait: Duration) {
        self.until = self.until.max(now.plus(wait.min(LONGEST_PAUSE)));
    }

    /// How long to stay away still.
    pub(crate) fn left(&self, now: Timestamp) -> Option<Duration> {
        (now < self.until).then(|| self.until.since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_of_one_second_then_evenly() {
        let mut rate = Rate::per_second(4);
        let waits: Vec<_> = (0..7).map(|_| rate.place(Timestamp(10_000), Duration::from_secs(1)).unwrap().as_millis()).collect();
        assert_eq!(waits, [0, 0, 0, 0, 250, 500, 750]);
        assert_eq!(rate.place(Timestamp(10_000), Duration::from_millis(900)), Err(Duration::from_secs(1)));
        assert_eq!(rate.place(Timestamp(11_750), Duration::ZERO), Ok(Duration::ZERO));
    }

    #[test]
    fn a_pause_is_kept_but_not_for_ever() {
        let mut pause = Pause::default();
        assert_eq!(pause.left(Timestamp(5)), None);
        pause.ask(Timestamp(0), Duration::from_secs(10));
        pause.ask(Timestamp(0), Duration::from_secs(5));
        assert_eq!(pause.left(Timestamp(4_000)), Some(Duration::from_secs(6)));
        assert_eq!(pause.left(Timestamp(10_000)), None);
        pause.ask(Timestamp(0), Duration::from_secs(1 << 40));
        assert_eq!(pause.left(Timestamp(0)), Some(LONGEST_PAUSE));
    }
}
