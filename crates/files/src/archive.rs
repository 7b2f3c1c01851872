//! Looking into archives: few entries, nothing that unpacks to far more than it is, no links, no ways out, no archive within.
//!
//! What an archive says about itself may be a lie, so every entry is unpacked, into nothing, up to a limit.

use crate::kinds::Holds;
use crate::refusal::{CannotLook, Refusal};
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// The most entries.
const ENTRIES: usize = 2_000;
/// The most bytes that all entries may have once they are unpacked: so many, and not more than this for each byte of the archive.
const UNPACKED: u64 = 200 << 20;
const FOR_EACH: u64 = 100;
/// So much may always be unpacked.
const ALWAYS: u64 = 10 << 20;
/// A part of a document that is itself a document may be so large.
const PART: u64 = 20 << 20;
/// How many bytes of an entry tell whether it is an archive.
const BEGINNING: usize = 512;
/// What a ZIP archive begins with; the second has no entries.
const BEGINS: [&[u8]; 2] = [b"PK\x03\x04", b"PK\x05\x06"];
/// Endings of documents that are archives by make: they may stand within another one, and are looked into in the same way.
const DOCUMENTS: [&str; 6] = ["docx", "xlsx", "pptx", "odt", "ods", "odp"];

/// Do these bytes begin an archive, of whatever make?
pub(crate) fn is_archive(beginning: &[u8]) -> bool {
    let known = infer::get(beginning).is_some_and(|found| found.matcher_type() == infer::MatcherType::Archive);
    // PDF and a few others count as archives there.
    let harmless = infer::get(beginning).is_some_and(|found| matches!(found.mime_type(), "application/pdf" | "application/rtf"));
    (known && !harmless) || begins(beginning)
}

fn begins(beginning: &[u8]) -> bool {
    BEGINS.iter().any(|signature| beginning.starts_with(signature))
}

/// Looks into a ZIP archive; is it one that holds this?
pub(crate) fn check<R: Read + Seek + ?Sized>(content: &mut R, holds: Holds) -> Result<bool, CannotLook> {
    let size = content.seek(SeekFrom::End(0))?;
    let mut left = size.saturating_mul(FOR_EACH).saturating_add(ALWAYS).min(UNPACKED);
    look_into(content, holds, &mut left, true)
}

fn look_into<R: Read + Seek + ?Sized>(content: &mut R, holds: Holds, left: &mut u64, outermost: bool) -> Result<bool, CannotLook> {
    let mut beginning = [0; 4];
    let size = content.seek(SeekFrom::End(0))?;
    content.seek(SeekFrom::Start(0))?;
    if content.read_exact(&mut beginning).is_err() || !begins(&beginning) {
        return Ok(false);
    }
    // Before the list of entries is read: a list of 100,000 is no small work either.
    if entries(content, size)? > ENTRIES as u64 {
        return refuse("it holds too many files");
    }
    content.seek(SeekFrom::Start(0))?;
    let mut archive = ZipArchive::new(BufReader::new(content)).map_err(unreadable)?;
    if archive.len() > ENTRIES {
        return refuse("it holds too many files");
    }
    let (mut held, mut packed) = (holds == Holds::Files, 0_u64);
    for n in 0..archive.len() {
        // A document states what it is in its first entry, unpacked.
        let mut entry = archive.by_index(n).map_err(unreadable)?;
        packed = packed.saturating_add(entry.compressed_size());
        if packed > size {
            return refuse("its files overlap");
        }
        held |= entry_is_safe(&mut entry, holds, left, outermost)?;
    }
    Ok(held)
}

/// Unpacks an entry into nothing. Does it prove what the archive is to hold?
fn entry_is_safe<R: Read + ?Sized>(entry: &mut ZipFile<'_, R>, holds: Holds, left: &mut u64, outermost: bool) -> Result<bool, CannotLook> {
    if entry.is_symlink() {
        return refuse("it holds a link");
    }
    let name = entry.name().map_err(unreadable)?.into_owned();
    if entry.enclosed_name().is_none() || name.contains(['\\', '\0']) {
        return refuse("a file in it points outside of it");
    }
    if entry.is_dir() {
        return Ok(false);
    }
    let mut beginning = Vec::new();
    take(&mut entry.take(BEGINNING as u64), &mut beginning, left)?;
    let document = DOCUMENTS.iter().any(|ending| name.to_ascii_lowercase().ends_with(&format!(".{ending}")));
    if is_archive(&beginning) {
        if !(outermost && document && begins(&beginning)) {
            return refuse("it holds another archive");
        }
        let mut part = beginning.clone();
        take(&mut entry.take(PART), &mut part, left)?;
        if entry.read(&mut [0]).map_err(damaged)? > 0 {
            return refuse("a document in it is too large");
        }
        look_into(&mut io::Cursor::new(part), Holds::Files, left, false)?;
        return Ok(false);
    }
    take(entry, &mut io::sink(), left)?;
    Ok(match holds {
        Holds::Files => true,
        Holds::Folder(folder) => name.starts_with(folder),
        Holds::Stated(media) => name == "mimetype" && beginning == media.as_bytes(),
    })
}

/// Unpacks what is left to unpack, and not a byte more.
fn take<R: Read + ?Sized, W: io::Write>(from: &mut R, to: &mut W, left: &mut u64) -> Result<(), CannotLook> {
    let taken = io::copy(&mut from.take(left.saturating_add(1)), to).map_err(damaged)?;
    match left.checked_sub(taken) {
        Some(rest) => {
            *left = rest;
            Ok(())
        }
        None => refuse("it unpacks to far more than can be looked at"),
    }
}

/// How many entries the archive says it has: from the record at its end.
fn entries<R: Read + Seek + ?Sized>(content: &mut R, size: u64) -> io::Result<u64> {
    const RECORD: usize = 22;
    const LONGEST_COMMENT: u64 = 65_535;
    let from = size.saturating_sub(LONGEST_COMMENT + RECORD as u64);
    content.seek(SeekFrom::Start(from))?;
    let mut end = Vec::new();
    content.take(LONGEST_COMMENT + RECORD as u64).read_to_end(&mut end)?;
    let at = (0..end.len().saturating_sub(RECORD - 1)).rev().find(|at| end[*at..].starts_with(b"PK\x05\x06"));
    // 65,535 stands for "more than fits here", which is too many as well.
    Ok(at.map_or(0, |at| u64::from(u16::from_le_bytes([end[at + 10], end[at + 11]]))))
}

fn refuse<T>(why: &'static str) -> Result<T, CannotLook> {
    Err(Refusal::Archive { why }.into())
}

/// The archive cannot be read: damaged, or packed in a way we do not know.
fn unreadable(error: ZipError) -> CannotLook {
    match error {
        ZipError::Io(error) => damaged(error),
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Refusal::Archive { why: "it is locked, so nobody can look into it" }.into()
        }
        _ => Refusal::Archive { why: "it is damaged, or packed in an unusual way" }.into(),
    }
}

/// Bytes that do not unpack are the archive's fault; bytes that cannot be read are not.
fn damaged(error: io::Error) -> CannotLook {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => {
            Refusal::Archive { why: "it is damaged" }.into()
        }
        _ => CannotLook::Unreadable(error),
    }
}
