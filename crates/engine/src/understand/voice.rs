//! One way of hearing a message: a regression over rows of one kind, and the nearest example of each class.

use patchbay_encoder::{Effort, Regression, Row};

use super::calibration::Fold;

/// Learned from rows with their classes.
pub(super) struct Voice<R> {
    regression: Regression,
    rows: Vec<R>,
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
    pub(super) fn learn(rows: Vec<R>, classes: Vec<usize>, width: usize) -> Self {
        let regression = learn(&rows.iter().collect::<Vec<_>>(), &classes, width, count(&classes));
        Self { regression, rows, classes }
    }

    pub(super) fn log_probabilities(&self, row: &R) -> Vec<f32> {
        self.regression.log_probabilities(row)
    }

    pub(super) fn hear(&self, row: &R) -> Hearing {
        let all: Vec<usize> = (0..self.rows.len()).collect();
        hear(&self.regression, &self.rows, &self.classes, &all, row)
    }

    /// What is heard of each held-out row by a voice that learned without it, in the order of the folds.
    pub(super) fn hear_apart(rows: &[R], classes: &[usize], width: usize, folds: &[Fold]) -> Vec<Hearing> {
        let of_fold = |fold: &Fold| {
            let kept: Vec<usize> = (0..rows.len()).filter(|example| !fold.contains(*example)).collect();
            let kept_rows: Vec<&R> = kept.iter().map(|example| &rows[*example]).collect();
            let kept_classes: Vec<usize> = kept.iter().map(|example| classes[*example]).collect();
            let regression = learn(&kept_rows, &kept_classes, width, count(classes));
            let hear_one = |held: &usize| hear(&regression, rows, classes, &kept, &rows[*held]);
            fold.examples().iter().map(hear_one).collect::<Vec<_>>()
        };
        folds.iter().flat_map(of_fold).collect()
    }
}

fn count(classes: &[usize]) -> usize {
    classes.iter().max().map_or(0, |last| last + 1)
}

/// Few examples are seen often, many only a few times: about as much work for 400 as for 4,000.
fn learn<R: Row>(rows: &[&R], classes: &[usize], width: usize, count: usize) -> Regression {
    let examples = rows.len().max(1);
    let rounds = (24_000 / examples).clamp(5, 60);
    Regression::learn(rows, classes, width, count, Effort { rounds, step: 4.0, restraint: 1.0 / (30.0 * examples as f32) })
}

/// Hears a row with the regression and looks for the nearest of the `kept` examples.
fn hear<R: Row>(regression: &Regression, rows: &[R], classes: &[usize], kept: &[usize], row: &R) -> Hearing {
    let logs = regression.log_probabilities(row);
    let mut near = vec![Near { example: 0, cosine: -1.0 }; logs.len()];
    let cosines = row.cosines(kept.iter().map(|example| &rows[*example]));
    for (example, cosine) in kept.iter().zip(cosines) {
        let nearest = &mut near[classes[*example]];
        if cosine > nearest.cosine {
            *nearest = Near { example: *example, cosine };
        }
    }
    Hearing { logs, near }
}
