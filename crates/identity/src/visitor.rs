//! Passes of anonymous visitors: opaque tokens of ours that bind conversations to one browser.

use crate::{IdentityInvalid, InstanceSecret};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hmac::Mac;
use patchbay_core::id::VisitorId;
use patchbay_core::{Chance, Clock, Timestamp};
use std::sync::Arc;
use std::time::Duration;

const PURPOSE: &str = "visitor-pass";

/// A visitor's pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Whose it is.
    pub visitor: VisitorId,
    /// The token to send with every request.
    pub token: String,
    /// Until when it is believed.
    pub expires: Timestamp,
}

/// Gives out passes and reads them back. A pass is its own proof: nothing is stored.
#[derive(Clone)]
pub struct Visitors {
    secret: InstanceSecret,
    lasts: Duration,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
}

impl Visitors {
    /// What every pass begins with, so that it cannot be taken for a host's token.
    pub const PREFIX: &'static str = "pv_";

    /// Passes that last this long.
    #[must_use]
    pub fn new(secret: InstanceSecret, lasts: Duration, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Self {
        Self { secret, lasts, clock, chance }
    }

    /// A pass for a visitor nobody has seen before.
    #[must_use]
    pub fn admit(&self) -> Pass {
        self.renew(VisitorId::mint(&*self.clock, &*self.chance))
    }

    /// A fresh pass for a visitor who has shown a good one.
    #[must_use]
    pub fn renew(&self, visitor: VisitorId) -> Pass {
        let expires = self.clock.now().plus(self.lasts);
        let body = format!("{visitor}.{}", expires.0);
        let mac = BASE64_URL_SAFE_NO_PAD.encode(self.secret.keyed(PURPOSE, &body).finalize().into_bytes());
        Pass { visitor, token: format!("{}{body}.{mac}", Self::PREFIX), expires }
    }

    /// Whose pass this is.
    ///
    /// # Errors
    /// When it is not ours, was changed, or has expired.
    pub fn read(&self, token: &str) -> Result<VisitorId, IdentityInvalid> {
        let no = || IdentityInvalid::because("the visitor's pass is not one of ours");
        let (body, mac) = token.strip_prefix(Self::PREFIX).and_then(|rest| rest.rsplit_once('.')).ok_or_else(no)?;
        let mac = BASE64_URL_SAFE_NO_PAD.decode(mac).map_err(|_| no())?;
        self.secret.keyed(PURPOSE, body).verify_slice(&mac).map_err(|_| no())?;
        let (visitor, expires) = body.rsplit_once('.').ok_or_else(no)?;
        let expires = expires.parse().map(Timestamp).map_err(|_| no())?;
        if self.clock.now() >= expires {
            return Err(IdentityInvalid::because(format!("the visitor's pass expired at {expires}")));
        }
        VisitorId::parse(visitor).ok_or_else(no)
    }
}
