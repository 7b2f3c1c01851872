//! The parts a transformer is made of, each with one fixed order of floating-point operations.
//!
//! Everything is `inline(always)`: it is compiled once per processor form, inside `Processor::within`.

use crate::machine::{Panels, Processor};

/// Numbers that are summed side by side; a fixed count, so that the order never depends on the processor.
const LANES: usize = 16;

/// Rows of floating-point numbers as rows of signed bytes; a byte stands for `middle + byte · scale` of its row.
pub(crate) struct Rounded {
    bytes: Vec<i8>,
    rows: Vec<Range>,
}

/// What the bytes −127…127 of a row stand for.
struct Range {
    middle: f32,
    scale: f32,
}

impl Rounded {
    /// Fits each row of `width` numbers between its smallest and its largest.
    #[inline(always)]
    pub(crate) fn new(numbers: &[f32], width: usize) -> Self {
        let mut bytes = vec![0; numbers.len()];
        let mut rows = Vec::with_capacity(numbers.len() / width);
        for (numbers, bytes) in numbers.chunks_exact(width).zip(bytes.chunks_exact_mut(width)) {
            let (least, most) = (-largest(numbers, |number| -number), largest(numbers, |number| number));
            let middle = (least + most) / 2.0;
            let scale = ((most - least) / 254.0).max(f32::MIN_POSITIVE);
            let factor = 1.0 / scale;
            for (byte, number) in bytes.iter_mut().zip(numbers) {
                *byte = ((number - middle) * factor + ROUNDER).to_bits() as i8;
            }
            rows.push(Range { middle, scale });
        }
        Self { bytes, rows }
    }
}

/// Adding this leaves the nearest whole number in the lowest bits of a 32-bit floating-point number.
const ROUNDER: f32 = 12_582_912.0;

/// A matrix of rounded weights with a scale and a constant for each of its rows.
pub(crate) struct Linear {
    panels: Panels,
    rows: Vec<Row>,
}

/// What belongs to one row of weights.
struct Row {
    scale: f32,
    /// The sum of the row's weights, times the scale.
    sum: f32,
    constant: f32,
}

impl Linear {
    /// Takes signed bytes row by row, with the scale and the constant of each row.
    pub(crate) fn new(weights: &[u8], scales: &[f32], constants: &[f32]) -> Self {
        let columns = weights.len() / scales.len();
        let rows = weights.chunks_exact(columns).zip(scales.iter().zip(constants)).map(|(weights, (scale, constant))| {
            let sum: i32 = weights.iter().map(|weight| i32::from(weight.cast_signed())).sum();
            Row { scale: *scale, sum: sum as f32 * scale, constant: *constant }
        });
        Self { panels: Panels::pack(weights, scales.len(), columns), rows: rows.collect() }
    }

    /// Each input row becomes a row of as many numbers as the matrix has rows.
    #[inline(always)]
    pub(crate) fn apply(&self, processor: Processor, input: &[f32]) -> Vec<f32> {
        let input = Rounded::new(input, self.panels.columns());
        let mut products = vec![0; input.rows.len() * self.rows.len()];
        processor.multiply(&self.panels, &input.bytes, &mut products);
        let mut output = Vec::with_capacity(products.len());
        for (products, Range { middle, scale }) in products.chunks_exact(self.rows.len()).zip(&input.rows) {
            let rows = products.iter().zip(&self.rows);
            output.extend(rows.map(|(product, row)| *product as f32 * (scale * row.scale) + (middle * row.sum + row.constant)));
        }
        output
    }
}

/// Layer normalisation: each row gets mean 0 and spread 1, then a learned scale and constant.
pub(crate) struct Norm {
    pub(crate) scales: Vec<f32>,
    pub(crate) constants: Vec<f32>,
}

impl Norm {
    /// Normalises each row in place.
    #[inline(always)]
    pub(crate) fn apply(&self, rows: &mut [f32]) {
        let width = self.scales.len();
        for row in rows.chunks_exact_mut(width) {
            let mean = sum(row, |number| number) / width as f32;
            let variance = sum(row, |number| (number - mean) * (number - mean)) / width as f32;
            let factor = 1.0 / (variance + 1e-12).sqrt();
            for (number, (scale, constant)) in row.iter_mut().zip(self.scales.iter().zip(&self.constants)) {
                *number = (*number - mean) * factor * scale + constant;
            }
        }
    }
}

/// Adds `more` to `numbers`, one by one.
#[inline(always)]
pub(crate) fn add(numbers: &mut [f32], more: &[f32]) {
    numbers.iter_mut().zip(more).for_each(|(number, more)| *number += more);
}

/// Attention: each token takes from all tokens as much as its query agrees with their keys.
///
/// `input` has a row per token: all heads' queries, then keys, then values, each head `HEAD` numbers wide.
#[inline(always)]
pub(crate) fn attention<const HEAD: usize>(input: &[f32], width: usize) -> Vec<f32> {
    let tokens = input.len() / (3 * width);
    let at = |token: usize, part: usize| &input[token * 3 * width + part..][..HEAD];
    let mut output = vec![0.0; tokens * width];
    let mut keys = vec![[[0.0; LANES]; HEAD]; tokens.div_ceil(LANES)];
    let mut shares = vec![0.0; keys.len() * LANES];
    for head in (0..width).step_by(HEAD) {
        for token in 0..tokens {
            for (place, number) in keys[token / LANES].iter_mut().zip(at(token, width + head)) {
                place[token % LANES] = *number;
            }
        }
        for token in 0..tokens {
            let query = at(token, head);
            for (shares, keys) in shares.as_chunks_mut::<LANES>().0.iter_mut().zip(&keys) {
                let mut sums = [0.0; LANES];
                for (query, keys) in query.iter().zip(keys) {
                    for (sum, key) in sums.iter_mut().zip(keys) {
                        *sum += query * key;
                    }
                }
                *shares = sums.map(|sum| sum / (HEAD as f32).sqrt());
            }
            shares[tokens..].fill(f32::MIN);
            softmax(&mut shares);
            let mut mixed = [0.0; HEAD];
            for (other, share) in shares[..tokens].iter().enumerate() {
                for (mixed, value) in mixed.iter_mut().zip(at(other, 2 * width + head)) {
                    *mixed += share * value;
                }
            }
            output[token * width + head..][..HEAD].copy_from_slice(&mixed);
        }
    }
    output
}

