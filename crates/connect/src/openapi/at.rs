//! A place in a document: a value that knows its JSON pointer, so that every complaint can say where.

use super::Problem;
use serde_json::Value;

/// How many references may lead to references before it counts as a circle.
const LONGEST_CHAIN: usize = 16;

/// A value of the document and where it stands.
#[derive(Debug, Clone)]
pub(super) struct At<'a> {
    root: &'a Value,
    pub(super) value: &'a Value,
    pub(super) pointer: String,
}

impl<'a> At<'a> {
    /// The whole document.
    pub(super) fn root(root: &'a Value) -> Self {
        Self { root, value: root, pointer: "#".to_owned() }
    }

    /// The value under this key, if it is there and not null. References are followed.
    pub(super) fn get(&self, key: &str) -> Result<Option<Self>, Problem> {
        match self.value.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.step(key, value).follow().map(Some),
        }
    }

    /// The value under this key, or nothing where it is missing or its reference leads nowhere.
    pub(super) fn seek(&self, key: &str) -> Option<Self> {
        self.get(key).ok().flatten()
    }

    /// The text under this key.
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        self.value.get(key)?.as_str()
    }

    /// Is this key `true`?
    pub(super) fn says(&self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The texts of the list under this key.
    pub(super) fn texts(&self, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.value.get(key).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
    }

    /// The elements of a list, references not yet followed.
    pub(super) fn elements(&self) -> impl Iterator<Item = Self> {
        let list = self.value.as_array().into_iter().flatten().enumerate();
        list.map(|(index, value)| self.step(&index.to_string(), value))
    }

    /// The entries of an object, references not yet followed.
    pub(super) fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let entries = self.value.as_object().into_iter().flatten();
        entries.map(|(key, value)| (key.as_str(), self.step(key, value)))
    }

    /// Where the references beginning here end.
    pub(super) fn follow(self) -> Result<Self, Problem> {
        let mut at = self;
        for _ in 0..LONGEST_CHAIN {
            let Some(target) = at.text("$ref") else {
                return Ok(at);
            };
            let Some(path) = target.strip_prefix('#') else {
                return Err(at.problem(format!("reference to another document '{target}': bundle it into one file")));
            };
            // Pointers in references are percent-encoded on top of their own escapes.
            let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
            let Some(value) = at.root.pointer(&path) else {
                return Err(at.problem(format!("reference to '{target}', which does not exist")));
            };
            at = Self { root: at.root, value, pointer: format!("#{path}") };
        }
        Err(at.problem("references lead in a circle".to_owned()))
    }

    /// A complaint about this place.
    pub(super) fn problem(&self, what: impl Into<String>) -> Problem {
        Problem { at: self.pointer.clone(), what: what.into() }
    }

    fn step(&self, key: &str, value: &'a Value) -> Self {
        let key = key.replace('~', "~0").replace('/', "~1");
        Self { root: self.root, value, pointer: format!("{}/{key}", self.pointer) }
    }
}
