//! Values in words: what a message says about one slot, by the slot's kind.

mod address;
mod amount;
mod choice;
mod day;
mod pattern;
mod record;

pub(super) use pattern::Patterns;

use super::lexicon::{Lexicon, Utterance};
use super::words::Word;
use jiff::tz::TimeZone;
use patchbay_core::declare::Kind;
use patchbay_core::{Timestamp, Value};
use std::collections::BTreeMap;
use std::ops::Range;

/// A value and where in the text it stands, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    /// The value.
    pub(super) value: Value,
    /// Its place.
    pub(super) span: Range<usize>,
}

/// A message as it is read for values.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'a> {
    /// The text.
    pub(super) text: &'a str,
    /// Its words.
    pub(super) words: &'a [Word],
    /// The words of the language.
    pub(super) lexicon: &'a Lexicon,
    /// The shapes of the company's values.
    pub(super) patterns: &'a Patterns,
    /// The time of the message.
    pub(super) now: Timestamp,
    /// Where the company counts its days.
    pub(super) zone: &'a TimeZone,
}

impl Reader<'_> {
    /// Values of a kind that stand anywhere in a message nobody was asked for: only what cannot well mean something else.
    pub(super) fn mentioned(&self, kind: &Kind) -> Vec<Found> {
        match kind {
            // "The same address as order 123" is about 123, but not a wish for it.
            Kind::Pattern { .. } => self.named(kind).into_iter().filter(|found| !self.refers(found.span.start)).collect(),
            Kind::OneOf(_) | Kind::Date | Kind::Time => self.beside_courtesies(kind),
            Kind::Money(currency) => amount::find_money(self, *currency),
            Kind::List(inner) => match &**inner {
                Kind::Pattern { .. } | Kind::OneOf(_) => as_list(self.mentioned(inner)),
                _ => Vec::new(),
            },
            // A part of a record is no value yet: see `parts`.
            Kind::Record(_) | Kind::Text | Kind::Number | Kind::Integer | Kind::Bool | Kind::Map(_) | Kind::Address { .. } => Vec::new(),
        }
    }

    /// Every value of a shape, those that are only referred to included.
    fn named(&self, kind: &Kind) -> Vec<Found> {
        match kind {
            Kind::Pattern { pattern, write, .. } => self.patterns.find(self.text, pattern, write.as_deref()),
            _ => Vec::new(),
        }
    }

    /// Values of a shape that only say what something shall be like ("the same address as order 123").
    pub(super) fn referred_to(&self, kind: &Kind) -> Vec<Value> {
        self.named(kind).into_iter().filter(|found| self.refers(found.span.start)).map(|found| found.value).collect()
    }

    fn refers(&self, at: usize) -> bool {
        let before = self.words.iter().take_while(|word| word.span.end <= at).count();
        let called = |word: &Word| self.patterns.calls(&word.plain);
        let kept = self.words[..before].iter().rev().take_while(|word| called(word)).count();
        self.lexicon.refers(&self.words[..before - kept])
    }

    /// Choices, days and times, but for those in a greeting or a good wish ("good morning, …").
    fn beside_courtesies(&self, kind: &Kind) -> Vec<Found> {
        let polite = self.lexicon.courtesies(self.text, self.words);
        let words: Vec<Word> = self
            .words
            .iter()
            .enumerate()
            .filter(|(at, _)| !polite.iter().any(|span| span.contains(at)))
            .map(|(_, word)| word.clone())
            .collect();
        let reader = Reader { words: &words, ..*self };
        match kind {
            Kind::OneOf(choices) => choice::mentioned(&reader, choices).into_iter().collect(),
            Kind::Date => day::find(&reader),
            Kind::Time => day::find_times(&reader),
            _ => Vec::new(),
        }
    }

    /// The parts of a record that stand in a message nobody was asked for.
    pub(super) fn parts(&self, kind: &Kind) -> Option<BTreeMap<String, Value>> {
        let Kind::Record(fields) = kind else { return None };
        match address::mentioned(self, fields)?.value {
            Value::Map(parts) => Some(parts),
            _ => None,
        }
    }

    /// Values of a kind in the answer to a question for just that.
    pub(super) fn answered(&self, kind: &Kind) -> Vec<Found> {
        let found = match kind {
            Kind::Text => text_answer(self),
            Kind::Address { .. } if address::says_nothing(self) => Vec::new(),
            Kind::Address { .. } => text_answer(self),
            Kind::Number => amount::find_numbers(self, false),
            Kind::Integer => amount::find_numbers(self, true),
            Kind::Bool => yes_or_no(self),
            Kind::Money(currency) => amount::answered_money(self, *currency),
            Kind::OneOf(choices) => choice::answered(self, choices).into_iter().collect(),
            Kind::Record(fields) if address::is_one(fields) => address::answered(self, fields).into_iter().collect(),
            Kind::Record(fields) => record::read(self, fields).into_iter().collect(),
            Kind::Map(_) => Vec::new(),
            Kind::List(inner) => as_list(self.answered(inner)),
            Kind::Pattern { .. } | Kind::Date | Kind::Time => self.mentioned(kind),
        };
        // "not 123 but 456": what is negated is not the answer.
        found
            .into_iter()
            .filter(|found| matches!(kind, Kind::Text | Kind::Bool | Kind::OneOf(_)) || !self.negated(found.span.start))
            .collect()
    }

    /// Does a word like "not" stand shortly before this place?
    pub(super) fn negated(&self, at: usize) -> bool {
        let before: Vec<_> = self.words.iter().filter(|word| word.span.end <= at).collect();
        before.iter().rev().take(2).any(|word| self.lexicon.negates(word))
    }
}

