//! `patchbay test --record`: plays tests once against the live backends and writes the answers into their files.

use super::{chosen, rehearsal};
use crate::cli::Test;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use patchbay_core::port::Backends;
use patchbay_rehearsal::with_answers;
use std::sync::Arc;

/// Records the tests that are asked for. The last test of a file comes first, so that the lines of the others stay where they are.
///
/// # Errors
/// When none is named, a test cannot be played or written, or a file cannot be.
pub(super) async fn record(test: &Test) -> Result<(), Failure> {
    if test.paths.is_empty() && test.filter.is_none() {
        let why = "say which tests are recorded: name a file, or a part of a test's name with --filter. Recording asks your live \
                   systems, and what the customer of a test confirms really happens there";
        return Err(Failure::new(Exit::Usage, why));
    }
    let ready = Ready::of(&test.configured)?;
    let mut tests = chosen(test, &ready)?;
    tests.sort_by(|one, other| (&one.file, other.line).cmp(&(&other.file, one.line)));
    let rehearsal = rehearsal(&ready).await?;
    for one in &tests {
        let backends = Arc::clone(&ready.connectors) as Arc<dyn Backends>;
        let events = rehearsal.live(one, backends, ready.clock.now()).await;
        let events = events.map_err(|cannot| Failure::new(Exit::Unreachable, cannot))?;
        let file = std::fs::read_to_string(&one.file).map_err(|error| Failure::new(Exit::CheckFailed, format!("{}: {error}", one.file)))?;
        let copied = with_answers(&file, one.line, &events, &ready.loaded.company)
            .map_err(|error| Failure::new(Exit::CheckFailed, format!("{}: {error}", one.file)))?;
        std::fs::write(&one.file, copied.text).map_err(|error| Failure::new(Exit::CheckFailed, format!("{}: {error}", one.file)))?;
        eprintln!("recorded {}   {}:{}", one.name, one.file, one.line);
        for left_out in &copied.left_out {
            eprintln!("  to be stated by hand: {left_out}");
        }
    }
    Ok(())
}
