//! OAuth 2.0 client credentials: one token, fetched by one caller while the others wait, renewed before it expires.

use crate::verdict::Failed;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use patchbay_core::Timestamp;
use patchbay_dial::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use patchbay_dial::{Dial, Method, Request, Url};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use std::fmt;
use std::time::Duration;
use tokio::sync::Mutex;

/// The largest answer of a token server, in bytes.
const ANSWER: usize = 64 * 1024;
/// A token is renewed this long before it expires, or at four fifths of a shorter life.
const AHEAD: Duration = Duration::from_secs(60);
/// The life of a token whose server does not say.
const UNSAID: Duration = Duration::from_secs(300);

/// Keeps the token of one client at one token server.
pub(super) struct TokenKeeper {
    url: Url,
    login: String,
    form: String,
    kept: Mutex<Option<Token>>,
}

#[derive(Clone)]
struct Token {
    text: String,
    renew: Timestamp,
    ends: Timestamp,
}

impl TokenKeeper {
    pub(super) fn new(url: Url, client_id: &str, client_secret: &str, scopes: &[String]) -> Self {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        // RFC 6749, 2.3.1: both are form-encoded before they become user and password. `-`, `_` and `.` stay as they are,
        // because many servers compare without decoding.
        let part = |text: &str| encode(text).replace("%2D", "-").replace("%5F", "_").replace("%2E", ".");
        let login = format!("Basic {}", BASE64_STANDARD.encode(format!("{}:{}", part(client_id), part(client_secret))));
        let scope = if scopes.is_empty() { String::new() } else { format!("&scope={}", encode(&scopes.join(" "))) };
        Self { url, login, form: format!("grant_type=client_credentials{scope}"), kept: Mutex::new(None) }
    }

    /// A valid token: the kept one, or a new one. Waiting callers share what the first one fetches.
    pub(super) async fn token(&self, dial: &Dial, now: Timestamp, within: Duration) -> Result<String, Failed> {
        let lock = tokio::time::timeout(within, self.kept.lock()).await;
        let mut kept = lock.map_err(|_| Failed::no_credentials("backend_timeout: token server", true))?;
        if let Some(token) = kept.as_ref().filter(|token| now < token.renew) {
            return Ok(token.text.clone());
        }
        match self.fetch(dial, now, within).await {
            Ok(token) => Ok(kept.insert(token).text.clone()),
            // Renewing early may fail without harm while the old one still holds.
            Err(failed) => kept.as_ref().filter(|token| now < token.ends).map(|token| token.text.clone()).ok_or(failed),
        }
    }

    /// Forgets this token, unless somebody has replaced it meanwhile.
    pub(super) async fn drop(&self, text: &str) {
        self.kept.lock().await.take_if(|token| token.text == text);
    }

    async fn fetch(&self, dial: &Dial, now: Timestamp, within: Duration) -> Result<Token, Failed> {
        let mut headers = HeaderMap::new();
        let mut login = HeaderValue::from_str(&self.login).map_err(|_| unauthorised("client id"))?;
        login.set_sensitive(true);
        headers.insert(AUTHORIZATION, login);
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        let body = Some(self.form.clone().into_bytes());
        let request = Request { method: Method::POST, url: self.url.clone(), headers, body };
        let answer = dial.send(request, within, ANSWER).await;
        let answer = answer.map_err(|failure| Failed::no_credentials(format!("backend_unreachable: token server {failure}"), true))?;
        let body: Option<Value> = answer.body.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        if !answer.status.is_success() {
            let code = body.as_ref().and_then(|body| body["error"].as_str()).filter(|code| is_code(code)).unwrap_or_default();
            let said = format!("token server said {} {code}", answer.status.as_u16());
            return Err(Failed { passing: answer.status.is_server_error(), ..unauthorised(said.trim_end()) });
        }
        let text = body.as_ref().and_then(|body| body["access_token"].as_str());
        let text = text.ok_or_else(|| unauthorised("token server gave no access_token"))?.to_owned();
        let seconds = body.as_ref().and_then(|body| seconds(&body["expires_in"]));
        let life = seconds.map_or(UNSAID, Duration::from_secs);
        Ok(Token { text, renew: now.plus(life.saturating_sub(AHEAD).max(life * 4 / 5)), ends: now.plus(life) })
    }
}

fn unauthorised(what: &str) -> Failed {
    Failed::no_credentials(format!("backend_unauthorised: {what}"), false)
}

/// Some servers write the number as text.
fn seconds(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// An error code of RFC 6749, not a whole text that could hold anything.
fn is_code(text: &str) -> bool {
    text.len() <= 40 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
}

impl fmt::Debug for TokenKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeeper").field("url", &self.url.as_str()).finish_non_exhaustive()
    }
}
