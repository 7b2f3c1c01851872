//! The ports: what the driver needs of the world. Each has (or will have) more than one side.

use crate::Timestamp;
use crate::attachment::KeptFile;
use crate::declare::{CacheRule, Idempotency};
use crate::event::Recorded;
use crate::id::FileId;
use crate::log::{Append, Appended, DueTimer, Lease, LeaseRequest, LogError, Outgoing, Position, StreamId, Subject};
use crate::mind::{MindContext, MindDone, MindFailure, MindStep};
use crate::words::CallOutcome;
use std::collections::BTreeMap;
use std::future::Future;
use std::io::{Read, Seek};
use std::pin::Pin;
use std::time::Duration;

/// A future in a box: what ports return, so that they can be used as trait objects.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The log of everything. See [`crate::log`] for the contract; `patchbay-store` has the drivers and the story test for them.
pub trait Log: Send + Sync {
    /// Writes all of it or nothing. Returns only after it is synced.
    fn append(&self, append: Append) -> Later<'_, Result<Appended, LogError>>;

    /// The events of one stream after its first `after`, at most `limit`, in order.
    fn read_stream(&self, stream: StreamId, after: u64, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>>;

    /// The last events of one stream, at most `limit`, in order. A driver that can go straight to the end does so.
    fn read_tail(&self, stream: StreamId, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        Box::pin(async move {
            let mut tail: Vec<Recorded> = Vec::new();
            loop {
                let after = tail.last().map_or(0, |event| event.seq);
                let page = self.read_stream(stream.clone(), after, limit.max(1)).await?;
                if page.is_empty() {
                    return Ok(tail.split_off(tail.len().saturating_sub(limit)));
                }
                tail.extend(page);
                tail.drain(..tail.len().saturating_sub(limit.max(1)));
            }
        })
    }

    /// The events at these places, each a stream and a number in it, in this order; where there is none, none. A driver that can take
    /// them together does so.
    fn read_each(&self, places: Vec<(StreamId, u64)>) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        Box::pin(async move {
            let mut found = Vec::with_capacity(places.len());
            for (stream, seq) in places {
                let page = self.read_stream(stream, seq.saturating_sub(1), 1).await?;
                found.extend(page.into_iter().filter(|recorded| recorded.seq == seq));
            }
            Ok(found)
        })
    }

    /// The events of the whole log after a position, at most `limit`, in order and without gaps.
    fn read_all(&self, after: Position, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>>;

    /// The position of the last event, and a wait for one after it: resolves as soon as the log is longer than `after`.
    fn grown_past(&self, after: Position) -> Later<'_, Position>;

    /// What a claim was given as its result, if it exists.
    fn claimed(&self, kind: String, key: String) -> Later<'_, Result<Option<String>, LogError>>;

    /// Notes that who spoke in a conversation is this customer: whoever forgets the customer forgets the conversation too.
    fn link(&self, conversation: Subject, customer: Subject) -> Later<'_, Result<(), LogError>>;

    /// Acquires or renews a lease; `None` while somebody else holds it.
    fn lease(&self, request: LeaseRequest) -> Later<'_, Result<Option<Lease>, LogError>>;

    /// Gives a lease back early, if it is still ours.
    fn release(&self, lease: Lease) -> Later<'_, Result<(), LogError>>;

    /// Timers due at this time, at most `limit`, oldest first. They stay until an append clears them.
    fn due_timers(&self, now: Timestamp, limit: usize) -> Later<'_, Result<Vec<DueTimer>, LogError>>;

    /// Outgoing messages due at this time: row number and message, oldest first. They stay until [`Log::delivered`].
    fn due_outgoing(&self, now: Timestamp, limit: usize) -> Later<'_, Result<Vec<(u64, Outgoing)>, LogError>>;

    /// Strikes an outgoing message off the list.
    fn delivered(&self, row: u64) -> Later<'_, Result<(), LogError>>;
}

/// The bytes of files that people send along, sealed with the key of whose they are. Everything here waits for the disk: it is
/// called from threads that may.
pub trait Files: Send + Sync {
    /// Takes a new file in. It exists for nobody until it is kept.
    ///
    /// # Errors
    /// When there is no room, or the disk cannot be written.
    fn begin(&self, file: &FileId, subject: &Subject) -> Result<Box<dyn NewFile>, LogError>;

