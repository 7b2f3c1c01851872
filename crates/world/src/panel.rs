//! The handle behind a running world or shop: its ledger, its faults, its clock and the way back to the seed.

use std::sync::Arc;

use crate::clock::Clock;
use crate::fault::FaultList;
use crate::ledger::Ledger;

/// Controls a running world or shop from the same process; the control door offers the same over HTTP.
#[derive(Clone)]
pub struct Panel {
    ledger: Arc<Ledger>,
    faults: Arc<FaultList>,
    clock: Clock,
    reset: Arc<dyn Fn() + Send + Sync>,
}

impl Panel {
    pub(crate) fn new(ledger: Arc<Ledger>, faults: Arc<FaultList>, clock: Clock, reset: impl Fn() + Send + Sync + 'static) -> Self {
        Self { ledger, faults, clock, reset: Arc::new(reset) }
    }

    /// What was changed since the last reset.
    #[must_use]
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The faults that are set.
    #[must_use]
    pub fn faults(&self) -> &FaultList {
        &self.faults
    }

    /// The company's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Puts every record back as seeded and forgets ledger and remembered answers. Faults stay as they are.
    pub fn reset(&self) {
        (self.reset)();
    }
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").field("faults", &self.faults).finish_non_exhaustive()
    }
}
