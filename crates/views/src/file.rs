//! The file of the views: opened when it fits this version, begun anew when it does not, swapped in as a whole.

use crate::ViewsError;
use crate::facts::{Rules, judge_by};
use patchbay_core::log::Position;
use patchbay_store::{OpenError, schema};
use rusqlite::Connection;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const SCHEMA: &str = concat!(include_str!("views.sql"), include_str!("facts/facts.sql"), include_str!("desk/desk.sql"));

/// The file's format: a number made from the schema's text, so that no change of it is forgotten.
fn format() -> i32 {
    let digest = SCHEMA.bytes().fold(0x811C_9DC5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    // SQLite keeps a signed number, and 0 is a new file.
    i32::try_from(digest >> 1).unwrap_or(i32::MAX).max(1)
}

/// Opens the file for the projector. One of another format, or a damaged one, is thrown away: the log has everything. One
/// that was judged by other rules is judged anew.
pub(crate) fn open(path: &Path, rules: &Rules) -> Result<Connection, ViewsError> {
    let mut connection = open_any(path)?;
    let transaction = connection.transaction()?;
    judge_by(&transaction, rules)?;
    transaction.commit()?;
    Ok(connection)
}

fn open_any(path: &Path) -> Result<Connection, ViewsError> {
    match open_as_it_is(path) {
        Ok(Some(connection)) => return Ok(connection),
        Ok(None) => tracing::info!(path = %path.display(), "the views are of another version and are built anew"),
        Err(ViewsError::Open(OpenError::Damaged { path, detail })) => {
            tracing::warn!(path = %path.display(), detail, "the views are damaged and are built anew");
        }
        Err(error) => return Err(error),
    }
    remove(path)?;
    open_as_it_is(path)?.ok_or_else(|| io_error(path, "a new file has another format already", io::ErrorKind::AlreadyExists.into()))
}

/// `None` when the file is of another format.
fn open_as_it_is(path: &Path) -> Result<Option<Connection>, ViewsError> {
    let connection = schema::connect(path)?;
    // Lost with the power, these rows are simply folded again.
    connection.execute_batch("PRAGMA synchronous = NORMAL")?;
    match connection.query_row("PRAGMA user_version", [], |row| row.get::<_, i32>(0))? {
        0 => {
            connection.execute_batch(&format!("BEGIN; {SCHEMA} PRAGMA user_version = {}; COMMIT", format()))?;
            Ok(Some(connection))
        }
        found if found == format() => Ok(Some(connection)),
        _ => Ok(None),
    }
}

/// The position of the last event that was folded.
pub(crate) fn position(connection: &Connection) -> rusqlite::Result<Position> {
    let position: i64 = connection.prepare_cached("SELECT position FROM progress")?.query_row([], |row| row.get(0))?;
    Ok(Position(position.unsigned_abs()))
}

/// Puts a finished file in the place of another, as a whole.
pub(crate) fn swap(built: Connection, from: &Path, to: &Path) -> Result<(), ViewsError> {
    built.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    built.close().map_err(|(_, error)| error)?;
    // What SQLite keeps beside the old file must not be taken for the new one's.
    remove_each(to, &["-wal", "-shm"])?;
    fs::rename(from, to).map_err(|error| io_error(to, "the rebuilt views cannot be put in place", error))
}

/// Removes the file and what SQLite keeps beside it.
pub(crate) fn remove(path: &Path) -> Result<(), ViewsError> {
    remove_each(path, &["", "-wal", "-shm"])
}

fn remove_each(path: &Path, ends: &[&str]) -> Result<(), ViewsError> {
    for end in ends {
        let path = beside(path, end);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io_error(&path, "old views cannot be removed", error)),
            _ => {}
        }
    }
    Ok(())
}

/// The path with something added to its name.
pub(crate) fn beside(path: &Path, end: &str) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    path.push(end);
    PathBuf::from(path)
}

fn io_error(path: &Path, what: &str, source: io::Error) -> ViewsError {
    ViewsError::Io { what: format!("{} ({what})", path.display()), source }
}
