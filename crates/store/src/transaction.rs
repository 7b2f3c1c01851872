//! What one write does inside the writer's transaction. Everything that may refuse it is read first, so that a refused write has
//! written nothing; an error of SQLite is the only thing that can stop it halfway.

use crate::seal::{Sealed, SealedEvent, Sealer};
use patchbay_core::Timestamp;
use patchbay_core::event::Recorded;
use patchbay_core::log::{
    Append, Appended, Claim, Expected, Fence, Lease, LeaseRequest, LogError, Outgoing, Position, StreamId, Subject, TimerChange,
};
use rusqlite::{Connection, OptionalExtension, params};
use std::sync::Arc;

/// Why a write did not happen.
pub(crate) enum Failure {
    /// It was refused; nothing was written.
    Refused(LogError),
    /// SQLite failed; the transaction is lost.
    Sql(rusqlite::Error),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<LogError> for Failure {
    fn from(error: LogError) -> Self {
        Self::Refused(error)
    }
}

/// The writer's open transaction.
pub(crate) struct Tx<'a> {
    pub(crate) connection: &'a Connection,
    /// The last position given out, this transaction's own included.
    pub(crate) last: u64,
    /// The events this transaction has written; `None` where one of them may not be readable as it was written.
    pub(crate) written: Option<Vec<Arc<Recorded>>>,
    /// How often somebody was forgotten until now.
    pub(crate) forgets: u64,
}

/// An append whose personal values are sealed.
pub(crate) struct SealedAppend {
    at: Timestamp,
    subject: Option<Subject>,
    batches: Vec<SealedBatch>,
    claims: Vec<Claim>,
    unclaims: Vec<(String, String)>,
    outgoing: Vec<(Outgoing, Option<Sealed>)>,
    timers: Vec<TimerChange>,
    fence: Option<Fence>,
    /// How often somebody had been forgotten when it was sealed.
    forgets: u64,
}

struct SealedBatch {
    stream: StreamId,
    expected: Expected,
    events: Vec<SealedEvent>,
}

impl SealedAppend {
    /// Seals what is personal in an append, when somebody had been forgotten so many times.
    pub(crate) fn new(append: Append, sealer: &Sealer, forgets: u64) -> Result<Self, LogError> {
        let subject = append.subject;
        let seal = |batch: patchbay_core::log::Batch| {
            let events = batch.events.iter().map(|(at, event)| sealer.event(*at, event, subject.as_ref())).collect::<Result<_, _>>()?;
            Ok(SealedBatch { stream: batch.stream, expected: batch.expected, events })
        };
        let batches = append.batches.into_iter().map(seal).collect::<Result<_, LogError>>()?;
        let hide = |outgoing: Outgoing| {
            let sealed = subject.as_ref().map(|subject| sealer.outgoing(&outgoing, subject)).transpose()?;
            Ok((outgoing, sealed))
        };
        let outgoing = append.outgoing.into_iter().map(hide).collect::<Result<_, LogError>>()?;
        let Append { at, claims, unclaims, timers, fence, .. } = append;
        Ok(Self { at, subject, batches, claims, unclaims, outgoing, timers, fence, forgets })
    }
}

