//! Links to files: good for a while, and for the session they were made for.

use crate::InstanceSecret;
use hmac::Mac;
use patchbay_core::{Clock, Timestamp};
use std::sync::Arc;
use std::time::Duration;

const PURPOSE: &str = "file-link";

/// Makes links to files, and recognises them. A link is its own proof: nothing is stored.
#[derive(Clone)]
pub struct FileLinks {
    secret: InstanceSecret,
    lasts: Duration,
    clock: Arc<dyn Clock>,
}

impl FileLinks {
    /// Links that last this long.
    #[must_use]
    pub fn new(secret: InstanceSecret, lasts: Duration, clock: Arc<dyn Clock>) -> Self {
        Self { secret, lasts, clock }
    }

    /// A link to `what` for `whom`: until when it is good, and the seal that proves it.
    #[must_use]
    pub fn make(&self, what: &str, whom: &str) -> (Timestamp, String) {
        let until = self.clock.now().plus(self.lasts);
        let seal = self.keyed(what, whom, until).finalize().into_bytes();
        (until, seal.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// Was this link made here for `whom`, and is it still good?
    #[must_use]
    pub fn holds(&self, what: &str, whom: &str, until: Timestamp, seal: &str) -> bool {
        let bytes: Option<Vec<u8>> = (seal.len() == 64 && seal.is_ascii())
            .then(|| (0..32).map(|n| u8::from_str_radix(&seal[n * 2..n * 2 + 2], 16).ok()).collect())
            .flatten();
        let proven = bytes.is_some_and(|bytes| self.keyed(what, whom, until).verify_slice(&bytes).is_ok());
        proven && self.clock.now() < until
    }

    fn keyed(&self, what: &str, whom: &str, until: Timestamp) -> hmac::Hmac<sha2::Sha256> {
        // Ids hold no line breaks, so no two links have the same text.
        self.secret.keyed(PURPOSE, &format!("{what}\n{whom}\n{}", until.0))
    }
}
