//! Backends and their authentication.

use crate::fitted::Fitted;
use crate::problem::{Report, below, element};
use patchbay_core::declare::{Auth, Backend, BackendKind, Limits, Secret};
use std::time::Duration;

pub(super) fn backend(name: &str, it: &Fitted, key: &str, report: &mut Report) -> Backend {
    let auth_key = below(key, "auth");
    let auth = match it.get("auth") {
        Fitted::List(list) => list.iter().enumerate().filter_map(|(index, it)| auth(it, &element(&auth_key, index), report)).collect(),
        one => auth(one, &auth_key, report).into_iter().collect(),
    };
    Backend {
        name: name.to_owned(),
        kind: BackendKind::Openapi { spec: it.file("spec"), base_url: it.text("base_url") },
        auth,
        root: it.text("root"),
        limits: limits(it.get("limits"), &below(key, "limits"), report),
    }
}

fn limits(it: &Fitted, key: &str, report: &mut Report) -> Limits {
    let per_second = it.rate("rate").map(|rate| {
        if rate.per != Duration::from_secs(1) {
            report.add(&below(key, "rate"), "a backend's rate counts per second", "write it as a rate such as 50/s");
        }
        rate.times
    });
    if it.has("concurrency") && it.count("concurrency") == 0 {
        report.add(&below(key, "concurrency"), "no call could ever be made", "write at least 1");
    }
    if it.has("timeout") && it.duration("timeout").is_zero() {
        report.add(&below(key, "timeout"), "no call could ever answer in time", "write a duration such as 2s");
    }
    Limits { timeout: it.duration("timeout"), concurrency: it.count("concurrency"), per_second, answer_bytes: it.count("answer") }
}

fn auth(it: &Fitted, key: &str, report: &mut Report) -> Option<Auth> {
    Some(match it.text("kind")?.as_str() {
        "api_key" => api_key(it, key, report)?,
        "basic" => Auth::Basic { user: it.must("user"), password: it.secret("password") },
        "bearer" => Auth::Bearer { token: it.secret("token") },
        "oauth2_client_credentials" => Auth::Oauth2ClientCredentials {
            token_url: it.must("token_url"),
            client_id: it.must("client_id"),
            client_secret: it.secret("client_secret"),
            scopes: it.get("scopes").texts(),
        },
        "jwt" => Auth::Jwt {
            secret: it.secret("secret"),
            issuer: it.must("issuer"),
            audience: it.must("audience"),
            lifetime: it.duration("lifetime"),
        },
        _ => return None,
    })
}

fn api_key(it: &Fitted, key: &str, report: &mut Report) -> Option<Auth> {
    let secret = Secret::new(it.must("prefix") + it.secret("key").reveal());
    match (it.text("header"), it.text("query")) {
        (Some(header), None) => Some(Auth::ApiKeyHeader { header, key: secret }),
        (None, Some(parameter)) => Some(Auth::ApiKeyQuery { parameter, key: secret }),
        _ => {
            report.add(&below(key, "header"), "an api key goes into a header or into the query", "write one of `header:` and `query:`");
            None
        }
    }
}
