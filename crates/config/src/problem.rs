//! What is wrong with a configuration: where, what, the nearest right name, and what to do.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct At {
    /// The file as it was named.
    pub(crate) file: Arc<str>,
    /// The line, from 1; 0 stands for the file as a whole.
    pub(crate) line: usize,
    /// The column, from 1.
    pub(crate) column: usize,
}

impl At {
    /// A file as a whole.
    pub(crate) fn whole(file: &Arc<str>) -> Self {
        Self { file: Arc::clone(file), line: 0, column: 0 }
    }
}

impl fmt::Display for At {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.file),
            line => write!(f, "{}:{line}", self.file),
        }
    }
}

/// One thing that is wrong, or (as a warning) unwise. Never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The file as it was named.
    pub file: String,
    /// The line, from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The column, from 1; 0 where the file as a whole is meant.
    pub column: usize,
    /// The key, from the top: `tools.order.guard`, `skills.cancel.do[1].say`.
    pub key: String,
    /// What is wrong, as one sentence without a full stop.
    pub message: String,
    /// The nearest right name, where a name is wrong and one is near.
    pub nearest: Option<String>,
    /// What to do or to run.
    pub advice: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.key.is_empty() {
            write!(f, "  {}", self.key)?;
        }
        write!(f, "\n    {}", self.message)?;
        if let Some(nearest) = &self.nearest {
            write!(f, "; did you mean '{nearest}'?")?;
        }
        if !self.advice.is_empty() {
            write!(f, "\n    → {}", self.advice)?;
        }
        Ok(())
    }
}

/// Everything that is wrong with a configuration, in the order of its files and lines. Never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.0 {
            writeln!(f, "{problem}\n")?;
        }
        match self.0.len() {
            1 => f.write_str("1 problem in the configuration"),
            many => write!(f, "{many} problems in the configuration"),
        }
    }
}

impl std::error::Error for Problems {}

/// Where each key stands.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places(BTreeMap<String, At>);

impl Places {
    /// Where a key stands, or else the nearest key above it that stands somewhere.
    fn locate(&self, key: &str) -> Option<&At> {
        let mut key = key;
        loop {
            if let Some(at) = self.0.get(key) {
                return Some(at);
            }
            if key.is_empty() {
                return None;
            }
            key = above(key);
        }
    }

    /// The line of a key; 0 where it stands nowhere.
    pub(crate) fn line(&self, key: &str) -> usize {
        self.locate(key).map_or(0, |at| at.line)
    }

    /// A problem at a key.
    pub(crate) fn problem(&self, key: &str, message: String, nearest: Option<String>, advice: String) -> Problem {
        let at = self.locate(key);
        Problem {
            file: at.map(|at| at.file.to_string()).unwrap_or_default(),
            line: at.map_or(0, |at| at.line),
            column: at.map_or(0, |at| at.column),
            key: key.to_owned(),
            message,
            nearest,
            advice,
        }
    }
}

/// Collects problems while a configuration is read, and knows where each key stands.
#[derive(Debug, Default)]
pub(crate) struct Report {
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
    places: Places,
    /// Keys that are there, but misspelt: that they are missing is not reported as well.
    misspelt: BTreeSet<String>,
    /// Problems of finished stages: what follows from them is not reported again.
    settled: usize,
}

impl Report {
    /// Remembers where a key stands.
    pub(crate) fn place(&mut self, key: &str, at: &At) {
        self.places.0.entry(key.to_owned()).or_insert_with(|| at.clone());
    }

    /// Does this very key stand somewhere?
    pub(crate) fn is_written(&self, key: &str) -> bool {
        self.places.0.contains_key(key)
    }

    /// Adds a problem at a key, unless it only follows from a problem an earlier stage reported for that key.
    pub(crate) fn add(&mut self, key: &str, message: impl Into<String>, advice: impl Into<String>) {
        self.add_near(key, message, None, advice);
    }

    /// Adds a problem about a wrong name, with the nearest right one.
    pub(crate) fn add_near(&mut self, key: &str, message: impl Into<String>, nearest: Option<String>, advice: impl Into<String>) {
        if !self.follows(key) {
            let problem = self.places.problem(key, message.into(), nearest, advice.into());
            self.problems.push(problem);
        }
    }

    /// Adds a problem at a place that is not (only) a key's.
    pub(crate) fn add_at(&mut self, at: &At, key: &str, message: impl Into<String>, nearest: Option<String>, advice: impl Into<String>) {
        self.problems.push(Problem {
            file: at.file.to_string(),
            line: at.line,
            column: at.column,
            key: key.to_owned(),
            message: message.into(),
            nearest,
            advice: advice.into(),
        });
    }

    /// Remembers that a key is there under a misspelt name.
    pub(crate) fn misspelt(&mut self, key: &str) {
        self.misspelt.insert(key.to_owned());
    }

    /// Adds a warning at a key.
    pub(crate) fn warn(&mut self, key: &str, message: impl Into<String>, advice: impl Into<String>) {
        let warning = self.places.problem(key, message.into(), None, advice.into());
        self.warnings.push(warning);
    }

    /// Ends a stage: from here on, what follows from the problems so far is left out.
    pub(crate) fn settle(&mut self) {
        self.settled = self.problems.len();
    }

    /// Was a problem reported for exactly this key by an earlier stage?
    pub(crate) fn is_broken(&self, key: &str) -> bool {
        self.misspelt.contains(key) || self.problems[..self.settled].iter().any(|problem| problem.key == key)
    }

    /// Is there any problem so far at this key or below it?
    pub(crate) fn is_touched(&self, key: &str) -> bool {
        self.is_broken(key) || self.problems.iter().any(|problem| within(&problem.key, key))
    }

    /// Is there any problem so far?
    pub(crate) fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// The problems in order, or else the warnings and where every key stands.
    pub(crate) fn finish(mut self) -> Result<(Vec<Problem>, Places), Problems> {
        let order = |a: &Problem, b: &Problem| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column));
        if self.problems.is_empty() {
            self.warnings.sort_by(order);
            return Ok((self.warnings, self.places));
        }
        self.problems.sort_by(order);
        Err(Problems(self.problems))
    }

    /// Is there an earlier problem at this key, above or below it?
    fn follows(&self, key: &str) -> bool {
        self.misspelt.contains(key)
            || self.problems[..self.settled].iter().any(|problem| within(key, &problem.key) || within(&problem.key, key))
    }
}

/// A key below another: `tools.order` and `args` give `tools.order.args`.
pub(crate) fn below(key: &str, name: &str) -> String {
    if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") }
}

/// An element of a list: `needs` and 0 give `needs[0]`.
pub(crate) fn element(key: &str, index: usize) -> String {
    format!("{key}[{index}]")
}

/// The key above: `needs` of `needs[0]`, `tools` of `tools.order`, nothing of `tools`.
fn above(key: &str) -> &str {
    key.rfind(['.', '[']).map_or("", |end| &key[..end])
}

/// Is `key` the same as `outer`, or below it?
pub(crate) fn within(key: &str, outer: &str) -> bool {
    key.strip_prefix(outer).is_some_and(|rest| outer.is_empty() || rest.is_empty() || rest.starts_with(['.', '[']))
}
