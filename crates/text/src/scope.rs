//! Values as templates see them, with a note of what was read.

use crate::speech::Speech;
use minijinja::value::{Enumerator, Object, ObjectRepr};
use patchbay_core::{Timestamp, Value};
use rust_decimal::prelude::ToPrimitive;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// One rendering: how values read, and which paths have been read so far.
#[derive(Debug)]
pub(crate) struct Reading {
    /// How values are written.
    pub(crate) speech: Speech,
    /// The present, if the scope has it.
    pub(crate) now: Option<Timestamp>,
    /// Every path the template could read.
    wanted: BTreeSet<String>,
    read: Mutex<BTreeSet<String>>,
}

impl Reading {
    pub(crate) fn new(speech: Speech, now: Option<Timestamp>, wanted: BTreeSet<String>) -> Arc<Self> {
        Arc::new(Self { speech, now, wanted, read: Mutex::default() })
    }

    /// The dotted paths that were read and were there, in order of their names.
    pub(crate) fn facts(&self) -> Vec<String> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        read.iter().filter(|path| path.contains('.')).cloned().collect()
    }

    /// Does the template reach below this path? Then it may, even when nothing is there.
    fn reaches_below(&self, path: &str) -> bool {
        let below = format!("{path}.");
        self.wanted.range(below.clone()..).next().is_some_and(|next| next.starts_with(&below))
    }
}

/// A record whose reading is noted.
#[derive(Debug)]
pub(crate) struct Record {
    fields: BTreeMap<String, Value>,
    /// Where it stands in the scope; `None` inside lists, whose own path is noted instead.
    path: Option<String>,
    reading: Arc<Reading>,
}

impl Record {
    /// The whole scope.
    pub(crate) fn root(scope: &BTreeMap<String, Value>, reading: &Arc<Reading>) -> Self {
        Self { fields: scope.clone(), path: Some(String::new()), reading: Arc::clone(reading) }
    }
}

impl Object for Record {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let name = key.as_str()?;
        let path = self.path.as_ref().map(|path| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") });
        match self.fields.get(name).filter(|value| !value.is_null()) {
            Some(value) => {
                if let (Some(path), false) = (&path, matches!(value, Value::Map(_))) {
                    self.reading.read.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone());
                }
                Some(shown(value, path, &self.reading))
            }
            // A record that is not there is empty: a test below it is false instead of an error.
            None if path.as_ref().is_some_and(|path| self.reading.reaches_below(path)) => {
                Some(minijinja::Value::from_object(Self { fields: BTreeMap::new(), path, reading: Arc::clone(&self.reading) }))
            }
            None => None,
        }
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(self.fields.keys().map(minijinja::Value::from).collect())
    }
}

/// A single value that reads well without a filter: an amount, a day, a time, a decimal.
#[derive(Debug)]
pub(crate) struct Single {
    /// The value itself, for filters.
    pub(crate) value: Value,
    reading: Arc<Reading>,
}

impl Object for Single {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reading.speech.say(&self.value, self.reading.now))
    }
}

fn shown(value: &Value, path: Option<String>, reading: &Arc<Reading>) -> minijinja::Value {
    match value {
        Value::Null => minijinja::Value::UNDEFINED,
        Value::Bool(yes) => minijinja::Value::from(*yes),
        Value::Text(text) => minijinja::Value::from(text),
        // Whole numbers can be compared and counted with; decimals are only shown, exactly.
        Value::Number(number) if number.is_integer() && number.scale() == 0 && number.to_i64().is_some() => {
            minijinja::Value::from(number.to_i64())
        }
        Value::List(list) => list.iter().map(|value| shown(value, None, reading)).collect(),
        Value::Map(fields) => minijinja::Value::from_object(Record { fields: fields.clone(), path, reading: Arc::clone(reading) }),
        single => minijinja::Value::from_object(Single { value: single.clone(), reading: Arc::clone(reading) }),
    }
}
