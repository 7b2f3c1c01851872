//! Tests of sessions through the public face of the crate: a host that signs, a clock that can be set.

mod account;
mod host;
mod signer;
mod staff;
mod visitor;

use patchbay_core::{Chance, Clock, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// 2026-11-20T14:00:00Z, in seconds.
const NOW: i64 = 1_795_183_200;

/// A clock that stands still until it is set.
struct Watch(AtomicI64);

impl Watch {
    fn new() -> Arc<Self> {
        Arc::new(Self(AtomicI64::new(NOW)))
    }

    fn set(&self, seconds: i64) {
        self.0.store(seconds, Ordering::Relaxed);
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::Relaxed) * 1000)
    }
}

/// Chance that counts.
struct Count(AtomicI64);

impl Chance for Count {
    fn fill(&self, bytes: &mut [u8]) {
        let next = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        for (byte, value) in bytes.iter_mut().rev().zip(next.iter().rev()) {
            *byte = *value;
        }
    }
}

fn secret() -> crate::InstanceSecret {
    crate::InstanceSecret::new(vec![7; 32]).unwrap()
}