    /// What is kept with a file; `None` when there is none, or its key is gone.
    ///
    /// # Errors
    /// When the disk cannot be read.
    fn about(&self, file: &FileId) -> Result<Option<KeptFile>, LogError>;

    /// A file's bytes; `None` when there is none, or its key is gone.
    ///
    /// # Errors
    /// When the disk cannot be read.
    fn open(&self, file: &FileId) -> Result<Option<Box<dyn FileContent>>, LogError>;

    /// A message names the file: it stays as long as its key.
    ///
    /// # Errors
    /// When the disk cannot be written.
    fn settle(&self, file: &FileId) -> Result<(), LogError>;

    /// Files that no message is known to name, taken in before a time.
    ///
    /// # Errors
    /// When the disk cannot be read.
    fn unsettled(&self, before: Timestamp) -> Result<Vec<FileId>, LogError>;

    /// Removes a file.
    ///
    /// # Errors
    /// When the disk cannot be written.
    fn remove(&self, file: &FileId) -> Result<(), LogError>;

    /// Removes what was begun before a time and never kept.
    ///
    /// # Errors
    /// When the disk cannot be written.
    fn sweep(&self, before: Timestamp) -> Result<(), LogError>;
}

/// A file that is coming in. Dropped before it is kept, nothing of it stays.
pub trait NewFile: Send {
    /// Takes the next bytes in.
    ///
    /// # Errors
    /// When there is no room, or the disk cannot be written.
    fn write(&mut self, bytes: &[u8]) -> Result<(), LogError>;

    /// All that came in; after it nothing more does.
    ///
    /// # Errors
    /// When the disk cannot be written or read.
    fn content(&mut self) -> Result<Box<dyn FileContent>, LogError>;

    /// Keeps it, with this.
    ///
    /// # Errors
    /// When there is no room, or the disk cannot be written.
    fn keep(self: Box<Self>, kept: &KeptFile) -> Result<(), LogError>;
}

/// A file's bytes, to be read from any place.
pub trait FileContent: Read + Seek + Send {}

impl<T: Read + Seek + Send> FileContent for T {}

/// One call of one operation, admitted by the gate: the arguments are complete, identity included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallOrder {
    /// The backend.
    pub backend: String,
    /// The operation there.
    pub operation: String,
    /// All arguments by the operation's names.
    pub args: BTreeMap<String, serde_json::Value>,
    /// Does it change something? Writes are never retried here unless they carry an idempotency key.
    pub write: bool,
    /// How long the answer may take, retries included.
    pub within: Duration,
    /// The operation id and where it goes, for a write the backend can recognise.
    pub idempotency: Option<(Idempotency, String)>,
    /// May an answer kept under this rule be used? `None` asks the backend itself.
    pub cache: Option<CacheRule>,
}

/// A backend's raw answer. Only the gate may look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawAnswer {
    /// The useful part of the body (see the backend's `root`).
    pub body: serde_json::Value,
    /// When the backend gave it.
    pub fetched_at: Timestamp,
    /// How long it took, in milliseconds.
    pub ms: i64,
    /// Did it come from a cache?
    pub cached: bool,
}

/// A call that brought no usable answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallFailure {
    /// The outcome's word.
    pub outcome: CallOutcome,
    /// For operators: `backend_unreachable: tls_expired`. No values, no secrets.
    pub detail: String,
    /// What the backend said in words when it refused by its own rules, for people to read.
    pub message: Option<String>,
    /// When the backend said to come back.
    pub retry_after: Option<Duration>,
    /// How long it took, in milliseconds.
    pub ms: i64,
}

/// The backends of the company.
pub trait Backends: Send + Sync {
    /// Carries out one call. Dropping the future cancels a read; a write that has left is then unknown.
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>>;
}

/// Takes what a mind says, one thing after another.
pub type Ear = Box<dyn FnMut(MindStep) + Send>;

/// A mind: proposes what to say and do.
pub trait Mind: Send + Sync {
    /// Its name in the configuration.
    fn name(&self) -> &str;

    /// Does it compute rather than wait? Then the driver keeps it off the threads that serve requests.
    fn computes(&self) -> bool {
        false
    }

    /// Answers one question. Everything said goes to the ear; the end is the return.
    fn answer(&self, context: MindContext, ear: Ear) -> Later<'_, Result<MindDone, MindFailure>>;
}
