//! A further way of somebody to prove who they are.

use patchbay_factors::{CodeSecret, Passkey};

/// A way to prove who one is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Its id, unique among its owner's.
    pub id: String,
    /// Its name for its owner.
    pub label: String,
    /// How it is checked.
    pub checks: Checks,
}

/// How a factor is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Checks {
    /// One-time codes of an app.
    Code(CodeSecret),
    /// A key in a device.
    Passkey(Box<Passkey>),
}

impl Checks {
    /// Its word in events and for programs.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Code(_) => "code",
            Self::Passkey(_) => "passkey",
        }
    }

    /// As an event holds it; `None` for what this version does not know.
    pub(super) fn kept(kind: &str, secret: &str) -> Option<Self> {
        match kind {
            "code" => CodeSecret::read(secret).ok().map(Self::Code),
            "passkey" => Passkey::kept(secret).map(Box::new).map(Self::Passkey),
            _ => None,
        }
    }

    pub(super) fn secret(&self) -> String {
        match self {
            Self::Code(secret) => secret.as_str().to_owned(),
            Self::Passkey(passkey) => passkey.to_text(),
        }
    }
}
