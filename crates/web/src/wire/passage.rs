//! A passage of the knowledge as its readers may see it.

use patchbay_knowledge as inner;
use serde::Serialize;
use utoipa::ToSchema;

/// A passage of what the company has written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Passage {
    /// Its id.
    #[schema(example = "kb_3w9z3v8n4x5c6b7m8q9w0e1r2t")]
    pub id: String,
    /// The headings above it, outermost first.
    pub title: String,
    /// Its words as HTML: no scripts, images, styles or forms; links go to `https:`, `http:`, `mailto:` and `tel:` only.
    pub html: String,
    /// Its words as plain text.
    pub text: String,
    /// Its language (BCP 47).
    #[schema(example = "en")]
    pub language: String,
    /// The document it is part of.
    #[schema(example = "knowledge/returns.md")]
    pub source: String,
    /// From when it holds; always when `null`.
    #[schema(required, format = DateTime)]
    pub valid_from: Option<String>,
    /// When it no longer holds; never when `null`.
    #[schema(required, format = DateTime)]
    pub valid_until: Option<String>,
}

impl From<&inner::Passage> for Passage {
    fn from(passage: &inner::Passage) -> Self {
        Self {
            id: passage.id.to_string(),
            title: passage.title(),
            html: passage.html.clone(),
            text: passage.paragraphs.join("\n\n"),
            language: passage.language.clone(),
            source: passage.document.clone(),
            valid_from: passage.validity.from.map(|at| at.to_string()),
            valid_until: passage.validity.until.map(|at| at.to_string()),
        }
    }
}
