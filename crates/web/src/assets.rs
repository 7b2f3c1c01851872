//! Files of the user interface, given by the roof: the widget's loader and what it loads.

use crate::hall::Hall;
use crate::problem::{Code, Problem};
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Finds a file by its path below the root (`widget.js`, `widget/panel.css`).
pub type Assets = Arc<dyn Fn(&str) -> Option<Asset> + Send + Sync>;

/// A file of the user interface.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Its content.
    pub bytes: Bytes,
    /// The same, packed with gzip at build time.
    pub gzip: Option<Bytes>,
    /// Its media type.
    pub mime: &'static str,
    /// A word that changes with the content; letters and digits.
    pub etag: String,
    /// Does the path change with the content? Then browsers need not ask again.
    pub immutable: bool,
}

/// The loader, which pages name in a script tag.
pub(crate) async fn loader(State(hall): State<Hall>, headers: HeaderMap) -> Result<Response, Problem> {
    file(&hall, "widget.js", &headers)
}

/// What the loader loads.
pub(crate) async fn widget(State(hall): State<Hall>, Path(path): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    file(&hall, &format!("widget/{path}"), &headers)
}

/// A file, as browsers like it.
pub(crate) fn file(hall: &Hall, path: &str, headers: &HeaderMap) -> Result<Response, Problem> {
    let asset = hall.asset(path).ok_or(Code::NotFound)?;
    let etag = HeaderValue::from_str(&format!("\"{}\"", asset.etag)).map_err(|_| Problem::new(Code::Internal).reason("an asset's etag"))?;
    let cache = HeaderValue::from_static(if asset.immutable { "public, max-age=31536000, immutable" } else { "no-cache" });
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| known == etag);
    let fixed = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, cache),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.mime)),
    ];
    if known {
        return Ok((StatusCode::NOT_MODIFIED, fixed).into_response());
    }
    match asset.gzip.filter(|_| takes_gzip(headers)) {
        Some(packed) => Ok((fixed, [(header::CONTENT_ENCODING, "gzip")], packed).into_response()),
        None => Ok((fixed, asset.bytes).into_response()),
    }
}

fn takes_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let (name, quality) = one.split_once(';').unwrap_or((one, ""));
        name.trim() == "gzip" && !matches!(quality.replace(' ', "").as_str(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}
