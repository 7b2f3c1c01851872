//! What an exchange means: statuses, bodies and broken connections as one of the closed words for outcomes.
//!
//! For a write the question behind all others is whether it may have been done. Only a clear answer or a request that surely
//! never left says no; everything else is [`Effect::Possible`] and ends as `unknown`.

use crate::answer;
use crate::breaker::Sign;
use patchbay_core::Timestamp;
use patchbay_core::port::CallFailure;
use patchbay_core::words::CallOutcome;
use patchbay_dial::header::{HeaderMap, RETRY_AFTER};
use patchbay_dial::{Answer, DialFailure, StatusCode, Word};
use serde_json::Value;
use std::time::Duration;

/// May the backend have done what a write asked?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Surely not.
    None,
    /// Nobody knows.
    Possible,
}

/// An attempt that brought no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failed {
    pub(crate) outcome: CallOutcome,
    pub(crate) detail: String,
    pub(crate) message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) effect: Effect,
    /// What it says about the backend's health.
    pub(crate) sign: Sign,
    /// May the same again go better?
    pub(crate) passing: bool,
    /// Were our credentials refused?
    pub(crate) unauthorised: bool,
}

impl Failed {
    fn new(outcome: CallOutcome, detail: impl Into<String>) -> Self {
        Self {
            outcome,
            detail: detail.into(),
            message: None,
            retry_after: None,
            effect: Effect::None,
            sign: Sign::None,
            passing: false,
            unauthorised: false,
        }
    }

    /// We did not ask: wait this long.
    pub(crate) fn held_back(outcome: CallOutcome, detail: &str, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..Self::new(outcome, detail) }
    }

    /// The arguments are not what the operation takes.
    pub(crate) fn invalid(detail: impl Into<String>) -> Self {
        Self::new(CallOutcome::Invalid, detail)
    }

    /// We have no valid credentials, so we did not ask.
    pub(crate) fn no_credentials(detail: impl Into<String>, passing: bool) -> Self {
        Self { passing, sign: Sign::Bad, ..Self::new(CallOutcome::Unreachable, detail) }
    }

    /// No answer came.
    pub(crate) fn of_dial(failure: &DialFailure) -> Self {
        let word = failure.word;
        let (outcome, detail) = match word {
            Word::Timeout => (CallOutcome::Timeout, "backend_timeout".to_owned()),
            Word::TooLarge => (CallOutcome::TooLarge, "backend_answer_too_large".to_owned()),
            Word::BadHttp | Word::RedirectRefused => (CallOutcome::BadAnswer, format!("backend_bad_answer: {word}")),
            _ => (CallOutcome::Unreachable, format!("backend_unreachable: {word}")),
        };
        // What was too large says nothing about health, and neither does our own rule.
        let sign = if matches!(word, Word::TooLarge | Word::EgressRefused) { Sign::None } else { Sign::Bad };
        let passing = matches!(word, Word::Refused | Word::Dns | Word::NoRoute | Word::Reset | Word::Timeout | Word::BadHttp);
        let effect = if failure.reached { Effect::Possible } else { Effect::None };
        Self { sign, passing, effect, ..Self::new(outcome, detail) }
    }

    fn of_status(status: StatusCode, headers: &HeaderMap, said: Option<String>, write: bool, now: Timestamp) -> Self {
        let code = status.as_u16();
        let clear = |outcome| Self { sign: Sign::Good, ..Self::new(outcome, format!("backend_error: {code}")) };
        let mut failed = match code {
            401 => Self { sign: Sign::Bad, unauthorised: true, ..Self::new(CallOutcome::Unreachable, "backend_unauthorised: 401") },
            // Perhaps only this one object is forbidden to us, which says nothing about the rest.
            403 | 407 => Self { detail: format!("backend_unauthorised: {code}"), ..clear(CallOutcome::Unreachable) },
            404 | 410 => clear(CallOutcome::NotFound),
            408 => {
                Self { sign: Sign::Bad, passing: true, effect: Effect::Possible, ..Self::new(CallOutcome::Timeout, "backend_timeout: 408") }
            }
            402 | 409 | 412 | 423 | 428 => clear(CallOutcome::Refused),
            // A write that was understood but not done, with a reason: the backend's own rules said no.
            400 | 422 if write && said.is_some() => clear(CallOutcome::Refused),
            429 => Self { passing: true, detail: "backend_rate_limited".to_owned(), ..clear(CallOutcome::RateLimited) },
            500.. => {
                Self { sign: Sign::Bad, passing: !matches!(code, 501 | 505), effect: Effect::Possible, ..clear(CallOutcome::Unreachable) }
            }
            ..200 => Self { sign: Sign::Bad, effect: Effect::Possible, ..clear(CallOutcome::BadAnswer) },
            _ => clear(CallOutcome::Invalid),
        };
        failed.message = said;
        failed.retry_after = matches!(code, 429 | 503).then(|| retry_after(headers, now)).flatten();
        failed
    }

    fn bad_answer(detail: &str, sign: Sign) -> Self {
        Self { sign, effect: Effect::Possible, passing: sign == Sign::Bad, ..Self::new(CallOutcome::BadAnswer, detail) }
    }

    /// As the port says it. A write that may have been done is `unknown`, whatever kept us from knowing.
    pub(crate) fn settle(self, write: bool, effect: Effect, ms: i64) -> CallFailure {
        let outcome = if write && effect == Effect::Possible { CallOutcome::Unknown } else { self.outcome };
        CallFailure { outcome, detail: self.detail, message: self.message, retry_after: self.retry_after, ms }
    }
}

/// The useful part of a good answer, or what is wrong with it.
pub(crate) fn judge(answer: Answer, root: Option<&answer::Root>, write: bool, now: Timestamp) -> Result<Value, Failed> {
    let Answer { status, headers, body } = answer;
    if !status.is_success() {
        // The status is clear; that its body may be broken changes nothing.
        let said = body.ok().and_then(|bytes| answer::words(&bytes));
        return Err(Failed::of_status(status, &headers, said, write, now));
    }
    let bytes = body.map_err(|failure| match Failed::of_dial(&failure) {
        // An answer that began and broke off is a bad answer, not a missing connection.
        cut if failure.word == Word::Reset => {
            Failed { outcome: CallOutcome::BadAnswer, detail: "backend_bad_answer: cut".to_owned(), ..cut }
        }
        other => other,
    })?;
    let body = answer::read(&bytes).map_err(|what| Failed::bad_answer(&format!("backend_bad_answer: {what}"), Sign::Bad))?;
    match root {
        Some(root) => root.of(&body).ok_or_else(|| Failed::bad_answer(&format!("backend_schema_mismatch: {root}"), Sign::Good)),
        None => Ok(body),
    }
}

/// The wait a backend asks for: seconds, or a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    moment(text).map(|at| at.since(now))
}

/// A point in time as HTTP headers write it.
pub(crate) fn moment(text: &str) -> Option<Timestamp> {
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(Timestamp(at.as_millisecond()))
}
