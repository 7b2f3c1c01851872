//! How much to believe what was heard, found on examples that the voices had not learned from.

use super::setting::{self, Setting};
use super::voice::{Hearing, Near};

/// Of held-out examples, this share stays in scope; of new messages about 1 % less, as they are never quite alike.
const KEPT: f32 = 0.965;
/// Of readings that count as clear, at least this share is right.
const CLEAR: f32 = 0.95;
/// With more examples than this, holding out one part is enough.
const MANY: usize = 1500;
/// Examples are held out in this many parts.
const PARTS: usize = 5;
/// More held-out examples per part than this tell little new.
const ENOUGH: usize = 200;

/// A part of the examples that is held out.
pub(super) struct Fold {
    examples: Vec<usize>,
    left_out: Vec<bool>,
}

impl Fold {
    pub(super) fn contains(&self, example: usize) -> bool {
        self.left_out[example]
    }

    pub(super) fn examples(&self) -> &[usize] {
        &self.examples
    }
}

/// Divides what was `said` so that each class loses as few examples as possible at a time; a class's only example is never held out.
pub(super) fn held_out(classes: &[usize], said: &[bool]) -> Vec<Fold> {
    let classes_count = classes.iter().max().map_or(0, |last| last + 1);
    let mut totals = vec![0; classes_count];
    classes.iter().for_each(|class| totals[*class] += 1);
    let mut seen = vec![0; classes_count];
    let mut parts = vec![Vec::new(); PARTS];
    for (example, class) in classes.iter().enumerate().filter(|(example, _)| said[*example]) {
        if totals[*class] > 1 {
            parts[(seen[*class] + class) % PARTS].push(example);
        }
        seen[*class] += 1;
    }
    parts.truncate(if classes.len() > MANY { 1 } else { PARTS });
    let parts_count = parts.len();
    let fold = |mut examples: Vec<usize>| {
        let stride = examples.len().div_ceil(ENOUGH * PARTS / parts_count).max(1);
        let mut left_out = vec![false; classes.len()];
        examples.iter().for_each(|example| left_out[*example] = true);
        examples = examples.into_iter().step_by(stride).collect();
        Fold { examples, left_out }
    };
    parts.into_iter().filter(|part| !part.is_empty()).map(fold).collect()
}

/// All that was heard of one message, for each class.
pub(super) struct Heard<'a> {
    pub(super) words: &'a [f32],
    pub(super) meaning: Option<&'a [f32]>,
    pub(super) near: &'a [Near],
}

impl<'a> Heard<'a> {
    /// Wording alone.
    pub(super) fn words(words: &'a Hearing) -> Self {
        Self { words: &words.logs, meaning: None, near: &words.near }
    }

    /// Wording and meaning; nearness is that of meaning.
    pub(super) fn both(words: &'a Hearing, meaning: &'a Hearing) -> Self {
        Self { words: &words.logs, meaning: Some(&meaning.logs), near: &meaning.near }
    }
}

/// How much a message is like the examples at all: a clear class and a near example both speak for it.
pub(super) fn scope(heard: &Heard<'_>) -> f32 {
    let clear = heard.meaning.unwrap_or(heard.words).iter().copied().fold(f32::MIN, f32::max);
    let near = heard.near.iter().map(|near| near.cosine).fold(-1.0, f32::max);
    clear / 3.0 + 4.0 * near
}

/// What was found.
#[derive(Clone, Debug)]
pub(super) struct Calibration {
    /// The settings that the held-out examples leave possible, each with how probable it is.
    settings: Vec<(f32, Setting)>,
    pub(super) scope_threshold: f32,
    pub(super) answer_threshold: f32,
}

impl Calibration {
    /// Finds how probable each setting is, then the thresholds.
    pub(super) fn find(heard: &[Heard<'_>], folds: &[Fold], classes: &[usize]) -> Self {
        let untried = Self { settings: vec![(1.0, Setting::UNTRIED)], scope_threshold: 0.0, answer_threshold: 0.6 };
        let truths: Vec<usize> = folds.iter().flat_map(Fold::examples).map(|example| classes[*example]).collect();
        if truths.len() < 5 {
            return untried;
        }
        Self { settings: setting::possible(heard, &truths), ..untried }.with_thresholds(heard, &truths)
    }

    /// The probability of each class: the mean over the possible settings. A few examples leave many settings possible, and where these
    /// disagree nothing is certain; many examples leave one or two.
    pub(super) fn probabilities(&self, heard: &Heard<'_>) -> Vec<f32> {
        let mut mean = vec![0.0; heard.words.len()];
        for (weight, setting) in &self.settings {
            mean.iter_mut().zip(setting.probabilities(heard)).for_each(|(mean, probability)| *mean += weight * probability);
        }
        mean
    }

    fn with_thresholds(mut self, heard: &[Heard<'_>], truths: &[usize]) -> Self {
        let mut scopes: Vec<f32> = heard.iter().map(scope).collect();
        scopes.sort_by(f32::total_cmp);
        self.scope_threshold = scopes[((1.0 - KEPT) * scopes.len() as f32) as usize];
        let mut readings: Vec<(f32, bool)> = heard
            .iter()
            .zip(truths)
            .map(|(heard, truth)| {
                let probabilities = self.probabilities(heard);
                let best = probabilities.iter().copied().fold(0.0, f32::max);
                (best, probabilities[*truth] == best)
            })
            .collect();
        readings.sort_by(|a, b| b.0.total_cmp(&a.0));
        self.answer_threshold = clear_from(&readings);
        self
    }
}

/// The lowest probability down to which enough of the readings are right, kept within reason; readings are best first.
fn clear_from(readings: &[(f32, bool)]) -> f32 {
    let mut right = 0.0;
    let mut threshold = 1.0;
    for (at, (probability, is_right)) in readings.iter().enumerate() {
        right += f32::from(u8::from(*is_right));
        if right >= CLEAR * (at + 1) as f32 {
            threshold = *probability;
        }
    }
    threshold.clamp(0.35, 0.9)
}
