//! A fact: a value with its source, its time and its class.

use crate::words::FactClass;
use crate::{Timestamp, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a tool's selection released about one name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// Where it lives in the conversation's scope: the tool's name, a dot, the selected name (`order.status`).
    pub name: String,
    /// The name it shares with the same thing from other systems (`shipment.eta`), if it has one.
    pub canonical: Option<String>,
    /// The value after selection and redaction.
    pub value: Value,
    /// The backend it came from.
    pub source: String,
    /// When the backend gave it.
    pub fetched_at: Timestamp,
    /// How long it may be believed.
    pub class: FactClass,
}

/// What the gate released of one answer: the selected values of one tool, with their origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Released {
    /// The tool.
    pub tool: String,
    /// The backend that answered.
    pub source: String,
    /// When it answered.
    pub fetched_at: Timestamp,
    /// How long it may be believed.
    pub class: FactClass,
    /// The selected values: a map from selected name to value.
    pub value: Value,
    /// Selected names that have a canonical name: selected name → canonical name.
    pub canonical: std::collections::BTreeMap<String, String>,
    /// Paths of the answer that were kept.
    pub kept: Vec<String>,
    /// Top-level and nested names of the answer that were dropped (names, never values).
    pub dropped: Vec<String>,
}

impl Released {
    /// Its values one by one.
    #[must_use]
    pub fn facts(&self) -> Vec<Fact> {
        let Value::Map(values) = &self.value else {
            return Vec::new();
        };
        let fact = |(name, value): (&String, &Value)| Fact {
            name: format!("{}.{name}", self.tool),
            canonical: self.canonical.get(name).cloned(),
            value: value.clone(),
            source: self.source.clone(),
            fetched_at: self.fetched_at,
            class: self.class,
        };
        values.iter().map(fact).collect()
    }
}

/// The answer a fact's name comes from and its field there: by the tool's name, or by the name it shares with other systems.
#[must_use]
pub fn named<'a>(known: &'a BTreeMap<String, Released>, path: &'a str) -> Option<(&'a Released, &'a str)> {
    let (tool, field) = path.split_once('.')?;
    if let Some(released) = known.get(tool) {
        return Some((released, field));
    }
    let mut shared = known.values().filter_map(|released| {
        let field = released.canonical.iter().find(|(_, canonical)| *canonical == path).map(|(field, _)| field.as_str())?;
        released.value.at(field).filter(|value| !value.is_null()).map(|_| (released, field))
    });
    // The freshest one: canonical names are only shown where the systems agree or one of them has the authority.
    let first = shared.next()?;
    Some(shared.fold(first, |best, next| if next.0.fetched_at > best.0.fetched_at { next } else { best }))
}
