//! Developer commands of Patchbay: `cargo xtask help` lists them.

mod bench;
mod check;
mod command;
mod eval;
mod events;
mod failure;
mod floors;
mod http;
mod kill;
mod needs;
mod process;
mod project;
mod retail;
mod server;
mod tally;
mod test;
mod town;
mod ui;

use clap::{Parser, Subcommand};
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
    /// Measure speeds and sizes of the release build, beside their budgets.
    Bench(bench::Wanted),
    /// Measure how well messages are understood and questions answered, beside the targets; builds for release.
    Eval(eval::Eval),
    /// Kill the process again and again under load: nothing acknowledged may be lost, nothing done twice.
    Kill(kill::Kill),
    /// Play the dialogues of the retail data set through the public API, and count what came of them.
    Retail(retail::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test => test::run_all(),
        Task::Check => check::run_all(),
        Task::Floors => floors::run(),
        Task::Ui => ui::build(),
        Task::Bench(wanted) => bench::run(&wanted),
        Task::Eval(eval) => eval::run(&eval),
        Task::Kill(kill) => kill::run(kill),
        Task::Retail(arguments) => retail::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
