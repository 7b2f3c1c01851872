//! `patchbay figures`: the figures at the terminal, the same as on the screen.

use crate::cli::Figures as Wanted;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::running::{open_log, rules, views_file};
use patchbay_insight::{Figure, Figures, Insight, InsightError, Part, Question, Standing, Unit};
use patchbay_views::{Projector, Views};

/// How many parts of a figure are printed.
const PARTS: usize = 8;

/// Prints the figures, or what they mean.
pub(crate) async fn run(wanted: &Wanted) -> Result<(), Failure> {
    if wanted.definitions {
        print!("{}", patchbay_insight::page());
        return Ok(());
    }
    let ready = Ready::of(&wanted.configured)?;
    let log = open_log(&ready)?;
    let file = views_file(&ready);
    Projector::open(&file, rules(&ready)).map_err(Failure::storage)?.catch_up(&*log).await.map_err(Failure::storage)?;
    let insight = Insight::new(Views::open(&file).map_err(Failure::storage)?, rules(&ready));
    let Wanted { from, to, channel, by, .. } = wanted;
    let question = Question { from: from.clone(), to: to.clone(), channel: channel.clone(), by: by.clone() };
    let now = ready.clock.now();
    let asked = question.read(insight.rules(), now).map_err(failure)?;
    let figures = insight.figures(&asked, now).await.map_err(failure)?;
    log.close().await;
    if wanted.json {
        println!("{}", serde_json::to_string_pretty(&figures).expect("invariant: figures are JSON"));
    } else {
        print!("{}", table(&figures));
    }
    Ok(())
}

fn failure(error: InsightError) -> Failure {
    match error {
        InsightError::Asked { .. } | InsightError::Unknown(_) => Failure::new(Exit::Usage, error.to_string()),
        InsightError::Views(error) => Failure::storage(error),
    }
}

/// The figures as a table: the number, its interval, how many it rests on, and how it differs from before.
fn table(figures: &Figures) -> String {
    let channel = figures.channel.as_ref().map(|channel| format!(" · {channel}")).unwrap_or_default();
    let mut text = format!("{} to {} ({}){channel} · {} still running\n\n", figures.from, figures.to, figures.zone, figures.running);
    for figure in &figures.figures {
        text.push_str(&line(figure.title, figure, figures.few));
        if figure.name == "volume" {
            continue;
        }
        for part in figure.parts.iter().take(PARTS) {
            let (low, high) =
                part.interval.map_or((String::new(), String::new()), |[low, high]| (show(low, figure.unit), show(high, figure.unit)));
            text.push_str(&row(&format!("  {}", part.name), &number(part, figure.unit), &low, &high, part.n, part.few, ""));
        }
        if figure.parts.len() > PARTS {
            text.push_str(&format!("  … and {} more\n", figure.parts.len() - PARTS));
        }
    }
    for split in &figures.split {
        let outcomes: Vec<String> =
            split.outcomes.iter().map(|share| format!("{} {}", share.name, show(share.value, Unit::Share))).collect();
        text.push_str(&format!("\n{}  n={}  {}\n", split.name, split.n, outcomes.join("  ")));
    }
    text.push_str("\nWhat each figure means: patchbay figures --definitions\n");
    text
}

fn line(title: &str, figure: &Figure, few: u64) -> String {
    let value = figure.value.map_or_else(|| "–".to_owned(), |value| show(value, figure.unit));
    let (low, high) = figure.interval.map_or_else(Default::default, |[low, high]| (show(low, figure.unit), show(high, figure.unit)));
    let standing = match figure.standing {
        Some(Standing::Alarm) => "ALARM",
        Some(Standing::Watch) => "below its target",
        Some(Standing::Good) | None => "",
    };
    let note = if figure.few { format!("fewer than {few}") } else { standing.to_owned() };
    row(title, &value, &low, &high, figure.n, false, &note)
}

fn number(part: &Part, unit: Unit) -> String {
    part.value.map_or_else(|| "–".to_owned(), |value| show(value, unit))
}

fn row(title: &str, value: &str, low: &str, high: &str, n: u64, few: bool, note: &str) -> String {
    let interval = if low.is_empty() { String::new() } else { format!("{low} to {high}") };
    let note = if few { "few" } else { note };
    let text = format!("{title:<28} {value:>9}  {interval:<22} n={n:<8} {note}");
    format!("{}\n", text.trim_end())
}

/// A number in its unit.
fn show(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Conversations | Unit::Messages => format!("{value:.0}"),
        Unit::Share => format!("{:.1} %", value * 100.0),
        Unit::Score => format!("{value:.2}"),
        Unit::Milliseconds => match value / 1000.0 {
            seconds if seconds < 100.0 => format!("{seconds:.1} s"),
            seconds if seconds < 6_000.0 => format!("{:.0} min", seconds / 60.0),
            seconds if seconds < 172_800.0 => format!("{:.1} h", seconds / 3_600.0),
            seconds => format!("{:.1} d", seconds / 86_400.0),
        },
    }
}
