//! Origins: which web pages may talk to us, and what their browsers are told (CORS).

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What a page may send along.
const ALLOWED_HEADERS: &str = "authorization, content-type, idempotency-key, last-event-id, patchbay-version, patchbay-visitor, prefer";
/// What a page may read of an answer.
const EXPOSED_HEADERS: &str = "idempotent-replayed, patchbay-request-id, preference-applied, retry-after";

/// The origins that may talk to us: our own, and those of the channels.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    own: Vec<String>,
    guests: Vec<String>,
}

impl Origins {
    /// `public_url` is ours; every origin in `guests` may embed us. Written as browsers write them: `https://shop.example`.
    pub(crate) fn new(public_url: &str, guests: &[String]) -> Self {
        let public = origin_of(public_url);
        // On one machine these three are one server, and a browser takes whichever the person typed.
        const NAMES: [&str; 3] = ["://localhost", "://127.0.0.1", "://[::1]"];
        let local = |origin: &str, name: &str| {
            origin.split_once(name).filter(|(_, port)| port.is_empty() || port.starts_with(':')).map(|(a, b)| (a.to_owned(), b.to_owned()))
        };
        let own = match NAMES.iter().find_map(|name| local(&public, name)) {
            Some((scheme, port)) => NAMES.iter().map(|name| format!("{scheme}{name}{port}")).collect(),
            None => vec![public],
        };
        Self { own, guests: guests.iter().map(|guest| origin_of(guest)).collect() }
    }

    /// What the browser says the page's origin is; `Err` when it may not talk to us. No page (a program) is fine.
    pub(crate) fn admit(&self, headers: &HeaderMap) -> Result<Option<HeaderValue>, ()> {
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(None) };
        let known = origin.to_str().is_ok_and(|text| self.own.iter().chain(&self.guests).any(|known| known.eq_ignore_ascii_case(text)));
        if known { Ok(Some(origin.clone())) } else { Err(()) }
    }

    /// Is the page ours, or is it no page at all? What pages of others may not do although they may embed the widget.
    pub(crate) fn is_own_or_none(&self, headers: &HeaderMap) -> bool {
        let Some(origin) = headers.get(header::ORIGIN) else { return true };
        origin.to_str().is_ok_and(|text| self.own.iter().any(|known| known.eq_ignore_ascii_case(text)))
    }

    /// The sources of `frame-ancestors`: ourselves and the channels' pages.
    pub(crate) fn ancestors(&self) -> String {
        std::iter::once("'self'").chain(self.guests.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
    }
}

/// Scheme, host and port of a URL, in lower case, without what follows.
fn origin_of(url: &str) -> String {
    let lower = url.trim().to_ascii_lowercase();
    let start = lower.find("://").map_or(0, |at| at + 3);
    let end = lower[start..].find('/').map_or(lower.len(), |at| start + at);
    lower[..end].to_owned()
}

/// Is the browser asking beforehand whether it may?
pub(crate) fn is_preflight<B>(request: &Request<B>) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to a browser that asks beforehand.
pub(crate) fn preflight() -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED_HEADERS),
        (header::ACCESS_CONTROL_MAX_AGE, "600"),
    ];
    (StatusCode::NO_CONTENT, headers).into_response()
}

/// Tells the browser that the page may read this answer.
pub(crate) fn open_to(origin: HeaderValue, headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED_HEADERS));
}

/// Answers differ by origin, so caches must keep them apart.
pub(crate) fn vary(headers: &mut HeaderMap) {
    const VARY: HeaderName = header::VARY;
    headers.append(VARY, HeaderValue::from_static("origin"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(origins: &Origins, origin: &'static str) -> bool {
        origins.admit(&HeaderMap::from_iter([(header::ORIGIN, HeaderValue::from_static(origin))])).is_ok()
    }

    #[test]
    fn only_known_origins_are_let_in() {
        let origins =
            Origins::new("https://help.example/support/", &["https://Shop.example".to_owned(), "https://shop.example:8443/".to_owned()]);
        for good in ["https://help.example", "https://shop.example", "https://shop.example:8443"] {
            assert!(admits(&origins, good), "{good}");
        }
        for bad in
            ["null", "http://help.example", "https://shop.example.evil.example", "https://evil.example", "https://shop.example:1", ""]
        {
            assert!(!admits(&origins, bad), "{bad}");
        }
        assert!(origins.admit(&HeaderMap::new()).is_ok());
        assert_eq!(origins.ancestors(), "'self' https://shop.example https://shop.example:8443");
    }

    #[test]
    fn one_machine_has_three_names() {
        let origins = Origins::new("http://localhost:8787", &[]);
        for good in ["http://localhost:8787", "http://127.0.0.1:8787", "http://[::1]:8787"] {
            assert!(admits(&origins, good), "{good}");
        }
        assert!(!admits(&origins, "http://localhost:9999"));
        assert!(!admits(&Origins::new("http://localhost.evil.example", &[]), "http://127.0.0.1"));
    }
}
