//! A configuration after its tree was fitted to the language: typed, filled in, with defaults. What did not fit is `Absent`.

use crate::scalar::Rate;
use patchbay_core::declare::{Condition, Secret};
use std::path::PathBuf;
use std::time::Duration;

/// One fitted value.
#[derive(Debug, Clone)]
pub(crate) enum Fitted {
    /// Nothing stands here, or what stood here was wrong and is reported.
    Absent,
    /// A text.
    Text(String),
    /// A secret.
    Secret(Secret),
    /// A condition.
    Condition(Condition),
    /// A duration.
    Duration(Duration),
    /// A rate.
    Rate(Rate),
    /// A whole number; a size is one in bytes, a probability one in thousandths.
    Count(u64),
    /// Yes or no.
    Bool(bool),
    /// A file, with the folder of the configuration in front of a relative path.
    File(PathBuf),
    /// Anything, as JSON.
    Json(serde_json::Value),
    /// A list.
    List(Vec<Fitted>),
    /// A map in the order of the file, defaults last.
    Map(Vec<(String, Fitted)>),
}

impl Fitted {
    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> &Fitted {
        self.entries().iter().find(|(name, _)| name == key).map_or(&Fitted::Absent, |(_, value)| value)
    }

    /// Does something usable stand under this key?
    pub(crate) fn has(&self, key: &str) -> bool {
        !matches!(self.get(key), Fitted::Absent)
    }

    /// The entries, if this is a map.
    pub(crate) fn entries(&self) -> &[(String, Fitted)] {
        match self {
            Fitted::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The elements, if this is a list.
    pub(crate) fn items(&self) -> &[Fitted] {
        match self {
            Fitted::List(items) => items,
            _ => &[],
        }
    }

    /// The text itself.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match self {
            Fitted::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The texts of a list.
    pub(crate) fn texts(&self) -> Vec<String> {
        self.items().iter().filter_map(Fitted::as_text).map(str::to_owned).collect()
    }

    /// The text under a key, if there is one.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        self.get(key).as_text().map(str::to_owned)
    }

    /// The text under a key that must be there: where it is not, that is reported, and nothing of this is used.
    pub(crate) fn must(&self, key: &str) -> String {
        self.text(key).unwrap_or_default()
    }

    /// The secret under a key that must be there.
    pub(crate) fn secret(&self, key: &str) -> Secret {
        match self.get(key) {
            Fitted::Secret(secret) => secret.clone(),
            _ => Secret::new(""),
        }
    }

    /// The condition under a key, if there is one.
    pub(crate) fn condition(&self, key: &str) -> Option<Condition> {
        match self.get(key) {
            Fitted::Condition(condition) => Some(condition.clone()),
            _ => None,
        }
    }

    /// The duration under a key that must be there or has a default.
    pub(crate) fn duration(&self, key: &str) -> Duration {
        match self.get(key) {
            Fitted::Duration(span) => *span,
            _ => Duration::ZERO,
        }
    }

    /// The rate under a key, if there is one.
    pub(crate) fn rate(&self, key: &str) -> Option<Rate> {
        match self.get(key) {
            Fitted::Rate(rate) => Some(*rate),
            _ => None,
        }
    }

    /// The number under a key that must be there or has a default; the largest possible where it does not fit.
    pub(crate) fn count(&self, key: &str) -> usize {
        match self.get(key) {
            Fitted::Count(count) => usize::try_from(*count).unwrap_or(usize::MAX),
            _ => 0,
        }
    }

    /// Is `true` under this key?
    pub(crate) fn is_true(&self, key: &str) -> bool {
        matches!(self.get(key), Fitted::Bool(true))
    }

    /// The JSON under a key, if there is any.
    pub(crate) fn json(&self, key: &str) -> Option<serde_json::Value> {
        match self.get(key) {
            Fitted::Json(value) => Some(value.clone()),
            _ => None,
        }
    }

    /// The file under a key that must be there or has a default.
    pub(crate) fn file(&self, key: &str) -> PathBuf {
        match self.get(key) {
            Fitted::File(path) => path.clone(),
            _ => PathBuf::new(),
        }
    }
}
