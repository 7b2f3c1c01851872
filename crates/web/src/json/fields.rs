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

    /// A yes or no, if it is there.
    pub(crate) fn flag(&mut self, name: &'static str) -> Result<Option<bool>, Problem> {
        self.known.push(name);
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(_) => Err(Problem::new(Code::FieldInvalid).detail(format!("`{name}` must be true or false.")).field(pointer(name))),
        }
    }

    /// A yes or no that has to be there.
    pub(crate) fn needed_flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        let missing = || Problem::new(Code::FieldMissing).detail(format!("`{name}` is missing.")).field(pointer(name));
        self.flag(name)?.ok_or_else(missing)
    }

    /// A whole number from zero on that has to be there.
    pub(crate) fn needed_count(&mut self, name: &'static str) -> Result<u64, Problem> {
        self.known.push(name);
        let wrong = || Problem::new(Code::FieldInvalid).detail(format!("`{name}` must be a whole number from 0 on.")).field(pointer(name));
        match self.map.remove(name) {
            None | Some(Value::Null) => Err(Problem::new(Code::FieldMissing).detail(format!("`{name}` is missing.")).field(pointer(name))),
            Some(value) => value.as_u64().ok_or_else(wrong),
        }
    }

    /// A list of texts, if it is there.
    pub(crate) fn texts(&mut self, name: &'static str) -> Result<Vec<String>, Problem> {
        self.known.push(name);
        let wrong = || Problem::new(Code::FieldInvalid).detail(format!("`{name}` must be a list of texts.")).field(pointer(name));
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(list)) => list.into_iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(wrong)).collect(),
            Some(_) => Err(wrong()),
        }
    }

    /// An object with whatever is in it, if it is there.
    pub(crate) fn object(&mut self, name: &'static str) -> Result<Map<String, Value>, Problem> {
        self.known.push(name);
        match self.map.remove(name) {
            None | Some(Value::Null) => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(_) => Err(Problem::new(Code::FieldInvalid).detail(format!("`{name}` must be an object.")).field(pointer(name))),
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
