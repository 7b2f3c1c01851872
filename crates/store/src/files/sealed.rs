//! How a file is sealed: in pieces, each bound to its place, so that it can be read from anywhere and none can be moved or left out.
//!
//! The pieces are those of the STREAM construction over XChaCha20-Poly1305. What is kept with the file is sealed after them, under
//! a nonce of its own.

use crate::keys::Key;
use aead_stream::{NewStream, Nonce, StreamBE32, StreamPrimitive};
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::aead::{KeyInit, Payload};
use patchbay_core::Chance;
use patchbay_core::id::FileId;
use patchbay_core::log::Subject;
use std::io::{self, Read};

/// How many bytes of the file one piece seals.
pub(super) const CHUNK: usize = 64 << 10;
/// How many bytes a piece is longer once it is sealed.
pub(super) const TAG: usize = 16;
/// The bytes before the place of a piece in its nonce.
const NONCE: usize = 19;
/// What a file of ours begins with.
const MAGIC: &[u8; 16] = b"patchbay-file-1\n";

type Stream = StreamBE32<XChaCha20Poly1305>;

/// What stands unsealed at the beginning of a file: whose key opens it.
pub(super) struct Head {
    pub(super) subject: Subject,
    content: [u8; NONCE],
    note: [u8; NONCE],
}

impl Head {
    pub(super) fn new(subject: &Subject, chance: &dyn Chance) -> Self {
        let (mut content, mut note) = ([0; NONCE], [0; NONCE]);
        chance.fill(&mut content);
        chance.fill(&mut note);
        Self { subject: subject.clone(), content, note }
    }

    pub(super) fn read(file: &mut impl Read) -> io::Result<Self> {
        let mut magic = [0; MAGIC.len()];
        let mut length = [0; 1];
        file.read_exact(&mut magic)?;
        file.read_exact(&mut length)?;
        let mut subject = vec![0; usize::from(length[0])];
        file.read_exact(&mut subject)?;
        let (mut content, mut note) = ([0; NONCE], [0; NONCE]);
        file.read_exact(&mut content)?;
        file.read_exact(&mut note)?;
        match String::from_utf8(subject) {
            Ok(subject) if magic == *MAGIC => Ok(Self { subject: Subject(subject), content, note }),
            _ => Err(io::Error::new(io::ErrorKind::InvalidData, "this is no file of ours")),
        }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        // Ids of ours are far shorter.
        let subject = &self.subject.0.as_bytes()[..self.subject.0.len().min(255)];
        let length = u8::try_from(subject.len()).unwrap_or(u8::MAX);
        [MAGIC, &[length][..], subject, &self.content, &self.note].concat()
    }

    pub(super) fn length(&self) -> u64 {
        self.bytes().len() as u64
    }
}

/// Seals and opens the pieces of one file.
#[derive(Clone)]
pub(super) struct Seal {
    key: Key,
    content: [u8; NONCE],
    note: [u8; NONCE],
    /// What every piece is bound to: the file's id and whose it is.
    bound: Vec<u8>,
    begins: u64,
}

impl Seal {
    pub(super) fn new(key: &Key, head: &Head, file: &FileId) -> Self {
        let bound = [head.bytes().as_slice(), file.as_str().as_bytes()].concat();
        Self { key: Key::clone(key), content: head.content, note: head.note, bound, begins: head.length() }
    }

    /// Where the first piece begins.
    pub(super) fn begins(&self) -> u64 {
        self.begins
    }

    pub(super) fn chunk(&self, n: u32, last: bool, bytes: &[u8]) -> io::Result<Vec<u8>> {
        self.stream(&self.content)
            .encrypt(n, last, Payload { msg: bytes, aad: &self.bound })
            .map_err(|_| io::Error::other("a file is too long"))
    }

    pub(super) fn open_chunk(&self, n: u32, last: bool, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let opened = self.stream(&self.content).decrypt(n, last, Payload { msg: sealed, aad: &self.bound });
        opened.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a file of ours is damaged"))
    }

    pub(super) fn note(&self, note: &[u8]) -> io::Result<Vec<u8>> {
        self.stream(&self.note)
            .encrypt(0, true, Payload { msg: note, aad: &self.bound })
            .map_err(|_| io::Error::other("a note is too long"))
    }

    /// None where another key has sealed it: a subject that was forgotten and came back.
    pub(super) fn open_note(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.stream(&self.note).decrypt(0, true, Payload { msg: sealed, aad: &self.bound }).ok()
    }

    fn stream(&self, nonce: &[u8; NONCE]) -> Stream {
        let nonce: &Nonce<XChaCha20Poly1305, Stream> = nonce.into();
        Stream::from_aead(XChaCha20Poly1305::new((&**self.key).into()), nonce)
    }
}
