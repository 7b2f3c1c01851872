//! OpenAPI 3.0 and 3.1 documents as they are found in the wild: read leniently into operations with named arguments.
//!
//! What cannot be understood costs only the operation it belongs to and is listed in [`Document::problems`] with its place.
//! After reading, the document itself is dropped: an [`Operation`] knows everything a call needs.

mod at;
mod body;
mod operation;
mod read;
mod request;
mod security;
mod shape;
mod style;

pub use operation::{Argument, BodyForm, Field, Operation, Place};
pub use read::DocumentError;
pub use request::Invalid;
pub use security::Scheme;
pub use shape::Shape;
pub use style::Style;

use std::collections::BTreeMap;
use std::fmt;

/// What a document says can be done, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The title its authors gave it.
    pub title: String,
    /// The operations by their ids.
    pub operations: BTreeMap<String, Operation>,
    /// How callers prove themselves, by the names operations use.
    pub schemes: BTreeMap<String, Scheme>,
    /// The servers of the whole document, variables replaced by their defaults. May be relative, may be none.
    pub servers: Vec<String>,
    /// What could not be understood; each cost at most one operation.
    pub problems: Vec<Problem>,
}

/// Something in a document that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where: a JSON pointer such as `#/paths/~1orders/get`.
    pub at: String,
    /// What.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.at, self.what)
    }
}
