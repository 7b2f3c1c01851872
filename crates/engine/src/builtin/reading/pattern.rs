//! Shapes such as order numbers: found anywhere in a text, as whole words.

use super::Found;
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use regex::Regex;
use std::collections::BTreeMap;

/// The patterns of a company, compiled once.
#[derive(Debug, Default)]
pub(in crate::builtin) struct Patterns(BTreeMap<String, Shapes>);

/// One pattern in its two uses.
#[derive(Debug)]
struct Shapes {
    /// Somewhere in a text, not inside a longer word.
    within: Regex,
    /// The whole text.
    whole: Regex,
}

impl Patterns {
    /// Compiles the patterns within a kind.
    ///
    /// # Errors
    /// When one of them is no regular expression; the message says where.
    pub(in crate::builtin) fn learn(&mut self, kind: &Kind) -> Result<(), regex::Error> {
        match kind {
            Kind::Pattern { pattern, .. } if !self.0.contains_key(pattern) => {
                let within = Regex::new(&format!(r"(?i)(?:^|[^\p{{L}}\p{{N}}])(?P<value__>{pattern})(?:$|[^\p{{L}}\p{{N}}])"))?;
                let whole = Regex::new(&format!("(?i)^(?:{pattern})$"))?;
                self.0.insert(pattern.clone(), Shapes { within, whole });
                Ok(())
            }
            Kind::Record(fields) => fields.values().try_for_each(|kind| self.learn(kind)),
            Kind::List(inner) => self.learn(inner),
            _ => Ok(()),
        }
    }

    /// Every place where the pattern stands as a word of its own, each value once, as it was typed.
    pub(super) fn find(&self, text: &str, pattern: &str) -> Vec<Found> {
        let Some(shapes) = self.0.get(pattern) else { return Vec::new() };
        let (mut found, mut from) = (Vec::<Found>::new(), 0);
        while let Some(value) = shapes.within.captures_at(text, from).and_then(|captures| captures.name("value__")) {
            if value.is_empty() {
                break;
            }
            let typed = Value::text(value.as_str().trim());
            if !found.iter().any(|earlier| earlier.value == typed) {
                found.push(Found { value: typed, span: value.range() });
            }
            // The character after a value may be the one before the next.
            from = value.end();
        }
        found
    }

    /// Is the whole text of this shape?
    pub(super) fn is_whole(&self, text: &str, pattern: &str) -> bool {
        self.0.get(pattern).is_some_and(|shapes| shapes.whole.is_match(text))
    }

    /// The value as it is written for the backend; as it is where it has no such shape.
    pub(super) fn written(&self, text: &str, pattern: &str, write: Option<&str>) -> String {
        let (Some(shapes), Some(write)) = (self.0.get(pattern), write) else { return text.to_owned() };
        shapes.whole.replace(text, write).into_owned()
    }
}
