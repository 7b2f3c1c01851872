//! What the desk asks of the views.

use super::pressing::Pressing;
use super::rows::{Counts, DeskRow, MergedRow, TracedTurn};
use crate::queries::{int, rows};
use crate::{Views, ViewsError};
use patchbay_core::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Which conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// This person's: theirs, or offered to them.
    Mine,
    /// Waiting for a person, the most pressing first.
    Waiting,
    /// With a person.
    Open,
    /// With the bot.
    Bot,
    /// Put aside.
    Snoozed,
    /// Finished.
    Resolved,
    /// All.
    All,
}

impl List {
    /// Reads the word of a list.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "mine" => Self::Mine,
            "waiting" => Self::Waiting,
            "open" => Self::Open,
            "bot" => Self::Bot,
            "snoozed" => Self::Snoozed,
            "resolved" => Self::Resolved,
            "all" => Self::All,
            _ => return None,
        })
    }

    const fn state(self) -> Option<&'static str> {
        match self {
            Self::Waiting => Some("waiting"),
            Self::Open => Some("open"),
            Self::Bot => Some("bot"),
            Self::Snoozed => Some("snoozed"),
            Self::Resolved => Some("resolved"),
            Self::Mine | Self::All => None,
        }
    }
}

/// What is searched for. Words that were said are sealed and not searched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Search {
    /// As it was typed: the beginning or end of an id, a reason, a queue, a channel, a language.
    pub text: String,
    /// Pseudonyms of customers it may mean.
    pub customers: Vec<String>,
    /// Members of the staff it may mean.
    pub owners: Vec<String>,
}

/// Where a page ended: what comes after it in the list's order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor(i64, i64, i64, i64);

impl Cursor {
    /// The cursor of a row in this list.
    #[must_use]
    pub fn of(list: List, row: &DeskRow, pressing: &Pressing) -> Self {
        let opened = int(row.opened);
        match list {
            List::Waiting => {
                let (minute, calm, wait) = pressing.place(row);
                Self(minute, calm, wait, opened)
            }
            _ => Self(0, 0, row.last_at.0, opened),
        }
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}_{}_{}", self.0, self.1, self.2, self.3)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut parts = text.split('_').map(|part| part.parse().map_err(drop));
        let mut next = || parts.next().unwrap_or(Err(()));
        let cursor = Self(next()?, next()?, next()?, next()?);
        if parts.next().is_none() { Ok(cursor) } else { Err(()) }
    }
}

impl Views {
    /// A page of the queue as this person sees it; those who wait are in the order of `pressing`.
    ///
    /// # Errors
    /// When the file cannot be read; so for all queries.
    pub async fn queue(
        &self,
        list: List,
        me: String,
        search: Option<Search>,
        after: Option<Cursor>,
        limit: usize,
        pressing: Pressing,
    ) -> Result<Vec<DeskRow>, ViewsError> {
        self.read(move |views| page(views, list, &me, search, after, limit, &pressing)).await
    }

