//! What a message is about: intents told apart by a few examples each, with probabilities that can be believed.
//!
//! Three voices are heard. *Wording* is a regression over words and pieces of words; it is learned within a second or
//! two and can answer alone. *Meaning* is a regression over the sentence encoder's vectors, and *nearness* is the
//! cosine to the nearest example of each intent. How much each voice counts, how sharp the probabilities are and where
//! the zones begin is not set by hand but found on examples that were held out (`calibration`).
//!
//! Everything here is a pure function of the examples: no threads, no clock, no chance. The caller decides when to
//! build the quick stage ([`Understanding::from_wording`]) and when the full one ([`Understanding::with_meaning`]).

mod calibration;
mod setting;
mod similar;
mod spelling;
mod voice;
mod wording;

use std::collections::BTreeMap;

use patchbay_encoder::{Encoder, SparseVector, Vector};
use serde::Serialize;

use calibration::{Calibration, Heard};
pub use similar::{Match, Matches, similar};
use spelling::Spelling;
use voice::{Care, Hearing, Voice};
use wording::Wording;

/// Turns a text into its vector; the real one is the encoder, tests bring their own.
pub trait Embed {
    /// The vector of a text.
    fn embed(&self, text: &str) -> Vector;

    /// Is this, in small letters, a word it knows as a whole? What it does not know may be a slip of the pen; who cannot tell knows
    /// every word.
    fn knows(&self, word: &str) -> bool {
        let _ = word;
        true
    }
}

impl Embed for Encoder {
    fn embed(&self, text: &str) -> Vector {
        self.encode(text)
    }

    fn knows(&self, word: &str) -> bool {
        self.has_word(word)
    }
}

/// One labelled example of what people write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Example {
    /// The intent, or a topic that is nobody's business here; all labels are treated alike.
    pub label: String,
    /// The words.
    pub text: String,
    /// It names or describes the intent, as nobody would say it: something to learn from, nothing to be tried on.
    pub describes: bool,
}

impl Example {
    /// What somebody said.
    pub fn said(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { label: label.into(), text: text.into(), describes: false }
    }

    /// What the intent is called, or a sentence about it.
    pub fn describing(label: impl Into<String>, text: impl Into<String>) -> Self {
        Self { describes: true, ..Self::said(label, text) }
    }
}

/// What to do with a message, as far as understanding it goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Zone {
    /// The intent is clear.
    Answer,
    /// It is one of a few intents: ask which.
    AskBack,
    /// It is like none of the examples.
    HandOver,
}

/// An intent and how probable it is.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Ranked {
    /// The intent.
    pub label: String,
    /// 0 to 1; all intents together have 1. Of readings with .8, about 80 % are right.
    pub probability: f32,
    /// The logarithm of the probability that words alone would give.
    pub wording: f32,
    /// The logarithm of the probability that meaning alone would give, once it is known.
    pub meaning: Option<f32>,
    /// The cosine to the nearest example of this intent.
    pub nearness: f32,
    /// That example.
    pub nearest: String,
}

/// How a message was understood, with the reasons.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Reading {
    /// What to do.
    pub zone: Zone,
    /// The most probable intents, best first; at most [`Reading::KEPT`].
    pub ranked: Vec<Ranked>,
    /// How much the message is like the examples at all; comparable only with `scope_threshold`.
    pub scope: f32,
    /// Below this the message is out of scope.
    pub scope_threshold: f32,
    /// From this probability on the best intent counts as clear.
    pub answer_threshold: f32,
}

impl Reading {
    /// How many intents a reading keeps.
    pub const KEPT: usize = 5;

    /// The intents to offer when asking back: the best ones until together they have 90 %, two or three of them.
    pub fn choices(&self) -> &[Ranked] {
        let mut total = 0.0;
        let enough = self.ranked.iter().position(|ranked| {
            total += ranked.probability;
            total >= 0.9
        });
        let count = enough.map_or(3, |at| at + 1).clamp(2, 3);
        &self.ranked[..count.min(self.ranked.len())]
    }
}

/// Knows a set of intents and reads messages.
pub struct Understanding {
    labels: Vec<String>,
    examples: Vec<Example>,
    /// The label of each example.
    classes: Vec<usize>,
    spelling: Spelling,
    wording: Wording,
    words: Voice<SparseVector>,
    /// What the words of held-out examples said; needed until the meaning is known.
    words_apart: Vec<Hearing>,
    meaning: Option<Voice<Vector>>,
    calibration: Calibration,
}