/// A yes or a no, however it is said; `None` when it is neither, or both.
pub(super) fn yes_or_no(reader: &Reader<'_>) -> Vec<Found> {
    // A single letter is an answer alone: "n" is a no, "N-4" a number.
    let letter = reader.words.iter().find(|word| !reader.lexicon.is_filler(word)).is_some_and(|word| word.plain.chars().count() == 1);
    let opens = |kind| reader.lexicon.is(kind, reader.words) || (!letter && reader.lexicon.opens(kind, reader.words));
    match (opens(Utterance::Yes), opens(Utterance::No)) {
        (true, false) => vec![Found { value: Value::Bool(true), span: 0..reader.text.len() }],
        (false, true) => vec![Found { value: Value::Bool(false), span: 0..reader.text.len() }],
        _ => Vec::new(),
    }
}

fn text_answer(reader: &Reader<'_>) -> Vec<Found> {
    let text = reader.text.trim();
    let says_nothing = text.is_empty() || reader.lexicon.first_of(&[Utterance::Unknown, Utterance::Yes], reader.words).is_some();
    if says_nothing { Vec::new() } else { vec![Found { value: Value::text(text), span: 0..reader.text.len() }] }
}

fn as_list(found: Vec<Found>) -> Vec<Found> {
    let (Some(first), Some(last)) = (found.first(), found.last()) else { return Vec::new() };
    let span = first.span.start..last.span.end.max(first.span.end);
    let mut values = Vec::new();
    for one in found {
        match one.value {
            Value::List(inner) => values.extend(inner),
            value if !values.contains(&value) => values.push(value),
            _ => {}
        }
    }
    vec![Found { value: Value::List(values), span }]
}

/// May a value known from elsewhere stand in a slot of this kind?
pub(super) fn fits(patterns: &Patterns, kind: &Kind, value: &Value) -> bool {
    match (kind, value) {
        (Kind::Text | Kind::Address { .. }, Value::Text(_))
        | (Kind::Number, Value::Number(_))
        | (Kind::Bool, Value::Bool(_))
        | (Kind::Date, Value::Date(_))
        | (Kind::Time, Value::Time(_)) => true,
        (Kind::Integer, Value::Number(number)) => number.fract().is_zero(),
        (Kind::Money(currency), Value::Money(money)) => money.currency == *currency,
        (Kind::Pattern { pattern, .. }, Value::Text(text)) => patterns.is_whole(text, pattern),
        (Kind::OneOf(choices), Value::Text(text)) => choices.iter().any(|choice| choice.value == *text),
        (Kind::List(inner), Value::List(values)) => values.iter().all(|value| fits(patterns, inner, value)),
        (Kind::Map(inner), Value::Map(values)) => values.values().all(|value| fits(patterns, inner, value)),
        (Kind::Record(fields), Value::Map(values)) => {
            values.iter().all(|(name, value)| fields.get(name).is_some_and(|kind| fits(patterns, kind, value)))
        }
        _ => false,
    }
}

/// The same thing, however it is spelled: patterns compare as they are written for the backend.
pub(super) fn same(patterns: &Patterns, kind: &Kind, one: &Value, two: &Value) -> bool {
    match (kind, one, two) {
        (Kind::Pattern { pattern, write, .. }, Value::Text(one), Value::Text(two)) => {
            patterns.written(one, pattern, write.as_deref()).eq_ignore_ascii_case(&patterns.written(two, pattern, write.as_deref()))
        }
        _ => one == two,
    }
}

/// The word for a kind in a question to the customer.
pub(super) fn word_for(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Pattern { .. } | Kind::Address { .. } => "text",
        Kind::Number => "number",
        Kind::Integer => "integer",
        Kind::Bool => "bool",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Money(_) => "money",
        Kind::OneOf(_) => "choice",
        Kind::Record(_) | Kind::Map(_) => "record",
        Kind::List(_) => "list",
    }
}

#[cfg(test)]
mod tests;
