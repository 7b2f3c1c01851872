//! `patchbay export` and `patchbay rebuild`: what the views say, and building them anew.

use crate::cli::OnData;
use crate::company::Ready;
use crate::failure::Failure;
use crate::running::{open_log, rules, views_file};
use patchbay_views::{Filter, Projector, Views};

/// Writes one conversation a line to stdout.
pub(crate) async fn run(on: &OnData) -> Result<(), Failure> {
    let ready = Ready::of(&on.configured)?;
    let log = open_log(&ready)?;
    let file = views_file(&ready);
    Projector::open(&file, rules(&ready)).map_err(Failure::storage)?.catch_up(&*log).await.map_err(Failure::storage)?;
    let views = Views::open(&file).map_err(Failure::storage)?;
    let (written, _) =
        patchbay_views::export(&*log, &views, Filter::default(), 0, &mut crate::showing::Stdout).await.map_err(Failure::storage)?;
    eprintln!("{written} conversations");
    log.close().await;
    Ok(())
}

/// Builds every view anew from the log, beside the old ones, and swaps them in whole.
pub(crate) async fn rebuild(on: &OnData) -> Result<(), Failure> {
    let ready = Ready::of(&on.configured)?;
    let log = open_log(&ready)?;
    let end = log.last();
    let report = |progress: patchbay_views::Progress| eprint!("\rrebuilding: event {} of {}", progress.position.0, end.0);
    let done = patchbay_views::rebuild(&*log, &views_file(&ready), rules(&ready), report).await.map_err(Failure::storage)?;
    eprintln!();
    println!("rebuilt from {} events; {} could not be read and were skipped", done.position.0, done.skipped);
    log.close().await;
    Ok(())
}
