//! Writes made-up conversations into the log of a data folder, through the store as the service does.

use crate::year::{Plan, Year};
use patchbay_core::log::{Append, Expected, StreamId, Subject};
use patchbay_core::port::Log;
use patchbay_core::{Chance, Clock, Timestamp};
use patchbay_store::{Options, SqliteLog};
use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// How many conversations are written at the same time.
const AT_ONCE: usize = 64;

/// The time at the end of the plan.
struct Then(Timestamp);

impl Clock for Then {
    fn now(&self) -> Timestamp {
        self.0
    }
}

struct System;

impl Chance for System {
    fn fill(&self, bytes: &mut [u8]) {
        File::open("/dev/urandom").and_then(|mut source| source.read_exact(bytes)).expect("the system has chance");
    }
}

/// Writes every conversation of the plan.
pub(crate) async fn fill(folder: &Path, plan: Plan) -> Result<(), Box<dyn Error>> {
    let log = SqliteLog::open(folder, Arc::new(Then(plan.begins)), Arc::new(System), Options::default())?;
    let year: Vec<_> = Year::new(plan).collect();
    for (n, group) in year.chunks(AT_ONCE).enumerate() {
        let appends = group.iter().map(|(id, events)| {
            let at = events.last().map_or(plan.begins, |(at, _)| *at);
            let mut append = Append::new(at, StreamId::conversation(id), Expected::Any, Vec::new());
            append.batches[0].events.clone_from(events);
            append.subject = Some(Subject(id.to_string()));
            log.append(append)
        });
        for done in futures::future::join_all(appends).await {
            done?;
        }
        eprint!("\r{} of {} conversations", ((n + 1) * AT_ONCE).min(year.len()), year.len());
    }
    eprintln!();
    log.close().await;
    Ok(())
}
