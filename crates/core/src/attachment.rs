//! Files that people send along with a message: what the log knows of them. Their bytes are kept beside it.

use crate::Personal;
use crate::id::{ConversationId, FileId, StaffId};
use serde::{Deserialize, Serialize};

/// A file that was sent with a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Our own id for it; nothing else is ever the name of a file of ours.
    pub file: FileId,
    /// What it is, until that is forgotten.
    pub about: Personal<About>,
}

/// What a file is, as it was found when it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Its name for people, cleaned.
    pub name: String,
    /// Its media type; its content was held against it.
    pub media: String,
    /// How many bytes it has.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// Width and height in pixels, of a picture.
    #[serde(default)]
    pub pixels: Option<(u32, u32)>,
    /// May a browser show it, or only save it?
    pub shown: bool,
}

/// What is kept with a file's bytes until a message names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// The conversation it was sent to.
    pub conversation: ConversationId,
    /// The member of the staff who sent it; none is the customer.
    pub staff: Option<StaffId>,
    /// What it is.
    pub about: About,
}

/// The names of files, those that are forgotten left out.
#[must_use]
pub fn names(files: &[Attachment]) -> Vec<String> {
    files.iter().filter_map(|file| file.about.get()).map(|about| about.name.clone()).collect()
}

/// What was sent along, in words for the staff: `sent 2 files: receipt.pdf, photo.jpg`. None when nothing was.
#[must_use]
pub fn mention(files: &[Attachment]) -> Option<String> {
    let names = names(files);
    let list = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
    match files.len() {
        0 => None,
        1 => Some(format!("sent 1 file{list}")),
        n => Some(format!("sent {n} files{list}")),
    }
}

/// The words of a message with what was sent along, for lists and summaries; none once all of it is forgotten.
#[must_use]
pub fn said(text: Option<&str>, files: &[Attachment]) -> Option<String> {
    match (text, mention(files)) {
        (Some(text), Some(mention)) if !text.is_empty() => Some(format!("{text} ({mention})")),
        (_, Some(mention)) => Some(mention),
        (text, None) => text.map(str::to_owned),
    }
}
