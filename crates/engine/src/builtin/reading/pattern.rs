//! Shapes such as order numbers: found anywhere in a text, as whole words.

use super::{Found, address};
use crate::builtin::lexicon::Lexicon;
use patchbay_core::Value;
use patchbay_core::declare::{Company, Kind};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
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

impl Shapes {
    /// Where such a value stands as a word of its own. A bare number in an address is none, unless it is a postcode that is looked for.
    fn places(&self, text: &str) -> Vec<Range<usize>> {
        let (mut places, mut from) = (Vec::new(), 0);
        while let Some(value) = self.within.captures_at(text, from).and_then(|captures| captures.name("value__")) {
            if value.is_empty() {
                break;
            }
            places.push(value.range());
            // The character after a value may be the one before the next.
            from = value.end();
        }
        let bare = |place: &Range<usize>| text[place.clone()].trim().bytes().all(|letter| letter.is_ascii_digit());
        if places.iter().any(bare) && self.called.as_ref().is_some_and(|called| !address::calls_a_postcode(called)) {
            let taken = address::numbers(text, Lexicon::of("en"));
            places.retain(|place| !bare(place) || !taken.iter().any(|other| other.start < place.end && place.start < other.end));
        }
        places
    }
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
        let mut found = Vec::<Found>::new();
        for value in shapes.places(text) {
            let typed = text[value.clone()].trim();
            let written = self.written(typed, pattern, write);
            let right = Value::text(if shapes.whole.is_match(&written) { written.as_str() } else { typed });
            if !found.iter().any(|earlier| earlier.value == right) {
                found.push(Found { value: right, span: value });
            }
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

    /// The text with blanks in the place of what is short for "number" before a value ("no. 12345"), since it could mean something
    /// else. A "no" without a point is short for it only after what such values are called ("order no 12345").
    pub(in crate::builtin) fn without_signs(&self, text: &str, signs: &BTreeSet<String>) -> String {
        let mut out = text.to_owned();
        for shapes in self.0.values() {
            let Some(called) = &shapes.called else { continue };
            let mut from = 0;
            while let Some(value) = shapes.within.captures_at(text, from).and_then(|captures| captures.name("value__")) {
                if value.is_empty() {
                    break;
                }
                if let Some(place) = sign_before(&text[..value.start()], called, signs) {
                    out.replace_range(place.clone(), &" ".repeat(place.len()));
                }
                from = value.end();
            }
        }
        out
    }

    /// Is it a word that values of these shapes are called by?
    pub(in crate::builtin) fn calls(&self, word: &str) -> bool {
        self.0.values().filter_map(|shapes| shapes.called.as_ref()).any(|called| called.split(' ').any(|called| called == word))
    }

    /// Does a value of any of these shapes stand in the text?
    pub(in crate::builtin) fn finds_any(&self, text: &str) -> bool {
        self.0.values().any(|shapes| shapes.called.is_some() && !shapes.places(text).is_empty())
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

/// Where the sign for "number" stands that a text ends with.
fn sign_before(text: &str, called: &str, signs: &BTreeSet<String>) -> Option<Range<usize>> {
    let last_word = |text: &str| {
        let end = text.trim_end_matches([' ', '.', '°']).len();
        let start = text[..end]
            .rfind(|letter: char| !letter.is_alphanumeric())
            .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        start..end
    };
    let sign = last_word(text);
    let pointed = text[sign.end..].contains(['.', '°']);
    let before = text[last_word(&text[..sign.start])].to_lowercase();
    let named = || called.split(' ').any(|word| word == before);
    let short = signs.contains(&text[sign.clone()].to_lowercase()) && (pointed || named());
    // A message that opens with "no." says no.
    (short && !text[..sign.start].trim().is_empty()).then_some(sign.start..text.len())
}
