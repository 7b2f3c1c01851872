//! Running other programs: seen, counted or captured, always in the open.

use crate::failure::Failure;
use crate::project;
use crate::tally::{self, Tally};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Instant;

/// A program with its arguments, run in the repository's root.
pub(crate) fn command<A: AsRef<OsStr>>(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = A>) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(project::root());
    command
}

/// The cargo that started us.
pub(crate) fn cargo<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>) -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments)
}

/// Runs it with its output shown.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let began = announce(command);
    let status = command.stdin(Stdio::null()).status().map_err(|error| unable(command, &error))?;
    if !status.success() {
        return Err(Failure::new(format!("`{}` ended with {status}", spelled(command))));
    }
    eprintln!("  done in {:.1} s", began.elapsed().as_secs_f64());
    Ok(())
}

/// Runs tests with their output shown, and counts them by the runner's own summaries. A run that fails without having
/// counted a failed test (it did not compile, it crashed) counts as one.
pub(crate) fn count(command: &mut Command) -> Result<Tally, Failure> {
    let began = announce(command);
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().map_err(|error| unable(command, &error))?;
    let mut tally = Tally::default();
    for line in BufReader::new(child.stdout.take().expect("invariant: stdout is piped")).lines() {
        let line = line?;
        println!("{line}");
        tally += tally::read(&line);
    }
    let status = child.wait()?;
    if !status.success() && tally.failed == 0 {
        tally.failed = 1;
    }
    eprintln!("  {tally} in {:.1} s", began.elapsed().as_secs_f64());
    Ok(tally)
}

/// Runs it and returns what it wrote to stdout.
pub(crate) fn capture(command: &mut Command) -> Result<String, Failure> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| unable(command, &error))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::new(format!("`{}` ended with {}\n{}", spelled(command), output.status, told.trim_end())));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Is there a program of this name?
pub(crate) fn installed(program: &str) -> bool {
    let paths = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&paths).any(|folder| folder.join(program).is_file())
}

fn announce(command: &Command) -> Instant {
    eprintln!("$ {}", spelled(command));
    Instant::now()
}

fn spelled(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn unable(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("`{}` cannot be run: {error}", spelled(command)))
}
