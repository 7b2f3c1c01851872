//! Where every value came from: a line of a file, the environment, a file of its own, or a default.

use crate::problem::{At, below, within};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// What a value was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// It stands in the configuration.
    File,
    /// The environment variable of this name.
    Environment(String),
    /// The file at this path (`${file:…}`).
    OtherFile(String),
    /// Nobody said anything, so the default holds.
    Default,
}

/// One value and where it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The key, from the top.
    pub key: String,
    /// The value as it may be shown; a secret only by its length.
    pub shown: String,
    /// What it was made of.
    pub source: Source,
    /// The file and line that named it; empty for a default.
    pub place: String,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} = {}   ", self.key, self.shown)?;
        match &self.source {
            Source::File => write!(f, "from {}", self.place),
            Source::Environment(name) => write!(f, "from the environment ({name}), named in {}", self.place),
            Source::OtherFile(path) => write!(f, "from the file {path}, named in {}", self.place),
            Source::Default => f.write_str("by default"),
        }
    }
}

/// Where all values came from, by key.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Origins(BTreeMap<String, Origin>);

impl Origins {
    /// A key's value and all values below it, by key; none when there is no such key.
    #[must_use]
    pub fn explain(&self, key: &str) -> Vec<&Origin> {
        self.0.values().filter(|origin| within(&origin.key, key)).collect()
    }

    /// The known key nearest to a misspelt one.
    #[must_use]
    pub fn nearest(&self, key: &str) -> Option<String> {
        let mut keys: Vec<String> = Vec::new();
        for known in self.0.keys() {
            let mut path = String::new();
            for part in known.split('.') {
                path = below(&path, part);
                keys.push(path.clone());
            }
        }
        crate::near::nearest(key, keys.iter().map(String::as_str))
    }

    pub(crate) fn remember(&mut self, key: &str, shown: String, source: Source, at: &At) {
        let place = if source == Source::Default { String::new() } else { at.to_string() };
        self.0.insert(key.to_owned(), Origin { key: key.to_owned(), shown, source, place });
    }
}
