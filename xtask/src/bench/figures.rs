//! `cargo xtask bench figures`: how long figures take over a store of millions of events, and how large it is.

use crate::command::{cargo, run};
use crate::failure::Failure;
use clap::Args;
use std::path::PathBuf;

/// How large the store is.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// How many events.
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Over how many days.
    #[arg(long, default_value_t = 365)]
    days: u32,
    /// A folder in which the store stays, and from which it is taken the next time.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// Builds for release, makes the store through the real projector and asks for every figure.
pub(crate) fn measure(store: &Store) -> Result<(), Failure> {
    let mut cargo = cargo(["run", "--release", "--package", "patchbay-insight", "--example", "figures", "--"]);
    cargo.args(["--events", &store.events.to_string(), "--days", &store.days.to_string()]);
    if let Some(folder) = &store.keep {
        cargo.arg("--keep").arg(std::path::absolute(folder)?);
    }
    run(&mut cargo)
}