impl Tx<'_> {
    /// Writes an append, unless its fence, a claim or a stream's length speaks against it (looked at in this order).
    pub(crate) fn append(&mut self, append: &SealedAppend) -> Result<Appended, Failure> {
        if let Some(fence) = &append.fence {
            self.check_fence(fence)?;
        }
        if let Some(claim) = self.existing_claim(append)? {
            return Ok(Appended::AlreadyClaimed { claim });
        }
        let mut lengths = self.check_lengths(&append.batches)?;
        if append.forgets != self.forgets {
            // The key it was sealed with may be gone by now.
            self.written = None;
        }
        self.write_claims(append)?;
        self.write_events(append, &mut lengths)?;
        self.write_outgoing(append)?;
        self.write_timers(&append.timers)?;
        Ok(Appended::Written { last: Position(self.last), lengths })
    }

    fn check_fence(&self, fence: &Fence) -> Result<(), Failure> {
        let mut select = self.connection.prepare_cached("SELECT number FROM leases WHERE name = ?1")?;
        let number: Option<i64> = select.query_row([&fence.lease], |row| row.get(0)).optional()?;
        if number == Some(int(fence.number)) { Ok(()) } else { Err(LogError::Fenced(fence.lease.clone()).into()) }
    }

    /// The first claim that exists already and is not given up by the same append.
    fn existing_claim(&self, append: &SealedAppend) -> Result<Option<Claim>, Failure> {
        for claim in &append.claims {
            if append.unclaims.iter().any(|(kind, key)| *kind == claim.kind && *key == claim.key) {
                continue;
            }
            if let Some(result) = claimed(self.connection, &claim.kind, &claim.key)? {
                return Ok(Some(Claim { kind: claim.kind.clone(), key: claim.key.clone(), result }));
            }
        }
        Ok(None)
    }

    /// The length of each batch's stream before it. A stream that occurs twice is counted on.
    fn check_lengths(&self, batches: &[SealedBatch]) -> Result<Vec<u64>, Failure> {
        let mut select = self.connection.prepare_cached("SELECT max(seq) FROM events WHERE stream = ?1")?;
        let mut lengths: Vec<u64> = Vec::with_capacity(batches.len());
        for (n, batch) in batches.iter().enumerate() {
            let earlier = (0..n).rev().find(|earlier| batches[*earlier].stream == batch.stream);
            let actual = match earlier {
                Some(earlier) => lengths[earlier] + batches[earlier].events.len() as u64,
                None => select.query_row([&batch.stream.0], |row| row.get::<_, Option<i64>>(0))?.map_or(0, count),
            };
            if let Expected::Length(expected) = batch.expected
                && expected != actual
            {
                return Err(LogError::Conflict { stream: batch.stream.clone(), actual }.into());
            }
            lengths.push(actual);
        }
        Ok(lengths)
    }

    fn write_claims(&self, append: &SealedAppend) -> Result<(), Failure> {
        for (kind, key) in &append.unclaims {
            self.connection.prepare_cached("DELETE FROM claims WHERE kind = ?1 AND key = ?2")?.execute([kind, key])?;
        }
        // Within one append the first of two equal claims counts.
        let insert = "INSERT INTO claims (kind, key, result, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING";
        for claim in &append.claims {
            self.connection.prepare_cached(insert)?.execute(params![claim.kind, claim.key, claim.result, append.at.0])?;
        }
        Ok(())
    }

    /// Writes the events and raises `lengths` by them.
    fn write_events(&mut self, append: &SealedAppend, lengths: &mut [u64]) -> Result<(), Failure> {
        let mut insert =
            self.connection.prepare_cached("INSERT INTO events (position, stream, seq, at, body) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (batch, length) in append.batches.iter().zip(lengths) {
            for event in &batch.events {
                self.last += 1;
                *length += 1;
                insert.execute(params![int(self.last), batch.stream.0, int(*length), event.at.0, event.body])?;
                self.write_payloads(append, event)?;
                if let Some(written) = &mut self.written {
                    let (position, stream) = (Position(self.last), batch.stream.clone());
                    written.push(Arc::new(Recorded { position, stream, seq: *length, at: event.at, event: event.event.clone() }));
                }
            }
        }
        Ok(())
    }

    fn write_payloads(&self, append: &SealedAppend, event: &SealedEvent) -> Result<(), Failure> {
        let subject = append.subject.as_ref().map(|subject| subject.0.as_str());
        let insert = "INSERT INTO payloads (position, id, subject, class, at, nonce, sealed) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        for payload in &event.payloads {
            let sealed = &payload.sealed;
            let row = params![int(self.last), sealed.id, subject, payload.class, event.at.0, sealed.nonce, sealed.bytes];
            self.connection.prepare_cached(insert)?.execute(row)?;
        }
        Ok(())
    }

    fn write_outgoing(&self, append: &SealedAppend) -> Result<(), Failure> {
        let insert = "INSERT INTO outgoing (target, due, id, subject, nonce, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        for (outgoing, sealed) in &append.outgoing {
            let subject = append.subject.as_ref().map(|subject| subject.0.as_str());
            let (id, nonce, body) = match sealed {
                Some(sealed) => (sealed.id.as_str(), Some(sealed.nonce), sealed.bytes.as_slice()),
                None => ("", None, outgoing.body.as_bytes()),
            };
            self.connection.prepare_cached(insert)?.execute(params![outgoing.to, outgoing.due.0, id, subject, nonce, body])?;
        }
        Ok(())
    }

    fn write_timers(&self, changes: &[TimerChange]) -> Result<(), Failure> {
        let set = "INSERT INTO timers (name, due, note) VALUES (?1, ?2, ?3)
                   ON CONFLICT (name) DO UPDATE SET due = excluded.due, note = excluded.note";
        for change in changes {
            match change {
                TimerChange::Set { name, due, note } => self.connection.prepare_cached(set)?.execute(params![name, due.0, note])?,
                TimerChange::Clear { name } => self.connection.prepare_cached("DELETE FROM timers WHERE name = ?1")?.execute([name])?,
            };
        }
        Ok(())
    }

    /// Grants a lease: renews it for its holder, or gives it a new fence when it is free or has run out.
    pub(crate) fn lease(&mut self, request: &LeaseRequest) -> Result<Option<Lease>, Failure> {
        let mut select = self.connection.prepare_cached("SELECT holder, number FROM leases WHERE name = ?1 AND until > ?2")?;
        let held = select.query_row(params![request.name, request.now.0], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?))).optional()?;
        let number: i64 = match held {
            Some((holder, number)) if request.holder == holder => number,
            Some::<(String, i64)>(_) => return Ok(None),
            None => {
                self.connection.prepare_cached("UPDATE fence SET number = number + 1 RETURNING number")?.query_row([], |row| row.get(0))?
            }
        };
        let until = request.now.plus(request.lasts);
        let grant = "INSERT INTO leases (name, holder, number, until) VALUES (?1, ?2, ?3, ?4)
                     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, number = excluded.number, until = excluded.until";
        self.connection.prepare_cached(grant)?.execute(params![request.name, request.holder, number, until.0])?;
        Ok(Some(Lease { fence: Fence { lease: request.name.clone(), number: count(number) }, until }))
    }

    /// Gives a lease back, if it is still this one.
    pub(crate) fn release(&mut self, lease: &Lease) -> Result<(), Failure> {
        let delete = "DELETE FROM leases WHERE name = ?1 AND number = ?2";
        self.connection.prepare_cached(delete)?.execute(params![lease.fence.lease, int(lease.fence.number)])?;
        Ok(())
    }

    /// Strikes an outgoing message off the list.
    pub(crate) fn delivered(&mut self, row: u64) -> Result<(), Failure> {
        self.connection.prepare_cached("DELETE FROM outgoing WHERE row = ?1")?.execute([int(row)])?;
        Ok(())
    }

    /// Deletes everything sealed for these subjects.
    pub(crate) fn erase(&mut self, subjects: &[Subject]) -> Result<(), Failure> {
        self.written = None;
        for subject in subjects {
            self.connection.execute("DELETE FROM payloads WHERE subject = ?1", [&subject.0])?;
            self.connection.execute("DELETE FROM outgoing WHERE subject = ?1", [&subject.0])?;
        }
        Ok(())
    }
}

/// What a claim was given as its result, if it exists.
pub(crate) fn claimed(connection: &Connection, kind: &str, key: &str) -> rusqlite::Result<Option<String>> {
    let mut select = connection.prepare_cached("SELECT result FROM claims WHERE kind = ?1 AND key = ?2")?;
    select.query_row([kind, key], |row| row.get(0)).optional()
}

/// A count as SQLite stores it.
pub(crate) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A stored count; SQLite's integers are signed, ours are not.
pub(crate) fn count(int: i64) -> u64 {
    u64::try_from(int).unwrap_or(0)
}
