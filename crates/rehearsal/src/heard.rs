//! A request as a backend heard it, read back into the operation and the arguments it carries.

use serde_json::Value;
use std::collections::BTreeMap;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heard {
    /// `backend.operation`.
    pub(crate) operation: String,
    /// The arguments, by the names of the backend's document.
    pub(crate) args: BTreeMap<String, Value>,
    /// The headers, by names in small letters.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Heard {
    /// The arguments on one line.
    pub(crate) fn shown(&self) -> String {
        let args: Vec<String> = self.args.iter().map(|(name, value)| format!("{name}: {}", plain(value))).collect();
        format!("{} ({})", self.operation, args.join(", "))
    }
}

/// A value as plain text: on the wire a number and the text of it look the same.
pub(crate) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
