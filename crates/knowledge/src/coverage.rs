//! How much of a question's words a text covers: BM25, divided by what a text of mean length gets that has each of them once.

use crate::words::words;
use std::collections::{BTreeSet, HashMap};

/// How soon a word that comes again stops counting more.
const SATURATION: f32 = 1.2;
/// How much long texts are held back.
const LENGTH: f32 = 0.4;

/// The words of a set of texts.
#[derive(Debug)]
pub(crate) struct Coverage {
    /// For each word, the texts it stands in and how often.
    places: HashMap<String, Vec<(u32, f32)>>,
    /// The number of words of each text, in parts of the mean.
    lengths: Vec<f32>,
}

impl Coverage {
    /// Counts the words of these texts.
    pub(crate) fn of<T: AsRef<str>>(texts: &[T]) -> Self {
        let mut places: HashMap<String, Vec<(u32, f32)>> = HashMap::new();
        let mut lengths = Vec::with_capacity(texts.len());
        for (text, number) in texts.iter().zip(0..) {
            let said = words(text.as_ref());
            lengths.push(said.len() as f32);
            for word in said {
                let stands = places.entry(word).or_default();
                match stands.last_mut() {
                    Some((last, count)) if *last == number => *count += 1.0,
                    _ => stands.push((number, 1.0)),
                }
            }
        }
        let mean = (lengths.iter().sum::<f32>() / lengths.len().max(1) as f32).max(1.0);
        lengths.iter_mut().for_each(|length| *length /= mean);
        Self { places, lengths }
    }

    /// How much of the question each text covers, 0 to 1.
    pub(crate) fn of_question(&self, question: &str) -> Vec<f32> {
        let mut covered = vec![0.0; self.lengths.len()];
        let mut best = 0.0;
        for word in words(question).into_iter().collect::<BTreeSet<_>>() {
            let stands = self.places.get(&word).map_or(&[][..], Vec::as_slice);
            let rarity = self.rarity(stands.len());
            best += rarity;
            for (text, count) in stands {
                let text = *text as usize;
                let room = SATURATION * (1.0 - LENGTH + LENGTH * self.lengths[text]);
                covered[text] += rarity * count * (SATURATION + 1.0) / (count + room);
            }
        }
        if best > 0.0 {
            covered.iter_mut().for_each(|covered| *covered = (*covered / best).min(1.0));
        }
        covered
    }

    /// What a word counts that stands in this many texts.
    fn rarity(&self, having: usize) -> f32 {
        let (having, all) = (having as f32, self.lengths.len() as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rare_words_count_more_and_unknown_ones_are_missed() {
        let coverage = Coverage::of(&["return a parcel", "track a parcel", "parcel prices"]);
        let covered = coverage.of_question("Returning a parcel?");
        assert!(covered[0] > 0.8 && covered[1] < 0.3 && covered[0] <= 1.0, "{covered:?}");
        let missed = coverage.of_question("returning a spaceship to Mars");
        assert!(missed[0] < 0.5, "{missed:?}");
        assert_eq!(coverage.of_question("is it?"), [0.0; 3]);
    }
}
