//! What readings were worth: how many were right, and whether their probabilities can be believed.

use crate::data::hash;
use patchbay_engine::measured::calibration_error;
use patchbay_engine::understand::{Embed, Example, Understanding, Zone};
use std::collections::BTreeMap;

/// Tested messages of one or several runs.
#[derive(Default)]
pub(crate) struct Outcomes(pub(crate) Vec<Outcome>);

/// One message.
pub(crate) struct Outcome {
    pub(crate) label: String,
    pub(crate) right: bool,
    pub(crate) among_three: bool,
    pub(crate) probability: f64,
    pub(crate) zone: Zone,
    pub(crate) scope: f64,
}

impl Outcomes {
    /// Reads all messages.
    pub(crate) fn of<'a>(understanding: &Understanding, tested: impl IntoIterator<Item = &'a Example>, embed: &dyn Embed) -> Self {
        let outcome = |test: &Example| {
            let reading = understanding.read(&test.text, embed);
            Outcome {
                label: test.label.clone(),
                right: reading.ranked[0].label == test.label,
                among_three: reading.ranked.iter().take(3).any(|ranked| ranked.label == test.label),
                probability: reading.ranked[0].probability.into(),
                zone: reading.zone,
                scope: reading.scope.into(),
            }
        };
        Self(tested.into_iter().map(outcome).collect())
    }

    pub(crate) fn share(&self, which: impl Fn(&Outcome) -> bool) -> f64 {
        self.0.iter().filter(|outcome| which(outcome)).count() as f64 / self.0.len().max(1) as f64
    }

    pub(crate) fn right(&self) -> f64 {
        self.share(|outcome| outcome.right)
    }

    /// The mean over the intents of how many of each are right, so that each counts the same.
    pub(crate) fn right_by_intent(&self) -> f64 {
        let mut by_label: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
        for outcome in &self.0 {
            let counts = by_label.entry(&outcome.label).or_default();
            *counts = (counts.0 + f64::from(u8::from(outcome.right)), counts.1 + 1.0);
        }
        mean(&by_label.values().map(|(right, all)| right / all).collect::<Vec<_>>())
    }

    /// Of those in a zone, how many are right.
    pub(crate) fn right_in(&self, zone: Zone) -> f64 {
        self.share(|outcome| outcome.zone == zone && outcome.right) / self.share(|outcome| outcome.zone == zone).max(1e-9)
    }

    pub(crate) fn in_zone(&self, zone: Zone) -> f64 {
        self.share(|outcome| outcome.zone == zone)
    }

    /// The expected calibration error: the mean distance between what was said and what was so, in ten bins.
    pub(crate) fn calibration_error(&self) -> f64 {
        let judged = self.0.iter().map(|outcome| (outcome.probability, outcome.right));
        calibration_error(judged)
    }

    /// The same error had every probability been exact: few messages are hardly ever right just as often as was said. Each `draw` is
    /// another play of chance.
    pub(crate) fn error_by_chance(&self, draw: u64) -> f64 {
        let chance = |at: usize, label: &str| (hash(&format!("{label} {at}"), draw) % 10_000) as f64 / 10_000.0;
        let judged = |(at, outcome): (usize, &Outcome)| (outcome.probability, chance(at, &outcome.label) < outcome.probability);
        calibration_error(self.0.iter().enumerate().map(judged))
    }
}

pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Half the 95 % interval of a mean over runs: by how much they differ, and at least by how few messages there are.
pub(crate) fn within(shares: &[f64], messages: usize) -> f64 {
    let (mean, runs) = (mean(shares), shares.len() as f64);
    let spread = shares.iter().map(|share| (share - mean).powi(2)).sum::<f64>() / (runs - 1.0).max(1.0);
    1.96 * f64::max((spread / runs).sqrt(), (mean * (1.0 - mean) / messages.max(1) as f64).sqrt())
}
