//! A direction in the space of meanings: 384 numbers of length one.

/// How many numbers a [`Vector`] has.
pub const DIMENSIONS: usize = 384;

/// A text's place among all meanings; its length is one.
#[derive(Clone, PartialEq, Debug)]
pub struct Vector(Box<[f32; DIMENSIONS]>);

impl Vector {
    /// The direction of `values`, scaled to length one; all zeros stay zeros.
    pub fn towards(mut values: Box<[f32; DIMENSIONS]>) -> Self {
        let length = dot(&values, &values).sqrt();
        if length > 0.0 {
            values.iter_mut().for_each(|value| *value /= length);
        }
        Self(values)
    }

    /// The numbers as they were stored, trusted to have length one.
    pub(crate) fn stored(values: Box<[f32; DIMENSIONS]>) -> Self {
        Self(values)
    }

    /// How close two meanings are: 1 the same, around 0 unrelated, never beyond ±1 (but for rounding).
    pub fn cosine(&self, other: &Self) -> f32 {
        dot(&self.0, &other.0)
    }

    /// The numbers themselves.
    pub fn values(&self) -> &[f32; DIMENSIONS] {
        &self.0
    }
}

/// Sixteen sums side by side, then one: quick, and the same order on every processor.
fn dot(a: &[f32; DIMENSIONS], b: &[f32; DIMENSIONS]) -> f32 {
    let mut lanes = [0.0; 16];
    for (a, b) in a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0) {
        for lane in 0..16 {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_length_one_whatever_it_came_from() {
        let vector = Vector::towards(Box::new(std::array::from_fn(|i| i as f32 - 100.0)));
        assert!((vector.cosine(&vector) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn nothing_stays_nothing() {
        let nothing = Vector::towards(Box::new([0.0; DIMENSIONS]));
        assert_eq!(nothing.cosine(&nothing), 0.0);
    }
}
