//! A text as counts of words, word pairs and pieces of words, rare ones counting more.

use std::collections::HashSet;

use patchbay_encoder::SparseVector;

/// Places that words and pieces are spread over when they are too many to have one each.
const PLACES: u32 = 1 << 15;

/// How texts become rows: fixed by the texts it was made of.
pub(super) struct Wording {
    /// The number of each place in a row; places that never occur have none.
    numbers: Vec<Option<u32>>,
    /// What an occurrence at each number counts.
    rarity: Vec<f32>,
}

impl Wording {
    /// Learns which pieces occur and how rare they are.
    pub(super) fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut texts_with = vec![0u32; PLACES as usize];
        let mut total = 0;
        for text in texts {
            total += 1;
            let places: HashSet<u32> = pieces(text).into_iter().collect();
            places.into_iter().for_each(|place| texts_with[place as usize] += 1);
        }
        let mut numbers = vec![None; texts_with.len()];
        let mut rarity = Vec::new();
        for (number, count) in numbers.iter_mut().zip(texts_with).filter(|(_, count)| *count > 0) {
            *number = Some(rarity.len() as u32);
            rarity.push(((1.0 + total as f32) / (1.0 + count as f32)).ln() + 1.0);
        }
        Self { numbers, rarity }
    }

    /// How many numbers a row can have.
    pub(super) fn width(&self) -> usize {
        self.rarity.len()
    }

    /// The text's row; what never occurred in the examples is left out.
    pub(super) fn row(&self, text: &str) -> SparseVector {
        let mut known: Vec<u32> = pieces(text).into_iter().filter_map(|place| self.numbers[place as usize]).collect();
        known.sort_unstable();
        let counted = known.chunk_by(|a, b| a == b);
        SparseVector::towards(counted.map(|same| (same[0], (1.0 + (same.len() as f32).ln()) * self.rarity[same[0] as usize])).collect())
    }
}

/// The places of a text's words, of its pairs of neighbours, and of each word's runs of three and four letters.
fn pieces(text: &str) -> Vec<u32> {
    let text = text.to_lowercase();
    let words: Vec<&str> = words(&text).collect();
    let mut places: Vec<u32> = words.iter().map(|word| place(b'w', &[word.as_bytes()])).collect();
    places.extend(words.windows(2).map(|pair| place(b'p', &[pair[0].as_bytes(), b" ", pair[1].as_bytes()])));
    for word in words {
        let framed = format!("<{word}>");
        let starts: Vec<usize> = framed.char_indices().map(|(at, _)| at).chain([framed.len()]).collect();
        for run in [3, 4] {
            places.extend(starts.windows(run + 1).map(|ends| place(b'l', &[&framed.as_bytes()[ends[0]..ends[run]]])));
        }
    }
    places
}

/// Runs of letters and digits.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Where a piece of a kind is counted (FNV-1a, folded).
fn place(kind: u8, parts: &[&[u8]]) -> u32 {
    let bytes = std::iter::once(&kind).chain(parts.iter().copied().flatten());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    ((hash ^ hash >> 32) as u32 ^ (hash >> 17) as u32) % PLACES
}

#[cfg(test)]
mod tests {
    use patchbay_encoder::Row;

    use super::*;

    #[test]
    fn the_same_words_are_near_and_misspelt_ones_not_far() {
        let wording = Wording::of(["cancel my order", "track my parcel", "where is my order"].into_iter());
        let row = wording.row("Cancel my ORDER!");
        let cosine = |text: &str| {
            let other = [wording.row(text)];
            row.cosines(&SparseVector::index(&other))[0]
        };
        assert!((cosine("cancel my order") - 1.0).abs() < 1e-6);
        assert!(cosine("cancle my ordr") > cosine("track my parcel"));
    }

    #[test]
    fn unknown_and_foreign_words_are_no_trouble() {
        let wording = Wording::of(["größe ändern"].into_iter());
        assert!(wording.row("日本語 zzz").entries().is_empty());
        assert!(!wording.row("GRÖSSE größer").entries().is_empty());
    }
}
