//! The program's own settings, the host's tokens and the channels.

use crate::fitted::Fitted;
use crate::load::Server;
use crate::problem::Report;
use patchbay_core::declare::{Channel, HostKeys, HostToken, Lookup};
use patchbay_core::words::Level;
use std::time::Duration;

/// The section `server`. Left out as a whole it has the same defaults as left out key by key.
pub(super) fn server(it: &Fitted) -> Server {
    Server { listen: it.must("listen"), public_url: it.must("public_url").trim_end_matches('/').to_owned(), data: it.file("data") }
}

/// How the host's tokens are checked, if there is a host.
pub(super) fn host(it: &Fitted, report: &mut Report) -> Option<HostToken> {
    if matches!(it, Fitted::Absent) {
        return None;
    }
    Some(HostToken {
        keys: keys(it, report),
        audience: it.must("audience"),
        issuer: it.text("issuer"),
        max_age: it.duration("max_age"),
        customer: it.must("customer"),
        gives: it.text("gives").and_then(|word| Level::parse(&word)).unwrap_or(Level::Anonymous),
    })
}

fn keys(it: &Fitted, report: &mut Report) -> HostKeys {
    let one_of_both = "write `keys:` with a URL or ${file:…}, or `secret:` with ${file:…}";
    match (it.text("keys"), it.has("secret")) {
        (Some(_), true) => report.add("identity.host.secret", "a host token has keys or a secret, not both", one_of_both),
        (None, true) => return HostKeys::Shared(it.secret("secret")),
        (None, false) if report.is_touched("identity.host.keys") || report.is_touched("identity.host.secret") => {}
        (None, false) => report.add("identity.host.keys", "a host token needs keys, or a secret", one_of_both),
        (Some(keys), false) if keys.starts_with("https://") || keys.starts_with("http://") => return HostKeys::Url(keys),
        (Some(keys), false) if keys.trim_start().starts_with('{') || keys.trim_start().starts_with("-----BEGIN") => {
            return HostKeys::Document(keys);
        }
        (Some(_), false) => {
            report.add("identity.host.keys", "this is no URL, no JWKS document and no PEM public key", one_of_both);
        }
    }
    HostKeys::Document(String::new())
}

/// The lookups, in the order they are written: the further names of the section.
pub(super) fn lookups(it: &Fitted) -> Vec<Lookup> {
    let lasts = it.get("idle").duration("contact");
    let of_kind = it.entries().iter().filter(|(_, entry)| entry.text("kind").as_deref() == Some("lookup"));
    of_kind.map(|(name, entry)| lookup(name, entry, lasts)).collect()
}

fn lookup(name: &str, it: &Fitted, lasts: Duration) -> Lookup {
    Lookup {
        name: name.to_owned(),
        tool: it.must("tool"),
        ask: it.get("ask").texts(),
        customer: it.must("customer"),
        attempts: u32::try_from(it.count("attempts")).unwrap_or(u32::MAX),
        gives: it.text("gives").and_then(|word| Level::parse(&word)).unwrap_or(Level::Anonymous),
        lasts,
    }
}

/// A channel. The widget is the only kind in this version.
pub(super) fn channel(it: &Fitted) -> Channel {
    let origins = it.get("origins").texts();
    Channel::Widget { origins: origins.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect() }
}
