//! The door of a service: which credential it wants, and who a request says it is.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::http::request::Parts;
use hyper::{HeaderMap, Method};
use jiff::Timestamp;
use serde::Serialize;

use crate::jwt;
use crate::oauth::Tokens;
use crate::refusal::Refusal;
use crate::request::header;

/// What a caller needs for one service. They are constants of a company that does not exist, and no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Credentials {
    /// This header with exactly this value.
    ApiKey {
        /// The header's name.
        header: &'static str,
        /// Its whole value.
        key: String,
    },
    /// HTTP basic authentication.
    Basic {
        /// User name.
        user: &'static str,
        /// Password.
        password: &'static str,
    },
    /// `Authorization: Bearer` with a token that does not change.
    Bearer {
        /// The token.
        token: &'static str,
    },
    /// `Authorization: Bearer` with a JWT that the caller mints: HS256 with `iss`, `aud` and `exp`.
    Jwt {
        /// The shared secret.
        secret: &'static str,
        /// What `iss` must say.
        issuer: &'static str,
        /// What `aud` must say.
        audience: &'static str,
    },
    /// OAuth 2 client credentials: tokens that expire, fetched from `token_url`.
    OAuth {
        /// Where tokens are given.
        token_url: String,
        /// Client id.
        client_id: &'static str,
        /// Client secret.
        client_secret: &'static str,
        /// Every scope there is.
        scopes: &'static [&'static str],
    },
}

/// Checks the credential of each request.
pub(crate) struct Door {
    wanted: Credentials,
    tokens: Arc<Tokens>,
}

/// Who calls, as the credential says. Put on the request once it was admitted.
#[derive(Clone, Debug)]
pub(crate) struct Admitted(String);

impl Door {
    /// A door that wants `wanted`; `tokens` are those given out, for a service that gives any.
    pub(crate) fn new(wanted: Credentials, tokens: Arc<Tokens>) -> Self {
        Self { wanted, tokens }
    }

    /// Who calls with `headers`, or why not.
    pub(crate) fn admit(&self, method: &Method, headers: &HeaderMap, now: Timestamp) -> Result<Admitted, Refusal> {
        match &self.wanted {
            Credentials::ApiKey { header: name, key } => {
                if header(headers, name) != Some(key) {
                    return Err(Refusal::unauthorised(format!("the header {name} lacks the right key")));
                }
                Ok(Admitted("api-key".to_owned()))
            }
            Credentials::Basic { user, password } => {
                let right = BASE64_STANDARD.encode(format!("{user}:{password}"));
                if authorization(headers, "Basic")? != right {
                    return Err(Refusal::unauthorised("wrong user or password"));
                }
                Ok(Admitted((*user).to_owned()))
            }
            Credentials::Bearer { token } => {
                if authorization(headers, "Bearer")? != *token {
                    return Err(Refusal::unauthorised("unknown token"));
                }
                Ok(Admitted("bearer".to_owned()))
            }
            Credentials::Jwt { secret, issuer, audience } => {
                let claims = jwt::verify(authorization(headers, "Bearer")?, secret, now).map_err(Refusal::unauthorised)?;
                if claims.iss != *issuer || claims.aud != *audience {
                    return Err(Refusal::unauthorised("the token is of another issuer or for another audience"));
                }
                Ok(Admitted(claims.iss))
            }
            Credentials::OAuth { client_id, .. } => {
                let reads = method == Method::GET || method == Method::HEAD;
                let scope = if reads { "orders.read" } else { "orders.write" };
                self.tokens.check(authorization(headers, "Bearer")?, scope, now)?;
                Ok(Admitted((*client_id).to_owned()))
            }
        }
    }
}

/// The part of `Authorization` after `scheme`.
fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Result<&'a str, Refusal> {
    let value = header(headers, "authorization").unwrap_or_default();
    match value.split_once(' ') {
        Some((given, rest)) if given.eq_ignore_ascii_case(scheme) => Ok(rest.trim()),
        _ => Err(Refusal::unauthorised(format!("the header Authorization lacks a {scheme} credential"))),
    }
}

/// Who asks for a write, and what the headers say about it.
#[derive(Clone, Debug)]
pub(crate) struct Sender {
    /// As the credential says.
    pub(crate) caller: String,
    /// `Idempotency-Key`.
    pub(crate) idempotency_key: Option<String>,
    /// `If-Match`, without quotes: the version the caller has seen.
    pub(crate) if_match: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Sender {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let text = |name| header(&parts.headers, name).map(|value| value.trim_matches('"').to_owned());
        Ok(Self {
            caller: parts.extensions.get().map_or_else(String::new, |Admitted(name)| name.clone()),
            idempotency_key: text("idempotency-key"),
            if_match: text("if-match"),
        })
    }
}
