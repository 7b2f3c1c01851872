//! The search: which passages answer a question, with the parts of each score.

use crate::belief::Belief;
use crate::coverage::Coverage;
use crate::library::Library;
use crate::passage::{Passage, Phrasing};
use patchbay_core::Timestamp;
use patchbay_core::id::PassageId;
use patchbay_core::words::Level;
use patchbay_encoder::Vector;
use std::sync::Arc;

/// What covered words count beside meaning.
const WORDS: f32 = 0.25;
/// What the body of a passage counts beside its questions: a text that mentions something need not answer questions about it.
const BODY: f32 = 0.9;

/// A question, and who asks it when.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// The words.
    pub text: &'a str,
    /// Their vector, once there is an encoder.
    pub vector: Option<&'a Vector>,
    /// What the asker has proven.
    pub level: Level,
    /// When it is asked.
    pub now: Timestamp,
    /// Only passages in this language; any when left out.
    pub language: Option<&'a str>,
}

/// A passage that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit<'a> {
    /// The passage.
    pub passage: &'a Passage,
    /// The probability that it answers, 0 to 1.
    pub probability: f32,
    /// What it was ranked by; comparable only within one search.
    pub score: f32,
    /// How much of the question's words the best text covers, 0 to 1.
    pub coverage: f32,
    /// The cosine to the best text, where meaning is known.
    pub meaning: Option<f32>,
    /// The score's lead over the best other passage; negative for all but the first.
    pub lead: f32,
    /// Which of the passage's texts fitted best.
    pub found_by: Phrasing,
    /// That text.
    pub text: &'a str,
}

/// What a search brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Found<'a> {
    /// Passages, best first; at most [`Found::KEPT`].
    pub hits: Vec<Hit<'a>>,
    /// Was the meaning known, or words alone?
    pub by_meaning: bool,
}

impl Found<'_> {
    /// How many passages a search keeps.
    pub const KEPT: usize = 5;

    /// What would have been found if this passage did not exist; for measuring what happens where there is no answer.
    #[must_use]
    pub fn without(mut self, passage: &PassageId) -> Self {
        self.hits.retain(|hit| hit.passage.id != *passage);
        believe(&mut self.hits, self.by_meaning);
        self
    }
}

/// A text a passage is found by.
#[derive(Debug)]
struct Entry {
    passage: usize,
    phrasing: Phrasing,
    text: String,
}

/// A library that can be searched.
#[derive(Debug)]
pub struct Index {
    library: Arc<Library>,
    entries: Vec<Entry>,
    coverage: Coverage,
    vectors: Option<Vec<Vector>>,
}

impl Index {
    /// The quick stage: finds passages by their words.
    #[must_use]
    pub fn from_words(library: Arc<Library>) -> Self {
        let entries: Vec<Entry> = library
            .passages()
            .iter()
            .enumerate()
            .flat_map(|(passage, it)| it.phrasings().into_iter().map(move |(phrasing, text)| Entry { passage, phrasing, text }))
            .collect();
        let texts: Vec<&str> = entries.iter().map(|entry| entry.text.as_str()).collect();
        let coverage = Coverage::of(&texts);
        Self { coverage, entries, library, vectors: None }
    }

    /// The texts whose vectors are needed for the full stage.
    #[must_use]
    pub fn texts(&self) -> Vec<&str> {
        self.entries.iter().map(|entry| entry.text.as_str()).collect()
    }

    /// The full stage: finds passages by meaning too. `vectors` belong to [`Self::texts`], in that order.
    ///
    /// # Panics
    /// When there are not as many vectors as texts.
    #[must_use]
    pub fn with_vectors(self, vectors: Vec<Vector>) -> Self {
        assert_eq!(vectors.len(), self.entries.len(), "each text needs its vector");
        Self { vectors: Some(vectors), ..self }
    }

    /// What it was made of.
    #[must_use]
    pub fn library(&self) -> &Library {
        &self.library
    }

    /// The passages that may answer, among those that are valid now and that the asker may read.
    #[must_use]
    pub fn search(&self, question: &Question<'_>) -> Found<'_> {
        let known = self.vectors.as_deref().zip(question.vector);
        let coverage = self.coverage.of_question(question.text);
        let passages = self.library.passages();
        let open: Vec<bool> = passages.iter().map(|passage| question.may_get(passage)).collect();
        let mut best: Vec<Option<Hit<'_>>> = vec![None; passages.len()];
        for (n, entry) in self.entries.iter().enumerate().filter(|(_, entry)| open[entry.passage]) {
            let meaning = known.map(|(vectors, vector)| vectors[n].cosine(vector));
            let score = score(entry.phrasing, coverage[n], meaning);
            if best[entry.passage].as_ref().is_none_or(|hit| score > hit.score) {
                best[entry.passage] = Some(Hit {
                    passage: &passages[entry.passage],
                    probability: 0.0,
                    score,
                    coverage: coverage[n],
                    meaning,
                    lead: 0.0,
                    found_by: entry.phrasing,
                    text: &entry.text,
                });
            }
        }
        let mut hits: Vec<Hit<'_>> = best.into_iter().flatten().filter(|hit| hit.score > 0.0).collect();
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(Found::KEPT);
        believe(&mut hits, known.is_some());
        Found { hits, by_meaning: known.is_some() }
    }
}

impl Question<'_> {
    fn may_get(&self, passage: &Passage) -> bool {
        passage.is_open(self.level, self.now) && self.language.is_none_or(|language| primary(language) == primary(&passage.language))
    }
}

/// The language without its region: `de-AT` → `de`.
fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or(language).to_ascii_lowercase()
}

fn score(phrasing: Phrasing, coverage: f32, meaning: Option<f32>) -> f32 {
    let score = meaning.map_or(coverage, |meaning| meaning + WORDS * coverage);
    if matches!(phrasing, Phrasing::Paragraph(_)) { BODY * score } else { score }
}

/// Turns scores and leads into probabilities.
fn believe(hits: &mut [Hit<'_>], by_meaning: bool) {
    let belief = if by_meaning { Belief::MEANING } else { Belief::WORDS };
    let first = hits.first().map_or(0.0, |hit| hit.score);
    let second = hits.get(1).map_or(0.0, |hit| hit.score);
    for (n, hit) in hits.iter_mut().enumerate() {
        hit.lead = hit.score - if n == 0 { second } else { first };
        hit.probability = belief.probability(hit.score, hit.lead);
    }
}
