//! What is asked of facts and cells: sums over a range of days, their course, and the conversations behind them.

use super::cells::{Cell, Cube};
use super::fact::Fact;
use super::rules::{Rules, date_of, month_of};
use crate::rows::FromRow;
use crate::{Views, ViewsError};
use patchbay_core::Timestamp;
use patchbay_core::words::Outcome;
use rusqlite::{Connection, params};
use std::collections::BTreeMap;

/// The cubes whose course is told as well.
const COURSE: [Cube; 5] = [Cube::Outcome, Cube::Lasting, Cube::Topic, Cube::Csat, Cube::Helpful];

/// Which conversations: by the company's day they were opened on, both ends included, and by channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// The first day, counted from 1970.
    pub from: i64,
    /// The last day.
    pub to: i64,
    /// The channel; all, by default.
    pub channel: Option<String>,
}

/// In which steps a course is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Day by day.
    Day,
    /// Month by month.
    Month,
}

/// A step of a course: the number of its day, or of its month.
pub type Period = i64;

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counted {
    /// Conversations by cell: those that have ended.
    pub cells: BTreeMap<Cell, i64>,
    /// The same step by step, for some cubes.
    pub course: BTreeMap<(Period, Cell), i64>,
    /// Conversations that have not ended yet and are counted nowhere.
    pub running: u64,
}

impl Step {
    /// The step a day lies in.
    #[must_use]
    pub fn period(self, day: i64) -> Period {
        match self {
            Self::Day => day,
            Self::Month => month_of(day),
        }
    }
}

impl Views {
    /// Counts the conversations of a range that have ended by `now`, in these cubes.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn counted(&self, range: Range, step: Step, cubes: Vec<Cube>, rules: Rules, now: Timestamp) -> Result<Counted, ViewsError> {
        self.read(move |views| {
            // One state of the file for all of it.
            let views = views.unchecked_transaction()?;
            let mut counted = Counted::default();
            for cube in &cubes {
                sum(&views, *cube, &range, step, &mut counted)?;
            }
            without_the_young(&views, &range, step, (&rules, now), &cubes, &mut counted)?;
            counted.cells.retain(|_, n| *n != 0);
            counted.course.retain(|_, n| *n != 0);
            Ok(counted)
        })
        .await
    }

    /// The channels conversations came through.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn channels(&self) -> Result<Vec<String>, ViewsError> {
        self.read(|views| {
            let mut select =
                views.prepare_cached("SELECT DISTINCT channel FROM cells WHERE cube = 'outcome' AND scale = 'month' ORDER BY 1")?;
            select.query_map([], |row| row.get(0))?.collect()
        })
        .await
    }

    /// The conversations of a range that `wanted` says yes to, newest day first, after the conversation `after`. Where all of
    /// them have this outcome, saying so is quicker.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub async fn facts(
        &self,
        range: Range,
        outcome: Option<Outcome>,
        after: Option<String>,
        limit: usize,
        wanted: impl Fn(&Fact) -> bool + Send + 'static,
    ) -> Result<Vec<Fact>, ViewsError> {
        self.read(move |views| {
            let from = "FROM facts WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR channel = ?3)
                        AND (?4 IS NULL OR (day, opened) < (SELECT day, opened FROM facts WHERE id = ?4))";
            let only = if outcome.is_some() { "AND outcome = ?5" } else { "AND ?5 IS NULL" };
            let select = format!("SELECT {} {from} {only} ORDER BY day DESC, opened DESC", Fact::COLUMNS);
            let mut select = views.prepare_cached(&select)?;
            let params = params![range.from, range.to, range.channel, after, outcome.map(Outcome::as_str)];
            let mut found = Vec::new();
            for fact in select.query_map(params, Fact::read)? {
                let fact = fact?;
                if wanted(&fact) {
                    found.push(fact);
                    if found.len() == limit {
                        break;
                    }
                }
            }
            Ok(found)
        })
        .await
    }
}

