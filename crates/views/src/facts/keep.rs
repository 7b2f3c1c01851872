//! Keeps facts and cells while the log is followed: events change facts in memory, and once a page is folded, rows and cells.

use super::cells::Cell;
use super::fact::Fact;
use super::row::{int, save};
use super::rules::{Rules, month_of};
use crate::rows::FromRow;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::words::Outcome;
use rusqlite::{Connection, OptionalExtension, params};
use std::collections::{BTreeMap, HashMap};

/// How many conversations of the same person, before and after one, are looked at for what comes back.
const NEIGHBOURS: i64 = 20;

/// The facts that a page of the log touches.
pub(crate) struct Facts<'a> {
    views: &'a Connection,
    rules: &'a Rules,
    touched: HashMap<String, Touched>,
}

/// A fact before the page, if there was one, and now.
struct Touched {
    before: Option<Fact>,
    now: Fact,
}

/// Whose cells: day and channel.
type Place = (i64, String);

impl<'a> Facts<'a> {
    /// Nothing touched yet.
    pub(crate) fn new(views: &'a Connection, rules: &'a Rules) -> Self {
        Self { views, rules, touched: HashMap::new() }
    }

    /// Takes in the next event of the log.
    pub(crate) fn event(&mut self, recorded: &Recorded) -> rusqlite::Result<()> {
        if recorded.stream.kind() != "conversation" {
            return Ok(());
        }
        let id = recorded.stream.key();
        if let Event::ConversationOpened { session, language } = &recorded.event {
            if self.touch(id)?.is_none() {
                let now = Fact::open(recorded.position.0, id, session, language, recorded.at);
                self.touched.insert(id.to_owned(), Touched { before: None, now });
            }
        } else if let Some(touched) = self.touch(id)? {
            touched.now.apply(&recorded.event, recorded.at);
        }
        Ok(())
    }

    /// The fact of a conversation, if it has one.
    fn touch(&mut self, id: &str) -> rusqlite::Result<Option<&mut Touched>> {
        if !self.touched.contains_key(id) {
            let Some(fact) = one(self.views, "id = ?1", id)? else { return Ok(None) };
            self.touched.insert(id.to_owned(), Touched { before: Some(fact.clone()), now: fact });
        }
        Ok(self.touched.get_mut(id))
    }

    /// Writes what has changed: rows first, then who came back, then the cells.
    pub(crate) fn finish(mut self) -> rusqlite::Result<()> {
        self.touched.retain(|_, touched| touched.before.as_ref() != Some(&touched.now));
        for touched in self.touched.values() {
            save(self.views, &touched.now, self.rules)?;
        }
        let (views, rules) = (self.views, self.rules);
        for id in self.concerned()? {
            let Some(touched) = self.touch(&id)? else { continue };
            let mut fact = touched.now.clone();
            fact.came_back = came_back(views, &fact)?;
            if fact.came_back != touched.now.came_back {
                save(views, &fact, rules)?;
                touched.now = fact;
            }
        }
        let mut moved: BTreeMap<(Place, Cell), i64> = BTreeMap::new();
        for touched in self.touched.values() {
            self.add(&mut moved, touched.before.as_ref(), -1);
            self.add(&mut moved, Some(&touched.now), 1);
            self.outcome(touched)?;
        }
        write(self.views, &moved)
    }

    /// Everybody whose coming back the touched conversations may have changed: they themselves, and those before and after.
    fn concerned(&self) -> rusqlite::Result<Vec<String>> {
        let mut concerned: Vec<String> = self.touched.keys().cloned().collect();
        for touched in self.touched.values() {
            let now = &touched.now;
            let same = |before: &Fact| (&before.customer, &before.visitor, &before.topic) == (&now.customer, &now.visitor, &now.topic);
            if touched.before.as_ref().is_some_and(same) {
                continue;
            }
            for fact in touched.before.iter().chain([now]) {
                let before = "opened < ?2 ORDER BY opened DESC LIMIT ?3";
                concerned.extend(neighbours(self.views, fact, before)?.into_iter().map(|other| other.id));
            }
        }
        concerned.sort();
        concerned.dedup();
        Ok(concerned)
    }

    fn add(&self, moved: &mut BTreeMap<(Place, Cell), i64>, fact: Option<&Fact>, by: i64) {
        let Some(fact) = fact else { return };
        let day = self.rules.day(fact.opened_at);
        for cell in fact.cells(self.rules) {
            *moved.entry(((day, fact.channel.clone()), cell)).or_default() += by;
        }
    }

    /// Lists of conversations show the same outcome.
    fn outcome(&self, touched: &Touched) -> rusqlite::Result<()> {
        let outcome = touched.now.outcome(self.rules);
        if touched.before.as_ref().map(|before| before.outcome(self.rules)) == Some(outcome) {
            return Ok(());
        }
        show(self.views, &touched.now.id, outcome)
    }
}