impl Understanding {
    /// The quick stage: learns the wording of the examples. At least one example is needed to read anything.
    pub fn from_wording(examples: Vec<Example>) -> Self {
        let mut labels: Vec<String> = examples.iter().map(|example| example.label.clone()).collect();
        labels.sort();
        labels.dedup();
        let numbers: BTreeMap<&str, usize> = labels.iter().map(String::as_str).zip(0..).collect();
        let classes: Vec<usize> = examples.iter().map(|example| numbers[example.label.as_str()]).collect();
        let wording = Wording::of(examples.iter().map(|example| example.text.as_str()));
        let spelling = Spelling::of(examples.iter().map(|example| example.text.as_str()));
        let rows: Vec<SparseVector> = examples.iter().map(|example| wording.row(&example.text)).collect();
        let held_out = calibration::held_out(&classes, &said(&examples));
        let words_apart = Voice::hear_apart(&rows, &classes, wording.width(), &held_out, Care::QUICK);
        let calibration = Calibration::find(&words_apart.iter().map(Heard::words).collect::<Vec<_>>(), &held_out, &classes);
        let words = Voice::learn(&rows, classes.clone(), wording.width(), Care::QUICK);
        Self { labels, examples, classes, spelling, wording, words, words_apart, meaning: None, calibration }
    }

    /// The full stage: adds what the examples mean. `vectors` belong to the examples of [`Self::texts`], in that order.
    ///
    /// # Panics
    /// When there are not as many vectors as examples.
    #[must_use]
    pub fn with_meaning(mut self, vectors: Vec<Vector>) -> Self {
        assert_eq!(vectors.len(), self.examples.len(), "each example needs its vector");
        let held_out = calibration::held_out(&self.classes, &said(&self.examples));
        let width = patchbay_encoder::DIMENSIONS;
        let words = std::mem::take(&mut self.words_apart);
        let meaning = Voice::hear_apart(&vectors, &self.classes, width, &held_out, Care::THOROUGH);
        let both: Vec<Heard<'_>> = words.iter().zip(&meaning).map(|(words, meaning)| Heard::both(words, meaning)).collect();
        self.calibration = Calibration::find(&both, &held_out, &self.classes);
        self.words.forget_examples();
        self.meaning = Some(Voice::learn(&vectors, self.classes.clone(), width, Care::THOROUGH));
        // What the voice keeps of them is a quarter of their size.
        drop(vectors);
        self
    }

    /// The examples' texts, to be embedded.
    pub fn texts(&self) -> Vec<&str> {
        self.examples.iter().map(|example| example.text.as_str()).collect()
    }

    /// The labels, in alphabetical order.
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// Whether meaning is known, or wording alone.
    pub fn is_full(&self) -> bool {
        self.meaning.is_some()
    }

    /// Reads a message, with slips of the pen put right. `embed` is asked for a vector only in the full stage, once.
    pub fn read(&self, text: &str, embed: &dyn Embed) -> Reading {
        let text = &self.spelling.corrected(text, |word| embed.knows(word));
        let row = self.wording.row(text);
        match &self.meaning {
            None => {
                let words = self.words.hear(&row);
                self.judge(&Heard::words(&words))
            }
            Some(meaning) => {
                let words = Hearing { logs: self.words.log_probabilities(&row), near: Vec::new() };
                let meaning = meaning.hear(&embed.embed(text));
                self.judge(&Heard::both(&words, &meaning))
            }
        }
    }

    fn judge(&self, heard: &Heard<'_>) -> Reading {
        let probabilities = self.calibration.probabilities(heard);
        let scope = calibration::scope(heard);
        let mut order: Vec<usize> = (0..probabilities.len()).collect();
        order.sort_by(|a, b| probabilities[*b].total_cmp(&probabilities[*a]));
        let best = order.first().map_or(0.0, |class| probabilities[*class]);
        let zone = match () {
            () if order.is_empty() || scope < self.calibration.scope_threshold => Zone::HandOver,
            () if best < self.calibration.answer_threshold => Zone::AskBack,
            () => Zone::Answer,
        };
        let ranked = order.into_iter().take(Reading::KEPT).map(|class| Ranked {
            label: self.labels[class].clone(),
            probability: probabilities[class],
            wording: heard.words[class],
            meaning: heard.meaning.map(|meaning| meaning[class]),
            nearness: heard.near[class].cosine,
            nearest: self.examples[heard.near[class].example].text.clone(),
        });
        Reading {
            zone,
            ranked: ranked.collect(),
            scope,
            scope_threshold: self.calibration.scope_threshold,
            answer_threshold: self.calibration.answer_threshold,
        }
    }
}

/// Which examples may be tried on: those somebody said.
fn said(examples: &[Example]) -> Vec<bool> {
    examples.iter().map(|example| !example.describes).collect()
}

#[cfg(test)]
mod tests;
