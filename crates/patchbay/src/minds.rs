//! The minds: the built-in one hears by wording at once, and by meaning as soon as the vectors of its examples are there.

use crate::failure::{Exit, Failure};
use patchbay_core::port::Mind;
use patchbay_encoder::{DIMENSIONS, Encoder, ModelError, Vector, VectorCache};
use patchbay_engine::builtin::{BuiltIn, Hearing, Trained, examples};
use patchbay_engine::understand::{Embed, Example};
use patchbay_turn::House;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};
use tokio::sync::watch;

/// The built-in mind at work.
pub(crate) struct Started {
    /// The mind.
    pub(crate) mind: Arc<dyn Mind>,
    /// True once it hears by meaning.
    pub(crate) ready: watch::Receiver<bool>,
}

/// Starts the built-in mind. Vectors are computed in the background, once per configuration.
///
/// # Errors
/// When skills are wrong.
pub(crate) fn start(house: &House) -> Result<Started, Failure> {
    let taught = examples(&house.company);
    let hearing = Arc::new(Hearing::new(Arc::new(Trained::quick(taught.clone()))));
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
    let hearing = Arc::new(Hearing::new(Arc::new(Trained::quick(Vec::new()))));
    built_in(house, &hearing).map(drop)
}

fn built_in(house: &House, hearing: &Arc<Hearing>) -> Result<BuiltIn, Failure> {
    BuiltIn::new(Arc::clone(&house.company), Arc::clone(&house.texts), Arc::clone(hearing))
        .map_err(|problems| Failure::configuration(problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

/// The encoder, unpacked when the first text needs a vector: a process that only waits does without its memory.
#[derive(Default)]
struct OnDemand(OnceLock<Result<Encoder, ModelError>>);

impl Embed for OnDemand {
    fn embed(&self, text: &str) -> Vector {
        match self.0.get_or_init(Encoder::load) {
            Ok(encoder) => encoder.encode(text),
            Err(error) => {
                tracing::error!(%error, "a message is understood by wording alone: the encoder cannot be used");
                Vector::towards(Box::new([0.0; DIMENSIONS]))
            }
        }
    }
}

/// The full stage: with the vectors of the examples, from the cache or computed now.
fn full(taught: Vec<Example>) -> Trained {
    let encoder = Arc::new(OnDemand::default());
    let cache = cache_folder().map(VectorCache::new);
    let texts: Vec<&str> = taught.iter().map(|example| example.text.as_str()).collect();
    let kept = cache.as_ref().and_then(|cache| cache.load(&texts));
    let vectors = kept.unwrap_or_else(|| {
        let vectors: Vec<Vector> = texts.iter().map(|text| encoder.embed(text)).collect();
        if let Some(Err(error)) = cache.as_ref().map(|cache| cache.store(&texts, &vectors)) {
            tracing::warn!(%error, "vectors are computed again at the next start");
        }
        vectors
    });
    Trained::full(taught, vectors, encoder)
}

/// Where vectors are kept between starts: the user's cache folder.
fn cache_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("patchbay").join("vectors"))
}
