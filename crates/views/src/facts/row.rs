//! Facts as rows of their table.

use super::fact::Fact;
use super::rules::Rules;
use crate::rows::FromRow;
use patchbay_core::Timestamp;
use patchbay_core::words::ReplyStatus;
use rusqlite::{Connection, Row, params};

/// Writes the row, new or changed.
pub(super) fn save(views: &Connection, fact: &Fact, rules: &Rules) -> rusqlite::Result<()> {
    let at = |time: Option<Timestamp>| time.map(|time| time.0);
    let (csat, scale) = fact.csat.unzip();
    let insert = "INSERT OR REPLACE INTO facts (opened, id, visitor, customer, channel, language, topic, opened_at, last_at, messages,
        status, helped, helped_at, verified, thumbs_up, thumbs_down, escalations, reason, person_at, waiting_since, waited, asked_at,
        answered, resolved_at, quiet, reopened, csat, csat_scale, came_back, outcome, day)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25,
        ?26, ?27, ?28, ?29, ?30, ?31)";
    views.prepare_cached(insert)?.execute(params![
        int(fact.opened),
        fact.id,
        fact.visitor,
        fact.customer,
        fact.channel,
        fact.language,
        fact.topic,
        fact.opened_at.0,
        fact.last_at.0,
        int(fact.messages),
        fact.status.map(ReplyStatus::as_str),
        int(fact.helped),
        at(fact.helped_at),
        int(fact.verified),
        int(fact.thumbs_up),
        int(fact.thumbs_down),
        int(fact.escalations),
        fact.reason,
        at(fact.person_at),
        at(fact.waiting_since),
        fact.waited,
        at(fact.asked_at),
        fact.answered,
        at(fact.resolved_at),
        fact.quiet,
        fact.reopened,
        csat,
        scale,
        fact.came_back,
        fact.outcome(rules).as_str(),
        rules.day(fact.opened_at),
    ])?;
    Ok(())
}

impl FromRow for Fact {
    const COLUMNS: &'static str = "opened, id, visitor, customer, channel, language, topic, opened_at, last_at, messages, status, helped,
        helped_at, verified, thumbs_up, thumbs_down, escalations, reason, person_at, waiting_since, waited, asked_at, answered,
        resolved_at, quiet, reopened, csat, csat_scale, came_back";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let count = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
        let at = |column: usize| row.get::<_, Option<i64>>(column).map(|time| time.map(Timestamp));
        Ok(Self {
            opened: count(0)?,
            id: row.get(1)?,
            visitor: row.get(2)?,
            customer: row.get(3)?,
            channel: row.get(4)?,
            language: row.get(5)?,
            topic: row.get(6)?,
            opened_at: Timestamp(row.get(7)?),
            last_at: Timestamp(row.get(8)?),
            messages: count(9)?,
            status: row.get::<_, Option<String>>(10)?.as_deref().and_then(ReplyStatus::parse),
            helped: count(11)?,
            helped_at: at(12)?,
            verified: count(13)?,
            thumbs_up: count(14)?,
            thumbs_down: count(15)?,
            escalations: count(16)?,
            reason: row.get(17)?,
            person_at: at(18)?,
            waiting_since: at(19)?,
            waited: row.get(20)?,
            asked_at: at(21)?,
            answered: row.get(22)?,
            resolved_at: at(23)?,
            quiet: row.get(24)?,
            reopened: row.get(25)?,
            csat: row.get::<_, Option<u8>>(26)?.zip(row.get(27)?),
            came_back: row.get(28)?,
        })
    }
}

/// A count as SQLite stores it.
pub(super) fn int(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
