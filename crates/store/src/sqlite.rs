//! The SQLite driver of the log contract.

use crate::directory::Directory;
use crate::error::OpenError;
use crate::files::Files;
use crate::keys::KeyStore;
use crate::readers::Readers;
use crate::recent::Recent;
use crate::room::{FreeSpace, Room, free_space};
use crate::seal::Sealer;
use crate::transaction::{SealedAppend, claimed};
use crate::writer::{Desk, Writer, last_position};
use crate::{read, schema};
use patchbay_core::event::Recorded;
use patchbay_core::log::{Append, Appended, DueTimer, Lease, LeaseRequest, LogError, Outgoing, Position, StreamId, Subject};
use patchbay_core::port::{self, Later, Log};
use patchbay_core::{Chance, Clock, Timestamp};
use std::path::Path;
use std::sync::Arc;

/// How a log is opened.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Bytes kept back for the day the disk is full.
    pub reserve: u64,
    /// Intake stops when fewer bytes than this are free.
    pub margin: u64,
    /// Threads that read.
    pub readers: usize,
    /// Files up to this many bytes are searched for damage at the start.
    pub check_up_to: u64,
    /// Asks how much room there is.
    pub free_space: FreeSpace,
}

impl Default for Options {
    fn default() -> Self {
        Self { reserve: 64 << 20, margin: 16 << 20, readers: 2, check_up_to: 32 << 20, free_space }
    }
}

/// The log in a data directory of this process. Dropping it finishes what was asked before.
pub struct SqliteLog {
    // Dropped in this order: the readers let go of the file, then the writer empties its write-ahead log and unlocks.
    readers: Readers,
    writer: Writer,
    sealer: Arc<Sealer>,
    recent: Arc<Recent>,
    files: Arc<Files>,
}

impl SqliteLog {
    /// Opens the data directory; creates it, and the key file beside it, where they are missing.
    ///
    /// # Errors
    /// When another process has it open, it may not be written, a newer version wrote it, it is damaged, or there is no room.
    pub fn open(path: &Path, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>, options: Options) -> Result<Self, OpenError> {
        let directory = Directory::open(path)?;
        let file = directory.log();
        let connection = schema::open(&file, &[include_str!("../migrations/log_1.sql")])?;
        if file.metadata().is_ok_and(|found| found.len() <= options.check_up_to) {
            schema::check(&connection, &file)?;
        }
        let last = last_position(&connection).map_err(|error| OpenError::sql(&file, &error))?;
        let keys = Arc::new(KeyStore::open(&KeyStore::file_of(directory.path()), Arc::clone(&clock), Arc::clone(&chance))?);
        let room = Room::new(directory.reserve(), options.reserve, options.margin, options.free_space);
        let readers = Readers::start(&file, options.readers)?;
        let files = Files::open(directory.files(), Arc::clone(&keys), Arc::clone(&chance), options.margin, options.free_space);
        let files = Arc::new(files.map_err(|error| OpenError::io(&directory.files(), &error))?);
        let sealer = Arc::new(Sealer { keys: Arc::clone(&keys), clock, chance });
        let recent = Arc::new(Recent::default());
        let desk = Desk { connection, path: file.clone(), keys, recent: Arc::clone(&recent), room, directory };
        let writer = Writer::start(desk, last).map_err(|error| OpenError::io(&file, &error))?;
        Ok(Self { readers, writer, sealer, recent, files })
    }

    /// The position of the last event.
    #[must_use]
    pub fn last(&self) -> Position {
        *self.writer.last().borrow()
    }

    /// The secret of this installation, from which pseudonyms and tokens are made. It never changes.
    #[must_use]
    pub fn instance_secret(&self) -> &[u8; 32] {
        self.sealer.keys.instance_secret()
    }

    /// The files that people send along.
    #[must_use]
    pub fn files(&self) -> Arc<dyn port::Files> {
        Arc::clone(&self.files) as Arc<dyn port::Files>
    }

    /// Notes that the visitor of a conversation is this customer: whoever forgets the customer forgets the conversation too.
    ///
    /// # Errors
    /// When the note could not be made durable.
    pub async fn link(&self, conversation: Subject, customer: Subject) -> Result<(), LogError> {
        let keys = Arc::clone(&self.sealer.keys);
        self.writer.write(false, move |_| Ok(keys.link(&conversation, &customer)?)).await
    }

