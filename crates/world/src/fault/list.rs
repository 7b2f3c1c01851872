//! The faults that are set, and which of them a call meets. Chance comes from a seeded sequence, so tests repeat.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::Method;
use serde::Serialize;

use super::{Fault, FaultKind};
use crate::dice::Dice;
use crate::operations::Operations;

/// A fault that is set, with the id to remove it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlacedFault {
    /// Its id, unique for the life of the world.
    pub id: u64,
    /// The fault; its `calls` counts down.
    pub fault: Fault,
}

/// Why a fault was not set: it could never strike.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// No service has this name.
    #[error("there is no service '{service}'; there are {known}")]
    UnknownService {
        /// The name that was given.
        service: String,
        /// The names there are.
        known: String,
    },
    /// No document has this operation.
    #[error("there is no operation '{operation}' in the documents concerned")]
    UnknownOperation {
        /// The id that was given.
        operation: String,
    },
    /// The status is no error.
    #[error("{status} is no error status; use 400 to 599")]
    NoErrorStatus {
        /// The status that was given.
        status: u16,
    },
}

/// All faults that are set. Shared by the services of one world.
#[derive(Debug)]
pub struct FaultList {
    /// The services there are and their operations.
    services: Vec<(&'static str, Operations)>,
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
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    /// A document or a token endpoint: only struck by a fault that names its path.
    pub(crate) spared: bool,
}

impl FaultList {
    /// No faults, for services with these operations.
    pub(crate) fn of(services: Vec<(&'static str, Operations)>) -> Self {
        Self { services, placed: Mutex::default(), any: AtomicBool::new(false) }
    }

    /// Sets a fault and gives its id.
    ///
    /// # Errors
    /// Where it could never strike: an unknown service or operation, a status that is no error.
    pub fn place(&self, fault: Fault) -> Result<u64, FaultError> {
        self.check(&fault)?;
        let mut placed = self.lock();
        placed.last_id += 1;
        let id = placed.last_id;
        placed.faults.push((PlacedFault { id, fault }, Dice::new(id)));
        self.any.store(true, Ordering::Release);
        Ok(id)
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
            if !self.concerns(fault, call) {
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

    fn check(&self, fault: &Fault) -> Result<(), FaultError> {
        let is_meant = |name: &str| fault.service.as_deref().is_none_or(|service| service == name);
        let mut meant = self.services.iter().filter(|(name, _)| is_meant(name)).peekable();
        if let (Some(service), None) = (&fault.service, meant.peek()) {
            let known: Vec<_> = self.services.iter().map(|(name, _)| *name).collect();
            return Err(FaultError::UnknownService { service: service.clone(), known: known.join(", ") });
        }
        if let Some(operation) = &fault.operation
            && !meant.any(|(_, operations)| operations.contains(operation))
        {
            return Err(FaultError::UnknownOperation { operation: operation.clone() });
        }
        match fault.kind {
            FaultKind::Error { status, .. } if !(400..600).contains(&status) => Err(FaultError::NoErrorStatus { status }),
            _ => Ok(()),
        }
    }

    fn concerns(&self, fault: &Fault, call: Call<'_>) -> bool {
        let is_operation = |wanted: &str| {
            let own = self.services.iter().find(|(name, _)| *name == call.service);
            own.and_then(|(_, operations)| operations.find(call.method, call.path)) == Some(wanted)
        };
        fault.calls != Some(0)
            && fault.service.as_deref().is_none_or(|service| service == call.service)
            && fault.path.as_deref().map_or(!call.spared, |prefix| call.path.starts_with(prefix))
            && fault.operation.as_deref().is_none_or(is_operation)
    }

    fn lock(&self) -> MutexGuard<'_, Placed> {
        self.placed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use hyper::Method;
    use serde_json::json;

    use super::{Call, FaultError, FaultList};
    use crate::fault::{Fault, FaultKind};
    use crate::operations::Operations;

    const GET_ORDER: Call<'_> = Call { service: "orders", method: &Method::GET, path: "/orders/12345", spared: false };

    fn list() -> FaultList {
        let orders = json!({ "paths": {
            "/orders/{id}": { "get": { "operationId": "getOrder" } },
            "/orders/{id}/cancel": { "post": { "operationId": "cancelOrder" } },
        } });
        FaultList::of(vec![("orders", Operations::of(&orders, "")), ("crm", Operations::default())])
    }

    #[test]
    fn counts_down_and_selects() {
        let list = list();
        list.place(Fault::of("orders", FaultKind::Hang).operation("cancelOrder")).unwrap();
        list.place(Fault::of("orders", FaultKind::StaleRead).path("/orders/").calls(2)).unwrap();
        assert_eq!(list.strike(Call { service: "crm", ..GET_ORDER }), []);
        assert_eq!(list.strike(GET_ORDER), [FaultKind::StaleRead]);
        assert_eq!(list.strike(GET_ORDER), [FaultKind::StaleRead]);
        assert_eq!(list.strike(GET_ORDER), []);
        let cancel = Call { method: &Method::POST, path: "/orders/12345/cancel", ..GET_ORDER };
        assert_eq!(list.strike(cancel), [FaultKind::Hang]);
        assert_eq!(list.list().len(), 1);
    }

    #[test]
    fn refuses_what_could_never_strike() {
        let list = list();
        let unknown = list.place(Fault::of("order", FaultKind::Hang)).unwrap_err();
        assert_eq!(unknown.to_string(), "there is no service 'order'; there are orders, crm");
        let elsewhere = list.place(Fault::of("crm", FaultKind::Hang).operation("getOrder"));
        assert_eq!(elsewhere, Err(FaultError::UnknownOperation { operation: "getOrder".to_owned() }));
        let fine = list.place(Fault::of("orders", FaultKind::Error { status: 200, percent: 100 }));
        assert_eq!(fine, Err(FaultError::NoErrorStatus { status: 200 }));
        assert!(list.is_empty());
    }

    #[test]
    fn the_same_calls_fail_in_every_run() {
        let run = || {
            let list = list();
            list.place(Fault::of("orders", FaultKind::Error { status: 500, percent: 30 })).unwrap();
            (0..200).map(|_| list.strike(GET_ORDER).len()).collect::<Vec<_>>()
        };
        let failed: usize = run().iter().sum();
        assert_eq!(run(), run());
        assert!((40..=80).contains(&failed), "{failed} of 200");
    }

    #[test]
    fn documents_are_spared_unless_named() {
        let list = list();
        let document = Call { path: "/openapi.json", spared: true, ..GET_ORDER };
        list.place(Fault::of("orders", FaultKind::Hang)).unwrap();
        assert_eq!(list.strike(document), []);
        list.place(Fault::of("orders", FaultKind::Hang).path("/openapi")).unwrap();
        assert_eq!(list.strike(document), [FaultKind::Hang]);
    }
}
