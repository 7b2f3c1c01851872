//! Many directions kept to be compared with: as signed bytes, a quarter of the size and several times as quick as they were.

use crate::machine::Processor;
use crate::vector::{DIMENSIONS, Vector};

/// The largest a byte stands for, and the largest number of what is compared with them. Sums of their products fit 32 bits.
const BYTE: f32 = 127.0;
const WORD: f32 = 32_767.0;

/// Rounded directions. A cosine to one of them is off by less than a thousandth, the same on every processor.
#[derive(Debug)]
pub struct Nearby {
    bytes: Vec<[i8; DIMENSIONS]>,
    scales: Vec<f32>,
}

impl Nearby {
    /// Rounds the directions.
    pub(crate) fn of(vectors: &[Vector]) -> Self {
        let rounded = |vector: &Vector| {
            let scale = largest(vector) / BYTE;
            (vector.values().map(|number| (number / scale).round() as i8), scale)
        };
        let (bytes, scales) = vectors.iter().map(rounded).unzip();
        Self { bytes, scales }
    }

    /// The cosines to all of them, in their order.
    pub(crate) fn cosines(&self, vector: &Vector) -> Vec<f32> {
        let scale = largest(vector) / WORD;
        let words = vector.values().map(|number| (number / scale).round() as i16);
        let mut cosines = self.scales.clone();
        Processor::detect().within(
            #[inline(always)]
            || {
                for (cosine, bytes) in cosines.iter_mut().zip(&self.bytes) {
                    *cosine *= scale * dot(bytes, &words) as f32;
                }
            },
        );
        cosines
    }
}

/// The largest number regardless of its sign; never zero, so that it can be divided by.
fn largest(vector: &Vector) -> f32 {
    vector.values().iter().fold(f32::MIN_POSITIVE, |largest, number| largest.max(number.abs()))
}

#[inline(always)]
fn dot(bytes: &[i8; DIMENSIONS], words: &[i16; DIMENSIONS]) -> i32 {
    let mut sum = 0;
    for (byte, word) in bytes.iter().zip(words) {
        sum += i32::from(*byte) * i32::from(*word);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Directions without a pattern, the same every time.
    fn vectors() -> Vec<Vector> {
        let mut state = 7_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1 << 23) as f32 - 1.0
        };
        (0..50).map(|_| Vector::towards(Box::new(std::array::from_fn(|_| next())))).collect()
    }

    #[test]
    fn cosines_are_off_by_less_than_a_thousandth() {
        let vectors = vectors();
        let nearby = Nearby::of(&vectors);
        for one in &vectors {
            let cosines = nearby.cosines(one);
            assert_eq!(cosines.len(), vectors.len());
            for (cosine, other) in cosines.iter().zip(&vectors) {
                assert!((cosine - one.cosine(other)).abs() < 1e-3, "{cosine} is not {}", one.cosine(other));
            }
        }
    }

    #[test]
    fn the_extremes_are_no_trouble() {
        let nothing = Vector::towards(Box::new([0.0; DIMENSIONS]));
        let even = Vector::towards(Box::new([-1.0; DIMENSIONS]));
        let nearby = Nearby::of(&[nothing.clone(), even.clone()]);
        assert_eq!(nearby.cosines(&nothing), [0.0, 0.0]);
        let cosines = nearby.cosines(&even);
        assert!(cosines[0] == 0.0 && (cosines[1] - 1.0).abs() < 1e-3, "{cosines:?}");
        assert!(Nearby::of(&[]).cosines(&even).is_empty());
    }
}
