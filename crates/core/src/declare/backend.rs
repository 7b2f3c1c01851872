//! Backends: where they are, how we prove ourselves to them, how hard we may lean on them.

use serde::{Serialize, Serializer};
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// A secret of the configuration. Never printed: neither by `Debug` nor by serialisation.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a secret in.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the one place that sends it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "secret ({} bytes)", self.0.len())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("secret")
    }
}

/// A system that holds the truth.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backend {
    /// Its name in the configuration.
    pub name: String,
    /// What it speaks.
    pub kind: BackendKind,
    /// How we prove ourselves; several at once are possible (a key and basic auth).
    pub auth: Vec<Auth>,
    /// Where the useful part of every answer stands, as a JSONPath; `None` is the whole body.
    pub root: Option<String>,
    /// How hard we may lean on it.
    pub limits: Limits,
}

/// What a backend speaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BackendKind {
    /// HTTP described by an OpenAPI 3.0 or 3.1 document.
    Openapi {
        /// The document, a file.
        spec: PathBuf,
        /// Where the service is; `None` takes the document's first server.
        base_url: Option<String>,
    },
}

/// How we prove ourselves to a backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// A key in a header.
    ApiKeyHeader {
        /// The header's name.
        header: String,
        /// The key, with any prefix such as `Token ` already in front.
        key: Secret,
    },
    /// A key in the query.
    ApiKeyQuery {
        /// The parameter's name.
        parameter: String,
        /// The key.
        key: Secret,
    },
    /// User name and password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
    /// A fixed bearer token.
    Bearer {
        /// The token.
        token: Secret,
    },
    /// OAuth 2.0 client credentials, the token kept until shortly before it expires.
    Oauth2ClientCredentials {
        /// Where tokens are given.
        token_url: String,
        /// Our client id.
        client_id: String,
        /// Our client secret.
        client_secret: Secret,
        /// What we ask for.
        scopes: Vec<String>,
    },
    /// A token we sign ourselves for each call (HS256).
    Jwt {
        /// The signing secret.
        secret: Secret,
        /// `iss`.
        issuer: String,
        /// `aud`.
        audience: String,
        /// How long each token is valid.
        lifetime: Duration,
    },
}

/// How hard we may lean on a backend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// The longest one call may take, retries included.
    pub timeout: Duration,
    /// Calls at the same time.
    pub concurrency: usize,
    /// Calls per second; `None` is unlimited.
    pub per_second: Option<u32>,
    /// The largest answer read, in bytes.
    pub answer_bytes: usize,
}

impl Default for Limits {
    /// 2 s, 20 at a time, no rate, 1 MiB.
    fn default() -> Self {
        Self { timeout: Duration::from_secs(2), concurrency: 20, per_second: None, answer_bytes: 1 << 20 }
    }
}
