//! Developer commands of Patchbay: `cargo xtask help` lists them.

mod check;
mod command;
mod failure;
mod floors;
mod needs;
mod project;
mod server;
mod tally;
mod test;
mod ui;

use clap::{Parser, Subcommand};
use failure::Failure;
use std::process::ExitCode;

/// Developer commands of Patchbay.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

/// What can be done.
#[derive(Debug, Subcommand)]
enum Task {
    /// Run every test: floors, user interface, all crates, the browser, kill -9.
    Test,
    /// Hold the code against the rules: format, lints, floors, licences, documentation.
    Check,
    /// Check that imports only go down, as the table in ARCHITECTURE.md says.
    Floors,
    /// Build the user interface.
    Ui,
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test => test::run_all(),
        Task::Check => check::run_all(),
        Task::Floors => floors::run(),
        Task::Ui => ui::build(),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
