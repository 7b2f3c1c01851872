//! What is said when a token is not believed: one text for everybody outside, the exact reason for the log.

/// A token that is not believed. `Display` is the text for the public: it is the same for every reason, so that nobody learns
/// how close a forgery came.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("This sign-in is not valid or no longer valid. Sign in again on the page you came from.")]
pub struct IdentityInvalid {
    reason: String,
}

impl IdentityInvalid {
    /// Not believed, for this reason (for the log, without values).
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }

    /// No token where one is needed.
    #[must_use]
    pub fn missing() -> Self {
        Self::because("no token was sent")
    }

    /// What exactly was wrong, for the log. Holds neither the token nor a value out of it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

/// A declaration of the host's tokens, or a secret of ours, that cannot be used; found at start.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotUsable {
    /// The shared secret is too short to resist guessing.
    #[error("the shared secret has {0} bytes; use at least 32 random bytes")]
    ShortSecret(usize),
    /// The instance secret is too short.
    #[error("the instance secret has {0} bytes; it needs at least 32 random bytes")]
    ShortInstanceSecret(usize),
    /// The document holds no key we accept.
    #[error("the keys are neither a JWKS nor a PEM public key with an RSA, P-256 or Ed25519 key: {0}")]
    NoKeys(String),
    /// The customer claim's path cannot be read.
    #[error("'{path}' is no JSONPath for the customer claim: {why}")]
    BadPath {
        /// The path as declared.
        path: String,
        /// What is wrong with it.
        why: String,
    },
    /// Keys behind a URL were declared, but nothing was handed in to fetch them.
    #[error("the keys are behind {0}, and nothing was given to fetch them with")]
    NoFetch(String),
}
