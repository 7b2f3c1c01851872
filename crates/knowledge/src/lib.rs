//! What a company has written down, as something that can be asked: Markdown files become passages, passages are searched, cited
//! and withheld where nothing fits.
//!
//! [`Library::read`] splits documents into [`Passage`]s. An [`Index`] over the library answers a [`Question`] with [`Hit`]s, best
//! first, each with the parts of its score and the probability that it answers; the caller decides from which probability on it
//! does. By words alone an index answers at once ([`Index::from_words`]); with the vectors of its texts
//! ([`Index::with_vectors`]) also by meaning.
//!
//! Everything here is a pure function of the documents, the question and the time handed in.

mod belief;
mod coverage;
mod document;
mod index;
mod library;
mod markdown;
mod passage;
mod words;

pub use document::{Document, Flaw};
pub use index::{Found, Hit, Index, Question};
pub use library::Library;
pub use passage::{Passage, Phrasing, Review, Validity};
