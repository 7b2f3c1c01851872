//! The `patchbay` command.

// First, because what prints is defined there for all that follow.
#[macro_use]
mod showing;

mod asking;
mod assets;
mod cli;
mod commands;
mod company;
#[cfg(feature = "demo")]
mod demo;
mod failure;
mod knowledge;
mod minds;
mod ports;
mod running;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = cli::Arguments::parse();
    showing::start_log(arguments.verbose);
    patchbay_dial::install_crypto();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure::Failure::new(failure::Exit::CheckFailed, format!("the runtime cannot start: {error}")).report(),
    };
    let result = runtime.block_on(commands::run(arguments));
    // Whatever still waits for a backend must not keep the command from ending.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    match result {
        Ok(()) if showing::lost() => ExitCode::FAILURE,
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
