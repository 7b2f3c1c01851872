//! When a failed call may be repeated: at most twice, for at most a tenth of the calls, never past the deadline.

use crate::window::Window;
use patchbay_core::Timestamp;
use std::time::Duration;

/// Repeats per call.
const MOST: u32 = 2;
/// Repeats that are always allowed in thirty seconds, so that the first stumble of a quiet backend is not final.
const ALWAYS: u32 = 2;
const FIRST_WAIT: Duration = Duration::from_millis(50);

/// The repeats of one backend.
#[derive(Debug, Default)]
pub(crate) struct Retries {
    /// Calls and repeats.
    recent: Window,
}

impl Retries {
    /// Counts a call that begins.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.recent.add(now, 1, 0);
    }

    /// How long to wait before repeat number `made + 1`, or `None` where there is none. `asked` is the backend's own wish,
    /// `left` the time until the deadline, `chance` (0 to 255) the jitter.
    pub(crate) fn wait(&mut self, made: u32, asked: Option<Duration>, left: Duration, now: Timestamp, chance: u8) -> Option<Duration> {
        if made >= MOST {
            return None;
        }
        let backoff = FIRST_WAIT * 3_u32.pow(made);
        let wait = asked.unwrap_or_else(|| backoff.mul_f64(0.5 + f64::from(chance) / 255.0));
        let (calls, repeats) = self.recent.sums(now);
        if wait >= left || repeats >= ALWAYS.max(calls / 10) {
            return None;
        }
        self.recent.add(now, 0, 1);
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn two_repeats_within_the_time_left_and_as_asked() {
        let mut retries = Retries::default();
        let now = Timestamp(1_000_000);
        assert_eq!(retries.wait(0, None, SECOND, now, 0), Some(Duration::from_millis(25)));
        assert_eq!(retries.wait(1, Some(Duration::from_millis(300)), SECOND, now, 0), Some(Duration::from_millis(300)));
        assert_eq!(retries.wait(2, None, SECOND, now, 0), None);
        let mut fresh = Retries::default();
        assert_eq!(fresh.wait(0, Some(SECOND), SECOND, now, 0), None);
        assert!(fresh.wait(1, None, SECOND, now, 255).unwrap() <= Duration::from_millis(225));
    }

    #[test]
    fn repeats_stay_under_a_tenth_of_the_calls() {
        let mut retries = Retries::default();
        let mut made = 0;
        for call in 0..1000 {
            let now = Timestamp(1_000_000 + call);
            retries.begin(now);
            made += u32::from(retries.wait(0, None, SECOND, now, 0).is_some());
        }
        assert_eq!(made, 100);
    }
}
