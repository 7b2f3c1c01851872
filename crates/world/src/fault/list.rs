//! The faults that are set, and which of them a call meets. Chance comes from a seeded sequence, so tests repeat.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::{Fault, FaultKind};
use crate::dice::Dice;

/// A fault that is set, with the id to remove it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacedFault {
    /// Its id, unique for the life of the world.
    pub id: u64,
    /// The fault; its `calls` counts down.
    pub fault: Fault,
}

/// All faults that are set. Shared by the services of one world.
#[derive(Debug, Default)]
pub struct FaultList {
    placed: Mutex<Placed>,
    /// Lets a healthy world pass without taking the lock.
    any: AtomicBool,
}

#[derive(Debug, Default)]
struct Placed {
    last_id: u64,
    faults: Vec<(PlacedFault, Dice)>,
}

/// A call as far as faults look at it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'a> {
    pub(crate) service: &'a str,
    pub(crate) operation: Option<&'a str>,
    pub(crate) path: &'a str,
    /// A document or a token endpoint: only struck by a fault that names its path.
    pub(crate) spared: bool,
}

impl FaultList {
    /// Sets a fault and gives its id.
    pub fn place(&self, fault: Fault) -> u64 {
        let mut placed = self.lock();
        placed.last_id += 1;
        let id = placed.last_id;
        placed.faults.push((PlacedFault { id, fault }, Dice::new(id)));
        self.any.store(true, Ordering::Release);
        id
    }

    /// Takes a fault away; false where there is none with this id (any more).
    pub fn remove(&self, id: u64) -> bool {
        let mut placed = self.lock();
        let count = placed.faults.len();
        placed.faults.retain(|(fault, _)| fault.id != id);
        self.any.store(!placed.faults.is_empty(), Ordering::Release);
        placed.faults.len() < count
    }

    /// Takes all faults away.
    pub fn clear(&self) {
        self.lock().faults.clear();
        self.any.store(false, Ordering::Release);
    }

    /// The faults that are set, oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<PlacedFault> {
        self.lock().faults.iter().map(|(placed, _)| placed.clone()).collect()
    }

    /// Whether nothing is set. Cheap: asked at every call.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        !self.any.load(Ordering::Acquire)
    }

    /// What strikes `call`, oldest first; counts it off where a fault has a number of calls.
    pub(crate) fn strike(&self, call: Call<'_>) -> Vec<FaultKind> {
        let mut placed = self.lock();
        let mut struck = Vec::new();
        for (PlacedFault { fault, .. }, dice) in &mut placed.faults {
            if !fault.concerns(call) {
                continue;
            }
            let spared_by_chance = matches!(fault.kind, FaultKind::Error { percent, .. } if !dice.chance(percent));
            if !spared_by_chance {
                struck.push(fault.kind.clone());
            }
            if let Some(calls) = &mut fault.calls {
                *calls = calls.saturating_sub(1);
            }
        }
        placed.faults.retain(|(placed, _)| placed.fault.calls != Some(0));
        self.any.store(!placed.faults.is_empty(), Ordering::Release);
        struck
    }

    fn lock(&self) -> MutexGuard<'_, Placed> {
        self.placed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    fn concerns(&self, call: Call<'_>) -> bool {
        self.calls != Some(0)
            && self.service.as_deref().is_none_or(|service| service == call.service)
            && self.operation.as_deref().is_none_or(|operation| Some(operation) == call.operation)
            && self.path.as_deref().map_or(!call.spared, |prefix| call.path.starts_with(prefix))
    }
}

#[cfg(test)]
mod tests {
    use super::{Call, FaultList};
    use crate::fault::{Fault, FaultKind};

    const GET_ORDER: Call<'_> = Call { service: "orders", operation: Some("getOrder"), path: "/orders/12345", spared: false };

    #[test]
    fn counts_down_and_selects() {
        let list = FaultList::default();
        list.place(Fault::of("orders", FaultKind::Hang).operation("cancelOrder"));
        list.place(Fault::of("orders", FaultKind::StaleRead).path("/orders/").calls(2));
        assert_eq!(list.strike(Call { service: "crm", ..GET_ORDER }), []);
        assert_eq!(list.strike(GET_ORDER), [FaultKind::StaleRead]);
        assert_eq!(list.strike(GET_ORDER), [FaultKind::StaleRead]);
        assert_eq!(list.strike(GET_ORDER), []);
        assert_eq!(list.list().len(), 1);
    }

    #[test]
    fn the_same_calls_fail_in_every_run() {
        let run = || {
            let list = FaultList::default();
            list.place(Fault::of("orders", FaultKind::Error { status: 500, percent: 30 }));
            (0..200).map(|_| list.strike(GET_ORDER).len()).collect::<Vec<_>>()
        };
        let failed: usize = run().iter().sum();
        assert_eq!(run(), run());
        assert!((40..=80).contains(&failed), "{failed} of 200");
    }

    #[test]
    fn documents_are_spared_unless_named() {
        let list = FaultList::default();
        let document = Call { service: "orders", operation: None, path: "/openapi.json", spared: true };
        list.place(Fault::of("orders", FaultKind::Hang));
        assert_eq!(list.strike(document), []);
        list.place(Fault::of("orders", FaultKind::Hang).path("/openapi"));
        assert_eq!(list.strike(document), [FaultKind::Hang]);
    }
}
