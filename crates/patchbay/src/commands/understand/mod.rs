//! `patchbay understand`: what a message would be taken for, and how well that works on messages whose intents are known.

mod labelled;
mod show;

use crate::cli::Understand;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::minds::Lessons;
use labelled::Labelled;
use patchbay_core::declare::Company;
use patchbay_engine::builtin::{Trained, Understands, as_heard, is_own};
use patchbay_engine::measured::{Judged, Measured};
use std::path::Path;

/// How often the configuration's own examples are learned from, each time without another part of them.
const PARTS: usize = 10;

pub(crate) fn run(understand: &Understand) -> Result<(), Failure> {
    let ready = Ready::offline(&understand.configured)?;
    let company = &ready.loaded.company;
    let lessons = Lessons::of(company, &ready.library)?;
    let judged = match (&understand.text, &understand.labelled) {
        (Some(text), _) => {
            let heard = as_heard(company, text);
            show::reading(&heard, &lessons.understanding(|_| true).read(&heard), understand.json);
            return Ok(());
        }
        (None, Some(file)) => on_file(company, &lessons, file)?,
        (None, None) => on_own(&lessons),
    };
    let measured = Measured::of(&judged);
    let Some(right) = measured.right.value() else {
        return Err(Failure::new(
            Exit::CheckFailed,
            "no message with an intent to measure by: skills need `examples`, a file needs `intent`s",
        ));
    };
    show::measured(&measured, understand.json);
    match understand.at_least {
        Some(least) if right * 100.0 < f64::from(least) => {
            Err(Failure::new(Exit::CheckFailed, format!("{:.1} % are right, fewer than the {least} % that were asked for", right * 100.0)))
        }
        _ => Ok(()),
    }
}

/// Messages of a file, by an understanding of everything that is taught.
fn on_file(company: &Company, lessons: &Lessons, file: &Path) -> Result<Vec<Judged>, Failure> {
    let trained = lessons.understanding(|_| true);
    let judge = |Labelled { text, label }| {
        let understood = trained.read(&as_heard(company, &text));
        Judged { text, label, understood }
    };
    Ok(labelled::read(company, file)?.into_iter().map(judge).collect())
}

/// The examples themselves, each by an understanding that has learned from nine tenths of the others and not from it. Names and
/// descriptions are always learned from: nobody would say them.
fn on_own(lessons: &Lessons) -> Vec<Judged> {
    let examples = lessons.examples();
    let tried: Vec<usize> = (0..examples.len()).filter(|at| !examples[*at].describes && is_own(&examples[*at].label)).collect();
    let mut judged: Vec<(usize, Judged)> = Vec::with_capacity(tried.len());
    for part in 0..PARTS {
        let apart: Vec<usize> = tried.iter().copied().skip(part).step_by(PARTS).collect();
        // The same words twice would be learned from in one place and tried in the other.
        let same = |at: usize| apart.iter().any(|other| examples[*other].text == examples[at].text);
        let trained: Trained = lessons.understanding(|at| !same(at));
        judged.extend(apart.iter().map(|at| {
            let (text, label) = (examples[*at].text.clone(), Some(examples[*at].label.clone()));
            (*at, Judged { understood: trained.read(&text), text, label })
        }));
    }
    judged.sort_by_key(|(at, _)| *at);
    judged.into_iter().map(|(_, judged)| judged).collect()
}
