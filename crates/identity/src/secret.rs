//! The secret of an installation, and the separate keys made from it for each purpose.

use crate::NotUsable;
use hmac::{Hmac, KeyInit, Mac};
use patchbay_core::id::{CustomerId, VisitorId};
use sha2::Sha256;
use std::fmt;

/// The one secret of an installation. Whoever has it can forge visitors and link pseudonyms back, so it stays in the key file.
#[derive(Clone)]
pub struct InstanceSecret(Vec<u8>);

impl InstanceSecret {
    /// Takes the secret in: at least 32 random bytes.
    ///
    /// # Errors
    /// [`NotUsable::ShortInstanceSecret`] when there are fewer.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, NotUsable> {
        let bytes = bytes.into();
        if bytes.len() < 32 { Err(NotUsable::ShortInstanceSecret(bytes.len())) } else { Ok(Self(bytes)) }
    }

    /// The pseudonym of a company's own customer id: the same id gives the same pseudonym here, and another one elsewhere.
    #[must_use]
    pub fn pseudonym(&self, external: &str) -> CustomerId {
        CustomerId::from_bits(self.bits("customer", external))
    }

    /// The visitor a customer is taken for when a host token comes without a visitor's pass.
    #[must_use]
    pub fn visitor_of(&self, external: &str) -> VisitorId {
        VisitorId::from_bits(self.bits("visitor-of-customer", external))
    }

    /// A keyed hash of `text` for this purpose. The purpose is hashed first, with its length implied by the zero byte,
    /// so that no hash for one purpose is ever good for another.
    pub(crate) fn keyed(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("invariant: HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac
    }

    fn bits(&self, purpose: &str, text: &str) -> u128 {
        let hash = self.keyed(purpose, text).finalize().into_bytes();
        hash.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte))
    }
}

impl fmt::Debug for InstanceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "instance secret ({} bytes)", self.0.len())
    }
}
