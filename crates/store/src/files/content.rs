//! Reading a sealed file from any place: one piece is open at a time.

use super::sealed::{CHUNK, Seal, TAG};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

/// The bytes of a sealed file.
pub(super) struct Content {
    file: File,
    seal: Seal,
    /// Where the first piece begins.
    begins: u64,
    /// How long all pieces are, sealed.
    sealed: u64,
    /// How many bytes the file has.
    length: u64,
    at: u64,
    /// The piece that is open, with its number.
    open: Option<(u64, Vec<u8>)>,
}

impl Content {
    /// The pieces between these places.
    pub(super) fn new(file: File, seal: Seal, begins: u64, ends: u64) -> io::Result<Self> {
        let sealed = ends.checked_sub(begins).ok_or_else(|| io::Error::other("a file of ours is cut off"))?;
        let pieces = sealed.div_ceil((CHUNK + TAG) as u64);
        let length = sealed.checked_sub(pieces * TAG as u64).ok_or_else(|| io::Error::other("a file of ours is cut off"))?;
        Ok(Self { file, seal, begins, sealed, length, at: 0, open: None })
    }

    /// The piece of this number, opened.
    fn piece(&mut self, n: u64) -> io::Result<&[u8]> {
        let piece = match self.open.take() {
            Some((open, piece)) if open == n => piece,
            _ => {
                let from = n * (CHUNK + TAG) as u64;
                let length = (self.sealed - from).min((CHUNK + TAG) as u64);
                let mut sealed = vec![0; usize::try_from(length).map_err(io::Error::other)?];
                self.file.read_exact_at(&mut sealed, self.begins + from)?;
                self.seal.open_chunk(u32::try_from(n).map_err(io::Error::other)?, from + length == self.sealed, &sealed)?
            }
        };
        Ok(&self.open.insert((n, piece)).1)
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || buffer.is_empty() {
            return Ok(0);
        }
        let (n, within) = (self.at / CHUNK as u64, usize::try_from(self.at % CHUNK as u64).map_err(io::Error::other)?);
        let rest = self.piece(n)?.get(within..).unwrap_or_default();
        let read = rest.len().min(buffer.len());
        buffer[..read].copy_from_slice(&rest[..read]);
        self.at += read as u64;
        Ok(read)
    }
}

impl Seek for Content {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at, 0),
            SeekFrom::End(by) => (self.length, by),
            SeekFrom::Current(by) => (self.at, by),
        };
        let before = || io::Error::new(io::ErrorKind::InvalidInput, "a place before the beginning");
        self.at = from.checked_add_signed(by).ok_or_else(before)?;
        Ok(self.at)
    }
}
