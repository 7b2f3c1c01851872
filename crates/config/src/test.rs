//! Conversation tests as they are declared: one file of them to plain data, or to everything that is wrong with it.

use crate::files::{Disk, Files};
use crate::fill::Sources;
use crate::fit::Fitter;
use crate::language::TESTS;
use crate::origin::Origins;
use crate::problem::{At, Problems, Report};
use crate::{lower, yaml};
use patchbay_core::Timestamp;
use patchbay_core::words::Level;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// One conversation and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Test {
    /// What must happen, in words.
    pub name: String,
    /// The file it stands in, as it was named.
    pub file: String,
    /// The line it begins in.
    pub line: usize,
    /// The customer, by the company's own id; nobody known when there is none.
    pub customer: Option<String>,
    /// What the customer has proven.
    pub level: Level,
    /// What time it is at the start.
    pub now: Option<Timestamp>,
    /// What the backends answer, by `backend.operation`; never an empty list.
    pub answers: BTreeMap<String, Vec<Stated>>,
    /// What the customer says and does.
    pub steps: Vec<TestStep>,
}

/// One stated answer of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Only for requests with these arguments.
    pub when: BTreeMap<String, Value>,
    /// The HTTP status.
    pub status: u16,
    /// The whole body; an empty one when there is none.
    pub body: Option<Value>,
    /// How long it takes.
    pub delay: Duration,
    /// What happens instead of an answer.
    pub fault: Option<Fault>,
}

/// What happens instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Silence, until the caller gives up.
    Timeout,
    /// Nobody listens there.
    Unreachable,
    /// The request arrives, then the connection breaks.
    Drop,
    /// An answer comes that nobody can read, however often it is asked for in a call.
    BadAnswer,
    /// An answer comes that is larger than its backend may send.
    TooLarge,
}

/// One step of a test.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestStep {
    /// The line it begins in.
    pub line: usize,
    /// What the customer says or does.
    pub does: Does,
    /// How much time has passed since the step before.
    pub after: Duration,
    /// What must come of it.
    pub expect: Expect,
}

/// What a customer does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Does {
    /// Writes something.
    Says(String),
    /// Picks the choice with this value.
    Picks(String),
    /// Says yes or no to the card that is shown.
    Decides(bool),
}

/// What must come of a step. What is not there is not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Expect {
    /// How the reply ends.
    pub status: Option<String>,
    /// Words of the reply.
    pub text: Vec<String>,
    /// Words that stand nowhere in what the customer sees.
    pub not_said: Vec<String>,
    /// The skill or topic that is understood.
    pub skill: Option<String>,
    /// How sure the understanding is.
    pub zone: Option<String>,
    /// The tools that are called, in order.
    pub calls: Option<Vec<String>>,
    /// The slot that is asked for.
    pub question: Option<String>,
    /// The values that are offered.
    pub choices: Option<Vec<String>>,
    /// The tool of the write that waits for a yes.
    pub proposes: Option<String>,
    /// Arguments that write has.
    pub args: BTreeMap<String, Value>,
    /// What becomes of a write.
    pub outcome: Option<String>,
    /// Why the gate refuses.
    pub refusal: Option<String>,
    /// Why a person takes over.
    pub reason: Option<String>,
    /// Headers that are sent, by `backend.operation`.
    pub header: BTreeMap<String, String>,
    /// How many refusals of the gate the log holds.
    pub audit: Option<usize>,
}

/// Reads one file of tests from the disk.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub fn load_tests(path: &Path) -> Result<Vec<Test>, Problems> {
    load_tests_from(path, &Disk)
}

/// Reads one file of tests from anywhere.
///
/// # Errors
/// Everything that is wrong with it, in the order of its lines.
pub fn load_tests_from(path: &Path, files: &dyn Files) -> Result<Vec<Test>, Problems> {
    let mut report = Report::default();
    let file: Arc<str> = Arc::from(path.display().to_string());
    let tree = match files.read(path) {
        Ok(text) => yaml::read(&file, &text, &mut report),
        Err(error) => {
            let message = format!("this file cannot be read: {error}");
            report.add_at(&At::whole(&file), "", message, None, "name a file of tests, or a folder of them");
            None
        }
    };
    let Some(tree) = tree else {
        if !report.has_problems() {
            report.add_at(&At::whole(&file), "", "this file holds no tests", None, "begin with `- test: what must happen`");
        }
        return Err(report.finish().err().unwrap_or(Problems(Vec::new())));
    };
    let sources = Sources { environment: &|_| None, files, base: Path::new(""), instead: None };
    let mut origins = Origins::default();
    let fitted = Fitter { sources, report: &mut report, origins: &mut origins, by_default: false }.fit(&tree, &TESTS, "");
    report.settle();
    let mut tests = lower::tests(&fitted, &mut report);
    let (_, places) = report.finish()?;
    for (test, key) in &mut tests {
        test.file = file.to_string();
        test.line = places.line(key);
        for (n, step) in test.steps.iter_mut().enumerate() {
            step.line = places.line(&format!("{key}.steps[{n}]"));
        }
    }
    Ok(tests.into_iter().map(|(test, _)| test).collect())
}

/// The files of tests at a path: the file itself, the YAML files of a folder, or those of a folder that match a pattern with one `*`.
#[must_use]
pub fn test_files(path: &Path) -> Vec<PathBuf> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let named = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned).unwrap_or_default();
    if Disk.is_folder(path) {
        let is_yaml = |path: &PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
        return Disk.list(path).into_iter().filter(is_yaml).collect();
    }
    match name.split_once('*') {
        Some((before, after)) => {
            let fits = |name: &str| name.len() >= before.len() + after.len() && name.starts_with(before) && name.ends_with(after);
            let folder = path.parent().unwrap_or(Path::new(""));
            Disk.list(folder).into_iter().filter(|file| fits(&named(file))).collect()
        }
        None => vec![path.to_owned()],
    }
}
