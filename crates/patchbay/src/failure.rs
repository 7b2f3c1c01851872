//! How a command fails: what is printed, and the exit code.

use std::fmt::Display;
use std::process::ExitCode;

/// Exit codes, as documented in `docs/commands.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// A check failed.
    CheckFailed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// The configuration is wrong.
    Configuration = 3,
    /// Something that is needed cannot be reached.
    Unreachable = 4,
    /// Storage cannot be used.
    Storage = 5,
}

/// Why a command did not do what it was asked: one text for the person at the terminal.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The exit code.
    pub(crate) exit: Exit,
    /// What happened, where, and what to do.
    pub(crate) message: String,
}

impl Failure {
    /// A failure with this text.
    pub(crate) fn new(exit: Exit, message: impl Display) -> Self {
        Self { exit, message: message.to_string() }
    }

    /// Something about the configuration.
    pub(crate) fn configuration(message: impl Display) -> Self {
        Self::new(Exit::Configuration, message)
    }

    /// Something about storage.
    pub(crate) fn storage(message: impl Display) -> Self {
        Self::new(Exit::Storage, message)
    }

    /// Prints it and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("{}", self.message.trim_end());
        ExitCode::from(self.exit as u8)
    }
}
