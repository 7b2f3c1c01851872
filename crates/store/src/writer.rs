//! The one writer: takes what is waiting, writes it in one transaction, syncs once, then answers everybody.

use crate::directory::Directory;
use crate::error::{closed, full, in_use};
use crate::keys::{KeyStore, truncate};
use crate::recent::Recent;
use crate::room::Room;
use crate::transaction::{Failure, Tx, count};
use patchbay_core::log::{LogError, Position};
use rusqlite::Connection;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use tokio::sync::{oneshot, watch};

/// How many writes one transaction takes at most.
const GROUP: usize = 512;

/// What the writer is asked.
enum Order {
    /// Write this, in a group with others.
    Write(Box<dyn Task>),
    /// Empty the write-ahead log.
    Truncate(oneshot::Sender<Result<(), LogError>>),
    /// Finish what was asked before, then end.
    Stop,
}

/// One write. It may be tried twice: with its group, and alone when the group failed.
trait Task: Send {
    /// Does it add to what must be kept? Such writes are refused while the disk is full.
    fn is_intake(&self) -> bool;
    /// Does it, or remembers why it was refused; an error is one of SQLite and loses the transaction.
    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), rusqlite::Error>;
    /// Says what became of it: `Err` where the transaction was lost or never begun.
    fn answer(self: Box<Self>, committed: Result<(), LogError>);
}

struct Write<T, F> {
    intake: bool,
    work: F,
    outcome: Option<Result<T, LogError>>,
    answer: oneshot::Sender<Result<T, LogError>>,
}

impl<T: Send, F: FnMut(&mut Tx<'_>) -> Result<T, Failure> + Send> Task for Write<T, F> {
    fn is_intake(&self) -> bool {
        self.intake
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> Result<(), rusqlite::Error> {
        self.outcome = Some(match (self.work)(tx) {
            Ok(done) => Ok(done),
            Err(Failure::Refused(why)) => Err(why),
            Err(Failure::Sql(error)) => return Err(error),
        });
        Ok(())
    }

    fn answer(self: Box<Self>, committed: Result<(), LogError>) {
        let Self { outcome, answer, .. } = *self;
        // Whoever asked may have gone away; what was written stays written.
        drop(answer.send(committed.and_then(|()| outcome.unwrap_or_else(|| Err(closed())))));
    }
}

/// The way to the writer's thread.
pub(crate) struct Writer {
    orders: Sender<Order>,
    thread: Option<JoinHandle<()>>,
    last: watch::Receiver<Position>,
}

/// What the writer's thread owns.
pub(crate) struct Desk {
    pub(crate) connection: Connection,
    pub(crate) path: PathBuf,
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) recent: Arc<Recent>,
    pub(crate) room: Room,
    /// Unlocked when the thread ends.
    pub(crate) directory: Directory,
}

impl Writer {
    /// Starts the thread. `last` is the position of the last event in the file.
    pub(crate) fn start(desk: Desk, last: u64) -> std::io::Result<Self> {
        let (orders, waiting) = channel();
        let (grown, seen) = watch::channel(Position(last));
        let thread = std::thread::Builder::new().name("patchbay-writer".to_owned()).spawn(move || desk.serve(&waiting, &grown))?;
        Ok(Self { orders, thread: Some(thread), last: seen })
    }

    /// The position of the last committed event, to look at and to wait for.
    pub(crate) fn last(&self) -> watch::Receiver<Position> {
        self.last.clone()
    }

    /// Writes something, and returns after it is synced.
    pub(crate) async fn write<T, F>(&self, intake: bool, work: F) -> Result<T, LogError>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, Failure> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let task = Box::new(Write { intake, work, outcome: None, answer });
        self.orders.send(Order::Write(task)).map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Empties the write-ahead log, so that what was deleted is gone from it too.
    pub(crate) async fn truncate(&self) -> Result<(), LogError> {
        let (answer, answered) = oneshot::channel();
        self.orders.send(Order::Truncate(answer)).map_err(|_| closed())?;
        answered.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Lets the thread finish what it was asked, and end.
    pub(crate) fn stop(&self) {
        drop(self.orders.send(Order::Stop));
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.stop();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the writer of the log has panicked; nothing acknowledged is lost");
        }
    }
}

impl Desk {
    fn serve(mut self, orders: &Receiver<Order>, grown: &watch::Sender<Position>) {
        let mut stopping = false;
        while !stopping && let Ok(first) = orders.recv() {
            let mut group = Vec::new();
            let mut truncates = Vec::new();
            for order in std::iter::once(first).chain(orders.try_iter()).take(GROUP) {
                match order {
                    Order::Write(task) => group.push(task),
                    Order::Truncate(answer) => truncates.push(answer),
                    Order::Stop => stopping = true,
                }
            }
            self.write(group, grown);
            for answer in truncates {
                drop(answer.send(truncate(&self.connection).map_err(|error| in_use(&self.path, &error))));
            }
        }
        if let Err(error) = truncate(&self.connection) {
            tracing::warn!(%error, "the write-ahead log was not emptied; the next start does it");
        }
        drop(self.connection);
        drop(self.directory);
    }

