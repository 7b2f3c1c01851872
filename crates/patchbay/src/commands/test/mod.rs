//! `patchbay test`: conversations played offline against stated backends, through the same driver as production.

mod record;
mod show;

use crate::cli::Test;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::minds;
use futures::{FutureExt, StreamExt, stream};
use patchbay_config::Problems;
use patchbay_rehearsal::{Rehearsal, wrong_names};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// How many tests are played at the same time: most of their time is waiting.
const AT_ONCE: usize = 4;

pub(crate) async fn run(test: &Test) -> Result<(), Failure> {
    let began = Instant::now();
    if test.record {
        record::record(test).await?;
    }
    let ready = Ready::offline(&test.configured)?;
    let tests = chosen(test, &ready)?;
    let rehearsal = rehearsal(&ready).await?;
    let mut failed = 0;
    let mut plays = stream::iter(&tests).map(|one| rehearsal.play(one).map(move |played| (one, played))).buffered(AT_ONCE);
    while let Some((one, played)) = plays.next().await {
        let played = played.map_err(|cannot| Failure::new(Exit::Unreachable, cannot))?;
        failed += usize::from(!played.passed());
        if test.json {
            println!("{}", show::json(one, &played));
        } else {
            show::print(one, &played, &ready.loaded.company.name);
        }
    }
    let passed = tests.len() - failed;
    if !test.json {
        println!("{passed} passed, {failed} failed in {:.1} s", began.elapsed().as_secs_f64());
    }
    if failed == 0 { Ok(()) } else { Err(Failure::new(Exit::CheckFailed, "")) }
}

/// The tests that are asked for; every mistake in any of their files is reported at once.
fn chosen(test: &Test, ready: &Ready) -> Result<Vec<patchbay_config::Test>, Failure> {
    let paths = if test.paths.is_empty() { vec![ready.loaded.tests.clone()] } else { test.paths.clone() };
    let files: Vec<PathBuf> = paths.iter().flat_map(|path| patchbay_config::test_files(path)).collect();
    let mut tests = Vec::new();
    let mut wrong = Vec::new();
    for file in &files {
        match patchbay_config::load_tests(file) {
            Ok(read) => tests.extend(read),
            Err(Problems(problems)) => wrong.extend(problems),
        }
    }
    wrong.extend(tests.iter().flat_map(|one| wrong_names(one, &ready.loaded.company, &ready.connectors)));
    if !wrong.is_empty() {
        return Err(Failure::configuration(Problems(wrong)));
    }
    let wanted = |one: &patchbay_config::Test| test.filter.as_ref().is_none_or(|text| one.name.contains(text.as_str()));
    tests.retain(wanted);
    if tests.is_empty() {
        let paths: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let filter = test.filter.as_ref().map_or(String::new(), |text| format!(" whose name holds '{text}'"));
        return Err(Failure::new(Exit::Usage, format!("there are no tests in {}{filter}", paths.join(", "))));
    }
    Ok(tests)
}

/// The company with its minds at their full hearing, so that every run understands the same.
async fn rehearsal(ready: &Ready) -> Result<Rehearsal, Failure> {
    let mut minds = minds::start(&ready.house, &ready.library)?;
    let _ = minds.ready.wait_for(|ready| *ready).await;
    Ok(Rehearsal {
        house: Arc::clone(&ready.house),
        minds: vec![minds.mind],
        yes_or_no: patchbay_engine::builtin::plain_yes_or_no,
        connectors: Arc::clone(&ready.connectors),
    })
}
