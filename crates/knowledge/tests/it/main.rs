//! The library and the search through their public face.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod reading;
mod searching;

use patchbay_core::words::Audience;
use patchbay_knowledge::{Document, Library};
use std::sync::Arc;

/// A document everybody may read.
fn document(name: &str, text: &str) -> Document {
    Document { name: name.to_owned(), text: text.to_owned(), audience: Audience::Everyone, language: "en".to_owned(), review_every: None }
}

fn library(documents: &[(&str, &str)]) -> Arc<Library> {
    let documents: Vec<Document> = documents.iter().map(|(name, text)| document(name, text)).collect();
    Arc::new(Library::read(&documents).unwrap())
}
