//! The fields of a request's object, taken out one by one; what is left over at the end is unknown.

use crate::problem::{Code, Problem};
use serde_json::{Map, Value};

/// An object being read. Remembers what was asked for, so that an unknown field can be told what there is.
pub(crate) struct Fields {
    map: Map<String, Value>,
    known: Vec<&'static str>,
}

impl Fields {
    /// Takes an object in.
    pub(crate) fn of(value: Value) -> Result<Self, Problem> {
        match value {
            Value::Object(map) => Ok(Self { map, known: Vec::new() }),
            _ => Err(Problem::new(Code::FieldInvalid).detail("The body must be a JSON object.").field("")),
        }
    }

    /// No fields at all: an empty body where one may be empty.
    pub(crate) fn none() -> Self {
        Self { map: Map::new(), known: Vec::new() }
    }

    /// A text, if it is there. `null` counts as absent.
    pub(crate) fn text(&mut self, name: &'static str) -> Result<Option<String>, Problem> {
        self.known.push(name);
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::new(Code::FieldInvalid).detail(format!("`{name}` must be a text.")).field(pointer(name))),
        }
    }

    /// A text that has to be there.
    pub(crate) fn needed_text(&mut self, name: &'static str) -> Result<String, Problem> {
        let missing = || Problem::new(Code::FieldMissing).detail(format!("`{name}` is missing.")).field(pointer(name));
        self.text(name)?.ok_or_else(missing)
    }

    /// Ends the reading; a field nobody asked for is an error.
    pub(crate) fn done(self) -> Result<(), Problem> {
        let Some(unknown) = self.map.keys().next() else { return Ok(()) };
        let shown: String = unknown.chars().take(64).collect();
        let known = if self.known.is_empty() { "there are none".to_owned() } else { self.known.join(", ") };
        let detail = format!("{shown:?} is not a field here. Known fields: {known}.");
        Err(Problem::new(Code::FieldUnknown).detail(detail).field(pointer(&shown)))
    }
}

/// The JSON pointer of a field (RFC 6901).
fn pointer(name: &str) -> String {
    format!("/{}", name.replace('~', "~0").replace('/', "~1"))
}
