//! The understanding the built-in mind hears with: learned from examples, with or without the sentence encoder.

use super::hearing::Understands;
use crate::understand::{Embed, Example, Matches, Reading, Understanding, Zone, similar};
use patchbay_core::mind;
use patchbay_core::words;
use patchbay_encoder::{DIMENSIONS, Vector};
use std::sync::Arc;

/// Meaning alone decides between candidates when the best is at least this near …
const MEANT: f32 = 0.3;
/// … and leads by this much.
const LEAD: f32 = 0.12;

/// An [`Understanding`] and the encoder it needs in its full stage.
pub struct Trained {
    understanding: Understanding,
    encoder: Option<Arc<dyn Embed + Send + Sync>>,
}

impl Trained {
    /// The quick stage: the wording of the examples alone.
    #[must_use]
    pub fn quick(examples: Vec<Example>) -> Self {
        Self { understanding: Understanding::from_wording(examples), encoder: None }
    }

    /// The full stage: what the examples mean as well. `vectors` belong to the examples, in their order.
    #[must_use]
    pub fn full(examples: Vec<Example>, vectors: Vec<Vector>, encoder: Arc<dyn Embed + Send + Sync>) -> Self {
        Self { understanding: Understanding::from_wording(examples).with_meaning(vectors), encoder: Some(encoder) }
    }
}

/// Stands where the quick stage needs no encoder.
struct Without;

impl Embed for Without {
    fn embed(&self, _text: &str) -> Vector {
        Vector::towards(Box::new([0.0; DIMENSIONS]))
    }
}

impl Understands for Trained {
    fn read(&self, text: &str) -> mind::Understanding {
        let reading = match &self.encoder {
            Some(encoder) => self.understanding.read(text, encoder.as_ref()),
            None => self.understanding.read(text, &Without),
        };
        logged(&reading, if self.understanding.is_full() { "full" } else { "n_grams" })
    }

    fn similar(&self, text: &str, candidates: &[String]) -> Option<usize> {
        let matches = similar(text, candidates, self.encoder.as_deref().map(|encoder| encoder as &dyn Embed));
        matches.clear().or_else(|| meant(&matches))
    }
}

/// The candidate that means the same in other words ("my son's iPad", "kids' tablet").
fn meant(matches: &Matches) -> Option<usize> {
    let mut meanings: Vec<(usize, f32)> = matches.0.iter().filter_map(|one| Some((one.candidate, one.meaning?))).collect();
    meanings.sort_by(|one, two| two.1.total_cmp(&one.1));
    let (best, second) = (meanings.first()?, meanings.get(1).map_or(0.0, |(_, meaning)| *meaning));
    (best.1 >= MEANT && best.1 >= second + LEAD).then_some(best.0)
}

/// A reading as it goes to the log: scores in thousandths.
fn logged(reading: &Reading, stage: &str) -> mind::Understanding {
    let zone = match reading.zone {
        Zone::Answer => words::Zone::Answer,
        Zone::AskBack => words::Zone::AskBack,
        Zone::HandOver => words::Zone::HandOver,
    };
    let best = reading.ranked.first().map(|ranked| ranked.label.clone());
    let ranked = reading.ranked.iter();
    mind::Understanding {
        zone: Some(zone),
        skill: best.filter(|_| zone == words::Zone::Answer),
        ranked: ranked.clone().map(|one| (one.label.clone(), thousandths(one.probability))).collect(),
        out_of_scope: -thousandths(reading.scope),
        threshold: -thousandths(reading.scope_threshold),
        nearest: ranked.take(3).map(|one| (one.label.clone(), one.nearest.clone(), thousandths(one.nearness))).collect(),
        stage: stage.to_owned(),
        ..mind::Understanding::default()
    }
}

fn thousandths(score: f32) -> i64 {
    (f64::from(score) * 1000.0).round() as i64
}
