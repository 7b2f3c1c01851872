//! A file that was sent with a message, as screens are told of it.

use patchbay_core::Attachment;
use patchbay_core::attachment::About;
use patchbay_core::id::FileId;
use serde::Serialize;
use utoipa::ToSchema;

/// A file that was sent with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SentFile {
    /// Its id.
    #[schema(example = "file_01k9z3v8n4x5c6b7m8q9w0e1r2")]
    pub file: String,
    /// Its name, cleaned.
    #[schema(example = "receipt.pdf")]
    pub name: String,
    /// Its media type, as its content has it.
    #[schema(example = "application/pdf")]
    pub r#type: String,
    /// How many bytes it has.
    pub size: u64,
    /// Width in pixels, of a picture.
    #[schema(required)]
    pub width: Option<u32>,
    /// Height in pixels, of a picture.
    #[schema(required)]
    pub height: Option<u32>,
    /// Can a browser show it, or only save it?
    pub shown: bool,
}

impl SentFile {
    pub(crate) fn new(file: &FileId, about: About) -> Self {
        let About { name, media, size, digest: _, pixels, shown } = about;
        let (width, height) = pixels.unzip();
        Self { file: file.to_string(), name, r#type: media, size, width, height, shown }
    }

    /// Files of a message; those that are forgotten are left out.
    pub(crate) fn all(files: Vec<Attachment>) -> Vec<Self> {
        files.into_iter().filter_map(|sent| Some(Self::new(&sent.file, sent.about.into_inner()?))).collect()
    }
}
