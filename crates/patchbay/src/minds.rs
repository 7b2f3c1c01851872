//! The minds: the built-in one hears by wording at once, and by meaning as soon as the vectors of its examples are there.

use crate::failure::{Exit, Failure};
use patchbay_core::mind::Understanding as Heard;
use patchbay_core::port::Mind;
use patchbay_core::words::Zone;
use patchbay_encoder::{Encoder, Vector, VectorCache};
use patchbay_engine::builtin::{BuiltIn, Hearing, Understands, examples};
use patchbay_engine::understand::{self, Embed, Example, Understanding, similar};
use patchbay_turn::House;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

/// The understanding with its encoder, once that is there.
struct Ears {
    understanding: Understanding,
    encoder: Option<Arc<Encoder>>,
}

/// Stands in while the encoder is not there: the quick stage never asks for a vector.
struct Deaf;

impl Embed for Deaf {
    fn embed(&self, _text: &str) -> Vector {
        Vector::towards(Box::new([0.0; patchbay_encoder::DIMENSIONS]))
    }
}

impl Understands for Ears {
    fn read(&self, text: &str) -> Heard {
        let reading = match &self.encoder {
            Some(encoder) => self.understanding.read(text, &**encoder),
            None => self.understanding.read(text, &Deaf),
        };
        let stage = if self.understanding.is_full() { "full" } else { "n_grams" };
        heard(&reading, stage)
    }

    fn similar(&self, text: &str, candidates: &[String]) -> Option<usize> {
        let embed = self.encoder.as_deref().map(|encoder| encoder as &dyn Embed);
        similar(text, candidates, embed).clear()
    }
}

/// A reading in the words of the log, its scores in thousandths.
fn heard(reading: &understand::Reading, stage: &str) -> Heard {
    let zone = match reading.zone {
        understand::Zone::Answer => Zone::Answer,
        understand::Zone::AskBack => Zone::AskBack,
        understand::Zone::HandOver => Zone::HandOver,
    };
    let offered = reading.choices().len();
    let kept = if zone == Zone::AskBack { offered } else { reading.ranked.len() };
    Heard {
        zone: Some(zone),
        skill: reading.ranked.first().map(|best| best.label.clone()),
        ranked: reading.ranked.iter().take(kept).map(|ranked| (ranked.label.clone(), thousandths(ranked.probability))).collect(),
        out_of_scope: thousandths(reading.scope),
        threshold: thousandths(reading.scope_threshold),
        nearest: reading
            .ranked
            .iter()
            .take(3)
            .map(|ranked| (ranked.label.clone(), ranked.nearest.clone(), thousandths(ranked.nearness)))
            .collect(),
        slots: Vec::new(),
        misunderstood: false,
        stage: stage.to_owned(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "scores are small; a float beyond the range saturates")]
fn thousandths(score: f32) -> i64 {
    (score * 1000.0).round() as i64
}

/// The built-in mind at work.
pub(crate) struct Started {
    /// The mind.
    pub(crate) mind: Arc<dyn Mind>,
    /// True once it hears by meaning, or it is known that it will not.
    pub(crate) ready: watch::Receiver<bool>,
}

/// Starts the built-in mind. Vectors are computed in the background, once per configuration.
///
/// # Errors
/// When skills are wrong.
pub(crate) fn start(house: &House) -> Result<Started, Failure> {
    let taught = examples(&house.company);
    let hearing = Arc::new(Hearing::new(Arc::new(Ears { understanding: Understanding::from_wording(taught.clone()), encoder: None })));
    let mind = built_in(house, &hearing)?;
    let (done, ready) = watch::channel(false);
    std::thread::Builder::new()
        .name("vectors".to_owned())
        .spawn(move || {
            match full(taught) {
                Ok(ears) => {
                    hearing.replace(Arc::new(ears));
                    tracing::info!("messages are understood by meaning");
                }
                Err(error) => tracing::error!(%error, "messages are understood by wording alone: the encoder cannot be used"),
            }
            done.send_replace(true);
        })
        .map_err(|error| Failure::new(Exit::CheckFailed, format!("no thread for the encoder: {error}")))?;
    Ok(Started { mind: Arc::new(mind), ready })
}

/// Are the skills right?
///
/// # Errors
/// Everything that is wrong with them.
pub(crate) fn check(house: &House) -> Result<(), Failure> {
    let hearing = Arc::new(Hearing::new(Arc::new(Ears { understanding: Understanding::from_wording(Vec::new()), encoder: None })));
    built_in(house, &hearing).map(drop)
}

fn built_in(house: &House, hearing: &Arc<Hearing>) -> Result<BuiltIn, Failure> {
    BuiltIn::new(Arc::clone(&house.company), Arc::clone(&house.texts), Arc::clone(hearing))
        .map_err(|problems| Failure::configuration(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// The full stage: with the vectors of the examples, from the cache or computed now.
fn full(taught: Vec<Example>) -> Result<Ears, patchbay_encoder::ModelError> {
    let encoder = Arc::new(Encoder::load()?);
    let understanding = Understanding::from_wording(taught);
    let cache = cache_folder().map(VectorCache::new);
    let texts = understanding.texts();
    let kept = cache.as_ref().and_then(|cache| cache.load(&texts));
    let vectors = kept.unwrap_or_else(|| {
        let vectors: Vec<Vector> = texts.iter().map(|text| encoder.encode(text)).collect();
        if let Some(Err(error)) = cache.as_ref().map(|cache| cache.store(&texts, &vectors)) {
            tracing::warn!(%error, "vectors are computed again at the next start");
        }
        vectors
    });
    Ok(Ears { understanding: understanding.with_meaning(vectors), encoder: Some(encoder) })
}

/// Where vectors are kept between starts: the user's cache folder.
fn cache_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("patchbay").join("vectors"))
}
