//! Whose clock is wrong: ours is held against the `Date` of the backends' answers.

use crate::verdict::moment;
use patchbay_core::Timestamp;
use patchbay_dial::header::{DATE, HeaderMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// More than this is not the network: tokens, timers and ages go wrong.
const TOLERATED: Duration = Duration::from_secs(300);

/// Says once per backend that its clock and ours disagree.
#[derive(Debug, Default)]
pub(crate) struct Offset {
    said: AtomicBool,
}

impl Offset {
    /// Looks at an answer's date.
    pub(crate) fn look(&self, backend: &str, headers: &HeaderMap, now: Timestamp) {
        if self.said.load(Ordering::Relaxed) {
            return;
        }
        let Some(theirs) = headers.get(DATE).and_then(|date| moment(date.to_str().ok()?)) else { return };
        let offset = offset_ms(now, theirs);
        if offset.unsigned_abs() > u64::try_from(TOLERATED.as_millis()).unwrap_or(u64::MAX) && !self.said.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                backend,
                offset_s = offset / 1000,
                "our clock and the backend's disagree: set this machine's clock (NTP), or ask whoever runs the backend"
            );
        }
    }
}

/// How far our clock is ahead, in milliseconds.
fn offset_ms(ours: Timestamp, theirs: Timestamp) -> i64 {
    ours.0.saturating_sub(theirs.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clock_that_is_far_off_is_spoken_of() {
        let mut headers = HeaderMap::new();
        headers.insert(DATE, "Fri, 20 Nov 2026 12:00:00 GMT".parse().unwrap());
        let noon: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
        let offset = Offset::default();
        offset.look("orders", &headers, noon.plus(Duration::from_secs(299)));
        assert!(!offset.said.load(Ordering::Relaxed));
        offset.look("orders", &headers, noon.plus(Duration::from_secs(3600)));
        assert!(offset.said.load(Ordering::Relaxed));
        assert_eq!(offset_ms(noon.plus(Duration::from_secs(3600)), noon), 3_600_000);
    }
}