/// Adds up one cube: whole months by their sums, what is left by days. A course by days needs the days.
fn sum(views: &Connection, cube: Cube, range: &Range, step: Step, counted: &mut Counted) -> rusqlite::Result<()> {
    let course = COURSE.contains(&cube);
    // Added up here: SQLite would sort the rows first.
    let mut cells: BTreeMap<(Period, i64), BTreeMap<String, i64>> = BTreeMap::new();
    for (scale, from, to) in parts(range, course && step == Step::Day) {
        let select = "SELECT period, a, b, n FROM cells WHERE cube = ?1 AND scale = ?2 AND period BETWEEN ?3 AND ?4
                      AND (?5 IS NULL OR channel = ?5)";
        let mut select = views.prepare_cached(select)?;
        let mut rows = select.query(params![cube.as_str(), scale, from, to, range.channel])?;
        while let Some(row) = rows.next()? {
            let (period, a, b, n): (i64, _, i64, i64) = (row.get(0)?, row.get_ref(1)?.as_str()?, row.get(2)?, row.get(3)?);
            let period = match course {
                true if scale == "day" => step.period(period),
                true => period,
                false => 0,
            };
            let by_a = cells.entry((period, b)).or_default();
            match by_a.get_mut(a) {
                Some(sum) => *sum += n,
                None => drop(by_a.insert(a.to_owned(), n)),
            }
        }
    }
    for ((period, b), by_a) in cells {
        for (a, n) in by_a {
            let cell = Cell { cube, a, b };
            if course {
                *counted.course.entry((period, cell.clone())).or_default() += n;
            }
            *counted.cells.entry(cell).or_default() += n;
        }
    }
    Ok(())
}

/// A range as scale, first and last period: whole months, and days at the ends.
fn parts(range: &Range, days: bool) -> Vec<(&'static str, i64, i64)> {
    let begins = |day: i64| date_of(day).day() == 1;
    let first = if begins(range.from) { month_of(range.from) } else { month_of(range.from) + 1 };
    let last = if begins(range.to + 1) { month_of(range.to) } else { month_of(range.to) - 1 };
    if days || first > last {
        return vec![("day", range.from, range.to)];
    }
    let before = (range.from..range.from + 31).find(|day| month_of(*day) >= first).unwrap_or(range.from);
    let after = (range.to - 31..=range.to).rev().find(|day| month_of(*day) <= last).unwrap_or(range.to);
    vec![("day", range.from, before - 1), ("month", first, last), ("day", after + 1, range.to)]
}

/// Takes out again what cannot be counted yet: everything of conversations that have not ended, and of those that ended a short
/// while ago whether they lasted.
fn without_the_young(
    views: &Connection,
    range: &Range,
    step: Step,
    (rules, now): (&Rules, Timestamp),
    cubes: &[Cube],
    counted: &mut Counted,
) -> rusqlite::Result<()> {
    // Whether it lasted is known later than that it has ended.
    let open = if cubes.contains(&Cube::Lasting) { rules.durable().max(rules.quiet()) } else { rules.quiet() };
    let young = now.0 - open;
    // Few are young, however many days are asked for.
    let from = "FROM facts INDEXED BY facts_by_last WHERE last_at > ?1 AND day BETWEEN ?2 AND ?3 AND (?4 IS NULL OR channel = ?4)";
    let mut select = views.prepare_cached(&format!("SELECT {} {from}", Fact::COLUMNS))?;
    for fact in select.query_map(params![young, range.from, range.to, range.channel], Fact::read)? {
        let fact = fact?;
        let (ended, judged) = (fact.has_ended(rules, now), fact.is_judged(rules, now));
        counted.running += u64::from(!ended && fact.messages > 0);
        let early = match (ended, judged) {
            _ if fact.messages == 0 => continue,
            (false, _) => fact.cells(rules),
            // Most of the young have ended, and lie in one cell too early.
            (true, false) => vec![fact.lasting_cell(rules)],
            (true, true) => continue,
        };
        let period = step.period(rules.day(fact.opened_at));
        for cell in early.into_iter().filter(|cell| cubes.contains(&cell.cube)) {
            if COURSE.contains(&cell.cube) {
                *counted.course.entry((period, cell.clone())).or_default() -= 1;
            }
            *counted.cells.entry(cell).or_default() -= 1;
        }
    }
    Ok(())
}
