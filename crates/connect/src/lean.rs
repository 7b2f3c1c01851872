//! How we lean on one backend: breakers, rate, pause, repeats and figures. All that changes with a call, behind one lock.

use crate::breaker::{Breaker, BreakerState, Pass, Sign};
use crate::health::{Figures, Health};
use crate::rate::{Pause, Rate};
use crate::retry::Retries;
use crate::verdict::Failed;
use patchbay_core::Timestamp;
use patchbay_core::declare::Limits;
use patchbay_core::words::CallOutcome;
use std::time::Duration;

pub(crate) struct Lean {
    reads: Breaker,
    writes: Breaker,
    rate: Option<Rate>,
    pause: Pause,
    pub(crate) retries: Retries,
    pub(crate) figures: Figures,
}

impl Lean {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            reads: Breaker::new(),
            writes: Breaker::new(),
            rate: limits.per_second.map(Rate::per_second),
            pause: Pause::default(),
            retries: Retries::default(),
            figures: Figures::default(),
        }
    }

    /// How long a call has to wait for its place among the calls per second, or why it may not be made at all. The breaker is
    /// only looked at here: a call that has to wait must not hold the place of a probe.
    pub(crate) fn hold_back(&mut self, write: bool, now: Timestamp, patience: Duration) -> Result<Duration, Failed> {
        if let Some(left) = self.pause.left(now) {
            return Err(Failed::held_back(CallOutcome::RateLimited, "backend_rate_limited", left));
        }
        if let Some(left) = self.breaker(write).closed_for(now) {
            return Err(Failed::held_back(CallOutcome::BreakerOpen, "breaker_open", left));
        }
        let place = self.rate.as_mut().map_or(Ok(Duration::ZERO), |rate| rate.place(now, patience));
        place.map_err(|wait| Failed::held_back(CallOutcome::RateLimited, "own_limit: calls per second", wait))
    }

    /// The breaker's permission for one call.
    pub(crate) fn pass(&mut self, write: bool, now: Timestamp) -> Result<Pass, Failed> {
        let pass = self.breaker(write).admit(now);
        pass.map_err(|left| Failed::held_back(CallOutcome::BreakerOpen, "breaker_open", left))
    }

    /// Takes a pass back with what the call showed and the pause the backend asked for. Gives the breaker's state before and after.
    pub(crate) fn give_back(
        &mut self,
        pass: Pass,
        write: bool,
        sign: Sign,
        asked: Option<Duration>,
        now: Timestamp,
        chance: u8,
    ) -> (BreakerState, BreakerState) {
        if let Some(wait) = asked {
            self.pause.ask(now, wait);
        }
        let breaker = self.breaker(write);
        let before = breaker.state();
        breaker.report(pass, sign, now, chance);
        (before, breaker.state())
    }

    pub(crate) fn health(&self, backend: &str, now: Timestamp) -> Health {
        Health {
            backend: backend.to_owned(),
            reads: self.reads.state(),
            writes: self.writes.state(),
            paused_for: self.pause.left(now),
            outcomes: self.figures.outcomes.iter().map(|(outcome, count)| (outcome.as_str(), *count)).collect(),
            cached: self.figures.cached,
            shared: self.figures.shared,
            repeats: self.figures.repeats,
            p50_ms: self.figures.within(50),
            p95_ms: self.figures.within(95),
        }
    }

    fn breaker(&mut self, write: bool) -> &mut Breaker {
        if write { &mut self.writes } else { &mut self.reads }
    }
}
