//! The rows of the desk, as its queries give them.

use crate::rows::{FromRow, count};
use patchbay_core::Timestamp;
use rusqlite::Row;

/// A conversation at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeskRow {
    /// The position of its first event.
    pub opened: u64,
    /// Its id.
    pub id: String,
    /// The customer's pseudonym, once proven.
    pub customer: Option<String>,
    /// What the session has proven.
    pub level: String,
    /// The channel.
    pub channel: String,
    /// The language (BCP 47).
    pub language: String,
    /// Who has it: a word of [`patchbay_core::words::ConversationState`].
    pub state: String,
    /// The queue it is in.
    pub queue: Option<String>,
    /// Why it came to people, the last time.
    pub reason: Option<String>,
    /// Who of the staff has it.
    pub owner: Option<String>,
    /// To whom it is offered.
    pub offered_to: Option<String>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something was said or decided last.
    pub last_at: Timestamp,
    /// Since when the customer waits, while they do.
    pub wait_since: Option<Timestamp>,
    /// Until when a person should have answered.
    pub due: Option<Timestamp>,
    /// Until when it is put aside.
    pub snoozed_until: Option<Timestamp>,
    /// The last words: their number in the conversation's stream.
    pub last_seq: Option<u64>,
    /// Who said them.
    pub last_who: Option<String>,
    /// How the last message felt and where it goes, in thousandths.
    pub feeling: Option<(i64, i64)>,
    /// Was the same customer or visitor here before?
    pub repeat: bool,
    /// Where it stands on the outcome ladder if nothing more happens.
    pub outcome: String,
    /// The conversation it is merged into: then it stands in no list but the one of all.
    pub merged_into: Option<String>,
    /// Is it closed?
    pub closed: bool,
    /// The conversation that follows it, once it is closed.
    pub successor: Option<String>,
    /// The closed conversation that it follows.
    pub earlier: Option<String>,
}

/// A conversation that was merged into another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedRow {
    /// Its id.
    pub id: String,
    /// Who merged it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// How many conversations are where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// This person's.
    pub mine: u64,
    /// Waiting for a person.
    pub waiting: u64,
    /// With a person.
    pub open: u64,
    /// With the bot.
    pub bot: u64,
    /// Put aside.
    pub snoozed: u64,
    /// Finished.
    pub resolved: u64,
    /// All of them.
    pub all: u64,
    /// Since when the one waits who has waited longest.
    pub oldest_wait: Option<Timestamp>,
}

/// A turn in the list of recent ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TracedTurn {
    /// Its cursor: the position of its opening.
    pub opened: u64,
    /// Its conversation.
    pub conversation: String,
    /// Its id.
    pub turn: String,
    /// The number of the message that opened it in the conversation's stream.
    pub said: Option<u64>,
    /// When it began.
    pub at: Timestamp,
    /// The skill, when one was chosen.
    pub skill: Option<String>,
    /// How the reply ended.
    pub status: Option<String>,
    /// How sure the understanding was.
    pub zone: Option<String>,
    /// How long it took, in milliseconds, once it has ended.
    pub ms: Option<i64>,
    /// How many calls it made.
    pub calls: u64,
    /// Where its conversation stands on the outcome ladder.
    pub outcome: String,
    /// The mind it began with.
    pub mind: String,
}

impl FromRow for DeskRow {
    const COLUMNS: &'static str = "d.opened, d.id, d.customer, d.level, d.channel, c.language, d.own_state, d.queue, d.reason, d.owner,
        d.offered_to, c.opened_at, d.last_at, d.wait_since, d.due, d.snoozed_until, d.last_seq, d.last_who, d.feeling, d.slope,
        c.is_repeat, c.outcome, d.merged_into, d.closed, d.successor, d.earlier";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let time = |column| Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(column)?.map(Timestamp));
        let feeling: (Option<i64>, Option<i64>) = (row.get(18)?, row.get(19)?);
        Ok(Self {
            opened: count(row, 0)?,
            id: row.get(1)?,
            customer: row.get(2)?,
            level: row.get(3)?,
            channel: row.get(4)?,
            language: row.get(5)?,
            state: row.get(6)?,
            queue: row.get(7)?,
            reason: row.get(8)?,
            owner: row.get(9)?,
            offered_to: row.get(10)?,
            opened_at: Timestamp(row.get(11)?),
            last_at: Timestamp(row.get(12)?),
            wait_since: time(13)?,
            due: time(14)?,
            snoozed_until: time(15)?,
            last_seq: row.get::<_, Option<i64>>(16)?.map(i64::unsigned_abs),
            last_who: row.get(17)?,
            feeling: feeling.0.zip(feeling.1),
            repeat: row.get(20)?,
            outcome: row.get(21)?,
            merged_into: row.get(22)?,
            closed: row.get(23)?,
            successor: row.get(24)?,
            earlier: row.get(25)?,
        })
    }
}

impl FromRow for MergedRow {
    const COLUMNS: &'static str = "id, merged_by, merged_at";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self { id: row.get(0)?, by: row.get(1)?, at: Timestamp(row.get(2)?) })
    }
}

impl FromRow for TracedTurn {
    const COLUMNS: &'static str = "r.opened, t.conversation, r.turn, r.said, t.started_at, t.skill, t.status, t.zone,
        t.closed_at - t.started_at, t.calls, c.outcome, t.mind";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            opened: count(row, 0)?,
            conversation: row.get(1)?,
            turn: row.get(2)?,
            said: row.get::<_, Option<i64>>(3)?.map(i64::unsigned_abs),
            at: Timestamp(row.get(4)?),
            skill: row.get(5)?,
            status: row.get(6)?,
            zone: row.get(7)?,
            ms: row.get(8)?,
            calls: count(row, 9)?,
            outcome: row.get(10)?,
            mind: row.get(11)?,
        })
    }
}
