//! What each voice counts and how sure they are together, and how probable that is after what held-out examples showed.

use super::calibration::Heard;

/// What the words may count beside the meaning; alone they count whole.
const WORDS: [f32; 5] = [0.0, 0.2, 0.4, 0.7, 1.0];
/// What a cosine to the nearest example may count.
const NEAR: [f32; 4] = [0.0, 3.0, 6.0, 10.0];
/// The sharpness is tried from a quarter to four, four times between one and its double.
const SHARPNESS: std::ops::RangeInclusive<i32> = -8..=8;
/// The sharpness to be expected, as a logarithm to base two: regressions held back as ours are less sure than they may be. Another one has
/// to be earned, or a few held-out examples that all went well would make it certain of everything.
const EXPECTED: f32 = 0.8;
/// A setting this much less probable than the best is left out.
const IMPROBABLE: f32 = 0.02;

/// How what was heard becomes probabilities.
#[derive(Clone, Copy, Debug)]
pub(super) struct Setting {
    /// What the words count beside the meaning.
    words: f32,
    /// What a cosine to the nearest example counts.
    near: f32,
    /// What everything is multiplied by, to be as sure as is right.
    sharpness: f32,
}

impl Setting {
    /// Believed when nothing can be held out.
    pub(super) const UNTRIED: Self = Self { words: 0.3, near: 5.0, sharpness: 1.0 };

    /// The probability of each class.
    pub(super) fn probabilities(self, heard: &Heard<'_>) -> Vec<f32> {
        let mut scores: Vec<f32> = (0..heard.words.len()).map(|class| self.score(heard, class)).collect();
        let largest = scores.iter().copied().fold(f32::MIN, f32::max);
        scores.iter_mut().for_each(|score| *score = (*score - largest).exp());
        let total: f32 = scores.iter().sum();
        scores.iter_mut().for_each(|score| *score /= total);
        scores
    }

    fn score(self, heard: &Heard<'_>, class: usize) -> f32 {
        let voices = match heard.meaning {
            Some(meaning) => meaning[class] + self.words * heard.words[class],
            None => heard.words[class],
        };
        self.sharpness * (voices + self.near * heard.near[class].cosine)
    }

    /// The negative logarithm of how probable the right classes are, and this setting before anything is known.
    fn surprise(self, heard: &[Heard<'_>], truths: &[usize]) -> f32 {
        let surprises = heard.iter().zip(truths).map(|(heard, truth)| -self.probabilities(heard)[*truth].max(1e-9).ln());
        surprises.sum::<f32>() + (self.sharpness.log2() - EXPECTED).powi(2)
    }
}

/// The settings that held-out examples of these classes leave possible, each with its probability.
pub(super) fn possible(heard: &[Heard<'_>], truths: &[usize]) -> Vec<(f32, Setting)> {
    let alone = heard.iter().all(|heard| heard.meaning.is_none());
    let words = if alone { &[1.0][..] } else { &WORDS };
    let sharp = |words, near| SHARPNESS.map(move |quarter| Setting { words, near, sharpness: (quarter as f32 / 4.0).exp2() });
    let settings = words.iter().flat_map(|words| NEAR.map(|near| (*words, near))).flat_map(|(words, near)| sharp(words, near));
    let mut weighed: Vec<(f32, Setting)> = settings.map(|setting| (setting.surprise(heard, truths), setting)).collect();
    let least = weighed.iter().map(|(surprise, _)| *surprise).fold(f32::INFINITY, f32::min);
    weighed.iter_mut().for_each(|(weight, _)| *weight = (least - *weight).exp());
    weighed.retain(|(weight, _)| *weight > IMPROBABLE);
    let total: f32 = weighed.iter().map(|(weight, _)| weight).sum();
    weighed.iter_mut().for_each(|(weight, _)| *weight /= total);
    weighed
}

#[cfg(test)]
mod tests {
    use super::super::voice::{Hearing, Near};
    use super::*;

    /// Wording is always 98 % sure, and right in seven cases of ten.
    fn hearings(count: usize) -> (Vec<Hearing>, Vec<usize>) {
        let hearing = |class: usize| Hearing {
            logs: (0..3).map(|other| if other == class { 0.98_f32.ln() } else { 0.01_f32.ln() }).collect(),
            near: vec![Near { example: 0, cosine: 0.5 }; 3],
        };
        let truth = |at: usize| if at % 10 < 7 { at % 3 } else { (at + 1) % 3 };
        ((0..count).map(|at| hearing(at % 3)).collect(), (0..count).map(truth).collect())
    }

    fn after(count: usize) -> (Vec<(f32, Setting)>, f32) {
        let (hearings, truths) = hearings(count);
        let heard: Vec<Heard<'_>> = hearings.iter().map(Heard::words).collect();
        let settings = possible(&heard, &truths);
        let best = settings.iter().map(|(weight, setting)| weight * setting.probabilities(&heard[0])[0]).sum();
        (settings, best)
    }

    #[test]
    fn many_examples_say_how_sure_to_be() {
        let (_, sure) = after(600);
        assert!((sure - 0.7).abs() < 0.02, "right in seven of ten, but {sure}");
    }

    #[test]
    fn few_examples_leave_more_settings_possible() {
        let ((few, _), (many, _)) = (after(10), after(600));
        assert!(few.len() > many.len(), "{} and {}", few.len(), many.len());
        for settings in [few, many] {
            assert!((settings.iter().map(|(weight, _)| weight).sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }
}
