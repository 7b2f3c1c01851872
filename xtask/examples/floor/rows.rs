//! How many rows of which size the product writes for a turn, read from its log.

use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// What one turn leaves on the disk.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rows {
    /// How many rows.
    pub(crate) count: usize,
    /// How many bytes each holds on average.
    pub(crate) bytes_each: usize,
}

impl Rows {
    /// The average over so many turns: events and sealed values, with everything that belongs to the conversation.
    pub(crate) fn per_turn(log: &Path, turns: u32) -> rusqlite::Result<Self> {
        let connection = Connection::open_with_flags(log, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let sum = "SELECT count(*), coalesce(sum(length), 0) FROM
            (SELECT length(body) AS length FROM events UNION ALL SELECT length(sealed) + length(nonce) FROM payloads)";
        let (rows, bytes) = connection.query_row(sum, [], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, u32>(1)?)))?;
        Ok(Self { count: (rows / turns.max(1)) as usize, bytes_each: (bytes / rows.max(1)) as usize })
    }
}
