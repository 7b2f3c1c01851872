//! How a document wants callers to prove themselves: listed so that a configuration can be suggested and checked.

use super::at::At;
use std::collections::BTreeMap;

/// One way of proving ourselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scheme {
    /// A key in a header of this name.
    KeyInHeader(String),
    /// A key in a query parameter of this name.
    KeyInQuery(String),
    /// A key in a cookie of this name.
    KeyInCookie(String),
    /// User name and password.
    Basic,
    /// A bearer token.
    Bearer,
    /// OAuth 2.0 client credentials at this address.
    ClientCredentials(String),
    /// Something else, by the document's word for it.
    Other(String),
}

/// All schemes of a document.
pub(super) fn schemes(root: &At<'_>) -> BTreeMap<String, Scheme> {
    let listed = root.seek("components").and_then(|components| components.seek("securitySchemes"));
    let listed = listed.iter().flat_map(At::entries);
    listed.filter_map(|(name, at)| Some((name.to_owned(), scheme(&at.follow().ok()?)))).collect()
}

fn scheme(at: &At<'_>) -> Scheme {
    let name = || at.text("name").unwrap_or_default().to_owned();
    let kind = at.text("type").unwrap_or_default();
    let word = at.text("scheme").unwrap_or_default().to_ascii_lowercase();
    match (kind, at.text("in").unwrap_or_default(), word.as_str()) {
        ("apiKey", "header", _) => Scheme::KeyInHeader(name()),
        ("apiKey", "query", _) => Scheme::KeyInQuery(name()),
        ("apiKey", "cookie", _) => Scheme::KeyInCookie(name()),
        ("http", _, "basic") => Scheme::Basic,
        ("http", _, "bearer") => Scheme::Bearer,
        ("oauth2", _, _) => {
            let flow = at.seek("flows").and_then(|flows| flows.seek("clientCredentials"));
            let token_url = flow.and_then(|flow| flow.text("tokenUrl").map(str::to_owned));
            token_url.map_or_else(|| Scheme::Other(kind.to_owned()), Scheme::ClientCredentials)
        }
        _ => Scheme::Other([kind, &word].join(" ").trim().to_owned()),
    }
}
