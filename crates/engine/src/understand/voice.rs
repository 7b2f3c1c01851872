//! One way of hearing a message: a regression over rows of one kind, and the nearest example of each class.

use patchbay_encoder::{Effort, Regression, Row};

use super::calibration::Fold;

/// Learned from rows with their classes.
pub(super) struct Voice<R: Row> {
    regression: Regression,
    examples: R::Index,
    classes: Vec<usize>,
}

/// What a voice heard, for each class.
pub(super) struct Hearing {
    /// The logarithm of the class's probability.
    pub(super) logs: Vec<f32>,
    /// The example of the class that is nearest.
    pub(super) near: Vec<Near>,
}

/// An example and how near it is.
#[derive(Clone, Copy)]
pub(super) struct Near {
    pub(super) example: usize,
    pub(super) cosine: f32,
}

impl<R: Row> Voice<R> {
    /// Learns from all rows; classes are numbered without gaps.
    pub(super) fn learn(rows: &[R], classes: Vec<usize>, width: usize, care: Care) -> Self {
        let regression = care.learn(&rows.iter().collect::<Vec<_>>(), &classes, width, count(&classes));
        Self { examples: R::index(rows), regression, classes }
    }

    /// Lets go of the examples that nearness is measured to; from now on only probabilities are asked for.
    pub(super) fn forget_examples(&mut self) {
        self.examples = R::index(&[]);
    }

    pub(super) fn log_probabilities(&self, row: &R) -> Vec<f32> {
        self.regression.log_probabilities(row)
    }

    pub(super) fn hear(&self, row: &R) -> Hearing {
        let near = nearest(&row.cosines(&self.examples), &self.classes, count(&self.classes), |_| true);
        Hearing { logs: self.regression.log_probabilities(row), near }
    }

    /// What is heard of each held-out row by a voice that learned without it, in the order of the folds.
    pub(super) fn hear_apart(rows: &[R], classes: &[usize], width: usize, folds: &[Fold], care: Care) -> Vec<Hearing> {
        let (index, count) = (R::index(rows), count(classes));
        let of_fold = |fold: &Fold| {
            let kept: Vec<usize> = (0..rows.len()).filter(|example| !fold.contains(*example)).collect();
            let kept_rows: Vec<&R> = kept.iter().map(|example| &rows[*example]).collect();
            let kept_classes: Vec<usize> = kept.iter().map(|example| classes[*example]).collect();
            let regression = care.learn(&kept_rows, &kept_classes, width, count);
            let hear_one = |held: &usize| Hearing {
                logs: regression.log_probabilities(&rows[*held]),
                near: nearest(&rows[*held].cosines(&index), classes, count, |example| !fold.contains(example)),
            };
            fold.examples().iter().map(hear_one).collect::<Vec<_>>()
        };
        folds.iter().flat_map(of_fold).collect()
    }
}

fn count(classes: &[usize]) -> usize {
    classes.iter().max().map_or(0, |last| last + 1)
}

/// How carefully to learn: how many examples are looked at in all, and how often each at least.
#[derive(Clone, Copy)]
pub(super) struct Care {
    looks: usize,
    rounds: usize,
}

impl Care {
    /// Someone waits for it.
    pub(super) const QUICK: Self = Self { looks: 24_000, rounds: 5 };
    /// Nobody waits for it.
    pub(super) const THOROUGH: Self = Self { looks: 48_000, rounds: 12 };

    /// Few examples are seen often, many only a few times: about as much work for 400 as for 4,000.
    fn learn<R: Row>(self, rows: &[&R], classes: &[usize], width: usize, count: usize) -> Regression {
        let examples = rows.len().max(1);
        let rounds = (self.looks / examples).clamp(self.rounds, 60);
        Regression::learn(rows, classes, width, count, Effort { rounds, step: 4.0, restraint: 1.0 / (30.0 * examples as f32) })
    }
}

/// The nearest of the `kept` examples of each class.
fn nearest(cosines: &[f32], classes: &[usize], count: usize, kept: impl Fn(usize) -> bool) -> Vec<Near> {
    let mut near = vec![Near { example: 0, cosine: -1.0 }; count];
    for (example, cosine) in cosines.iter().enumerate().filter(|(example, _)| kept(*example)) {
        let nearest = &mut near[classes[example]];
        if *cosine > nearest.cosine {
            *nearest = Near { example, cosine: *cosine };
        }
    }
    near
}
