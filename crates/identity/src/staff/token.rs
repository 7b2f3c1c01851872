//! The tokens of the staff: a link's, good once, and a session's, which says itself when it was last used.
//!
//! A session's token is `pd_{who}.{random}.{seen}.{mac}`. The log knows a hash of the random part alone. `seen` is renewed while
//! the session is used, so that idleness ends it without a note in the log for every click; the MAC keeps it honest.

use crate::InstanceSecret;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::Mac;
use patchbay_core::id::StaffId;
use patchbay_core::{Chance, Timestamp};

const LINK: &str = "staff-start-link";
const SESSION: &str = "staff-session";
const SEEN: &str = "staff-session-seen";
const EMAIL: &str = "staff-email";
/// What every session's token begins with.
const PREFIX: &str = "pd_";

/// A session's token, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SessionToken {
    pub(super) staff: StaffId,
    random: String,
    /// When it was last used.
    pub(super) seen: Timestamp,
}

/// Random text that nobody guesses.
pub(super) fn random(chance: &dyn Chance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// What the log knows of a link.
pub(super) fn link_hash(secret: &InstanceSecret, token: &str) -> String {
    hash(secret, LINK, token)
}

/// What is claimed for an address, so that it belongs to one person only; whoever reads the claims learns no address.
pub(super) fn email_key(secret: &InstanceSecret, email: &str) -> String {
    hash(secret, EMAIL, &email.trim().to_lowercase())
}

impl SessionToken {
    /// A new one.
    pub(super) fn new(staff: StaffId, chance: &dyn Chance, seen: Timestamp) -> Self {
        Self { staff, random: random(chance), seen }
    }

    /// The same session, used now.
    pub(super) fn seen_at(&self, seen: Timestamp) -> Self {
        Self { seen, ..self.clone() }
    }

    /// What the log knows of it.
    pub(super) fn hash(&self, secret: &InstanceSecret) -> String {
        hash(secret, SESSION, &self.random)
    }

    /// The token as the browser keeps it.
    pub(super) fn written(&self, secret: &InstanceSecret) -> String {
        let body = self.body();
        let mac = BASE64_URL_SAFE_NO_PAD.encode(secret.keyed(SEEN, &body).finalize().into_bytes());
        format!("{PREFIX}{body}.{mac}")
    }

    /// Reads one of ours; `None` for anything else.
    pub(super) fn read(secret: &InstanceSecret, token: &str) -> Option<Self> {
        let (body, mac) = token.strip_prefix(PREFIX)?.rsplit_once('.')?;
        let mac = BASE64_URL_SAFE_NO_PAD.decode(mac).ok()?;
        secret.keyed(SEEN, body).verify_slice(&mac).ok()?;
        let mut parts = body.splitn(3, '.');
        let staff = StaffId::parse(parts.next()?)?;
        let random = parts.next()?.to_owned();
        let seen = Timestamp(parts.next()?.parse().ok()?);
        Some(Self { staff, random, seen })
    }

    fn body(&self) -> String {
        format!("{}.{}.{}", self.staff, self.random, self.seen.0)
    }
}

fn hash(secret: &InstanceSecret, purpose: &str, text: &str) -> String {
    secret.keyed(purpose, text).finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}
