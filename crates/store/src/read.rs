//! What is read: events with their personal values put back, timers and outgoing messages that are due.

use crate::readers::QueryError;
use crate::seal::{self, Sealed, Sealer};
use crate::transaction::{count, int};
use patchbay_core::Timestamp;
use patchbay_core::event::Recorded;
use patchbay_core::log::{DueTimer, LogError, Outgoing, Position, StreamId, Subject};
use patchbay_core::personal::MARK;
use rusqlite::{Connection, Params, Row, params};
use std::collections::HashMap;

/// An event as it stands in the file.
struct Stored {
    position: u64,
    stream: StreamId,
    seq: u64,
    at: Timestamp,
    body: String,
}

/// Events of one stream, after its first `after`.
pub(crate) fn stream(
    connection: &Connection,
    sealer: &Sealer,
    stream: &StreamId,
    after: u64,
    limit: usize,
) -> Result<Vec<Recorded>, QueryError> {
    let select = "SELECT position, stream, seq, at, body FROM events WHERE stream = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
    let found = stored(connection, select, params![stream.0, int(after), int(limit as u64)])?;
    let payloads = "SELECT p.id, p.subject, p.nonce, p.sealed FROM events e JOIN payloads p ON p.position = e.position
                    WHERE e.stream = ?1 AND e.seq BETWEEN ?2 AND ?3";
    let opened = match ends(&found, |stored| stored.seq) {
        Some((first, last)) => opened(connection, sealer, payloads, params![stream.0, first, last])?,
        None => HashMap::new(),
    };
    recorded(found, opened)
}

/// The last events of one stream.
pub(crate) fn tail(connection: &Connection, sealer: &Sealer, of: &StreamId, limit: usize) -> Result<Vec<Recorded>, QueryError> {
    let select = "SELECT coalesce(max(seq), 0) FROM events WHERE stream = ?1";
    let length = count(connection.prepare_cached(select)?.query_row(params![of.0], |row| row.get(0))?);
    stream(connection, sealer, of, length.saturating_sub(limit as u64), limit)
}

/// Single events of several streams, in the order of their places.
pub(crate) fn each(connection: &Connection, sealer: &Sealer, places: &[(StreamId, u64)]) -> Result<Vec<Recorded>, QueryError> {
    let mut found = Vec::with_capacity(places.len());
    for (stream, seq) in places {
        let select = "SELECT position, stream, seq, at, body FROM events WHERE stream = ?1 AND seq = ?2";
        let one = stored(connection, select, params![stream.0, int(*seq)])?;
        let payloads = "SELECT id, subject, nonce, sealed FROM payloads WHERE position = ?1";
        let opened = match one.first().filter(|one| one.body.contains(MARK)) {
            Some(one) => opened(connection, sealer, payloads, params![int(one.position)])?,
            None => HashMap::new(),
        };
        found.extend(recorded(one, opened)?);
    }
    Ok(found)
}

/// Events of the whole log, after a position.
pub(crate) fn all(connection: &Connection, sealer: &Sealer, after: Position, limit: usize) -> Result<Vec<Recorded>, QueryError> {
    let select = "SELECT position, stream, seq, at, body FROM events WHERE position > ?1 ORDER BY position LIMIT ?2";
    let found = stored(connection, select, params![int(after.0), int(limit as u64)])?;
    let payloads = "SELECT id, subject, nonce, sealed FROM payloads WHERE position BETWEEN ?1 AND ?2";
    let opened = match ends(&found, |stored| stored.position) {
        Some((first, last)) => opened(connection, sealer, payloads, params![first, last])?,
        None => HashMap::new(),
    };
    recorded(found, opened)
}

fn stored(connection: &Connection, select: &str, params: impl Params) -> Result<Vec<Stored>, QueryError> {
    let mut select = connection.prepare_cached(select)?;
    let read = |row: &Row<'_>| {
        Ok(Stored {
            position: count(row.get(0)?),
            stream: StreamId(row.get(1)?),
            seq: count(row.get(2)?),
            at: Timestamp(row.get(3)?),
            body: row.get(4)?,
        })
    };
    Ok(select.query_map(params, read)?.collect::<Result<_, _>>()?)
}

