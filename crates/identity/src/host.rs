//! The host's signed token: how a customer who is logged in on the company's own page is known here.

use crate::claims::Claims;
use crate::keys::Keys;
use crate::source::{FetchKeys, KeySource};
use crate::{IdentityInvalid, InstanceSecret, NotUsable};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, crypto};
use patchbay_core::declare::HostToken;
use patchbay_core::id::VisitorId;
use patchbay_core::words::Level;
use patchbay_core::{Clock, Customer, Personal, Session};
use serde_json::Value;
use std::sync::Arc;

/// The longest token looked at, in bytes.
const LONGEST: usize = 8 * 1024;

/// Checks the host's tokens and makes sessions of them.
pub struct HostDoor {
    source: KeySource,
    claims: Claims,
    gives: Level,
    secret: InstanceSecret,
    clock: Arc<dyn Clock>,
}

impl HostDoor {
    /// A door for tokens as declared. `fetch` is needed where the keys are behind a URL.
    ///
    /// # Errors
    /// When the declared keys or the path of the customer claim cannot be used.
    pub fn new(declared: &HostToken, fetch: Option<FetchKeys>, secret: InstanceSecret, clock: Arc<dyn Clock>) -> Result<Self, NotUsable> {
        let source = KeySource::new(&declared.keys, fetch, clock.clone())?;
        Ok(Self { source, claims: Claims::new(declared)?, gives: declared.gives, secret, clock })
    }

    /// The session of whoever shows this token through this channel. `visitor` is the browser's, where its pass came along;
    /// otherwise the customer counts as a visitor of their own, the same one each time.
    ///
    /// # Errors
    /// When the token is not believed, for whatever reason.
    pub async fn session(&self, token: &str, visitor: Option<VisitorId>, channel: &str) -> Result<Session, IdentityInvalid> {
        let claims = self.verified(token).await?;
        let (external, until) = self.claims.read(&claims, self.clock.now())?;
        Ok(Session {
            visitor: visitor.unwrap_or_else(|| self.secret.visitor_of(&external)),
            customer: Some(Customer { id: self.secret.pseudonym(&external), external: Personal::identity(external) }),
            level: self.gives,
            until,
            channel: channel.to_owned(),
        })
    }

    /// The claims of a token whose signature holds.
    async fn verified(&self, token: &str) -> Result<Value, IdentityInvalid> {
        let no = IdentityInvalid::because;
        if token.len() > LONGEST {
            return Err(no("the token is over 8 KiB"));
        }
        let (message, signature) = token.rsplit_once('.').ok_or_else(|| no("not a JWT"))?;
        let (header, payload) = message.split_once('.').ok_or_else(|| no("not a JWT"))?;
        let header = part(header)?;
        let algorithm = algorithm(&header["alg"])?;
        if header.get("crit").is_some() {
            return Err(no("it has critical extensions (`crit`) we do not know"));
        }
        let id = header["kid"].as_str();
        let keys = self.source.keys(|keys: &Keys| keys.candidates(algorithm, id).next().is_some()).await?;
        let mut known = false;
        for key in keys.candidates(algorithm, id) {
            known = true;
            if crypto::verify(signature, message.as_bytes(), &key.decoding, key.algorithm).unwrap_or(false) {
                return part(payload);
            }
        }
        Err(no(if known { "wrong signature" } else { "no key of ours fits its algorithm and key id" }))
    }
}

/// The algorithms that can be accepted at all; which of them is, the key says. `none` is not among them.
fn algorithm(name: &Value) -> Result<Algorithm, IdentityInvalid> {
    match name.as_str() {
        Some("RS256") => Ok(Algorithm::RS256),
        Some("ES256") => Ok(Algorithm::ES256),
        Some("EdDSA") => Ok(Algorithm::EdDSA),
        Some("HS256") => Ok(Algorithm::HS256),
        _ => Err(IdentityInvalid::because("its algorithm is not RS256, ES256, EdDSA or HS256")),
    }
}

/// One part of a JWT as JSON.
fn part(encoded: &str) -> Result<Value, IdentityInvalid> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(encoded).map_err(|_| IdentityInvalid::because("a part is not base64url"))?;
    serde_json::from_slice(&bytes).map_err(|_| IdentityInvalid::because("a part is not JSON"))
}
