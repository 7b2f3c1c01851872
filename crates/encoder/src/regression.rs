//! Softmax regression over rows of numbers: which of several classes a row belongs to, learned from examples.
//!
//! It stands here because it is the other piece of heavy arithmetic; what the classes are is the caller's business.

use crate::machine::Processor;
use crate::nearby::Nearby;
use crate::vector::Vector;

/// Classes are computed in groups of this many.
const LANES: usize = 16;
/// A class this improbable is not pushed further away.
const TINY: f32 = 1e-4;

/// A row of numbers of length at most one that can be learned from.
pub trait Row: Sized {
    /// Many rows, kept in the way that makes it quick to compare another one with all of them.
    type Index;

    /// Visits the non-zero numbers with their places.
    fn each(&self, visit: impl FnMut(usize, f32));

    /// Keeps rows to be compared with.
    fn index(rows: &[Self]) -> Self::Index;

    /// The cosines of the angles to the rows that `index` was made of, in their order.
    fn cosines(&self, index: &Self::Index) -> Vec<f32>;
}

impl Row for Vector {
    type Index = Nearby;

    #[inline(always)]
    fn each(&self, mut visit: impl FnMut(usize, f32)) {
        for (place, number) in self.values().iter().enumerate() {
            visit(place, *number);
        }
    }

    fn index(rows: &[Self]) -> Nearby {
        Nearby::of(rows)
    }

    fn cosines(&self, index: &Nearby) -> Vec<f32> {
        index.cosines(self)
    }
}

/// How long and how hard to learn.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// How often every example is seen.
    pub rounds: usize,
    /// The size of the first steps; they shrink to nothing over the rounds.
    pub step: f32,
    /// How strongly large weights are held back at each example.
    pub restraint: f32,
}

/// A learned regression.
#[derive(Clone, Debug)]
pub struct Regression {
    classes: usize,
    /// For each place of a row, a weight per class (padded to whole groups); the last place is a constant.
    weights: Vec<[f32; LANES]>,
    groups: usize,
}

impl Regression {
    /// Learns from rows of at most `width` places, each with its class, by stochastic gradient descent in a fixed order.
    pub fn learn<R: Row>(rows: &[&R], classes_of: &[usize], width: usize, classes: usize, effort: Effort) -> Self {
        let groups = classes.div_ceil(LANES).max(1);
        let mut learned = Self { classes, weights: vec![[0.0; LANES]; (width + 1) * groups], groups };
        let total = (effort.rounds * rows.len()).max(1) as f32;
        let step_after = |seen: usize| effort.step * (1.0 - seen as f32 / total);
        let mut order: Vec<usize> = (0..rows.len()).collect();
        Processor::detect().within(
            #[inline(always)]
            || {
                for round in 0..effort.rounds {
                    shuffle(&mut order, round as u64);
                    let seen = round * rows.len();
                    for (at, example) in order.iter().enumerate() {
                        learned.step(rows[*example], classes_of[*example], step_after(seen + at));
                    }
                    // Once a round instead of with every example: the same in sum.
                    let kept = 1.0 - step_after(seen) * effort.restraint * rows.len() as f32;
                    learned.weights.as_flattened_mut().iter_mut().for_each(|weight| *weight *= kept);
                }
            },
        );
        learned
    }

    /// The logarithm of each class's probability.
    pub fn log_probabilities<R: Row>(&self, row: &R) -> Vec<f32> {
        let mut scores = self.scores(row);
        scores.as_flattened_mut()[self.classes..].fill(f32::MIN);
        let largest = scores.as_flattened().iter().copied().fold(f32::MIN, f32::max);
        let total: f32 = scores.as_flattened()[..self.classes].iter().map(|score| (score - largest).exp()).sum();
        let shift = largest + total.ln();
        scores.as_flattened()[..self.classes].iter().map(|score| score - shift).collect()
    }

    #[inline(always)]
    fn scores<R: Row>(&self, row: &R) -> Vec<[f32; LANES]> {
        let mut scores = self.weights[self.weights.len() - self.groups..].to_vec();
        row.each(
            #[inline(always)]
            |place, number| add(&mut scores, &self.weights[place * self.groups..][..self.groups], number),
        );
        scores
    }

    /// Moves the weights a little towards the example's class and away from what was predicted.
    #[inline(always)]
    fn step<R: Row>(&mut self, row: &R, class: usize, size: f32) {
        let mut moves = self.scores(row);
        let scores = moves.as_flattened_mut();
        scores[self.classes..].fill(f32::MIN);
        crate::layers::softmax(scores);
        scores[class] -= 1.0;
        // Moves too small to matter are left out, and with them whole groups: most of a row's weights need not be fetched at all.
        scores.iter_mut().for_each(|score| *score = if score.abs() > TINY { *score * -size } else { 0.0 });
        let active: Vec<usize> = (0..moves.len()).filter(|group| moves[*group] != [0.0; LANES]).collect();
        let (weights, groups) = (&mut self.weights, self.groups);
        let constant = weights.len() - groups;
        row.each(
            #[inline(always)]
            |place, number| {
                let weights = &mut weights[place * groups..][..groups];
                for group in &active {
                    add_group(&mut weights[*group], &moves[*group], number);
                }
            },
        );
        // The constant learns slowly: how often a class occurs among the examples says little about the messages.
        add(&mut weights[constant..], &moves, 0.1);
    }
}

/// Adds `more` times `number`. One flat loop: over groups as such the compiler gathers single numbers from many of them, ten times slower.
#[inline(always)]
fn add(sums: &mut [[f32; LANES]], more: &[[f32; LANES]], number: f32) {
    for (sum, more) in sums.as_flattened_mut().iter_mut().zip(more.as_flattened()) {
        *sum += number * more;
    }
}

/// The same for one group; it is taken out and put back, so that the compiler keeps it in one piece.
#[inline(always)]
fn add_group(sums: &mut [f32; LANES], more: &[f32; LANES], number: f32) {
    let (mut group, more) = (*sums, *more);
    for lane in 0..LANES {
        group[lane] += number * more[lane];
    }
    *sums = group;
}

/// Another order of the same things for every round, the same on every machine.
fn shuffle(order: &mut [usize], round: u64) {
    let mut state = round.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d;
    for last in (1..order.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        order.swap(last, (state >> 33) as usize % (last + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sparse::SparseVector;

    const EFFORT: Effort = Effort { rounds: 50, step: 2.0, restraint: 1e-3 };

    #[test]
    fn learns_what_sets_the_classes_apart() {
        let rows: Vec<_> = (0..40u32).map(|n| SparseVector::towards(vec![(n % 4, 1.0), (4 + n % 3, 1.0)])).collect();
        let classes: Vec<_> = (0..40).map(|n| n % 4).collect();
        let learned = Regression::learn(&rows.iter().collect::<Vec<_>>(), &classes, 7, 4, EFFORT);
        for class in 0..4 {
            let logs = learned.log_probabilities(&SparseVector::towards(vec![(class as u32, 1.0)]));
            assert_eq!(logs.len(), 4);
            assert!((logs.iter().map(|log| log.exp()).sum::<f32>() - 1.0).abs() < 1e-5);
            assert!(logs[class].exp() > 0.9, "{logs:?}");
        }
    }

    #[test]
    fn nothing_to_learn_from_is_no_reason_to_fail() {
        let learned = Regression::learn::<SparseVector>(&[], &[], 3, 2, EFFORT);
        let logs = learned.log_probabilities(&SparseVector::default());
        assert!((logs[0].exp() - 0.5).abs() < 1e-6);
    }
}
