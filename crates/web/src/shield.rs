//! Headers that keep browsers from being tricked: what a page may load, who may frame it, what leaks to others.

use crate::origin::Origins;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

/// The headers of this house, made once.
pub(crate) struct Shield {
    data: HeaderValue,
    worker: HeaderValue,
    page: HeaderValue,
    framed: HeaderValue,
    https: bool,
}

/// For answers that are no pages: nothing may be loaded because of them.
const DATA: &str = "default-src 'none'; frame-ancestors 'none'";
/// For scripts of the desk: one runs as a worker, under the policy it came with, and follows the live stream.
const WORKER: &str = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'";
/// For pages: everything from here and nothing inline. Who may frame it is added.
const PAGE: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; \
                    frame-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors ";

impl Shield {
    /// The headers for a house at this address, with these pages around it.
    pub(crate) fn new(public_url: &str, origins: &Origins) -> Self {
        let policy = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(DATA));
        Self {
            data: HeaderValue::from_static(DATA),
            worker: HeaderValue::from_static(WORKER),
            page: policy(&format!("{PAGE}'self'")),
            framed: policy(&format!("{PAGE}{}", origins.ancestors())),
            https: public_url.starts_with("https://"),
        }
    }

    /// Adds what is missing to an answer from this path. What a page has set for itself stays.
    pub(crate) fn cover(&self, path: &str, headers: &mut HeaderMap) {
        let framed = path == "/widget.js" || path.starts_with("/widget/");
        let html = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
        let policy = match (html, framed) {
            (true, true) => &self.framed,
            (true, false) => &self.page,
            (false, _) if path.starts_with("/desk/assets/") => &self.worker,
            (false, _) => &self.data,
        };
        let fixed = |text| HeaderValue::from_static(text);
        let mut add = |name: HeaderName, value: HeaderValue| {
            headers.entry(name).or_insert(value);
        };
        add(header::CONTENT_SECURITY_POLICY, policy.clone());
        add(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
        add(header::REFERRER_POLICY, fixed("no-referrer"));
        add(HeaderName::from_static("permissions-policy"), fixed("camera=(), microphone=(), geolocation=(), payment=()"));
        // The loader and its files are meant for other sites' pages; everything else is not.
        add(HeaderName::from_static("cross-origin-resource-policy"), fixed(if framed { "cross-origin" } else { "same-origin" }));
        if !framed {
            add(header::X_FRAME_OPTIONS, fixed(if html { "SAMEORIGIN" } else { "DENY" }));
        }
        if path.starts_with("/v1/") {
            add(header::CACHE_CONTROL, fixed("no-store"));
        }
        if self.https {
            add(header::STRICT_TRANSPORT_SECURITY, fixed("max-age=31536000"));
        }
    }
}
