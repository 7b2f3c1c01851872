//! `Prefer: wait=SECONDS` (RFC 7240): answer with the whole reply if it comes in time, else with the receipt.

use crate::hall::Hall;
use crate::problem::Problem;
use crate::shown::Shown;
use crate::wire::{Accepted, Reply};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use patchbay_service::Received;
use std::time::Duration;

/// The longest wait granted, in seconds.
const LONGEST: u64 = 30;
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The seconds a client is ready to wait; a preference nobody understands is none.
fn wanted(headers: &HeaderMap) -> Option<u64> {
    let lines = headers.get_all("prefer").iter().filter_map(|line| line.to_str().ok());
    let mut preferences = lines.flat_map(|line| line.split([',', ';'])).filter_map(|one| one.split_once('='));
    let wait = preferences.find(|(name, _)| name.trim().eq_ignore_ascii_case("wait"))?.1;
    wait.trim().trim_matches('"').parse::<u64>().ok().map(|seconds| seconds.min(LONGEST))
}

/// The answer to something accepted: 202 with the receipt; 200 with the reply if it was waited for and came; 200 also for a repetition.
pub(super) async fn answer(hall: &Hall, headers: &HeaderMap, received: Received) -> Result<Response, Problem> {
    let replayed = received.replayed;
    let wait = wanted(headers);
    let reply = match wait {
        Some(seconds) => hall.service().wait_reply(&received, Duration::from_secs(seconds)).await?,
        None => None,
    };
    let mut response = match reply {
        Some(reply) => Shown(Reply::from(reply)).into_response(),
        None if replayed => Shown(Accepted::from(received)).into_response(),
        None => (StatusCode::ACCEPTED, Shown(Accepted::from(received))).into_response(),
    };
    if replayed {
        response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    }
    if let Some(applied) = wait.and_then(|seconds| HeaderValue::from_str(&format!("wait={seconds}")).ok()) {
        response.headers_mut().insert(APPLIED, applied);
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_read_and_bounded() {
        let wanted =
            |text: &'static str| wanted(&HeaderMap::from_iter([(HeaderName::from_static("prefer"), HeaderValue::from_static(text))]));
        for (text, seconds) in
            [("wait=5", Some(5)), ("respond-async, Wait=\"7\"", Some(7)), ("wait=9999", Some(30)), ("wait=soon", None), ("wait", None)]
        {
            assert_eq!(wanted(text), seconds, "{text}");
        }
    }
}
