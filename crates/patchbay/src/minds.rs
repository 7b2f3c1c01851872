//! The minds: the built-in one hears by wording at once, and by meaning as soon as the vectors of its examples are there.

use crate::failure::{Exit, Failure};
use crate::knowledge::Shelf;
use patchbay_core::declare::Company;
use patchbay_core::port::Mind;
use patchbay_encoder::{DIMENSIONS, Encoder, ModelError, Vector, VectorCache};
use patchbay_engine::builtin::{BuiltIn, Hearing, Knowing, Trained, examples, examples_of_knowledge};
use patchbay_engine::understand::{Embed, Example};
use patchbay_knowledge::Library;
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
pub(crate) fn start(house: &House, library: &Arc<Library>) -> Result<Started, Failure> {
    let taught = taught(&house.company, library);
    let shelf = Shelf::quick(library, &house.company);
    let hearing = Arc::new(Hearing::new(Arc::new(Trained::quick(taught.clone()))));
    let knowing = Arc::new(Knowing::new(Arc::new(Shelf::quick(library, &house.company))));
    let mind = built_in(house, &hearing)?.with_knowledge(Arc::clone(&knowing));
    let (done, ready) = watch::channel(false);
    std::thread::Builder::new()
        .name("vectors".to_owned())
        .spawn(move || {
            let encoder = Arc::new(OnDemand::default());
            match by_meaning(taught, shelf, &encoder) {
                Ok((ears, shelf)) => {
                    hearing.replace(Arc::new(ears));
                    knowing.replace(Arc::new(shelf));
                    tracing::info!("messages are understood by meaning");
                }
                Err(error) => tracing::error!(%error, "messages are understood by wording alone: the encoder cannot be used"),
            }
            done.send_replace(true);
        })
        .map_err(|error| Failure::new(Exit::CheckFailed, format!("no thread for the encoder: {error}")))?;
    Ok(Started { mind: Arc::new(mind), ready })
}

/// Everything the understanding of a company learns from.
fn taught(company: &Company, library: &Library) -> Vec<Example> {
    let mut taught = examples(company);
    taught.extend(examples_of_knowledge(company, &library.asked()));
    taught
}

/// What the understanding of messages learns from, to be looked into and tried: understandings of all of it, or of a part.
pub(crate) struct Lessons {
    examples: Vec<Example>,
    vectors: Vec<Vector>,
    encoder: Arc<OnDemand>,
}

impl Lessons {
    /// The company's; waits for their vectors.
    ///
    /// # Errors
    /// When the encoder cannot be used.
    pub(crate) fn of(company: &Company, library: &Library) -> Result<Self, Failure> {
        let (examples, encoder) = (taught(company, library), Arc::new(OnDemand::default()));
        let texts: Vec<&str> = examples.iter().map(|example| example.text.as_str()).collect();
        let vectors = vectors(&texts, &encoder).map_err(|error| Failure::new(Exit::CheckFailed, error))?;
        Ok(Self { examples, vectors, encoder })
    }

    /// What is learned from.
    pub(crate) fn examples(&self) -> &[Example] {
        &self.examples
    }

    /// An understanding of the examples that are kept, told by their places.
    pub(crate) fn understanding(&self, kept: impl Fn(usize) -> bool) -> Trained {
        let kept: Vec<usize> = (0..self.examples.len()).filter(|at| kept(*at)).collect();
        let examples = kept.iter().map(|at| self.examples[*at].clone()).collect();
        let vectors = kept.iter().map(|at| self.vectors[*at].clone()).collect();
        Trained::full(examples, vectors, Arc::clone(&self.encoder) as _)
    }
}

/// The written knowledge, searched by meaning; waits for its vectors.
///
/// # Errors
/// When the encoder cannot be used.
pub(crate) fn shelf_by_meaning(library: &Arc<Library>, company: &Company) -> Result<Shelf, Failure> {
    let (shelf, encoder) = (Shelf::quick(library, company), Arc::new(OnDemand::default()));
    let vectors = vectors(&shelf.texts(), &encoder).map_err(|error| Failure::new(Exit::CheckFailed, error))?;
    Ok(shelf.full(vectors, encoder))
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

impl OnDemand {
    fn get(&self) -> Result<&Encoder, &ModelError> {
        self.0.get_or_init(Encoder::load).as_ref()
    }
}

impl Embed for OnDemand {
    fn embed(&self, text: &str) -> Vector {
        match self.get() {
            Ok(encoder) => encoder.encode(text),
            Err(error) => {
                tracing::error!(%error, "a message is understood by wording alone: the encoder cannot be used");
                Vector::towards(Box::new([0.0; DIMENSIONS]))
            }
        }
    }

    fn knows(&self, word: &str) -> bool {
        self.get().is_ok_and(|encoder| encoder.has_word(word))
    }
}

/// The full stage of hearing and knowing.
fn by_meaning(taught: Vec<Example>, shelf: Shelf, encoder: &Arc<OnDemand>) -> Result<(Trained, Shelf), String> {
    let texts: Vec<&str> = taught.iter().map(|example| example.text.as_str()).collect();
    let heard = vectors(&texts, encoder)?;
    let known = vectors(&shelf.texts(), encoder)?;
    Ok((Trained::full(taught, heard, Arc::clone(encoder) as _), shelf.full(known, Arc::clone(encoder) as _)))
}

/// The vectors of these texts, from the cache or computed now.
fn vectors(texts: &[&str], encoder: &OnDemand) -> Result<Vec<Vector>, String> {
    let cache = cache_folder().map(VectorCache::new);
    if let Some(kept) = cache.as_ref().and_then(|cache| cache.load(texts)) {
        return Ok(kept);
    }
    let encoder = encoder.get().map_err(ToString::to_string)?;
    let vectors: Vec<Vector> = texts.iter().map(|text| encoder.encode(text)).collect();
    if let Some(Err(error)) = cache.map(|cache| cache.store(texts, &vectors)) {
        tracing::warn!(%error, "vectors are computed again at the next start");
    }
    Ok(vectors)
}

/// Where vectors are kept between starts: the user's cache folder.
fn cache_folder() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("patchbay").join("vectors"))
}