    /// Forgets a subject and all conversations linked to it: destroys their keys, then deletes what was sealed with them, files
    /// as well.
    /// Says whose keys these were. Events stay, with ids and hashes in place of the values.
    ///
    /// # Errors
    /// When not everything could be deleted; asking again goes on where it stopped. Without its key nothing is readable.
    pub async fn forget(&self, subject: Subject) -> Result<Vec<Subject>, LogError> {
        let (keys, recent) = (Arc::clone(&self.sealer.keys), Arc::clone(&self.recent));
        let erase = move |tx: &mut crate::transaction::Tx<'_>| {
            let gone = keys.forget(&subject)?;
            // Whatever becomes of this transaction: without its key nothing is readable.
            recent.forget();
            tx.erase(&gone)?;
            Ok(gone)
        };
        let gone = self.writer.write(false, erase).await?;
        let (files, subjects) = (Arc::clone(&self.files), gone.clone());
        let erased = tokio::task::spawn_blocking(move || files.erase(&subjects)).await;
        erased.map_err(|_| LogError::Broken("the files of a subject are not all removed".to_owned()))??;
        self.writer.truncate().await?;
        Ok(gone)
    }

    /// Finishes what was asked before, empties the write-ahead log and unlocks the directory. Later writes are refused.
    pub async fn close(&self) {
        self.writer.stop();
        // The thread lets go of its end of this channel when everything is done.
        let mut last = self.writer.last();
        while last.changed().await.is_ok() {}
    }
}

impl Log for SqliteLog {
    fn link(&self, conversation: Subject, customer: Subject) -> Later<'_, Result<(), LogError>> {
        Box::pin(Self::link(self, conversation, customer))
    }

    fn append(&self, append: Append) -> Later<'_, Result<Appended, LogError>> {
        Box::pin(async move {
            let sealed = SealedAppend::new(append, &self.sealer, self.recent.forgets())?;
            self.writer.write(true, move |tx| tx.append(&sealed)).await
        })
    }

    fn read_stream(&self, stream: StreamId, after: u64, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        if let Some(found) = self.recent.stream(&stream, after, limit) {
            return Box::pin(async { Ok(found) });
        }
        let sealer = Arc::clone(&self.sealer);
        Box::pin(self.readers.read(move |connection| read::stream(connection, &sealer, &stream, after, limit)))
    }

    fn read_tail(&self, stream: StreamId, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        let sealer = Arc::clone(&self.sealer);
        Box::pin(self.readers.read(move |connection| read::tail(connection, &sealer, &stream, limit)))
    }

    fn read_each(&self, places: Vec<(StreamId, u64)>) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        let sealer = Arc::clone(&self.sealer);
        Box::pin(self.readers.read(move |connection| read::each(connection, &sealer, &places)))
    }

    fn read_all(&self, after: Position, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        if let Some(found) = self.recent.all(after, limit) {
            return Box::pin(async { Ok(found) });
        }
        let sealer = Arc::clone(&self.sealer);
        Box::pin(self.readers.read(move |connection| read::all(connection, &sealer, after, limit)))
    }

    fn grown_past(&self, after: Position) -> Later<'_, Position> {
        let mut last = self.writer.last();
        Box::pin(async move {
            let grown = last.wait_for(|last| *last > after).await.map(|last| *last);
            match grown {
                Ok(last) => last,
                // The log is closed and will not grow again.
                Err(_) => std::future::pending().await,
            }
        })
    }

    fn claimed(&self, kind: String, key: String) -> Later<'_, Result<Option<String>, LogError>> {
        Box::pin(self.readers.read(move |connection| Ok(claimed(connection, &kind, &key)?)))
    }

    fn lease(&self, request: LeaseRequest) -> Later<'_, Result<Option<Lease>, LogError>> {
        Box::pin(self.writer.write(false, move |tx| tx.lease(&request)))
    }

    fn release(&self, lease: Lease) -> Later<'_, Result<(), LogError>> {
        Box::pin(self.writer.write(false, move |tx| tx.release(&lease)))
    }

    fn due_timers(&self, now: Timestamp, limit: usize) -> Later<'_, Result<Vec<DueTimer>, LogError>> {
        Box::pin(self.readers.read(move |connection| read::due_timers(connection, now, limit)))
    }

    fn due_outgoing(&self, now: Timestamp, limit: usize) -> Later<'_, Result<Vec<(u64, Outgoing)>, LogError>> {
        let sealer = Arc::clone(&self.sealer);
        Box::pin(self.readers.read(move |connection| read::due_outgoing(connection, &sealer, now, limit)))
    }

    fn delivered(&self, row: u64) -> Later<'_, Result<(), LogError>> {
        Box::pin(self.writer.write(false, move |tx| tx.delivered(row)))
    }
}
