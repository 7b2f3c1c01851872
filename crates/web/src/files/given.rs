//! A file as it is given out: with headers that let no browser take it for anything but what it is.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use patchbay_core::attachment::About;
use patchbay_service::Download;

/// Nothing in it runs or loads anything. What shows PDFs in a browser does not work in a sandbox, and has one of its own.
const SHUT: &str = "default-src 'none'; sandbox; frame-ancestors 'none'";
const SHUT_PDF: &str = "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'";

/// The answer that holds a file.
pub(super) fn give(download: Download) -> Response {
    let about = download.about.clone();
    let policy = if about.media == "application/pdf" { SHUT_PDF } else { SHUT };
    let text = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let headers: [(HeaderName, HeaderValue); 5] = [
        (header::CONTENT_TYPE, text(&about.media)),
        (header::CONTENT_LENGTH, HeaderValue::from(about.size)),
        (header::CONTENT_DISPOSITION, text(&disposition(&about))),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy)),
        // The link is for one person: nobody in between keeps what it leads to.
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    (headers, Body::from_stream(download.pieces())).into_response()
}

/// To be shown or to be saved, under which name (RFC 6266).
fn disposition(about: &About) -> String {
    let way = if about.shown { "inline" } else { "attachment" };
    let plain = |one: char| one.is_ascii_alphanumeric() || matches!(one, '.' | '-' | '_' | ' ');
    let ascii: String = about.name.chars().map(|one| if plain(one) { one } else { '_' }).collect();
    let exact: String = about.name.bytes().map(encoded).collect();
    format!("{way}; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
}

fn encoded(byte: u8) -> String {
    match byte {
        byte if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}
