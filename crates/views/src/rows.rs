//! The rows of the views, as queries and the export give them.

use crate::said::{rfc3339, rfc3339_if};
use patchbay_core::Timestamp;
use rusqlite::Row;
use serde::Serialize;

/// A conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConversationRow {
    /// Its cursor: the position of its first event.
    pub opened: u64,
    /// Its id.
    pub id: String,
    /// The browser or command line that opened it.
    pub visitor: String,
    /// The customer's pseudonym, once proven.
    pub customer: Option<String>,
    /// The channel.
    pub channel: String,
    /// The language (BCP 47).
    pub language: String,
    /// Who has it: a word of [`patchbay_core::words::ConversationState`].
    pub state: String,
    /// When it began.
    #[serde(serialize_with = "rfc3339")]
    pub opened_at: Timestamp,
    /// When something happened in it last.
    #[serde(serialize_with = "rfc3339")]
    pub last_at: Timestamp,
    /// Messages of the customer.
    pub messages: u64,
    /// Turns.
    pub turns: u64,
    /// The status of the last closed reply.
    pub status: Option<String>,
    /// `new`, or `repeat` when the same customer or visitor was here before.
    pub visit: String,
    /// `resolved`, `not` or `unknown`.
    pub resolution: String,
    /// Where it stands on the outcome ladder if nothing more happens.
    pub outcome: String,
}

/// A turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TurnRow {
    /// Its id.
    pub id: String,
    /// Its conversation.
    pub conversation: String,
    /// Digest of the configuration it ran under.
    pub rules: String,
    /// The mind it began with.
    pub mind: String,
    /// The skill, when one was chosen.
    pub skill: Option<String>,
    /// How the reply ended.
    pub status: Option<String>,
    /// How sure the understanding was.
    pub zone: Option<String>,
    /// The refusal's code, when there was one.
    pub refusal: Option<String>,
    /// The tool that was refused.
    pub refused_tool: Option<String>,
    /// Why the reply was cut off, if it was.
    pub cut: Option<String>,
    /// When it began.
    #[serde(serialize_with = "rfc3339")]
    pub started_at: Timestamp,
    /// When the customer first saw something of it.
    #[serde(serialize_with = "rfc3339_if")]
    pub first_part_at: Option<Timestamp>,
    /// When the reply was closed or cut off.
    #[serde(serialize_with = "rfc3339_if")]
    pub closed_at: Option<Timestamp>,
    /// How many calls it made.
    pub calls: u64,
}

/// A call: which tool and backend was asked, how it ended, how long it took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallRow {
    /// Its cursor: the position of its start.
    pub started: u64,
    /// Its id.
    pub id: String,
    /// Its conversation.
    pub conversation: String,
    /// Its turn.
    pub turn: String,
    /// The tool.
    pub tool: String,
    /// The backend that answered; known once something was released.
    pub backend: Option<String>,
    /// What it was for.
    pub purpose: String,
    /// How it ended; none while it is under way.
    pub outcome: Option<String>,
    /// Why the gate refused, when it did.
    pub refusal: Option<String>,
    /// The rule that decided.
    pub rule: Option<String>,
    /// What exactly went wrong, for operators.
    pub detail: Option<String>,
    /// How long it took, in milliseconds.
    pub ms: Option<i64>,
    /// Did the answer come from a cache?
    pub cached: bool,
    /// When it started.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
}

/// A write.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionRow {
    /// Its id.
    pub id: String,
    /// Its conversation.
    pub conversation: Option<String>,
    /// The turn that proposed it.
    pub turn: String,
    /// The tool.
    pub tool: String,
    /// Where it stands: a word of [`patchbay_core::action::ActionState`].
    pub state: String,
    /// Did the backend's own state prove it?
    pub verified: Option<bool>,
    /// Why it was cancelled, if it was.
    pub why: Option<String>,
    /// What exactly happened, for operators.
    pub detail: Option<String>,
    /// When it was proposed.
    #[serde(serialize_with = "rfc3339")]
    pub proposed_at: Timestamp,
    /// When its effect was known, or it was cancelled.
    #[serde(serialize_with = "rfc3339_if")]
    pub settled_at: Option<Timestamp>,
}

