//! The breaker: stops asking a backend that keeps failing, and finds out with single calls when it is back.
//!
//! It opens after five failures in a row, or when at least half of at least ten calls of the last thirty seconds failed.
//! Open, it lets nothing through for 10 s, then one probe; each failed probe doubles the pause up to 60 s, a good one closes
//! the breaker. Pauses are up to a tenth longer by chance, so that many houses do not come back at the same moment.
//! A pure state machine: time and chance are arguments.

use crate::window::Window;
use patchbay_core::Timestamp;
use serde::Serialize;
use std::time::Duration;

const IN_A_ROW: u32 = 5;
const ENOUGH_CALLS: u32 = 10;
const FIRST_PAUSE: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// What callers are told to wait while a probe is under way.
const WHILE_PROBING: Duration = Duration::from_secs(1);

/// Where a breaker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Calls go through.
    Closed,
    /// Nothing goes through until then; the next call after it is a probe.
    Open(Timestamp),
    /// One call is finding out.
    Probing,
}

/// What a call said about the backend's health.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// It works: also a "no" is a working answer.
    Good,
    /// It fails.
    Bad,
    /// Nothing either way: the call was dropped, or never left.
    None,
}

/// The permission for one call; to be handed back with what it showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pass {
    /// Which period it belongs to: reports from before the last change are out of date.
    period: u64,
}

#[derive(Debug)]
pub(crate) struct Breaker {
    state: BreakerState,
    period: u64,
    in_a_row: u32,
    calls: Window,
    next_pause: Duration,
}

impl Breaker {
    pub(crate) fn new() -> Self {
        Self { state: BreakerState::Closed, period: 0, in_a_row: 0, calls: Window::default(), next_pause: FIRST_PAUSE }
    }

    pub(crate) fn state(&self) -> BreakerState {
        self.state
    }

    /// How long nothing will be let through, if a call came now.
    pub(crate) fn closed_for(&self, now: Timestamp) -> Option<Duration> {
        match self.state {
            BreakerState::Closed => None,
            BreakerState::Open(until) => (now < until).then(|| until.since(now)),
            BreakerState::Probing => Some(WHILE_PROBING),
        }
    }

    /// Lets a call through, or says how long to stay away.
    pub(crate) fn admit(&mut self, now: Timestamp) -> Result<Pass, Duration> {
        if let Some(wait) = self.closed_for(now) {
            return Err(wait);
        }
        if matches!(self.state, BreakerState::Open(_)) {
            self.turn(BreakerState::Probing);
        }
        Ok(Pass { period: self.period })
    }

    /// Takes back a pass. `chance` (0 to 255) lengthens a pause that begins now by up to a tenth.
    pub(crate) fn report(&mut self, pass: Pass, sign: Sign, now: Timestamp, chance: u8) {
        if pass.period != self.period {
            return;
        }
        match (self.state, sign) {
            (BreakerState::Probing, Sign::Good) => {
                self.next_pause = FIRST_PAUSE;
                self.turn(BreakerState::Closed);
            }
            (BreakerState::Probing, Sign::Bad) => self.open(now, chance),
            // A probe that showed nothing: the next call may try.
            (BreakerState::Probing, Sign::None) => self.turn(BreakerState::Open(now)),
            (_, Sign::None) => {}
            (_, Sign::Good) => {
                self.in_a_row = 0;
                self.calls.add(now, 1, 0);
            }
            (_, Sign::Bad) => {
                self.in_a_row += 1;
                self.calls.add(now, 1, 1);
                let (calls, bad) = self.calls.sums(now);
                if self.in_a_row >= IN_A_ROW || (calls >= ENOUGH_CALLS && bad * 2 >= calls) {
                    self.open(now, chance);
                }
            }
        }
    }

    fn open(&mut self, now: Timestamp, chance: u8) {
        let pause = self.next_pause + self.next_pause.mul_f64(f64::from(chance) / 2550.0);
        self.next_pause = (self.next_pause * 2).min(LONGEST_PAUSE);
        self.turn(BreakerState::Open(now.plus(pause)));
    }

    fn turn(&mut self, state: BreakerState) {
        self.state = state;
        self.period += 1;
        self.in_a_row = 0;
        self.calls.clear();
    }
}

#[cfg(test)]
mod tests;