/// Turns scores into shares of one; their count is a multiple of [`LANES`].
#[inline(always)]
pub(crate) fn softmax(scores: &mut [f32]) {
    let largest = largest(scores, |score| score);
    scores.iter_mut().for_each(|score| *score = exp(*score - largest));
    let total = sum(scores, |share| share);
    scores.iter_mut().for_each(|share| *share /= total);
}

/// The Gaussian error linear unit, `x · Φ(x)`, in place.
#[inline(always)]
pub(crate) fn gelu(numbers: &mut [f32]) {
    for number in numbers {
        *number *= 0.5 * (1.0 + erf(*number * std::f32::consts::FRAC_1_SQRT_2));
    }
}

/// The error function, to 2·10⁻⁷ (Abramowitz and Stegun, 7.1.26).
#[inline(always)]
fn erf(x: f32) -> f32 {
    let size = x.abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * size);
    let series = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    (1.0 - series * exp(-size * size)).copysign(x)
}

/// e to the power of `x`, for `x` ≤ 0, to about 10⁻⁷ of the result: two to a whole power times a short series.
#[inline(always)]
fn exp(x: f32) -> f32 {
    let x = if x < -87.0 { -87.0 } else { x };
    let shifted = x * std::f32::consts::LOG2_E + ROUNDER;
    let whole = shifted - ROUNDER;
    // ln 2 in two parts, so that the product with a whole number loses nothing.
    let rest = (x - whole * 0.693_359_4) - whole * -0.000_212_194_44;
    let series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest * (1.0 / 120.0 + rest * (1.0 / 720.0))))));
    f32::from_bits(series.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// The sum of `part` over the numbers, in [`LANES`] lanes.
#[inline(always)]
fn sum(numbers: &[f32], part: impl Fn(f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    for numbers in numbers.as_chunks::<LANES>().0 {
        for (lane, number) in lanes.iter_mut().zip(numbers) {
            *lane += part(*number);
        }
    }
    lanes.iter().sum()
}

/// The largest `part` of the numbers.
#[inline(always)]
fn largest(numbers: &[f32], part: impl Fn(f32) -> f32) -> f32 {
    let greater = |a: f32, b: f32| if a > b { a } else { b };
    let mut lanes = [f32::MIN; LANES];
    for numbers in numbers.as_chunks::<LANES>().0 {
        for (lane, number) in lanes.iter_mut().zip(numbers) {
            *lane = greater(part(*number), *lane);
        }
    }
    lanes.into_iter().fold(f32::MIN, greater)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_series_are_close_to_the_functions() {
        for step in -8000..=0 {
            let x = step as f32 / 100.0;
            assert!((exp(x) - x.exp()).abs() <= x.exp() * 3e-7, "exp {x}");
        }
        for (x, value) in [(0.0, 0.0), (0.5, 0.520_499_9), (-1.0, -0.842_700_8), (2.0, 0.995_322_3), (-9.0, -1.0)] {
            assert!((erf(x) - value).abs() < 3e-7, "erf {x}");
        }
    }

    #[test]
    fn shares_add_up_and_padding_gets_none() {
        let mut scores = [f32::MIN; 16];
        scores[..3].copy_from_slice(&[1.0, 3.0, 2.0]);
        softmax(&mut scores);
        assert!((scores.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(scores[1] > scores[2] && scores[2] > scores[0] && scores[3] < 1e-30);
    }

    #[test]
    fn rows_are_rounded_to_their_own_range() {
        let mut numbers = [0.0; 32];
        (numbers[0], numbers[1], numbers[16], numbers[17]) = (-1.0, 253.0, 1000.0, -1000.0);
        let rounded = Rounded::new(&numbers, 16);
        assert_eq!(rounded.bytes[..3], [-127, 127, -126]);
        assert_eq!(rounded.bytes[16..19], [127, -127, 0]);
        assert_eq!((rounded.rows[0].middle, rounded.rows[0].scale, rounded.rows[1].middle), (126.0, 1.0, 0.0));
    }

    #[test]
    fn a_matrix_is_applied_with_scales_and_constants() {
        let (width, height) = (16, 64);
        let weights: Vec<u8> = (0..width * height).map(|at| (at % 7) as u8).collect();
        let (scales, constants) = (vec![0.5; height], (0..height).map(|row| row as f32).collect::<Vec<_>>());
        let input: Vec<f32> = (0..width).map(|at| at as f32 - 2.0).collect();
        let output = Linear::new(&weights, &scales, &constants).apply(Processor::detect(), &input);
        for (row, number) in output.iter().enumerate() {
            let product: f32 = input.iter().zip(&weights[row * width..]).map(|(number, weight)| number * f32::from(*weight)).sum();
            assert!((number - (product * 0.5 + row as f32)).abs() < 1.0, "row {row}: {number}");
        }
    }
}