/// The places of the first and the last event that hold personal values, if any do.
fn ends(found: &[Stored], place: impl Fn(&Stored) -> u64) -> Option<(i64, i64)> {
    let mut personal = found.iter().filter(|stored| stored.body.contains(MARK)).map(|stored| int(place(stored)));
    let first = personal.next()?;
    Some((first, personal.next_back().unwrap_or(first)))
}

/// The personal values of a page of events, by the ids of their payloads, in one query.
fn opened(
    connection: &Connection,
    sealer: &Sealer,
    select: &str,
    params: impl Params,
) -> Result<HashMap<String, serde_json::Value>, QueryError> {
    let mut select = connection.prepare_cached(select)?;
    let read = |row: &Row<'_>| {
        let subject = Subject(row.get(1)?);
        Ok((subject, Sealed { id: row.get(0)?, nonce: row.get(2)?, bytes: row.get(3)? }))
    };
    let mut opened = HashMap::new();
    for row in select.query_map(params, read)? {
        let (subject, sealed) = row?;
        if let Some(text) = sealer.open(&subject, &sealed)? {
            let value = serde_json::from_slice(&text).map_err(|error| LogError::Broken(format!("payload {}: {error}", sealed.id)))?;
            opened.insert(sealed.id, value);
        }
    }
    Ok(opened)
}

/// Reads the events' JSON. One that cannot be read ends the page before it; as the first of a page it is the error.
fn recorded(found: Vec<Stored>, mut opened: HashMap<String, serde_json::Value>) -> Result<Vec<Recorded>, QueryError> {
    let mut events = Vec::with_capacity(found.len());
    for Stored { position, stream, seq, at, body } in found {
        match seal::event(&body, &mut opened) {
            Ok(event) => events.push(Recorded { position: Position(position), stream, seq, at, event }),
            Err(_) if !events.is_empty() => break,
            Err(error) => {
                let what = format!("event {position} ({stream}, number {seq}) cannot be read by this version: {error}");
                return Err(LogError::Broken(what).into());
            }
        }
    }
    Ok(events)
}

/// Timers due at this time, oldest first.
pub(crate) fn due_timers(connection: &Connection, now: Timestamp, limit: usize) -> Result<Vec<DueTimer>, QueryError> {
    let mut select = connection.prepare_cached("SELECT name, due, note FROM timers WHERE due <= ?1 ORDER BY due, name LIMIT ?2")?;
    let read = |row: &Row<'_>| Ok(DueTimer { name: row.get(0)?, due: Timestamp(row.get(1)?), note: row.get(2)? });
    Ok(select.query_map(params![now.0, int(limit as u64)], read)?.collect::<Result<_, _>>()?)
}

/// Outgoing messages due at this time, oldest first. A message to somebody who was forgotten is not among them.
pub(crate) fn due_outgoing(
    connection: &Connection,
    sealer: &Sealer,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<(u64, Outgoing)>, QueryError> {
    let select = "SELECT row, target, due, id, subject, nonce, body FROM outgoing WHERE due <= ?1 ORDER BY due, row";
    let mut select = connection.prepare_cached(select)?;
    let mut rows = select.query([now.0])?;
    let mut due = Vec::new();
    while due.len() < limit
        && let Some(row) = rows.next()?
    {
        let body: Vec<u8> = row.get(6)?;
        let body = match (row.get::<_, Option<String>>(4)?, row.get(5)?) {
            (Some(subject), Some(nonce)) => sealer.open(&Subject(subject), &Sealed { id: row.get(3)?, nonce, bytes: body })?,
            _ => Some(body),
        };
        if let Some(body) = body {
            let body = String::from_utf8_lossy(&body).into_owned();
            due.push((count(row.get(0)?), Outgoing { to: row.get(1)?, body, due: Timestamp(row.get(2)?) }));
        }
    }
    Ok(due)
}
