//! Answers kept for a while, and identical reads that share one call.
//!
//! Both happen only under a tool's cache rule: a read without one asks the backend itself, because it may be the proof of a
//! write. A write to the backend drops every kept answer that has an argument's value in common with it, and whatever is
//! being read at that moment is not kept.

use futures::FutureExt;
use futures::future::{BoxFuture, Shared, WeakShared};
use patchbay_core::declare::CacheRule;
use patchbay_core::port::{CallFailure, CallOrder, RawAnswer};
use patchbay_core::{Clock, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many answers one backend's cache holds; the least used go first.
const MOST: u64 = 10_000;

type Outcome = Result<Arc<RawAnswer>, CallFailure>;
type Flight = Shared<BoxFuture<'static, Outcome>>;

/// What one backend answered lately, and what it is being asked.
pub(crate) struct Kept {
    answers: moka::sync::Cache<String, Arc<Entry>>,
    flights: Mutex<HashMap<String, WeakShared<BoxFuture<'static, Outcome>>>>,
    /// Counts the writes: an answer asked for before a write is not kept after it.
    writes: AtomicU64,
}

struct Entry {
    answer: Arc<RawAnswer>,
    args: BTreeMap<String, Value>,
    until: Timestamp,
}

/// How a kept or shared answer came about.
pub(crate) enum Source {
    /// It was still there.
    Cache,
    /// Somebody was asking the same.
    Shared,
    /// The backend was asked.
    Backend,
}

impl Kept {
    pub(crate) fn new() -> Self {
        Self { answers: moka::sync::Cache::new(MOST), flights: Mutex::default(), writes: AtomicU64::new(0) }
    }

    /// The answer to `order` under `rule`: kept, shared with one under way, or from `ask`, which is called at most once.
    pub(crate) async fn read<F>(&self, order: &CallOrder, rule: &CacheRule, clock: &dyn Clock, ask: F) -> (Source, Outcome)
    where
        F: FnOnce() -> BoxFuture<'static, Outcome>,
    {
        let named = order.args.iter().filter(|(name, _)| rule.key.contains(name));
        let key = key(&order.operation, named);
        if let Some(entry) = self.answers.get(&key).filter(|entry| clock.now() < entry.until) {
            return (Source::Cache, Ok(Arc::clone(&entry.answer)));
        }
        let writes = self.writes.load(Ordering::Acquire);
        let (source, flight) = self.flight(key_of_all(order, writes), ask);
        let outcome = flight.await;
        if let Ok(answer) = &outcome
            && writes == self.writes.load(Ordering::Acquire)
        {
            let until = answer.fetched_at.plus(rule.ttl);
            self.answers.insert(key, Arc::new(Entry { answer: Arc::clone(answer), args: order.args.clone(), until }));
        }
        (source, outcome)
    }

    /// A write with these arguments begins. Until the guard is dropped, and at both ends, what it may change is forgotten.
    pub(crate) fn writing<'a>(&'a self, args: &'a BTreeMap<String, Value>) -> Writing<'a> {
        let writing = Writing { kept: self, args };
        writing.forget();
        writing
    }

    fn flight<F>(&self, key: String, ask: F) -> (Source, Flight)
    where
        F: FnOnce() -> BoxFuture<'static, Outcome>,
    {
        let mut flights = lock(&self.flights);
        // A flight nobody waits for any more cannot be joined: its call was cancelled with its last waiter.
        if let Some(flight) = flights.get(&key).and_then(WeakShared::upgrade).filter(|flight| flight.peek().is_none()) {
            return (Source::Shared, flight);
        }
        flights.retain(|_, flight| flight.upgrade().is_some_and(|flight| flight.peek().is_none()));
        let flight = ask().shared();
        flights.extend(flight.downgrade().map(|weak| (key, weak)));
        (Source::Backend, flight)
    }
}

/// A write under way.
pub(crate) struct Writing<'a> {
    kept: &'a Kept,
    args: &'a BTreeMap<String, Value>,
}

impl Writing<'_> {
    fn forget(&self) {
        self.kept.writes.fetch_add(1, Ordering::AcqRel);
        let touched = |entry: &Entry| entry.args.values().any(|value| self.args.values().any(|written| written == value));
        for (key, _) in self.kept.answers.iter().filter(|(_, entry)| touched(entry)) {
            self.kept.answers.invalidate(key.as_ref());
        }
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.forget();
    }
}

fn key<'a>(operation: &str, args: impl Iterator<Item = (&'a String, &'a Value)>) -> String {
    use std::fmt::Write;
    args.fold(operation.to_owned(), |mut key, (name, value)| {
        // Names and JSON hold no line feed, so two different lists never make the same key.
        let _ = write!(key, "\n{name}={value}");
        key
    })
}

/// All arguments make a flight, whatever the rule's key is, and no flight is joined across a write.
fn key_of_all(order: &CallOrder, writes: u64) -> String {
    format!("{writes}\n{}", key(&order.operation, order.args.iter()))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
