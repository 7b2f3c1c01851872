//! The readers: a few threads with a read-only connection each, so that reading waits neither for the writer nor on an async runtime.

use crate::error::{OpenError, closed, in_use};
use crate::schema::open_to_read;
use patchbay_core::log::LogError;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// The way to the readers' threads, which end when it is dropped.
pub(crate) struct Readers {
    queries: Sender<Query>,
    path: PathBuf,
}

/// Why a query brought nothing.
pub(crate) enum QueryError {
    /// SQLite failed.
    Sql(rusqlite::Error),
    /// What was read cannot be used.
    Log(LogError),
}

impl From<rusqlite::Error> for QueryError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<LogError> for QueryError {
    fn from(error: LogError) -> Self {
        Self::Log(error)
    }
}

impl Readers {
    /// Opens the file `threads` times.
    pub(crate) fn start(path: &Path, threads: usize) -> Result<Self, OpenError> {
        let (queries, waiting) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        for n in 0..threads.max(1) {
            let connection = open_to_read(path)?;
            let waiting = Arc::clone(&waiting);
            let thread = std::thread::Builder::new().name(format!("patchbay-reader-{n}"));
            thread.spawn(move || serve(&connection, &waiting)).map_err(|error| OpenError::io(path, &error))?;
        }
        Ok(Self { queries, path: path.to_owned() })
    }

    /// Runs a query on whichever reader is free.
    pub(crate) async fn read<T, F>(&self, query: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, QueryError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let run = move |connection: &Connection| drop(answer.send(query(connection)));
        self.queries.send(Box::new(run)).map_err(|_| closed())?;
        match answered.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(QueryError::Sql(error))) => Err(in_use(&self.path, &error)),
            Ok(Err(QueryError::Log(error))) => Err(error),
            Err(_) => Err(closed()),
        }
    }
}

fn serve(connection: &Connection, waiting: &Mutex<Receiver<Query>>) {
    loop {
        // Held only while taking the next query; the others wait in line for the lock instead of for the queue.
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        match next {
            Ok(query) => query(connection),
            Err(_) => return,
        }
    }
}
