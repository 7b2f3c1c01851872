//! The claims of a verified host token: whom it is for, how long it holds, which customer it names.

use crate::{IdentityInvalid, NotUsable};
use patchbay_core::Timestamp;
use patchbay_core::declare::HostToken;
use serde_json::Value;
use serde_json_path::JsonPath;
use std::time::Duration;

/// How far the host's clock may be ahead of ours. There is no grace after the end.
const AHEAD: Duration = Duration::from_secs(60);
/// The longest customer id believed, in bytes.
const LONGEST_ID: usize = 255;

/// What the claims must say.
pub(crate) struct Claims {
    audience: String,
    issuer: Option<String>,
    max_age: Duration,
    customer: JsonPath,
}

impl Claims {
    pub(crate) fn new(declared: &HostToken) -> Result<Self, NotUsable> {
        let customer = JsonPath::parse(&declared.customer)
            .map_err(|error| NotUsable::BadPath { path: declared.customer.clone(), why: error.to_string() })?;
        Ok(Self { audience: declared.audience.clone(), issuer: declared.issuer.clone(), max_age: declared.max_age, customer })
    }

    /// The company's own id of the customer, and until when the claims hold.
    pub(crate) fn read(&self, claims: &Value, now: Timestamp) -> Result<(String, Timestamp), IdentityInvalid> {
        let no = |why: &str| Err(IdentityInvalid::because(why));
        if !names(&claims["aud"], &self.audience) {
            return no("wrong audience");
        }
        if self.issuer.as_ref().is_some_and(|issuer| claims["iss"].as_str() != Some(issuer)) {
            return no("wrong issuer");
        }
        let Some(issued) = time(claims, "iat")? else {
            return no("no `iat`, so its age is not known");
        };
        if issued > now.plus(AHEAD) {
            return no("issued in the future");
        }
        if time(claims, "nbf")?.is_some_and(|start| start > now.plus(AHEAD)) {
            return no("not valid yet");
        }
        let oldest = issued.plus(self.max_age);
        if now >= oldest {
            return no("older than `max_age`");
        }
        let expires = time(claims, "exp")?.unwrap_or(oldest);
        if now >= expires {
            return no("expired");
        }
        Ok((self.customer(claims)?, expires.min(oldest)))
    }

    fn customer(&self, claims: &Value) -> Result<String, IdentityInvalid> {
        let found = self.customer.query(claims).exactly_one();
        let id = match found {
            Ok(Value::String(id)) => id.clone(),
            Ok(Value::Number(id)) if id.is_i64() || id.is_u64() => id.to_string(),
            _ => return Err(IdentityInvalid::because("the customer claim is not exactly one text or whole number")),
        };
        if id.trim().is_empty() || id.len() > LONGEST_ID || id.chars().any(char::is_control) {
            return Err(IdentityInvalid::because("the customer claim is empty, too long or holds control characters"));
        }
        Ok(id)
    }
}

/// Is `wanted` the audience, or one of several?
fn names(audience: &Value, wanted: &str) -> bool {
    match audience {
        Value::String(one) => one == wanted,
        Value::Array(several) => several.iter().any(|one| one.as_str() == Some(wanted)),
        _ => false,
    }
}

/// A claim in seconds since 1970, fractions dropped. Present but unreadable is an error: it must not count as absent.
fn time(claims: &Value, name: &str) -> Result<Option<Timestamp>, IdentityInvalid> {
    let Some(value) = claims.get(name) else { return Ok(None) };
    let whole = value.as_number().and_then(|number| number.to_string().split('.').next().and_then(|whole| whole.parse::<i64>().ok()));
    match whole.and_then(|seconds| seconds.checked_mul(1000)) {
        Some(millis) => Ok(Some(Timestamp(millis))),
        None => Err(IdentityInvalid::because(format!("`{name}` is no time"))),
    }
}
