//! Where a service keeps its records: reads under one lock, and the one way a write happens.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::response::Response;
use hyper::StatusCode;
use jiff::Timestamp;
use serde_json::Value;

use crate::clock::Clock;
use crate::door::Sender;
use crate::ledger::{Entry, EntryKind, Ledger};
use crate::refusal::Refusal;
use crate::request::json_response;
use crate::table::{Record, Table};
use crate::view::View;

/// One service's access to the state `S`, the ledger and the clock. Clones share them.
pub(crate) struct Office<S> {
    service: &'static str,
    books: Arc<Mutex<Books<S>>>,
    ledger: Arc<Ledger>,
    pub(crate) clock: Clock,
}

/// The state and the answers that a repeated write gets again.
struct Books<S> {
    state: S,
    remembered: HashMap<RepeatKey, Remembered>,
}

/// Service, caller and idempotency key.
type RepeatKey = (&'static str, String, String);

struct Remembered {
    operation: &'static str,
    arguments: Value,
    answer: Value,
}

/// A write that somebody asks for.
pub(crate) struct Deed {
    /// The operation's id in the service's document.
    pub(crate) operation: &'static str,
    /// The id of what is to change.
    pub(crate) object: String,
    /// All arguments, those of the path included.
    pub(crate) arguments: Value,
    pub(crate) sender: Sender,
}

impl Deed {
    /// `operation` on `object`, whose id the document calls `id_name`, with the arguments of `body`.
    pub(crate) fn new(operation: &'static str, id_name: &str, object: &str, body: Value, sender: Sender) -> Self {
        let mut arguments = body;
        if let Some(arguments) = arguments.as_object_mut() {
            arguments.insert(id_name.to_owned(), object.into());
        }
        Self { operation, object: object.to_owned(), arguments, sender }
    }

    /// The same with an idempotency key that came as an argument, where the caller sent none in the header.
    pub(crate) fn keyed_by(mut self, argument: Option<&str>) -> Self {
        let key = &mut self.sender.idempotency_key;
        *key = key.take().or_else(|| argument.map(str::to_owned));
        self
    }
}

impl<S> Clone for Office<S> {
    fn clone(&self) -> Self {
        Self { service: self.service, books: Arc::clone(&self.books), ledger: Arc::clone(&self.ledger), clock: self.clock.clone() }
    }
}

impl<S> Office<S> {
    pub(crate) fn new(service: &'static str, state: S, ledger: Arc<Ledger>, clock: Clock) -> Self {
        let books = Books { state, remembered: HashMap::new() };
        Self { service, books: Arc::new(Mutex::new(books)), ledger, clock }
    }

    /// The same records for another service.
    pub(crate) fn for_service(&self, service: &'static str) -> Self {
        Self { service, ..self.clone() }
    }

    /// Looks at the records.
    pub(crate) fn read<R>(&self, look: impl FnOnce(&S) -> R) -> R {
        look(&self.lock().state)
    }

    /// One record as `view` shows it; 404 where there is none.
    pub(crate) fn record<T: Record>(
        &self,
        kind: &str,
        id: &str,
        view: View,
        table: impl FnOnce(&S) -> &Table<T>,
    ) -> Result<Arc<T>, Refusal> {
        self.read(|state| table(state).see(id, view).cloned()).ok_or_else(|| Refusal::not_found(kind, id))
    }

    /// Carries out a write, once per idempotency key, and enters it in the ledger. `act` must leave the state as it
    /// was where it refuses; refusals are not remembered.
    pub(crate) fn write(&self, deed: Deed, act: impl FnOnce(&mut S, Timestamp) -> Result<Value, Refusal>) -> Result<Response, Refusal> {
        let now = self.clock.now();
        let Deed { operation, object, arguments, sender } = deed;
        let entry = |kind| Entry {
            number: 0,
            at: now,
            kind,
            service: self.service,
            operation,
            object,
            arguments: arguments.clone(),
            idempotency_key: sender.idempotency_key.clone(),
            caller: sender.caller.clone(),
        };
        let repeat_key = sender.idempotency_key.clone().map(|key| (self.service, sender.caller.clone(), key));

        let mut books = self.lock();
        if let Some(first) = repeat_key.as_ref().and_then(|key| books.remembered.get(key)) {
            if first.operation != operation || first.arguments != arguments {
                let message = "this idempotency key was used for another request";
                return Err(Refusal::conflict("idempotency_key_reused", message));
            }
            self.ledger.add(entry(EntryKind::Replay));
            return Ok(replayed(json_response(StatusCode::OK, &first.answer)));
        }
        let answer = act(&mut books.state, now)?;
        self.ledger.add(entry(EntryKind::Effect));
        let response = json_response(StatusCode::OK, &answer);
        if let Some(key) = repeat_key {
            books.remembered.insert(key, Remembered { operation, arguments, answer });
        }
        Ok(response)
    }

    /// Puts the state back with `reset` and forgets ledger and remembered answers, in one step.
    pub(crate) fn reset(&self, reset: impl FnOnce(&mut S)) {
        let mut books = self.lock();
        reset(&mut books.state);
        books.remembered.clear();
        self.ledger.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Books<S>> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn replayed(mut response: Response) -> Response {
    response.headers_mut().insert("idempotent-replayed", hyper::header::HeaderValue::from_static("true"));
    response
}
