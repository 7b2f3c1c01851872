//! The counting: cells to figures, each by the kind its definition names.

use crate::ask::{Asked, By, InsightError};
use crate::definition::{Definition, Kind, Unit};
use crate::dictionary::DEFINITIONS;
use crate::figure::{Bar, Change, Figure, Figures, Part, Point, Share, Split, Standing};
use crate::interval::{FEW, Interval, Spread, mean, newcombe, quantile, wilson};
use patchbay_core::Timestamp;
use patchbay_core::words::Outcome;
use patchbay_views::Views;
use patchbay_views::facts::{Cell, Counted, Cube, Period, Range, Rules, Step, date_of, middle_of, place};
use std::collections::BTreeMap;

/// What of the days before is looked at.
const BEFORE: [Cube; 4] = [Cube::Outcome, Cube::Lasting, Cube::Topic, Cube::Helpful];

/// Answers questions about figures. Cheap to clone.
#[derive(Clone)]
pub struct Insight {
    pub(crate) views: Views,
    pub(crate) rules: Rules,
}

/// What a figure is counted from.
struct Ground<'a> {
    now: &'a Counted,
    before: &'a Counted,
    periods: &'a [(Period, String)],
    scale: u8,
}

impl Insight {
    /// Over these views, by these rules.
    #[must_use]
    pub fn new(views: Views, rules: Rules) -> Self {
        Self { views, rules }
    }

    /// The rules.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// All figures of a range, as of now.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn figures(&self, asked: &Asked, now: Timestamp) -> Result<Figures, InsightError> {
        let all: Vec<&Definition> = DEFINITIONS.iter().collect();
        self.some(&all, asked, now).await
    }

    /// Some figures of a range, as of now.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn some(&self, definitions: &[&'static Definition], asked: &Asked, now: Timestamp) -> Result<Figures, InsightError> {
        let mut cubes: Vec<Cube> = definitions.iter().map(|definition| definition.kind.cube()).collect();
        cubes.extend(asked.by.map(cube_of));
        cubes.sort();
        cubes.dedup();
        let step = asked.step();
        let counted = self.views.counted(asked.range.clone(), step, cubes.clone(), self.rules.clone(), now).await?;
        cubes.retain(|cube| BEFORE.contains(cube));
        let before = self.views.counted(asked.before(), Step::Month, cubes, self.rules.clone(), now).await?;
        let outcomes = self.rules.outcomes();
        let ground = Ground { now: &counted, before: &before, periods: &periods(&asked.range, step), scale: outcomes.csat.scale };
        Ok(Figures {
            from: date_of(asked.range.from).to_string(),
            to: date_of(asked.range.to).to_string(),
            zone: self.rules.zone().to_owned(),
            channel: asked.range.channel.clone(),
            channels: self.views.channels().await?,
            at: now,
            step: if step == Step::Day { "day" } else { "month" },
            contained_after_quiet: self.rules.quiet(),
            durable_after: self.rules.durable(),
            csat_scale: outcomes.csat.scale,
            running: counted.running,
            few: FEW,
            figures: definitions.iter().map(|definition| ground.figure(definition)).collect(),
            by: asked.by,
            split: asked.by.map(|by| split(&counted, cube_of(by))).unwrap_or_default(),
        })
    }
}

