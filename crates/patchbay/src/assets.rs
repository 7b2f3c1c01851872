//! The user interface's files, compiled into the binary.

use axum::body::Bytes;
use patchbay_web::{Asset, Assets};
use rust_embed::Embed;
use std::sync::Arc;

/// What the build of `ui/` left in its output folder.
#[derive(Embed)]
#[folder = "../../ui/dist"]
struct Files;

/// The files, found by their path.
pub(crate) fn embedded() -> Assets {
    Arc::new(|path| {
        let file = Files::get(path)?;
        let gzip = Files::get(&format!("{path}.gz")).map(|packed| Bytes::from(packed.data.into_owned()));
        let etag: String = file.metadata.sha256_hash().iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Some(Asset { bytes: Bytes::from(file.data.into_owned()), gzip, mime: mime(path), etag, immutable: hashed(path) })
    })
}

fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// Does the name hold a hash of the content (`panel.4f2a91c0.js`)?
fn hashed(path: &str) -> bool {
    path.split(['.', '-']).any(|part| {
        part.len() >= 8 && part.bytes().all(|byte| byte.is_ascii_alphanumeric()) && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}
