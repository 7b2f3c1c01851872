//! An understanding small enough to be seen through: shared words with the nearest example.

use patchbay_core::declare::Company;
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;
use patchbay_encoder::Encoder;
use patchbay_engine::builtin::{Trained, Understands, examples};
use patchbay_engine::understand::Example;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Knows only the words of its examples.
pub(crate) struct Nearest(pub(crate) Vec<Example>);

fn words(text: &str) -> BTreeSet<String> {
    let dull = ["a", "an", "the", "my", "i", "is", "it", "to", "of", "me", "please", "do", "you", "can", "for", "and", "in", "on"];
    let lower = text.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty() && !dull.contains(word));
    words.map(|word| word.trim_end_matches('s').to_owned()).collect()
}

fn overlap(one: &BTreeSet<String>, two: &BTreeSet<String>) -> i64 {
    let shared = i64::try_from(one.intersection(two).count()).unwrap();
    let all = i64::try_from(one.len().min(two.len()).max(1)).unwrap();
    shared * 1000 / all
}

impl Understands for Nearest {
    fn read(&self, text: &str) -> Understanding {
        let said = words(text);
        let mut best: BTreeMap<&str, i64> = BTreeMap::new();
        let examples = self.0.iter().filter(|example| !example.label.starts_with("talk:") && !example.describes);
        for Example { label, text: example, .. } in examples {
            let score = overlap(&said, &words(example));
            let known = best.entry(label).or_default();
            *known = score.max(*known);
        }
        let mut ranked: Vec<(String, i64)> = best.into_iter().map(|(label, score)| (label.to_owned(), score)).collect();
        ranked.sort_by(|one, two| two.1.cmp(&one.1).then(one.0.cmp(&two.0)));
        let (first, second) = (ranked[0].1, ranked.get(1).map_or(0, |(_, score)| *score));
        let zone = match first {
            600.. if first - second >= 100 => Zone::Answer,
            300.. => Zone::AskBack,
            _ => Zone::HandOver,
        };
        let skill = (zone == Zone::Answer).then(|| ranked[0].0.clone());
        Understanding { zone: Some(zone), skill, ranked, threshold: 600, stage: "words".to_owned(), ..Understanding::default() }
    }

    fn similar(&self, _text: &str, _candidates: &[String]) -> Option<usize> {
        None
    }
}

/// The understanding the product has, encoder and all.
pub(crate) fn full(company: &Company) -> Arc<Trained> {
    let (encoder, examples) = (Encoder::load().unwrap(), examples(company));
    let vectors = examples.iter().map(|example| encoder.encode(&example.text)).collect();
    Arc::new(Trained::full(examples, vectors, Arc::new(encoder)))
}