/// A way to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EscalationRow {
    /// Its cursor: its position.
    pub position: u64,
    /// Its conversation.
    pub conversation: String,
    /// The turn it came from.
    pub turn: String,
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Timestamp,
    /// The reason's word.
    pub reason: String,
    /// The trigger as it stands in the configuration, when one decided.
    pub rule: Option<String>,
    /// The values the trigger saw.
    pub evidence: serde_json::Value,
}

/// An event the views could not take in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    /// Its position.
    pub position: u64,
    /// Why.
    pub why: String,
}

/// A row that can be read: the columns it needs, and how it is made of them.
pub(crate) trait FromRow: Sized {
    /// What stands after `SELECT`.
    const COLUMNS: &'static str;
    /// Reads the columns in their order.
    fn read(row: &Row<'_>) -> rusqlite::Result<Self>;
}

impl FromRow for ConversationRow {
    const COLUMNS: &'static str = "opened, id, visitor, customer, channel, language, state, opened_at, last_at, messages, turns, status,
        iif(is_repeat, 'repeat', 'new'), resolution, outcome";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            opened: count(row, 0)?,
            id: row.get(1)?,
            visitor: row.get(2)?,
            customer: row.get(3)?,
            channel: row.get(4)?,
            language: row.get(5)?,
            state: row.get(6)?,
            opened_at: Timestamp(row.get(7)?),
            last_at: Timestamp(row.get(8)?),
            messages: count(row, 9)?,
            turns: count(row, 10)?,
            status: row.get(11)?,
            visit: row.get(12)?,
            resolution: row.get(13)?,
            outcome: row.get(14)?,
        })
    }
}

impl FromRow for TurnRow {
    const COLUMNS: &'static str =
        "id, conversation, rules, mind, skill, status, zone, refusal, refused_tool, cut, started_at, first_part_at,
        closed_at, calls";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            conversation: row.get(1)?,
            rules: row.get(2)?,
            mind: row.get(3)?,
            skill: row.get(4)?,
            status: row.get(5)?,
            zone: row.get(6)?,
            refusal: row.get(7)?,
            refused_tool: row.get(8)?,
            cut: row.get(9)?,
            started_at: Timestamp(row.get(10)?),
            first_part_at: row.get::<_, Option<i64>>(11)?.map(Timestamp),
            closed_at: row.get::<_, Option<i64>>(12)?.map(Timestamp),
            calls: count(row, 13)?,
        })
    }
}

impl FromRow for CallRow {
    const COLUMNS: &'static str = "started, id, conversation, turn, tool, backend, purpose, outcome, refusal, rule, detail, ms, cached, at";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            started: count(row, 0)?,
            id: row.get(1)?,
            conversation: row.get(2)?,
            turn: row.get(3)?,
            tool: row.get(4)?,
            backend: row.get(5)?,
            purpose: row.get(6)?,
            outcome: row.get(7)?,
            refusal: row.get(8)?,
            rule: row.get(9)?,
            detail: row.get(10)?,
            ms: row.get(11)?,
            cached: row.get(12)?,
            at: Timestamp(row.get(13)?),
        })
    }
}

impl FromRow for ActionRow {
    const COLUMNS: &'static str = "id, conversation, turn, tool, state, verified, why, detail, proposed_at, settled_at";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            conversation: row.get(1)?,
            turn: row.get(2)?,
            tool: row.get(3)?,
            state: row.get(4)?,
            verified: row.get(5)?,
            why: row.get(6)?,
            detail: row.get(7)?,
            proposed_at: Timestamp(row.get(8)?),
            settled_at: row.get::<_, Option<i64>>(9)?.map(Timestamp),
        })
    }
}

impl FromRow for EscalationRow {
    const COLUMNS: &'static str = "position, conversation, turn, at, reason, rule, evidence";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            position: count(row, 0)?,
            conversation: row.get(1)?,
            turn: row.get(2)?,
            at: Timestamp(row.get(3)?),
            reason: row.get(4)?,
            rule: row.get(5)?,
            evidence: serde_json::from_str(&row.get::<_, String>(6)?).unwrap_or_default(),
        })
    }
}

impl FromRow for Skipped {
    const COLUMNS: &'static str = "position, why";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { position: count(row, 0)?, why: row.get(1)? })
    }
}

/// A stored count; SQLite's integers are signed, ours are not.
pub(crate) fn count(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::unsigned_abs)
}
