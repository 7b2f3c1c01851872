//! `cargo xtask bench figures`: how long figures take over a store of millions of events, and how large it is.

use crate::command::{cargo, run};
use crate::failure::Failure;
use clap::Args;

/// How large the store is.
#[derive(Debug, Args)]
pub(crate) struct Store {
    /// How many events.
    #[arg(long, default_value_t = 10_000_000)]
    events: u64,
    /// Over how many days.
    #[arg(long, default_value_t = 365)]
    days: u32,
}

/// Builds for release, makes the store through the real projector and asks for every figure.
pub(crate) fn measure(store: &Store) -> Result<(), Failure> {
    let (events, days) = (store.events.to_string(), store.days.to_string());
    run(&mut cargo([
        "run",
        "--release",
        "--package",
        "patchbay-insight",
        "--example",
        "figures",
        "--",
        "--events",
        &events,
        "--days",
        &days,
    ]))
}
