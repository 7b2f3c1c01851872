//! `cargo xtask eval`: how well messages are understood and questions answered, each figure beside its target.

use crate::command::{cargo, run as run_command};
use crate::failure::Failure;
use crate::project;
use clap::Args;

/// What is measured.
#[derive(Debug, Args)]
pub(crate) struct Eval {
    /// Only headings with this in them: Speed, Banking77, CLINC150, Small companies, StackFAQ.
    part: Option<String>,
}

/// Builds the measurer for release, which a debug build would be far too slow for, and runs it. Fails when a target is missed.
pub(crate) fn run(eval: &Eval) -> Result<(), Failure> {
    if project::data().is_none() {
        println!("eval: skipped, because PATCHBAY_DATA names no folder of data sets");
        return Ok(());
    }
    let measurer = ["run", "--release", "--package", "patchbay-engine", "--example", "eval", "--"];
    run_command(cargo(measurer).args(&eval.part)).map_err(|failure| failure.while_doing("not every target was met, or not measured"))
}
