//! Rows in SQLite, as fast as they can be written and be on the disk: one writer, one sync for all that wait.

use rusqlite::{Connection, params};
use std::path::Path;
use std::sync::mpsc::{Receiver, Sender, channel};
use tokio::sync::oneshot;

/// Rows to be written, and whom to tell.
struct Order {
    stream: String,
    rows: usize,
    bytes: usize,
    written: oneshot::Sender<()>,
}

/// The way to the writer.
pub(crate) struct Log(Sender<Order>);

impl Log {
    /// Opens the file with the durability the product has, and starts the writer.
    pub(crate) fn open(file: &Path) -> rusqlite::Result<Self> {
        let connection = Connection::open(file)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE rows (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, body TEXT NOT NULL) STRICT;",
        )?;
        let (orders, waiting) = channel();
        std::thread::spawn(move || serve(connection, &waiting));
        Ok(Self(orders))
    }

    /// Writes rows and returns when they are on the disk; `None` when they could not be written.
    pub(crate) async fn write(&self, stream: String, rows: usize, bytes: usize) -> Option<()> {
        let (written, done) = oneshot::channel();
        self.0.send(Order { stream, rows, bytes, written }).ok()?;
        done.await.ok()
    }
}

fn serve(mut connection: Connection, waiting: &Receiver<Order>) {
    while let Ok(first) = waiting.recv() {
        let group: Vec<Order> = std::iter::once(first).chain(waiting.try_iter()).collect();
        match write(&mut connection, &group) {
            Ok(()) => group.into_iter().for_each(|order| {
                // Whoever went away needs no answer.
                let _ = order.written.send(());
            }),
            Err(error) => eprintln!("a group was not written: {error}"),
        }
    }
}

fn write(connection: &mut Connection, group: &[Order]) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    {
        let mut insert = transaction.prepare_cached("INSERT INTO rows (stream, body) VALUES (?1, ?2)")?;
        for order in group {
            let body = "x".repeat(order.bytes);
            for _ in 0..order.rows {
                insert.execute(params![order.stream, body])?;
            }
        }
    }
    transaction.commit()
}
