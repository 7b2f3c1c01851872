//! One backend: from an order to an answer, past our own limits, the breaker, the credentials and the repeats.

use crate::answer::Root;
use crate::auth::Credentials;
use crate::breaker::{Pass, Sign};
use crate::health::Health;
use crate::kept::{Kept, Source};
use crate::lean::Lean;
use crate::offset::Offset;
use crate::openapi::{Argument, Invalid, Operation, Place, Problem};
use crate::verdict::{Effect, Failed, judge};
use futures::FutureExt;
use patchbay_core::declare::{Idempotency, Limits};
use patchbay_core::port::{CallFailure, CallOrder, RawAnswer};
use patchbay_core::words::CallOutcome;
use patchbay_core::{Chance, Clock, Timestamp};
use patchbay_dial::header::{ACCEPT, HeaderName, HeaderValue};
use patchbay_dial::{Dial, Request, Url};
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// How much longer than its deadline a caller waits for a shared call, so that the call itself says how it ended.
const GRACE: Duration = Duration::from_millis(50);

/// A backend that can be called.
pub(crate) struct Backend {
    pub(crate) name: String,
    /// The operations and where each is served.
    pub(crate) operations: BTreeMap<String, (Operation, Url)>,
    /// What of the document could not be understood.
    pub(crate) problems: Vec<Problem>,
    pub(crate) dial: Dial,
    pub(crate) credentials: Credentials,
    pub(crate) root: Option<Root>,
    pub(crate) limits: Limits,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) places: Semaphore,
    pub(crate) kept: Kept,
    pub(crate) lean: Mutex<Lean>,
    pub(crate) offset: Offset,
}

/// One call on its way: what does not change between its attempts.
struct Way {
    request: Request,
    write: bool,
    repeatable: bool,
    deadline: Instant,
}

impl Way {
    fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }
}

impl Backend {
    /// Carries out one call.
    pub(crate) async fn call(self: &Arc<Self>, order: CallOrder) -> Result<RawAnswer, CallFailure> {
        let started = self.clock.now();
        let deadline = Instant::now() + order.within.min(self.limits.timeout);
        let request = self.prepare(&order).map_err(|failed| self.fail(failed, order.write, Effect::None, started))?;
        let repeatable = !order.write || order.idempotency.as_ref().is_some_and(|(how, _)| *how != Idempotency::None);
        let way = Way { request, write: order.write, repeatable, deadline };
        if order.write {
            let _writing = self.kept.writing(&order.args);
            return self.attempts(&way, started).await;
        }
        let Some(rule) = &order.cache else {
            return self.attempts(&way, started).await;
        };
        let way = Arc::new(way);
        let ask = {
            let (backend, way) = (Arc::clone(self), Arc::clone(&way));
            move || async move { backend.attempts(&way, started).await.map(Arc::new) }.boxed()
        };
        let shared = tokio::time::timeout_at(deadline + GRACE, self.kept.read(&order, rule, &*self.clock, ask)).await;
        let Ok((source, outcome)) = shared else {
            let failed = Failed { outcome: CallOutcome::Timeout, ..Failed::invalid("backend_timeout") };
            return Err(self.fail(failed, false, Effect::None, started));
        };
        let timed_out = outcome.as_ref().is_err_and(|failure| failure.outcome == CallOutcome::Timeout);
        if timed_out && matches!(source, Source::Shared) && !way.left().is_zero() {
            // The one who asked had less time than we have.
            return self.attempts(&way, started).await;
        }
        let cached = matches!(source, Source::Cache);
        let mut lean = self.lean();
        lean.figures.cached += u64::from(cached);
        lean.figures.shared += u64::from(matches!(source, Source::Shared));
        drop(lean);
        outcome.map(|answer| RawAnswer { cached, ms: self.ms_since(started), ..RawAnswer::clone(&answer) })
    }

    /// How it has been doing.
    pub(crate) fn health(&self) -> Health {
        self.lean().health(&self.name, self.clock.now())
    }

