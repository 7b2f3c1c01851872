//! How a document wants callers to prove themselves, as the configuration says it: always with the secret in the environment.

use crate::yaml::quoted;
use patchbay_connect::openapi::{Document, Scheme};

/// A way to prove ourselves, ready for the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The map under `auth`.
    pub yaml: String,
    /// The environment variables it names.
    pub variables: Vec<String>,
}

/// The first way a document offers that can be declared; none where it asks for none. `base_url` is where the backend is: its
/// tokens may be given at a place beside it.
#[must_use]
pub fn credentials(document: &Document, backend: &str, base_url: &str) -> Option<Credential> {
    let variable = |what: &str| format!("{}_{what}", backend.to_ascii_uppercase());
    let reference = |name: &str| quoted(&format!("${{{name}}}"));
    document.schemes.values().find_map(|scheme| {
        let one = |kind: String, what: &str, key: &str| {
            let name = variable(what);
            Credential { yaml: format!("{{ {kind}, {key}: {} }}", reference(&name)), variables: vec![name] }
        };
        Some(match scheme {
            Scheme::KeyInHeader(header) => one(format!("kind: api_key, header: {}", quoted(header)), "KEY", "key"),
            Scheme::KeyInQuery(query) => one(format!("kind: api_key, query: {}", quoted(query)), "KEY", "key"),
            Scheme::Bearer => one("kind: bearer".to_owned(), "TOKEN", "token"),
            Scheme::Basic => {
                let (user, password) = (variable("USER"), variable("PASSWORD"));
                let yaml = format!("{{ kind: basic, user: {}, password: {} }}", reference(&user), reference(&password));
                Credential { yaml, variables: vec![user, password] }
            }
            Scheme::ClientCredentials(url) => {
                let (id, secret) = (variable("CLIENT_ID"), variable("CLIENT_SECRET"));
                let yaml = format!(
                    "{{ kind: oauth2_client_credentials, token_url: {}, client_id: {}, client_secret: {} }}",
                    quoted(&full(url, base_url)),
                    reference(&id),
                    reference(&secret)
                );
                Credential { yaml, variables: vec![id, secret] }
            }
            Scheme::KeyInCookie(_) | Scheme::Other(_) => return None,
        })
    })
}

/// An address as it stands, or one beside the backend's own.
fn full(url: &str, base_url: &str) -> String {
    let (scheme, rest) = base_url.split_once("://").unwrap_or(("https", base_url));
    let host = rest.split('/').next().unwrap_or_default();
    match url {
        url if url.contains("://") => url.to_owned(),
        url if url.starts_with('/') => format!("{scheme}://{host}{url}"),
        url => format!("{}/{url}", base_url.trim_end_matches('/')),
    }
}
