//! The token endpoint of the order system: OAuth 2 client credentials (RFC 6749, 4.4), tokens with scopes and an end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{Form, State};
use axum::response::Response;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use hyper::{HeaderMap, StatusCode};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::json;

use crate::clock::Clock;
use crate::dice::Dice;
use crate::refusal::Refusal;
use crate::request::{header, json_response};

/// The order system's only client.
pub(crate) const CLIENT_ID: &str = "patchbay";
/// Its secret, of a company that does not exist.
pub(crate) const CLIENT_SECRET: &str = "halden-orders-client-secret";
/// What a token may allow.
pub(crate) const SCOPES: &[&str] = &["orders.read", "orders.write"];

/// How long a token holds.
const LIFETIME: SignedDuration = SignedDuration::from_secs(300);

/// The tokens given out that still hold.
#[derive(Debug)]
pub(crate) struct Tokens(Mutex<Given>);

#[derive(Debug)]
struct Given {
    dice: Dice,
    tokens: HashMap<String, Token>,
}

#[derive(Debug)]
struct Token {
    scopes: Vec<&'static str>,
    until: Timestamp,
}

impl Default for Tokens {
    fn default() -> Self {
        Self(Mutex::new(Given { dice: Dice::new(0x70_6b_65_6e), tokens: HashMap::new() }))
    }
}

impl Tokens {
    fn give(&self, scopes: Vec<&'static str>, now: Timestamp) -> String {
        let mut given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        given.tokens.retain(|_, token| token.until > now);
        let text = format!("hot_{:016x}{:016x}", given.dice.next(), given.dice.next());
        let until = now.saturating_add(LIFETIME).unwrap_or(Timestamp::MAX);
        given.tokens.insert(text.clone(), Token { scopes, until });
        text
    }

    /// Whether `text` is a token that holds at `now` and allows `scope`.
    pub(crate) fn check(&self, text: &str, scope: &str, now: Timestamp) -> Result<(), Refusal> {
        let given = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match given.tokens.get(text) {
            Some(token) if token.until <= now => Err(Refusal::unauthorised("the token has expired")),
            Some(token) if !token.scopes.contains(&scope) => Err(Refusal::forbidden(format!("the token lacks {scope}"))),
            Some(_) => Ok(()),
            None => Err(Refusal::unauthorised("unknown token")),
        }
    }
}

/// What the token endpoint knows.
#[derive(Clone)]
pub(crate) struct TokenDesk {
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) clock: Clock,
}

#[derive(Deserialize)]
pub(crate) struct TokenRequest {
    grant_type: String,
    scope: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// `POST /oauth/token`: the client's id and secret come by basic authentication or in the form.
pub(crate) async fn give_token(State(desk): State<TokenDesk>, headers: HeaderMap, Form(asked): Form<TokenRequest>) -> Response {
    if !is_our_client(&headers, &asked) {
        return refuse(StatusCode::UNAUTHORIZED, "invalid_client", "unknown client or wrong secret");
    }
    if asked.grant_type != "client_credentials" {
        return refuse(StatusCode::BAD_REQUEST, "unsupported_grant_type", "only client_credentials is offered");
    }
    let wanted = asked.scope.as_deref().filter(|scope| !scope.trim().is_empty());
    let scopes: Option<Vec<_>> = match wanted {
        None => Some(SCOPES.to_vec()),
        Some(list) => list.split_whitespace().map(|scope| SCOPES.iter().copied().find(|known| *known == scope)).collect(),
    };
    let Some(scopes) = scopes else {
        return refuse(StatusCode::BAD_REQUEST, "invalid_scope", "there are only orders.read and orders.write");
    };
    let scope = scopes.join(" ");
    let token = desk.tokens.give(scopes, desk.clock.now());
    let answer = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": LIFETIME.as_secs(), "scope": scope,
    });
    json_response(StatusCode::OK, &answer)
}

fn is_our_client(headers: &HeaderMap, asked: &TokenRequest) -> bool {
    let in_header = header(headers, "authorization")
        .and_then(|value| value.strip_prefix("Basic "))
        .is_some_and(|given| given == BASE64_STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
    let in_form = asked.client_id.as_deref() == Some(CLIENT_ID) && asked.client_secret.as_deref() == Some(CLIENT_SECRET);
    in_header || in_form
}

fn refuse(status: StatusCode, error: &str, description: &str) -> Response {
    json_response(status, &json!({ "error": error, "error_description": description }))
}
