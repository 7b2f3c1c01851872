//! Passkey ceremonies that wait for a device: what was asked is kept here for a few minutes, and used up by the answer.

use patchbay_core::id::StaffId;
use patchbay_core::{Chance, Timestamp};
use patchbay_factors::{Authenticating, Registering};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a device may take.
const LASTS: Duration = Duration::from_secs(5 * 60);
/// So many may wait at once; the oldest give way, so that strangers cannot fill the house.
const MOST: usize = 1_000;

/// What a device was asked.
pub(crate) enum Asked {
    /// To make a key for this person.
    Register(StaffId, Registering),
    /// To prove whoever it may be.
    Authenticate(Authenticating),
}

/// Everything that waits for a device.
#[derive(Default)]
pub(crate) struct Ceremonies(Mutex<HashMap<String, (Timestamp, Asked)>>);

impl Ceremonies {
    /// Keeps what was asked; its name comes back with the answer.
    pub(crate) fn keep(&self, asked: Asked, now: Timestamp, chance: &dyn Chance) -> String {
        let mut bytes = [0; 16];
        chance.fill(&mut bytes);
        let name: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.retain(|_, (since, _)| now.since(*since) < LASTS);
        if waiting.len() >= MOST
            && let Some(oldest) = waiting.iter().min_by_key(|(_, (since, _))| *since).map(|(name, _)| name.clone())
        {
            waiting.remove(&oldest);
        }
        waiting.insert(name.clone(), (now, asked));
        name
    }

    /// Takes it out again; a second answer finds nothing.
    pub(crate) fn take(&self, name: &str, now: Timestamp) -> Option<Asked> {
        let (since, asked) = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name)?;
        (now.since(since) < LASTS).then_some(asked)
    }
}
