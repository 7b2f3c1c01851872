//! Measures how long each figure takes over a store of this size.

use crate::year::{MadeUp, Plan};
use patchbay_core::Timestamp;
use patchbay_core::declare::Outcomes;
use patchbay_insight::{DEFINITIONS, Definition, Insight, Question};
use patchbay_views::facts::Rules;
use patchbay_views::{Projector, Views};
use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often each is asked.
const ROUNDS: usize = 40;

/// Builds the store and prints p50 and p95 of every figure, over the whole time and over the last 28 days. In a folder that is
/// kept, a store that was built there before is gone on with.
pub(crate) async fn measure(plan: Plan, now: Timestamp, kept: Option<&Path>) -> Result<(), Box<dyn Error>> {
    let folder = tempfile::Builder::new().prefix("patchbay-figures-").tempdir()?;
    let folder = kept.unwrap_or(folder.path());
    std::fs::create_dir_all(folder)?;
    let file = folder.join("views.db");
    let rules = Rules::new("Europe/Berlin", Outcomes::default());
    build(plan, &file, &rules).await?;
    let insight = Insight::new(Views::open(&file)?, rules);
    let day = |days: i64| Some(patchbay_views::facts::date_of(insight.rules().day(now) - days).to_string());
    for (what, from) in [("the whole time", day(i64::from(plan.days))), ("the last 28 days", None)] {
        println!("\n{what:<28} {:>9} {:>9}", "p50 ms", "p95 ms");
        let question = Question { from, ..Question::default() };
        let asked = question.read(insight.rules(), now)?;
        for definition in DEFINITIONS {
            report(definition.name, &timed(async || insight.some(&[definition], &asked, now).await.map(drop)).await?);
        }
        report("all of them", &timed(async || insight.figures(&asked, now).await.map(drop)).await?);
        for name in ["verified", "durable", "escalation_reasons"] {
            let definition: &Definition = patchbay_insight::definition(name).ok_or("it is in the dictionary")?;
            let rows = timed(async || insight.rows(definition, None, &asked, now, None, 50).await.map(drop)).await?;
            report(&format!("50 rows of {name}"), &rows);
        }
    }
    Ok(())
}

async fn build(plan: Plan, file: &Path, rules: &Rules) -> Result<(), Box<dyn Error>> {
    let projector = Projector::open(file, rules.clone())?;
    let mut reached = projector.reached();
    let log = MadeUp::new(plan);
    let begun = Instant::now();
    let mut told = 0;
    let events = {
        let work = projector.catch_up(&log);
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => break done?.0,
                Ok(()) = reached.changed() => {
                    let position = reached.borrow().0;
                    if position * 20 / plan.events.max(1) > told {
                        told = position * 20 / plan.events.max(1);
                        eprintln!("  {position} of {} events after {:.0} s", plan.events, begun.elapsed().as_secs_f64());
                    }
                }
            }
        }
    };
    let seconds = begun.elapsed().as_secs_f64();
    // What SQLite keeps beside the file goes into it.
    drop(projector);
    let size = std::fs::metadata(file)?.len();
    println!(
        "{events} events over {} days, projected in {seconds:.0} s ({:.0} a second); {} MB",
        plan.days,
        events as f64 / seconds,
        size >> 20
    );
    Ok(())
}

async fn timed<E: Error + 'static>(work: impl AsyncFn() -> Result<(), E>) -> Result<Vec<Duration>, Box<dyn Error>> {
    let mut times = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        work().await?;
        times.push(begun.elapsed());
    }
    times.sort();
    Ok(times)
}

fn report(name: &str, times: &[Duration]) {
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1000.0;
    println!("{name:<28} {:>9.1} {:>9.1}", at(50), at(95));
}
