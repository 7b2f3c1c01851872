//! The written knowledge: read from its files, and asked by the built-in mind.

use crate::failure::Failure;
use patchbay_core::Timestamp;
use patchbay_core::declare::{Company, KnowledgeSource};
use patchbay_core::id::PassageId;
use patchbay_core::words::Level;
use patchbay_encoder::Vector;
use patchbay_engine::builtin::{Known, Knows};
use patchbay_engine::understand::Embed;
use patchbay_knowledge::{Document, Found, Index, Library, Passage, Phrasing, Question};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The longest answer in characters; a longer passage is said in part and opens in full.
const LONGEST: usize = 800;

/// Reads and splits every file of a company's knowledge.
///
/// # Errors
/// Everything that is wrong with the files.
pub(crate) fn read(company: &Company) -> Result<Library, Failure> {
    let mut documents = Vec::new();
    for source in &company.knowledge.sources {
        for file in files(&source.path).map_err(|error| unreadable(&source.path, &error))? {
            documents.push(Document {
                name: name(source, &file),
                text: std::fs::read_to_string(&file).map_err(|error| unreadable(&file, &error))?,
                audience: source.audience,
                language: source.language.clone().unwrap_or_else(|| company.language.clone()),
                review_every: source.review_every,
            });
        }
    }
    Library::read(&documents).map_err(|flaws| Failure::configuration(flaws.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")))
}

fn unreadable(path: &Path, error: &io::Error) -> Failure {
    Failure::configuration(format!("the knowledge in {} cannot be read: {error}", path.display()))
}

/// The Markdown files of a source, by name.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut entries = std::fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()?;
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            found.extend(files(&entry)?);
        } else if entry.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("md")) {
            found.push(entry);
        }
    }
    Ok(found)
}

/// A file's name within the knowledge: from its source's own folder on, wherever that stands.
fn name(source: &KnowledgeSource, file: &Path) -> String {
    let within = source.path.parent().and_then(|above| file.strip_prefix(above).ok()).unwrap_or(file);
    let parts: Vec<_> = within.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

/// An index, and what turns questions into vectors once it can be asked by meaning.
pub(crate) struct Shelf {
    index: Index,
    encoder: Option<Arc<dyn Embed + Send + Sync>>,
    language: String,
}

impl Shelf {
    /// The quick stage: by words.
    pub(crate) fn quick(library: &Arc<Library>, company: &Company) -> Self {
        Self { index: Index::from_words(Arc::clone(library)), encoder: None, language: company.language.clone() }
    }

    /// The texts whose vectors the full stage needs.
    pub(crate) fn texts(&self) -> Vec<&str> {
        self.index.texts()
    }

    /// The full stage: by meaning too. `vectors` belong to [`Self::texts`], in their order.
    pub(crate) fn full(self, vectors: Vec<Vector>, encoder: Arc<dyn Embed + Send + Sync>) -> Self {
        Self { index: self.index.with_vectors(vectors), encoder: Some(encoder), language: self.language }
    }

    /// What is found for a question, with the reasons.
    pub(crate) fn find(&self, text: &str, level: Level, now: Timestamp) -> Found<'_> {
        let vector = self.encoder.as_ref().map(|encoder| encoder.embed(text));
        self.index.search(&Question { text, vector: vector.as_ref(), level, now, language: Some(&self.language) })
    }
}

impl Knows for Shelf {
    fn search(&self, question: &str, level: Level, now: Timestamp) -> Vec<Known> {
        if self.index.library().passages().is_empty() {
            return Vec::new();
        }
        let found = self.find(question, level, now);
        found.hits.iter().map(|hit| known(hit.passage, hit.found_by, thousandths(hit.probability))).collect()
    }

    fn open(&self, id: &str, level: Level, now: Timestamp) -> Option<Known> {
        let passage = self.index.library().open(&PassageId::parse(id)?, level, now)?;
        Some(known(passage, Phrasing::Heading, 1000))
    }
}

fn known(passage: &Passage, found_by: Phrasing, probability: i64) -> Known {
    Known { citation: passage.citation(), text: passage.extract(found_by, LONGEST), probability }
}

/// A score as it is shown and logged.
#[expect(clippy::cast_possible_truncation, reason = "scores are small")]
pub(crate) fn thousandths(score: f32) -> i64 {
    (score * 1000.0).round() as i64
}
