//! Rows with few numbers among very many places: counts of words and letters, scaled to length one.

use crate::regression::Row;

/// A direction given by its non-zero numbers; its length is one, or zero when it is empty.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SparseVector(Vec<(u32, f32)>);

impl SparseVector {
    /// The direction with these numbers at these places; numbers at the same place are added.
    pub fn towards(mut entries: Vec<(u32, f32)>) -> Self {
        entries.sort_by_key(|(place, _)| *place);
        entries.dedup_by(|later, kept| {
            let same = later.0 == kept.0;
            kept.1 += if same { later.1 } else { 0.0 };
            same
        });
        let length = entries.iter().map(|(_, number)| number * number).sum::<f32>().sqrt();
        if length > 0.0 {
            entries.iter_mut().for_each(|(_, number)| *number /= length);
        }
        Self(entries)
    }

    /// The non-zero numbers with their places, in ascending order of place.
    pub fn entries(&self) -> &[(u32, f32)] {
        &self.0
    }
}

/// For each place, the rows that have a number there.
#[derive(Debug)]
pub struct Places {
    having: Vec<Vec<(u32, f32)>>,
    rows: usize,
}

impl Row for SparseVector {
    type Index = Places;

    #[inline(always)]
    fn each(&self, mut visit: impl FnMut(usize, f32)) {
        for (place, number) in &self.0 {
            visit(*place as usize, *number);
        }
    }

    fn index(rows: &[Self]) -> Places {
        let width = rows.iter().filter_map(|row| row.0.last()).map(|(place, _)| *place as usize + 1).max().unwrap_or(0);
        let mut places = vec![Vec::new(); width];
        for (row, number) in rows.iter().zip(0..) {
            row.each(|place, value| places[place].push((number, value)));
        }
        Places { having: places, rows: rows.len() }
    }

    fn cosines(&self, index: &Places) -> Vec<f32> {
        let mut cosines = vec![0.0; index.rows];
        self.each(|place, number| {
            let having = index.having.get(place).map_or(&[][..], Vec::as_slice);
            having.iter().for_each(|(row, other)| cosines[*row as usize] += number * other);
        });
        cosines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_places_are_added_and_the_length_is_one() {
        let row = SparseVector::towards(vec![(7, 1.0), (2, 4.0), (7, 2.0)]);
        assert_eq!(row.entries(), [(2, 0.8), (7, 0.6)]);
        let others = [SparseVector::towards(vec![(7, 9.0), (8, 0.0)]), SparseVector::default()];
        let index = SparseVector::index(&others);
        assert_eq!(row.cosines(&index), [0.6, 0.0]);
        let foreign = SparseVector::towards(vec![(99, 1.0)]);
        assert_eq!(foreign.cosines(&index), [0.0, 0.0]);
    }
}