    /// One conversation at the desk.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn desk_row(&self, id: String) -> Result<Option<DeskRow>, ViewsError> {
        Ok(self.read(move |views| rows(views, &format!("{JOINED} WHERE d.id = ?1"), [id])).await?.pop())
    }

    /// The one who waits most pressingly and is offered to nobody else.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn next_waiting(&self, me: String, limit: usize, pressing: &Pressing) -> Result<Vec<DeskRow>, ViewsError> {
        let from = format!(
            "{JOINED} WHERE d.state = 'waiting' AND (d.offered_to IS NULL OR d.offered_to = ?1)
             ORDER BY d.offered_to IS NULL, {} LIMIT ?2",
            pressing.columns()
        );
        self.read(move |views| rows(views, &from, params![me, int(limit as u64)])).await
    }

    /// How many conversations each member of the staff has in hand just now; who has none is not there.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn in_hand(&self) -> Result<BTreeMap<String, u64>, ViewsError> {
        self.read(|views| {
            let mut found =
                views.prepare_cached("SELECT owner, count(*) FROM desk WHERE owner IS NOT NULL AND state = 'open' GROUP BY owner")?;
            let counted = found.query_map([], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            counted.map(|row| row.map(|(owner, count)| (owner, u64::try_from(count).unwrap_or(0)))).collect()
        })
        .await
    }

    /// A customer's conversations, newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn desk_of_customer(&self, customer: String, limit: usize) -> Result<Vec<DeskRow>, ViewsError> {
        let from = format!("{JOINED} WHERE d.customer = ?1 ORDER BY d.opened DESC LIMIT ?2");
        self.read(move |views| rows(views, &from, params![customer, int(limit as u64)])).await
    }

    /// What is merged into a conversation, in the order it was.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn merged_into(&self, conversation: String) -> Result<Vec<MergedRow>, ViewsError> {
        self.read(|views| rows(views, "desk WHERE merged_into = ?1 ORDER BY merged_at", [conversation])).await
    }

    /// How many conversations are where, as this person sees it.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn desk_counts(&self, me: String) -> Result<Counts, ViewsError> {
        self.read(move |views| counts(views, &me)).await
    }

    /// The number of the last answer of a tool in a conversation's stream.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn last_answer(&self, conversation: String, tool: String) -> Result<Option<u64>, ViewsError> {
        let select = "SELECT seq FROM desk_answers WHERE conversation = ?1 AND tool = ?2";
        let seq =
            self.read(move |views| views.prepare_cached(select)?.query_row([conversation, tool], |row| row.get::<_, i64>(0)).optional());
        Ok(seq.await?.map(i64::unsigned_abs))
    }

    /// The number of the customer's first message in a conversation's stream.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_message(&self, conversation: String) -> Result<Option<u64>, ViewsError> {
        let select = "SELECT min(seq) FROM lines WHERE conversation = ?1 AND who = 'customer'";
        let seq = self.read(move |views| views.prepare_cached(select)?.query_row([conversation], |row| row.get::<_, Option<i64>>(0)));
        Ok(seq.await?.map(i64::unsigned_abs))
    }

    /// When a customer came first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn first_seen(&self, customer: String) -> Result<Option<Timestamp>, ViewsError> {
        let select = "SELECT c.opened_at FROM desk AS d JOIN conversations AS c ON c.opened = d.opened
                      WHERE d.customer = ?1 ORDER BY d.opened LIMIT 1";
        let at = self.read(move |views| views.prepare_cached(select)?.query_row([customer], |row| row.get::<_, i64>(0)).optional());
        Ok(at.await?.map(Timestamp))
    }

    /// Turns before a cursor (`None`: the newest), newest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn recent_turns(&self, before: Option<u64>, limit: usize) -> Result<Vec<TracedTurn>, ViewsError> {
        let from = "desk_turns AS r JOIN turns AS t ON t.id = r.turn JOIN conversations AS c ON c.id = t.conversation
                    WHERE r.opened < ?1 ORDER BY r.opened DESC LIMIT ?2";
        let before = before.map_or(i64::MAX, int);
        self.read(move |views| rows(views, from, params![before, int(limit as u64)])).await
    }
}

const JOINED: &str = "desk AS d JOIN conversations AS c ON c.opened = d.opened";

