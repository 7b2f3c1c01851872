//! A YAML document as a tree that knows where everything stands. Nothing is interpreted yet.

use crate::problem::At;
use serde_json::Value;

/// One node of a document.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it begins.
    pub(crate) at: At,
    /// What it is.
    pub(crate) body: Body,
}

/// What a node is.
#[derive(Debug, Clone)]
pub(crate) enum Body {
    /// A scalar, as text: whether it is a number or a duration is for its key to say.
    Text {
        /// The text, escapes resolved.
        text: String,
        /// Did it stand in quotes (or in a block scalar)?
        quoted: bool,
    },
    /// Nothing: `key:` without a value, `~`, `null`.
    Empty,
    /// A list.
    List(Vec<Node>),
    /// A map in the order of the file.
    Map(Vec<Entry>),
    /// Something that was refused and reported when it was read.
    Refused,
}

/// One key of a map and its value.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// The key.
    pub(crate) key: String,
    /// Where the key stands.
    pub(crate) at: At,
    /// The value.
    pub(crate) value: Node,
}

impl Node {
    /// The value of a key, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match &self.body {
            Body::Map(entries) => entries.iter().find(|entry| entry.key == key).map(|entry| &entry.value),
            _ => None,
        }
    }

    /// The node as JSON, plain scalars read as YAML's core schema reads them. Numbers keep their spelling.
    pub(crate) fn to_json(&self) -> Value {
        match &self.body {
            Body::Empty | Body::Refused => Value::Null,
            Body::Text { text, quoted: true } => Value::String(text.clone()),
            Body::Text { text, quoted: false } => match serde_json::from_str(text) {
                Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
                _ => Value::String(text.clone()),
            },
            Body::List(nodes) => nodes.iter().map(Self::to_json).collect(),
            Body::Map(entries) => entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect(),
        }
    }

    /// What it is in words, for problems.
    pub(crate) fn describe(&self) -> &'static str {
        match &self.body {
            Body::Text { .. } => "a single value",
            Body::Empty => "nothing",
            Body::List(_) => "a list",
            Body::Map(_) => "a map",
            Body::Refused => "something refused",
        }
    }
}