impl Ground<'_> {
    fn figure(&self, definition: &'static Definition) -> Figure {
        let mut figure = Figure {
            name: definition.name,
            title: definition.title,
            unit: definition.unit,
            value: None,
            count: 0,
            n: 0,
            interval: None,
            few: false,
            standing: None,
            change: None,
            parts: Vec::new(),
            course: Vec::new(),
            spread: Vec::new(),
        };
        let kind = definition.kind;
        match kind {
            Kind::Count(cube) => {
                figure.count = total(self.now, |cell| cell.cube == cube);
                figure.n = figure.count;
                figure.value = Some(figure.count as f64);
                figure.course = self.course(kind, |_| true, |count, _| Some(count as f64));
            }
            Kind::Share(cube, _) => {
                let of = |counted: &Counted| (total(counted, |cell| kind.counts(cell)), total(counted, |cell| cell.cube == cube));
                (figure.count, figure.n) = of(self.now);
                figure.value = share(figure.count, figure.n);
                figure.interval = wilson(figure.count, figure.n);
                figure.change = change((figure.count, figure.n), of(self.before));
                figure.course = self.course(kind, |_| true, share);
            }
            Kind::Parts(..) => self.parts(kind, &mut figure),
            Kind::Each(cube, _) => self.each(kind, cube, &mut figure),
            Kind::Time(cube) => quantiles(self.now, cube, &mut figure, |b| middle_of(b).round()),
            Kind::Number(cube) => quantiles(self.now, cube, &mut figure, |b| b as f64),
            Kind::Mean(cube) => self.mean(cube, &mut figure),
        }
        figure.few = definition.unit != Unit::Conversations && figure.n < FEW;
        figure
    }

    /// Every part as a share of all of them, the largest first; outcomes, hours and numbers in their own order.
    fn parts(&self, kind: Kind, figure: &mut Figure) {
        let counts = by_part(self.now, kind, |cell| kind.counts(cell));
        let before = by_part(self.before, kind, |cell| kind.counts(cell));
        let (n, n_before) = (counts.values().sum(), before.values().sum());
        (figure.count, figure.n) = (n, n);
        for (name, count) in counts {
            let course = if kind.cube() == Cube::Hour { Vec::new() } else { self.course(kind, |cell| kind.part(cell) == name, share) };
            figure.parts.push(Part {
                value: share(count, n),
                interval: wilson(count, n),
                change: change((count, n), (before.get(&name).copied().unwrap_or_default(), n_before)),
                few: n < FEW,
                course,
                name,
                count,
                n,
            });
        }
        sort(&mut figure.parts, kind.cube());
    }

    /// Of every part, the share that counts; where most conversations fail first.
    fn each(&self, kind: Kind, cube: Cube, figure: &mut Figure) {
        let failed = by_part(self.now, kind, |cell| kind.counts(cell));
        let before = by_part(self.before, kind, |cell| kind.counts(cell));
        let all_before = by_part(self.before, kind, |cell| cell.cube == cube);
        for (name, n) in by_part(self.now, kind, |cell| cell.cube == cube) {
            let of = |counts: &BTreeMap<String, u64>| counts.get(&name).copied().unwrap_or_default();
            let (count, was) = (of(&failed), (of(&before), of(&all_before)));
            figure.parts.push(Part {
                value: share(count, n),
                interval: wilson(count, n),
                change: change((count, n), was),
                few: n < FEW,
                course: self.course(kind, |cell| kind.part(cell) == name, share),
                name,
                count,
                n,
            });
            figure.count += count;
            figure.n += n;
        }
        figure.value = share(figure.count, figure.n);
        figure.interval = wilson(figure.count, figure.n);
        figure.parts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| b.n.cmp(&a.n)).then_with(|| a.name.cmp(&b.name)));
    }

    fn mean(&self, cube: Cube, figure: &mut Figure) {
        let spread = |who: Option<&str>| spread(self.now, |cell| cell.cube == cube && who.is_none_or(|who| cell.a == who), |b| b as f64);
        let all = spread(None);
        figure.n = all.iter().map(|(_, n)| n).sum();
        figure.count = figure.n;
        if let Some((value, interval)) = mean(&all) {
            (figure.value, figure.interval) = (Some(value), interval);
            figure.standing = (figure.n >= FEW).then(|| standing(value, self.scale));
        }
        figure.spread = all.into_iter().map(|(value, count)| Bar { value, count }).collect();
        for who in ["bot", "person"] {
            let part = spread(Some(who));
            let n = part.iter().map(|(_, n)| n).sum();
            let Some((value, interval)) = mean(&part) else { continue };
            let (name, value) = (who.to_owned(), Some(value));
            figure.parts.push(Part { name, value, count: n, n, interval, few: n < FEW, change: None, course: Vec::new() });
        }
        for (period, at) in self.periods {
            let here = self.now.course.iter().filter(|((other, cell), _)| other == period && cell.cube == cube);
            let here: Spread = here.map(|((_, cell), n)| (cell.b as f64, n.unsigned_abs())).collect();
            let n = here.iter().map(|(_, n)| n).sum();
            figure.course.push(Point { at: at.clone(), value: mean(&here).map(|(value, _)| value), count: n, n });
        }
    }

    /// Step by step: what counts of `within`, and what it is a share of. Parts are shares of everything, or of their own part.
    fn course(&self, kind: Kind, within: impl Fn(&Cell) -> bool, value: fn(u64, u64) -> Option<f64>) -> Vec<Point> {
        let mut steps: BTreeMap<Period, (u64, u64)> = BTreeMap::new();
        let mut known = false;
        for ((period, cell), n) in self.now.course.iter().filter(|((_, cell), _)| cell.cube == kind.cube()) {
            known = true;
            let (count, of) = steps.entry(*period).or_default();
            let here = within(cell);
            let n = u64::try_from(*n).unwrap_or_default();
            *count += if here && kind.counts(cell) { n } else { 0 };
            let all = if matches!(kind, Kind::Parts(..)) { kind.counts(cell) } else { here };
            *of += if all { n } else { 0 };
        }
        if !known {
            return Vec::new();
        }
        let point = |(period, at): &(Period, String)| {
            let (count, n) = steps.get(period).copied().unwrap_or_default();
            Point { at: at.clone(), value: value(count, n), count, n }
        };
        self.periods.iter().map(point).collect()
    }
}

