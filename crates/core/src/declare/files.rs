//! Which files people may send along, and how large.

use crate::words::FileGroup;
use serde::Serialize;

/// Which files people may send along.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Files {
    /// Kinds of file that are taken; none at all when empty.
    pub allow: Vec<FileGroup>,
    /// The most bytes of one file.
    pub largest: u64,
}

impl Files {
    /// No file may be larger, whatever is declared.
    pub const LARGEST: u64 = 20 << 20;
}

impl Default for Files {
    /// Pictures, PDF, text, office documents and archives, each up to 20 MiB.
    fn default() -> Self {
        use FileGroup::{Archive, Image, Office, Pdf, Text};
        Self { allow: vec![Image, Pdf, Text, Office, Archive], largest: Self::LARGEST }
    }
}