fn page(
    views: &Connection,
    list: List,
    me: &str,
    search: Option<Search>,
    after: Option<Cursor>,
    limit: usize,
    pressing: &Pressing,
) -> rusqlite::Result<Vec<DeskRow>> {
    let mut wanted = Wanted::default();
    match (list, list.state()) {
        // The word itself, not a parameter: only then can SQLite use the index over the waiting alone.
        (_, Some(state)) => wanted.and(&format!("d.state = '{state}'"), []),
        (List::Mine, None) => {
            let me = || Value::from(me.to_owned());
            wanted.and("((d.owner = ? AND d.state = 'open') OR (d.offered_to = ? AND d.state = 'waiting'))", [me(), me()]);
        }
        _ => {}
    }
    if let Some(search) = search {
        wanted.search(&search);
    }
    let order = if list == List::Waiting {
        let columns = pressing.columns();
        if let Some(Cursor(minute, calm, wait, opened)) = after {
            wanted.and(&format!("({columns}) > (?, ?, ?, ?)"), [minute.into(), calm.into(), wait.into(), opened.into()]);
        }
        columns
    } else {
        if let Some(Cursor(_, _, last, opened)) = after {
            wanted.and("(d.last_at, d.opened) < (?, ?)", [last.into(), opened.into()]);
        }
        "d.last_at DESC, d.opened DESC".to_owned()
    };
    wanted.params.push(int(limit as u64).into());
    let from = format!("{JOINED} WHERE {} ORDER BY {order} LIMIT ?", wanted.conditions());
    rows(views, &from, params_from_iter(wanted.params))
}

/// Conditions with their values, in order.
#[derive(Default)]
struct Wanted {
    conditions: Vec<String>,
    params: Vec<Value>,
}

impl Wanted {
    fn and(&mut self, condition: &str, params: impl IntoIterator<Item = Value>) {
        self.conditions.push(condition.to_owned());
        self.params.extend(params);
    }

    fn search(&mut self, search: &Search) {
        let text = search.text.trim().to_lowercase();
        // Ids have no wildcards in them; what somebody types may.
        let plain: String = text.chars().filter(|one| !matches!(one, '%' | '_' | '\\')).collect();
        let rest = plain.strip_prefix("cnv").unwrap_or(&plain);
        let id = if rest.is_empty() { String::new() } else { format!("cnv\\_{rest}%") };
        let places = |n: usize| vec!["?"; n].join(", ");
        let condition = format!(
            "(d.id LIKE ? ESCAPE '\\' OR d.id LIKE ? ESCAPE '\\' OR d.customer IN ({}) OR d.owner IN ({}) OR d.reason = ? OR d.queue = ?
              OR d.channel = ? OR c.language = ?)",
            places(search.customers.len()),
            places(search.owners.len())
        );
        let end = if plain.is_empty() { String::new() } else { format!("%{plain}") };
        let mut params: Vec<Value> = vec![id.into(), end.into()];
        params.extend(search.customers.iter().chain(&search.owners).cloned().map(Value::from));
        params.extend(std::iter::repeat_n(text, 4).map(Value::from));
        self.and(&condition, params);
    }

    fn conditions(&self) -> String {
        if self.conditions.is_empty() { "true".to_owned() } else { self.conditions.join(" AND ") }
    }
}

fn counts(views: &Connection, me: &str) -> rusqlite::Result<Counts> {
    let mut counts = Counts::default();
    let mut select = views.prepare_cached("SELECT state, n FROM desk_counts")?;
    for row in select.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?.unsigned_abs())))? {
        let (state, n) = row?;
        counts.all += n;
        match state.as_str() {
            "waiting" => counts.waiting = n,
            "open" => counts.open = n,
            "bot" => counts.bot = n,
            "snoozed" => counts.snoozed = n,
            "resolved" => counts.resolved = n,
            _ => {}
        }
    }
    let mine = "SELECT (SELECT count(*) FROM desk WHERE owner = ?1 AND state = 'open')
                     + (SELECT count(*) FROM desk WHERE offered_to = ?1 AND state = 'waiting')";
    counts.mine = views.prepare_cached(mine)?.query_row([me], |row| row.get::<_, i64>(0))?.unsigned_abs();
    let oldest = "SELECT min(wait_first) FROM desk WHERE state = 'waiting'";
    counts.oldest_wait = views.prepare_cached(oldest)?.query_row([], |row| row.get::<_, Option<i64>>(0))?.map(Timestamp);
    Ok(counts)
}