    fn write(&mut self, group: Vec<Box<dyn Task>>, grown: &watch::Sender<Position>) {
        let mut group = self.admit(group);
        if group.is_empty() {
            return;
        }
        match self.commit(&mut group, grown) {
            Ok(()) => group.into_iter().for_each(|task| task.answer(Ok(()))),
            // One of them broke the transaction for all; alone, each gets the answer that is its own.
            Err(_) if group.len() > 1 => group.into_iter().for_each(|task| self.write_alone(task, grown)),
            Err(error) => group.into_iter().for_each(|task| task.answer(Err(error.clone()))),
        }
    }

    fn write_alone(&mut self, task: Box<dyn Task>, grown: &watch::Sender<Position>) {
        let mut alone = [task];
        let committed = self.commit(&mut alone, grown);
        let [task] = alone;
        task.answer(committed);
    }

    /// Turns intake away while the disk is full.
    fn admit(&mut self, group: Vec<Box<dyn Task>>) -> Vec<Box<dyn Task>> {
        if self.room.admits() {
            return group;
        }
        let (refused, admitted) = group.into_iter().partition(|task| task.is_intake());
        let refused: Vec<Box<dyn Task>> = refused;
        refused.into_iter().for_each(|task| task.answer(Err(full(&self.path))));
        admitted
    }

    /// One transaction and one sync for all of them, or nothing.
    fn commit(&mut self, group: &mut [Box<dyn Task>], grown: &watch::Sender<Position>) -> Result<(), LogError> {
        // New keys are durable before anything sealed with them is.
        let outcome = self.keys.flush().and_then(|()| {
            let before = grown.borrow().0;
            self.transact(group, before).map_err(|error| {
                self.roll_back();
                in_use(&self.path, &error)
            })
        });
        match outcome {
            Ok(last) => {
                grown.send_if_modified(|position| std::mem::replace(position, Position(last)) != Position(last));
                Ok(())
            }
            Err(error) => {
                if matches!(error, LogError::Full { .. }) {
                    self.room.give_up();
                }
                Err(error)
            }
        }
    }

    fn transact(&self, group: &mut [Box<dyn Task>], last: u64) -> rusqlite::Result<u64> {
        self.connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        let mut tx = Tx { connection: &self.connection, last, written: Some(Vec::new()), forgets: self.recent.forgets() };
        for task in group {
            task.run(&mut tx)?;
        }
        let Tx { last, written, .. } = tx;
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        match written {
            Some(written) => self.recent.keep(written),
            None => self.recent.clear(),
        }
        Ok(last)
    }

    fn roll_back(&self) {
        // SQLite has rolled back by itself after the graver errors.
        if !self.connection.is_autocommit()
            && let Err(error) = self.connection.execute_batch("ROLLBACK")
        {
            tracing::error!(%error, "a lost transaction could not be rolled back");
        }
    }
}

/// The position of the last event in the file.
pub(crate) fn last_position(connection: &Connection) -> rusqlite::Result<u64> {
    let last: Option<i64> = connection.query_row("SELECT max(position) FROM events", [], |row| row.get(0))?;
    Ok(last.map_or(0, count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use patchbay_core::{Chance, Clock, Timestamp};

    struct Still;
    impl Clock for Still {
        fn now(&self) -> Timestamp {
            Timestamp(0)
        }
    }
    impl Chance for Still {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(1);
        }
    }

    fn insert(tx: &mut Tx<'_>) -> Result<u64, Failure> {
        tx.last += 1;
        tx.connection.execute("INSERT INTO things (n) VALUES (?1)", [crate::transaction::int(tx.last)])?;
        Ok(tx.last)
    }

    #[tokio::test]
    async fn a_write_that_breaks_its_group_fails_alone() {
        let root = tempfile::tempdir().unwrap();
        let directory = Directory::open(&root.path().join("data")).unwrap();
        let path = directory.log();
        let connection = schema::open(&path, &["CREATE TABLE things (n INTEGER PRIMARY KEY)"]).unwrap();
        let keys = Arc::new(KeyStore::open(&KeyStore::file_of(directory.path()), Arc::new(Still), Arc::new(Still)).unwrap());
        let room = Room::new(directory.reserve(), 0, 0, |_| Ok(u64::MAX));
        let writer = Writer::start(Desk { connection, path, keys, recent: Arc::default(), room, directory }, 0).unwrap();

        // The writer is held up until the other three are waiting, so that they become one group.
        let (go, gone) = channel::<()>();
        let mut held = Box::pin(writer.write(true, move |_| Ok(gone.recv().is_err())));
        let mut before = Box::pin(writer.write(true, insert));
        let mut broken = Box::pin(writer.write(true, |tx| {
            insert(tx)?;
            Err::<u64, _>(Failure::Sql(rusqlite::Error::InvalidQuery))
        }));
        let mut after = Box::pin(writer.write(true, insert));
        let asked = async {
            tokio::select! {
                biased;
                _ = &mut held => {}
                _ = &mut before => {}
                _ = &mut broken => {}
                _ = &mut after => {}
                () = std::future::ready(()) => {}
            }
        };
        asked.await;
        drop(go);
        assert!(held.await.is_ok());
        assert_eq!((before.await, after.await), (Ok(1), Ok(2)));
        assert!(matches!(broken.await, Err(LogError::Broken(_))));
        assert_eq!(*writer.last().borrow(), Position(2));
    }
}