    /// The request for an order, complete but for credentials.
    fn prepare(&self, order: &CallOrder) -> Result<Request, Failed> {
        let found = self.operations.get(&order.operation);
        let (operation, base) = found.ok_or_else(|| Failed::invalid(format!("no operation '{}'", order.operation)))?;
        let mut args = Cow::Borrowed(&order.args);
        let mut header = None;
        match &order.idempotency {
            Some((Idempotency::Argument(name), id)) => {
                args.to_mut().insert(name.clone(), Value::String(id.clone()));
            }
            Some((Idempotency::Header(name), id)) => {
                let same = |arg: &&Argument| arg.place == Place::Header && arg.wire.eq_ignore_ascii_case(name);
                match operation.args.iter().find(same) {
                    Some(arg) => drop(args.to_mut().insert(arg.name.clone(), Value::String(id.clone()))),
                    None => header = Some((name, id)),
                }
            }
            Some((Idempotency::None, _)) | None => {}
        }
        let mut request = operation.prepare(base, &args).map_err(|invalid: Invalid| Failed::invalid(invalid.to_string()))?;
        if let Some((name, id)) = header {
            let header = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(id).ok());
            let (name, value) = header.ok_or_else(|| Failed::invalid(format!("'{name}' cannot carry the idempotency key")))?;
            request.headers.insert(name, value);
        }
        request.headers.entry(ACCEPT).or_insert(HeaderValue::from_static("application/json"));
        Ok(request)
    }

    /// Attempts until one is final.
    async fn attempts(&self, way: &Way, started: Timestamp) -> Result<RawAnswer, CallFailure> {
        self.lean().retries.begin(started);
        let mut effect = Effect::None;
        let mut made = 0;
        loop {
            let failed = match self.attempt(way).await {
                Ok(body) => {
                    let (fetched_at, ms) = (self.clock.now(), self.ms_since(started));
                    self.lean().figures.ended(CallOutcome::Ok, ms);
                    return Ok(RawAnswer { body, fetched_at, ms, cached: false });
                }
                Err(failed) => failed,
            };
            // Once an attempt may have been done, only a good answer to the same key can say that it was.
            if failed.effect == Effect::Possible {
                effect = Effect::Possible;
            }
            let wait = (failed.passing && way.repeatable).then(|| {
                let (now, chance) = (self.clock.now(), self.chance_byte());
                self.lean().retries.wait(made, failed.retry_after, way.left(), now, chance)
            });
            let Some(wait) = wait.flatten() else {
                return Err(self.fail(failed, way.write, effect, started));
            };
            made += 1;
            self.lean().figures.repeats += 1;
            tokio::time::sleep(wait).await;
        }
    }

    /// One attempt, and a second with a fresh token where the backend refused the kept one.
    async fn attempt(&self, way: &Way) -> Result<Value, Failed> {
        let _place = self.admit(way).await?;
        let pass = self.pass(way.write)?;
        let mut fresh = false;
        let judged = loop {
            let mut request = way.request.clone();
            let now = self.clock.now();
            let borne = match self.credentials.apply(&mut request, &self.dial, now, way.left()).await {
                Ok(borne) => borne,
                Err(failed) => break Err(failed),
            };
            let answer = self.dial.send(request, way.left(), self.limits.answer_bytes).await;
            let judged = match answer {
                Ok(answer) => {
                    self.offset.look(&self.name, &answer.headers, self.clock.now());
                    judge(answer, self.root.as_ref(), way.write, self.clock.now())
                }
                Err(failure) => Err(Failed::of_dial(&failure)),
            };
            // A refused credential means that nothing was done, so even a write may be sent once more.
            let refused = judged.as_ref().is_err_and(|failed| failed.unauthorised);
            if !refused || fresh || !self.credentials.refused(&borne).await {
                break judged;
            }
            fresh = true;
        };
        pass.report(&judged);
        judged
    }

    /// Waits for our own limits: the backend's pause, calls per second, calls at a time.
    async fn admit(&self, way: &Way) -> Result<tokio::sync::SemaphorePermit<'_>, Failed> {
        let wait = self.lean().hold_back(way.write, self.clock.now(), way.left())?;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        let place = tokio::time::timeout_at(way.deadline, self.places.acquire()).await;
        match place {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Failed::held_back(CallOutcome::RateLimited, "own_limit: calls at a time", self.limits.timeout)),
        }
    }

    fn pass(&self, write: bool) -> Result<PassGuard<'_>, Failed> {
        let pass = self.lean().pass(write, self.clock.now())?;
        Ok(PassGuard { backend: self, write, pass: Some(pass) })
    }

    fn fail(&self, failed: Failed, write: bool, effect: Effect, started: Timestamp) -> CallFailure {
        let failure = failed.settle(write, effect, self.ms_since(started));
        self.lean().figures.ended(failure.outcome, failure.ms);
        failure
    }

    fn ms_since(&self, started: Timestamp) -> i64 {
        i64::try_from(self.clock.now().since(started).as_millis()).unwrap_or(i64::MAX)
    }

    fn chance_byte(&self) -> u8 {
        let mut byte = [0];
        self.chance.fill(&mut byte);
        byte[0]
    }

    fn lean(&self) -> MutexGuard<'_, Lean> {
        self.lean.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A breaker's pass that finds its way back, also when the call is dropped.
struct PassGuard<'a> {
    backend: &'a Backend,
    write: bool,
    pass: Option<Pass>,
}

impl PassGuard<'_> {
    fn report(mut self, judged: &Result<Value, Failed>) {
        let asked = judged.as_ref().err().and_then(|failed| failed.retry_after);
        self.give_back(judged.as_ref().map_or_else(|failed| failed.sign, |_| Sign::Good), asked);
    }

    fn give_back(&mut self, sign: Sign, asked: Option<Duration>) {
        let Some(pass) = self.pass.take() else { return };
        let (now, chance) = (self.backend.clock.now(), self.backend.chance_byte());
        let (before, after) = self.backend.lean().give_back(pass, self.write, sign, asked, now, chance);
        if before != after {
            let class = if self.write { "writes" } else { "reads" };
            tracing::warn!(backend = self.backend.name, class, ?before, ?after, "the breaker changed");
        }
    }
}

impl Drop for PassGuard<'_> {
    fn drop(&mut self) {
        self.give_back(Sign::None, None);
    }
}