fn show(views: &Connection, id: &str, outcome: Outcome) -> rusqlite::Result<()> {
    let update = "UPDATE conversations SET outcome = ?2 WHERE id = ?1";
    views.prepare_cached(update)?.execute(params![id, outcome.as_str()]).map(drop)
}

/// Judges everything anew, where the rules are not those it was judged by.
pub(crate) fn judge_by(views: &Connection, rules: &Rules) -> rusqlite::Result<()> {
    let by: Option<String> = views.query_row("SELECT by FROM judged", [], |row| row.get(0)).optional()?;
    if by.as_deref() == Some(&rules.digest()) {
        return Ok(());
    }
    if by.is_some() {
        tracing::info!(zone = rules.zone(), "the rules for figures have changed; every conversation is judged anew");
    }
    views.execute_batch("DELETE FROM cells; DELETE FROM judged")?;
    let mut after = 0;
    loop {
        let page = facts(views, "opened > ?1 ORDER BY opened LIMIT 10000", [after])?;
        let Some(last) = page.last() else { break };
        after = int(last.opened);
        let mut moved = BTreeMap::new();
        let recount = Facts::new(views, rules);
        for fact in &page {
            save(views, fact, rules)?;
            show(views, &fact.id, fact.outcome(rules))?;
            recount.add(&mut moved, Some(fact), 1);
        }
        write(views, &moved)?;
    }
    views.execute("INSERT INTO judged (by) VALUES (?1)", [rules.digest()]).map(drop)
}

/// Adds to the cells of days and months.
fn write(views: &Connection, moved: &BTreeMap<(Place, Cell), i64>) -> rusqlite::Result<()> {
    let mut months: BTreeMap<(Place, &Cell), i64> = BTreeMap::new();
    for (((day, channel), cell), by) in moved.iter().filter(|(_, by)| **by != 0) {
        bump(views, "day", *day, channel, cell, *by)?;
        *months.entry(((month_of(*day), channel.clone()), cell)).or_default() += by;
    }
    for (((month, channel), cell), by) in months.into_iter().filter(|(_, by)| *by != 0) {
        bump(views, "month", month, &channel, cell, by)?;
    }
    Ok(())
}

fn bump(views: &Connection, scale: &str, period: i64, channel: &str, cell: &Cell, by: i64) -> rusqlite::Result<()> {
    let upsert = "INSERT INTO cells (cube, scale, period, channel, a, b, n) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
                  ON CONFLICT (cube, scale, period, channel, a, b) DO UPDATE SET n = n + excluded.n";
    views.prepare_cached(upsert)?.execute(params![cell.cube.as_str(), scale, period, channel, cell.a, cell.b, by])?;
    if by < 0 {
        let empty = "DELETE FROM cells WHERE cube = ?1 AND scale = ?2 AND period = ?3 AND channel = ?4 AND a = ?5 AND b = ?6 AND n = 0";
        views.prepare_cached(empty)?.execute(params![cell.cube.as_str(), scale, period, channel, cell.a, cell.b])?;
    }
    Ok(())
}

/// How long after the end of this conversation the same person came with the same: with the same topic, or with one that is
/// not known on either side.
fn came_back(views: &Connection, fact: &Fact) -> rusqlite::Result<Option<i64>> {
    let later = neighbours(views, fact, "opened > ?2 ORDER BY opened LIMIT ?3")?;
    let again = later.iter().filter(|later| later.topic.is_none() || fact.topic.is_none() || later.topic == fact.topic);
    Ok(again.map(|later| (later.opened_at.0 - fact.last_at.0).max(0)).min())
}

/// Other conversations of the same person: of the same customer, or of the same browser where not both have proven who they are.
fn neighbours(views: &Connection, fact: &Fact, range: &str) -> rusqlite::Result<Vec<Fact>> {
    let place = (int(fact.opened), NEIGHBOURS);
    let mut found = facts(views, &format!("visitor = ?1 AND {range}"), params![fact.visitor, place.0, place.1])?;
    if let Some(customer) = &fact.customer {
        found.extend(facts(views, &format!("customer = ?1 AND {range}"), params![customer, place.0, place.1])?);
    }
    found.retain(|other| other.customer.is_none() || fact.customer.is_none() || other.customer == fact.customer);
    Ok(found)
}

fn one(views: &Connection, wanted: &str, key: &str) -> rusqlite::Result<Option<Fact>> {
    Ok(facts(views, wanted, [key])?.pop())
}

fn facts(views: &Connection, wanted: &str, params: impl rusqlite::Params) -> rusqlite::Result<Vec<Fact>> {
    let mut select = views.prepare_cached(&format!("SELECT {} FROM facts WHERE {wanted}", Fact::COLUMNS))?;
    select.query_map(params, Fact::read)?.collect()
}
