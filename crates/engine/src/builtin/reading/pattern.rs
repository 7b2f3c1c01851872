//! Shapes such as order numbers: found anywhere in a text, as whole words.

use super::Found;
use patchbay_core::Value;
use patchbay_core::declare::{Company, Kind};
use regex::Regex;
use std::collections::BTreeMap;
use std::ops::Range;

/// The patterns of a company, compiled once.
#[derive(Debug, Default)]
pub(in crate::builtin) struct Patterns(BTreeMap<String, Shapes>);

/// One pattern in its two uses.
#[derive(Debug)]
struct Shapes {
    /// What such a value is called, in everyday words. Nothing for a part of a record: alone it is too common to be looked for
    /// (two letters are a state only in an address).
    called: Option<String>,
    /// Somewhere in a text, not inside a longer word.
    within: Regex,
    /// The whole text.
    whole: Regex,
}

impl Patterns {
    /// The patterns of every skill's slots, as far as they are right.
    pub(in crate::builtin) fn of(company: &Company) -> Self {
        let mut patterns = Self::default();
        for slot in company.skills.values().flat_map(|skill| &skill.slots) {
            // What is wrong is reported when the skills are compiled.
            let _ = patterns.learn(&slot.kind, &slot.name);
        }
        patterns
    }

    /// Compiles the patterns within a kind; `name` is the slot's.
    ///
    /// # Errors
    /// When one of them is no regular expression; the message says where.
    pub(in crate::builtin) fn learn(&mut self, kind: &Kind, name: &str) -> Result<(), regex::Error> {
        self.take_in(kind, Some(name.replace('_', " ")))
    }

    fn take_in(&mut self, kind: &Kind, called: Option<String>) -> Result<(), regex::Error> {
        match kind {
            Kind::Pattern { pattern, .. } => {
                if let Some(known) = self.0.get_mut(pattern) {
                    known.called = known.called.take().or(called);
                    return Ok(());
                }
                let within = Regex::new(&format!(r"(?i)(?:^|[^\p{{L}}\p{{N}}])(?P<value__>{pattern})(?:$|[^\p{{L}}\p{{N}}])"))?;
                let whole = Regex::new(&format!("(?i)^(?:{pattern})$"))?;
                self.0.insert(pattern.clone(), Shapes { called, within, whole });
                Ok(())
            }
            Kind::Record(fields) => fields.values().try_for_each(|kind| self.take_in(kind, None)),
            Kind::List(inner) | Kind::Map(inner) => self.take_in(inner, called),
            _ => Ok(()),
        }
    }

    /// Every place where the pattern stands as a word of its own, each value once; in its right spelling where that is of the
    /// same shape, else as it was typed.
    pub(super) fn find(&self, text: &str, pattern: &str, write: Option<&str>) -> Vec<Found> {
        let Some(shapes) = self.0.get(pattern) else { return Vec::new() };
        let (mut found, mut from) = (Vec::<Found>::new(), 0);
        while let Some(value) = shapes.within.captures_at(text, from).and_then(|captures| captures.name("value__")) {
            if value.is_empty() {
                break;
            }
            let typed = value.as_str().trim();
            let written = self.written(typed, pattern, write);
            let right = Value::text(if shapes.whole.is_match(&written) { written.as_str() } else { typed });
            if !found.iter().any(|earlier| earlier.value == right) {
                found.push(Found { value: right, span: value.range() });
            }
            // The character after a value may be the one before the next.
            from = value.end();
        }
        found
    }

    /// The text with what each value is called in its place: `where is #W1234567` → `where is order id`.
    pub(in crate::builtin) fn named(&self, text: &str) -> String {
        let mut found: Vec<(Range<usize>, &str)> = Vec::new();
        for (pattern, called) in self.0.iter().filter_map(|(pattern, shapes)| Some((pattern, shapes.called.as_ref()?))) {
            let values = self.find(text, pattern, None).into_iter().map(|found| found.span);
            for span in values {
                if found.iter().all(|(other, _)| other.end <= span.start || span.end <= other.start) {
                    found.push((span, called));
                }
            }
        }
        found.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
        let mut text = text.to_owned();
        for (span, called) in found {
            text.replace_range(span, called);
        }
        text
    }

    /// Is it a word that values of these shapes are called by?
    pub(in crate::builtin) fn calls(&self, word: &str) -> bool {
        self.0.values().filter_map(|shapes| shapes.called.as_ref()).any(|called| called.split(' ').any(|called| called == word))
    }

    /// Does a value of any of these shapes stand in the text?
    pub(in crate::builtin) fn finds_any(&self, text: &str) -> bool {
        self.0.values().any(|shapes| shapes.called.is_some() && shapes.within.is_match(text))
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
