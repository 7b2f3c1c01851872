//! Tokens we sign ourselves for each call (HS256).

use crate::verdict::Failed;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use patchbay_core::Timestamp;
use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// Signs tokens with a shared secret.
pub(super) struct Minter {
    key: EncodingKey,
    issuer: String,
    audience: String,
    lifetime: Duration,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: &'a str,
    iat: i64,
    exp: i64,
}

impl Minter {
    pub(super) fn new(secret: &str, issuer: &str, audience: &str, lifetime: Duration) -> Self {
        let key = EncodingKey::from_secret(secret.as_bytes());
        Self { key, issuer: issuer.to_owned(), audience: audience.to_owned(), lifetime }
    }

    /// A token valid from now on.
    pub(super) fn mint(&self, now: Timestamp) -> Result<String, Failed> {
        let claims = Claims { iss: &self.issuer, aud: &self.audience, iat: now.seconds(), exp: now.plus(self.lifetime).seconds() };
        encode(&Header::new(Algorithm::HS256), &claims, &self.key)
            .map_err(|_| Failed::no_credentials("backend_unauthorised: token cannot be signed", false))
    }
}

impl fmt::Debug for Minter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Minter").field("issuer", &self.issuer).field("audience", &self.audience).finish_non_exhaustive()
    }
}
