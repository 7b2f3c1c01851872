//! The demo's shop page: where a customer who is signed in, or nobody the shop knows, meets the widget.

use axum::Router;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::IntoResponse;
use axum::routing::get;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use patchbay_core::Clock;
use serde_json::json;
use std::sync::Arc;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Who is signed in.
const CUSTOMER: &str = "mika";
/// How long the shop's token is good for, in seconds; the page asks for a new one by loading again.
const TOKEN_LASTS: i64 = 3600;

/// The shop page and its files. The shop signs a token for its customer, as any host page does.
pub(crate) fn router(secret: &str, clock: Arc<dyn Clock>) -> Router {
    let key = EncodingKey::from_secret(secret.as_bytes());
    let page = move || async move {
        let now = clock.now().seconds();
        let claims = json!({ "sub": CUSTOMER, "iss": "halden-shop", "aud": "patchbay", "iat": now, "exp": now + TOKEN_LASTS });
        let token = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &key).unwrap_or_default();
        file("text/html; charset=utf-8", PAGE.replace("{{TOKEN}}", &token))
    };
    Router::new()
        .route("/demo", get(page))
        .route("/demo/signed-out", get(|| async { file("text/html; charset=utf-8", PAGE.replace("{{TOKEN}}", "")) }))
        .route("/demo/page.css", get(|| async { file("text/css; charset=utf-8", STYLE.to_owned()) }))
        .route("/demo/page.js", get(|| async { file("text/javascript; charset=utf-8", SCRIPT.to_owned()) }))
}

fn file(mime: &'static str, content: String) -> impl IntoResponse {
    ([(CONTENT_TYPE, mime), (CACHE_CONTROL, "no-store")], content)
}