/// The median, its ninth decile, and the median of every outcome.
fn quantiles(counted: &Counted, cube: Cube, figure: &mut Figure, value: impl Fn(i64) -> f64 + Copy) {
    let all = spread(counted, |cell| cell.cube == cube, value);
    let part = |name: &str, spread: &Spread, p: f64| {
        let n = spread.iter().map(|(_, n)| n).sum();
        let (value, interval): (f64, Interval) = quantile(spread, p)?;
        let name = name.to_owned();
        Some(Part { name, value: Some(value), count: n, n, interval: Some(interval), few: n < FEW, change: None, course: Vec::new() })
    };
    figure.n = all.iter().map(|(_, n)| n).sum();
    figure.count = figure.n;
    if let Some((value, interval)) = quantile(&all, 0.5) {
        (figure.value, figure.interval) = (Some(value), Some(interval));
    }
    figure.parts.extend(part("p90", &all, 0.9));
    for outcome in Outcome::ALL {
        let own = spread(counted, |cell| cell.cube == cube && cell.a == outcome.as_str(), value);
        figure.parts.extend(part(outcome.as_str(), &own, 0.5));
    }
    figure.spread = all.into_iter().map(|(value, count)| Bar { value, count }).collect();
}

fn spread(counted: &Counted, wanted: impl Fn(&Cell) -> bool, value: impl Fn(i64) -> f64) -> Spread {
    let mut found: BTreeMap<i64, u64> = BTreeMap::new();
    for (cell, n) in counted.cells.iter().filter(|(cell, _)| wanted(cell)) {
        *found.entry(cell.b).or_default() += n.unsigned_abs();
    }
    found.into_iter().map(|(b, n)| (value(b), n)).collect()
}

/// The outcomes of each channel, language or topic, the largest first.
fn split(counted: &Counted, cube: Cube) -> Vec<Split> {
    let mut found: BTreeMap<&str, BTreeMap<i64, u64>> = BTreeMap::new();
    for (cell, n) in counted.cells.iter().filter(|(cell, _)| cell.cube == cube) {
        *found.entry(&cell.a).or_default().entry(cell.b).or_default() += n.unsigned_abs();
    }
    let one = |(name, outcomes): (&str, BTreeMap<i64, u64>)| {
        let n: u64 = outcomes.values().sum();
        let share_of = |outcome: &Outcome| {
            let count = outcomes.get(&place(*outcome)).copied().unwrap_or_default();
            Share { name: outcome.as_str(), value: count as f64 / n as f64, count, interval: wilson(count, n) }
        };
        Split { name: name.to_owned(), n, few: n < FEW, outcomes: Outcome::ALL.iter().map(share_of).collect() }
    };
    let mut split: Vec<Split> = found.into_iter().map(one).collect();
    split.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.name.cmp(&b.name)));
    split
}

const fn cube_of(by: By) -> Cube {
    match by {
        By::Channel => Cube::Channel,
        By::Language => Cube::Language,
        By::Topic => Cube::Topic,
    }
}

fn sort(parts: &mut [Part], cube: Cube) {
    match cube {
        Cube::Outcome => parts.sort_by_key(|part| Outcome::parse(&part.name)),
        Cube::Depth => parts.sort_by_key(|part| part.name.parse::<u64>().unwrap_or(u64::MAX)),
        Cube::Hour => parts.sort_by(|a, b| a.name.cmp(&b.name)),
        _ => parts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name))),
    }
}

fn total(counted: &Counted, wanted: impl Fn(&Cell) -> bool) -> u64 {
    counted.cells.iter().filter(|(cell, _)| wanted(cell)).map(|(_, n)| n.unsigned_abs()).sum()
}

fn by_part(counted: &Counted, kind: Kind, wanted: impl Fn(&Cell) -> bool) -> BTreeMap<String, u64> {
    let mut parts = BTreeMap::new();
    for (cell, n) in counted.cells.iter().filter(|(cell, _)| wanted(cell)) {
        *parts.entry(kind.part(cell)).or_default() += n.unsigned_abs();
    }
    parts
}

fn share(count: u64, n: u64) -> Option<f64> {
    (n > 0).then(|| count as f64 / n as f64)
}

fn change(now: (u64, u64), before: (u64, u64)) -> Option<Change> {
    newcombe(now, before).map(|(value, interval)| Change { value, interval })
}

/// Good above three quarters of the scale, an alarm under five eighths: 4.0 and 3.5 of 5.
fn standing(score: f64, scale: u8) -> Standing {
    let way = (score - 1.0) / f64::from(scale.max(2) - 1);
    if way > 0.75 {
        Standing::Good
    } else if way < 0.625 {
        Standing::Alarm
    } else {
        Standing::Watch
    }
}

/// The steps of a range, with the words for them.
fn periods(range: &Range, step: Step) -> Vec<(Period, String)> {
    let mut periods: Vec<(Period, String)> = Vec::new();
    for day in range.from..=range.to {
        let period = step.period(day);
        if periods.last().is_none_or(|(last, _)| *last != period) {
            let date = date_of(day);
            let word = if step == Step::Day { date.to_string() } else { format!("{:04}-{:02}", date.year(), date.month()) };
            periods.push((period, word));
        }
    }
    periods
}
