//! Opening SQLite files: the settings every connection shares, and migrations that only go forward.

use crate::directory::create_private;
use crate::error::OpenError;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// How long a connection waits for a lock of SQLite; only checkpoints make it wait at all.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many statements a connection keeps prepared: more than any of our connections uses.
const STATEMENTS: usize = 128;

/// Opens a file for its only writer and brings it to the newest format. `steps` are the migrations from format 0 on.
///
/// # Errors
/// When the file is damaged, newer than `steps`, not writable, or there is no room.
pub fn open(path: &Path, steps: &[&str]) -> Result<Connection, OpenError> {
    let mut connection = connect(path)?;
    migrate(&mut connection, path, steps)?;
    Ok(connection)
}

/// Opens a file for its only writer, whatever its format is; creates it where it is missing.
///
/// # Errors
/// When the file is damaged, not writable, or there is no room.
pub fn connect(path: &Path) -> Result<Connection, OpenError> {
    let failed = |error: rusqlite::Error| OpenError::sql(path, &error);
    create_private(path)?;
    let connection = Connection::open(path).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    keep_plans(&connection).map_err(failed)?;
    connection.execute_batch(SETTINGS).map_err(failed)?;
    Ok(connection)
}

/// `secure_delete`: what is deleted is overwritten. `synchronous = FULL`: a commit returns after the write-ahead log is synced.
/// `wal_autocheckpoint`: pages that are written again and again, as the ends of indexes are, go into the file once in 16 MB.
const SETTINGS: &str = "
    PRAGMA secure_delete = ON;
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA cell_size_check = ON;
    PRAGMA trusted_schema = OFF;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -16384;
    PRAGMA wal_autocheckpoint = 4096;
";

/// A statement keeps the plan it was prepared with, whatever it is asked: making a new one for every value costs more than the
/// queries themselves.
fn keep_plans(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map(drop)
}

/// Opens a file that [`open`] has prepared, for reading only.
///
/// # Errors
/// When the file cannot be opened.
pub fn open_to_read(path: &Path) -> Result<Connection, OpenError> {
    let failed = |error: rusqlite::Error| OpenError::sql(path, &error);
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    keep_plans(&connection).map_err(failed)?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;").map_err(failed)?;
    Ok(connection)
}

fn migrate(connection: &mut Connection, path: &Path, steps: &[&str]) -> Result<(), OpenError> {
    let failed = |error: rusqlite::Error| OpenError::sql(path, &error);
    let found: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(failed)?;
    let known = u32::try_from(steps.len()).unwrap_or(u32::MAX);
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    for (number, step) in (1_u32..).zip(steps).skip(found as usize) {
        let transaction = connection.transaction().map_err(failed)?;
        transaction.execute_batch(step).map_err(failed)?;
        transaction.pragma_update(None, "user_version", number).map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}

/// Looks for damage in the whole file; takes about a second per gigabyte.
///
/// # Errors
/// With the first damage that SQLite finds.
pub fn check(connection: &Connection, path: &Path) -> Result<(), OpenError> {
    let found = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0));
    match found.map_err(|error| OpenError::sql(path, &error))?.as_str() {
        "ok" => Ok(()),
        detail => Err(OpenError::Damaged { path: path.to_owned(), detail: detail.to_owned() }),
    }
}
