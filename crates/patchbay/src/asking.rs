//! Questions at the terminal: only where somebody can answer; everywhere else the default stands or the option is named.

use crate::failure::{Exit, Failure};
use std::io::{IsTerminal, Write};

/// Whoever sits at the terminal, or nobody.
pub(crate) struct Asking {
    somebody: bool,
}

impl Asking {
    /// Asks on stderr and reads stdin, unless that was not wanted or nobody is there.
    pub(crate) fn new(no_input: bool) -> Self {
        Self { somebody: !no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal() }
    }

    /// An answer, or the default where there is none.
    pub(crate) fn or(&self, question: &str, default: &str) -> String {
        if !self.somebody {
            return default.to_owned();
        }
        let hint = if default.is_empty() { String::new() } else { format!(" [{default}]") };
        eprint!("{question}{hint}: ");
        let _ = std::io::stderr().flush();
        let mut line = String::new();
        match std::io::stdin().read_line(&mut line) {
            Ok(_) if !line.trim().is_empty() => line.trim().to_owned(),
            _ => default.to_owned(),
        }
    }

    /// An answer there must be.
    ///
    /// # Errors
    /// When nobody is there; the option that says it is named.
    pub(crate) fn must(&self, question: &str, default: &str, option: &str) -> Result<String, Failure> {
        let answer = self.or(question, default);
        if answer.is_empty() { Err(Failure::new(Exit::Usage, format!("{question}? Say it with {option}"))) } else { Ok(answer) }
    }
}
