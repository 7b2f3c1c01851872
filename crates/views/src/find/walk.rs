//! Which words come next, newest first, and whether the filters want them. What they are stands in the log alone.

use super::{Place, Sought};
use crate::queries::{int, rows};
use crate::rows::{FromRow, count};
use crate::{Views, ViewsError};
use patchbay_core::Timestamp;
use patchbay_core::mind::Speaker;
use rusqlite::{Row, params};

/// Words that were said, as the views know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) conversation: String,
    pub(super) seq: u64,
    pub(super) at: Timestamp,
    pub(super) who: Speaker,
    pub(super) customer: Option<String>,
    pub(super) channel: String,
    pub(super) topic: Option<String>,
    pub(super) outcome: String,
    pub(super) feeling: Option<i64>,
    /// Do the filters want them?
    pub(super) wanted: bool,
}

impl Said {
    pub(super) fn place(&self) -> Place {
        Place { at: self.at, conversation: self.conversation.clone(), seq: self.seq }
    }
}

impl Views {
    /// The next words before a place, at most so many, with those in between that nobody wants: however rare what is wanted is, one look
    /// takes only so long.
    pub(super) async fn said_before(&self, sought: &Sought, before: Option<&Place>, limit: usize) -> Result<Vec<Said>, ViewsError> {
        let Sought { from, to, channel, topic, outcome, reason, feeling_below, who, .. } = sought.clone();
        let to = to.map_or(i64::MAX, |to| to.0);
        let (at, conversation, seq) =
            before.map_or((to, String::new(), 0), |place| (place.at.0, place.conversation.clone(), int(place.seq)));
        let from = from.map_or(i64::MIN, |from| from.0);
        let wanted = "(SELECT * FROM lines WHERE at >= ?1 AND (at, conversation, seq) < (?2, ?3, ?4)
              ORDER BY at DESC, conversation DESC, seq DESC LIMIT ?5) AS l
             JOIN conversations AS c ON c.id = l.conversation JOIN facts AS f ON f.opened = c.opened
             ORDER BY l.at DESC, l.conversation DESC, l.seq DESC";
        let who = who.map(word);
        self.read(move |views| {
            rows(
                views,
                wanted,
                params![from, at, conversation, seq, int(limit as u64), channel, topic, outcome, reason, feeling_below, who],
            )
        })
        .await
    }
}

impl FromRow for Said {
    const COLUMNS: &'static str =
        "l.conversation, l.seq, l.at, l.who, c.customer, c.channel, coalesce(l.understood, f.topic), c.outcome, l.feeling,
        (?6 IS NULL OR c.channel = ?6) AND (?7 IS NULL OR coalesce(f.topic = ?7, 0) OR coalesce(l.understood = ?7, 0)) AND (?8 IS NULL OR c.outcome = ?8)
        AND (?9 IS NULL OR EXISTS (SELECT 1 FROM escalations AS e WHERE e.conversation = c.id AND e.reason = ?9))
        AND (?10 IS NULL OR coalesce(l.feeling < ?10, 0)) AND (?11 IS NULL OR l.who = ?11)";

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let who: String = row.get(3)?;
        Ok(Self {
            conversation: row.get(0)?,
            seq: count(row, 1)?,
            at: Timestamp(row.get(2)?),
            who: [Speaker::Customer, Speaker::Agent].into_iter().find(|speaker| word(*speaker) == who).unwrap_or(Speaker::Bot),
            customer: row.get(4)?,
            channel: row.get(5)?,
            topic: row.get(6)?,
            outcome: row.get(7)?,
            feeling: row.get(8)?,
            wanted: row.get(9)?,
        })
    }
}

/// Who said it, as it stands in the views.
pub(crate) const fn word(who: Speaker) -> &'static str {
    match who {
        Speaker::Customer => "customer",
        Speaker::Bot => "bot",
        Speaker::Agent => "agent",
    }
}
