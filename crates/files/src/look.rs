//! Looking at a whole file: is it of a kind that is taken, and is its content what it calls itself?

use crate::archive::{self, is_archive};
use crate::kinds::{KINDS, Kind, Proof};
use crate::name::{clean, ending};
use crate::refusal::{CannotLook, Refusal};
use crate::{picture, plain};
use patchbay_core::words::FileGroup;
use std::io::{Read, Seek, SeekFrom};

/// How many bytes at the beginning tell what a file is.
const BEGINNING: u64 = 8 << 10;

/// What a file calls itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Its name, as it was sent.
    pub name: String,
    /// The media type it was sent with, if one was.
    pub media: Option<String>,
}

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Its name, cleaned.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Width and height, of a picture.
    pub pixels: Option<(u32, u32)>,
    /// May a browser show it, or only save it?
    pub shown: bool,
}

/// Looks at a file of `size` bytes, and says what it is or why it is not taken.
///
/// # Errors
/// When it is not taken, or cannot be read.
pub fn look<R: Read + Seek + ?Sized>(claimed: &Claimed, content: &mut R, size: u64, allow: &[FileGroup]) -> Result<Seen, CannotLook> {
    if size == 0 {
        return Err(Refusal::Empty.into());
    }
    let name = clean(&claimed.name);
    let mut beginning = Vec::new();
    content.seek(SeekFrom::Start(0))?;
    content.take(BEGINNING).read_to_end(&mut beginning)?;
    let media = claimed.media.as_deref().and_then(media_of);
    let kind = kind_of(&name, media.as_deref(), &beginning, allow)?;
    if media.as_deref().is_some_and(|media| !kind.may_be_called(media)) {
        return Err(mismatch(&name).into());
    }
    let proven = match kind.proof {
        Proof::Signature(known) => infer::get(&beginning).is_some_and(|found| known.contains(&found.mime_type())),
        Proof::Begins(bytes) => beginning.starts_with(bytes),
        Proof::Text => plain::is_text(&beginning) && plain::all_text(content)?,
        Proof::Zipped(holds) => archive::check(content, holds)?,
    };
    if !proven {
        return Err(mismatch(&name).into());
    }
    let pixels = if kind.group == FileGroup::Image { picture::pixels(content)? } else { None };
    if kind.group == FileGroup::Image && kind.shown && pixels.is_none() {
        return Err(mismatch(&name).into());
    }
    // A pasted picture may have no ending; with one, it opens where it is saved.
    let name = if ending(&name).is_some() { name } else { format!("{name}.{}", kind.endings[0]) };
    Ok(Seen { name, media: kind.media, pixels, shown: kind.shown })
}

/// The kind it claims to be, by the ending of its name, else by its type.
fn kind_of(name: &str, media: Option<&str>, beginning: &[u8], allow: &[FileGroup]) -> Result<&'static Kind, Refusal> {
    let ending = ending(name);
    let kind = match &ending {
        Some(ending) => Kind::by_ending(ending),
        None => media.and_then(Kind::by_media),
    };
    match kind {
        Some(kind) if allow.contains(&kind.group) => Ok(kind),
        // An archive of another make cannot be looked into.
        None if is_archive(beginning) => Err(Refusal::Archive { why: "only ZIP archives can be looked into" }),
        _ => {
            let taken = endings(allow).join(", ");
            let called = ending.or_else(|| media.map(str::to_owned)).unwrap_or_else(|| "unknown".to_owned());
            Err(Refusal::KindRefused { kind: called.chars().take(40).collect(), taken })
        }
    }
}

/// The endings of names that are taken.
#[must_use]
pub fn endings(allow: &[FileGroup]) -> Vec<&'static str> {
    KINDS.iter().filter(|kind| allow.contains(&kind.group)).flat_map(|kind| kind.endings).copied().collect()
}

/// The media type itself, if the sender said one that says anything.
fn media_of(claimed: &str) -> Option<String> {
    let media = claimed.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (!media.is_empty() && media != "application/octet-stream").then_some(media)
}

fn mismatch(name: &str) -> Refusal {
    Refusal::Mismatch { claimed: name.to_owned() }
}
