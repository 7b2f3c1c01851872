//! All passages of a company, in the order of its documents.

use crate::document::{Document, Flaw};
use crate::markdown::{Section, sections};
use crate::passage::{Passage, Review};
use patchbay_core::Timestamp;
use patchbay_core::id::PassageId;
use patchbay_core::words::Level;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// All passages of a company.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Library {
    passages: Vec<Passage>,
    places: BTreeMap<PassageId, usize>,
}

impl Library {
    /// Splits documents into passages.
    ///
    /// # Errors
    /// Everything that is wrong with the documents, not only the first thing.
    pub fn read(documents: &[Document]) -> Result<Self, Vec<Flaw>> {
        let mut library = Self::default();
        let mut flaws = Vec::new();
        for document in documents {
            match passages(document) {
                Ok(passages) => passages.into_iter().for_each(|passage| flaws.extend(library.add(passage))),
                Err(flaw) => flaws.push(flaw),
            }
        }
        if flaws.is_empty() { Ok(library) } else { Err(flaws) }
    }

    /// Every passage.
    #[must_use]
    pub fn passages(&self) -> &[Passage] {
        &self.passages
    }

    /// A passage, for somebody who may read it now. Withheld and unknown ones look the same.
    #[must_use]
    pub fn open(&self, id: &PassageId, level: Level, now: Timestamp) -> Option<&Passage> {
        self.places.get(id).map(|place| &self.passages[*place]).filter(|passage| passage.is_open(level, now))
    }

    /// How all passages are asked for, as far as they say: their headings, with those above where they are only words, and their questions.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        let asked = |passage: &Passage| {
            let heading = passage.heading();
            let speaks = heading.ends_with('?') || heading.split_whitespace().count() > 3;
            let own = if speaks || passage.headings.len() < 2 { heading.to_owned() } else { passage.headings.join(": ") };
            std::iter::once(own).chain(passage.questions.iter().cloned()).collect::<Vec<_>>()
        };
        self.passages.iter().flat_map(asked).collect()
    }

    fn add(&mut self, passage: Passage) -> Option<Flaw> {
        if self.places.contains_key(&passage.id) {
            let message = format!("'{}' stands here twice; give each heading its own words", passage.title());
            return Some(Flaw { document: passage.document, message });
        }
        self.places.insert(passage.id.clone(), self.passages.len());
        self.passages.push(passage);
        None
    }
}

fn passages(document: &Document) -> Result<Vec<Passage>, Flaw> {
    let (about, body) = document.open()?;
    let sections = sections(body);
    if sections.is_empty() {
        return Err(Flaw { document: document.name.clone(), message: "no text stands here; write some, or remove the file".to_owned() });
    }
    let title = about.title.clone().or_else(|| single_top(&sections)).unwrap_or_else(|| name_of(document));
    let mut passages: Vec<Passage> = Vec::new();
    for section in sections {
        let mut headings = section.headings;
        if headings.first() != Some(&title) {
            headings.insert(0, title.clone());
        }
        passages.push(Passage {
            id: id(&document.name, &headings),
            document: document.name.clone(),
            headings,
            questions: section.questions,
            paragraphs: section.paragraphs,
            html: section.html,
            audience: about.audience,
            language: about.language.clone(),
            validity: about.validity,
            review: Review { last: about.reviewed, every: about.review_every },
        });
    }
    if let Some(first) = passages.first_mut() {
        first.questions.extend(about.questions);
    }
    Ok(passages)
}

/// The heading all others stand below, where there is one.
fn single_top(sections: &[Section]) -> Option<String> {
    let top = sections.iter().find_map(|section| section.headings.first())?;
    sections.iter().all(|section| section.headings.first().is_none_or(|heading| heading == top)).then(|| top.clone())
}

/// `knowledge/delivery-times.md` is about "Delivery times".
fn name_of(document: &Document) -> String {
    let file = document.name.rsplit('/').next().unwrap_or(&document.name);
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).replace(['-', '_'], " ");
    let mut letters = stem.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The id of the passage under these headings of a document.
fn id(document: &str, headings: &[String]) -> PassageId {
    let mut content = Sha256::new();
    for part in std::iter::once(document).chain(headings.iter().map(String::as_str)) {
        content.update((part.len() as u64).to_le_bytes());
        content.update(part);
    }
    let digest: [u8; 32] = content.finalize().into();
    PassageId::from_bits(digest.iter().take(16).fold(0, |bits, byte| bits << 8 | u128::from(*byte)))
}
