//! Files that people send along, sealed with the key of whose they are, in a folder of the data directory.
//!
//! `incoming` holds what is not whole yet, `kept` what is, `unsent` an empty mark for each that no message is known to name.

mod content;
mod sealed;

use crate::error::full;
use crate::keys::KeyStore;
use crate::room::FreeSpace;
use content::Content;
use patchbay_core::attachment::KeptFile;
use patchbay_core::id::FileId;
use patchbay_core::log::{LogError, Subject};
use patchbay_core::port::{self, FileContent, NewFile};
use patchbay_core::{Chance, Timestamp};
use sealed::{Head, Seal};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Room that must be left on the disk before a file is begun, beyond the log's own margin.
const ROOM: u64 = 32 << 20;
/// The most bytes of what is kept with a file.
const LARGEST_NOTE: usize = 64 << 10;

/// The folder of files.
pub(crate) struct Files {
    root: PathBuf,
    keys: Arc<KeyStore>,
    chance: Arc<dyn Chance>,
    margin: u64,
    free: FreeSpace,
}

impl Files {
    /// Opens the folder; creates it where it is missing. What was coming in when the process ended is removed.
    pub(crate) fn open(root: PathBuf, keys: Arc<KeyStore>, chance: Arc<dyn Chance>, margin: u64, free: FreeSpace) -> io::Result<Self> {
        let files = Self { root, keys, chance, margin, free };
        for folder in [files.incoming(), files.unsent(), files.root.join("kept")] {
            DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        }
        for left in fs::read_dir(files.incoming())? {
            fs::remove_file(left?.path())?;
        }
        Ok(files)
    }

    /// Removes every file that is sealed for these subjects.
    pub(crate) fn erase(&self, subjects: &[Subject]) -> Result<(), LogError> {
        for (file, path) in self.kept().map_err(|error| self.failed(&error))? {
            let subject = File::open(&path).and_then(|mut open| Head::read(&mut open)).map(|head| head.subject);
            if subject.is_ok_and(|subject| subjects.contains(&subject)) {
                port::Files::remove(self, &file)?;
            }
        }
        Ok(())
    }

    fn incoming(&self) -> PathBuf {
        self.root.join("incoming")
    }

    fn unsent(&self) -> PathBuf {
        self.root.join("unsent")
    }

    /// Where a file is kept: in one of many folders, for some systems are slow with large ones.
    fn place(&self, file: &FileId) -> PathBuf {
        let name = file.as_str();
        let last = name.char_indices().rev().nth(1).map_or(name, |(at, _)| &name[at..]);
        self.root.join("kept").join(last).join(name)
    }

    fn kept(&self) -> io::Result<Vec<(FileId, PathBuf)>> {
        let mut kept = Vec::new();
        for folder in fs::read_dir(self.root.join("kept"))? {
            kept.extend(listed(&folder?.path())?);
        }
        Ok(kept)
    }

    /// A kept file with its head and the key that opens it.
    fn opened(&self, file: &FileId) -> Result<Option<(File, Head, Seal)>, LogError> {
        let mut open = match File::open(self.place(file)) {
            Ok(open) => open,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(&error)),
        };
        let head = Head::read(&mut open).map_err(|error| self.failed(&error))?;
        let key = self.keys.existing(&head.subject)?;
        Ok(key.map(|key| {
            let seal = Seal::new(&key, &head, file);
            (open, head, seal)
        }))
    }

    fn failed(&self, error: &io::Error) -> LogError {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => full(&self.root),
            _ => LogError::Broken(format!("{}: {error}", self.root.display())),
        }
    }
}

impl port::Files for Files {
    fn begin(&self, file: &FileId, subject: &Subject) -> Result<Box<dyn NewFile>, LogError> {
        // A file system that cannot say is treated as roomy: it still reports when it is not.
        if (self.free)(&self.root).is_ok_and(|free| free < self.margin.saturating_add(ROOM)) {
            return Err(full(&self.root));
        }
        let head = Head::new(subject, &*self.chance);
        let seal = Seal::new(&self.keys.key(subject)?, &head, file);
        let path = self.incoming().join(file.as_str());
        let new = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path);
        let coming = Coming {
            file: new.map_err(|error| self.failed(&error))?,
            path,
            place: self.place(file),
            mark: self.unsent().join(file.as_str()),
            root: self.root.clone(),
            keys: Arc::clone(&self.keys),
            seal,
            waiting: Vec::with_capacity(sealed::CHUNK),
            chunks: 0,
            length: head.length(),
        };
        let mut coming = Box::new(coming);
        coming.file.write_all(&head.bytes()).map_err(|error| self.failed(&error))?;
        Ok(coming)
    }

    fn about(&self, file: &FileId) -> Result<Option<KeptFile>, LogError> {
        let Some((mut open, _, seal)) = self.opened(file)? else { return Ok(None) };
        let note = note(&mut open).map_err(|error| self.failed(&error))?;
        let Some(text) = seal.open_note(&note) else { return Ok(None) };
        serde_json::from_slice(&text)
            .map(Some)
            .map_err(|error| LogError::Broken(format!("what is kept with {file} is unreadable: {error}")))
    }

    fn open(&self, file: &FileId) -> Result<Option<Box<dyn FileContent>>, LogError> {
        let Some((mut open, head, seal)) = self.opened(file)? else { return Ok(None) };
        let end = note_begins(&mut open).map_err(|error| self.failed(&error))?;
        let content = Content::new(open, seal, head.length(), end).map_err(|error| self.failed(&error))?;
        Ok(Some(Box::new(content)))
    }

    fn settle(&self, file: &FileId) -> Result<(), LogError> {
        gone(fs::remove_file(self.unsent().join(file.as_str()))).map_err(|error| self.failed(&error))
    }

    fn unsettled(&self, before: Timestamp) -> Result<Vec<FileId>, LogError> {
        let marks = listed(&self.unsent()).map_err(|error| self.failed(&error))?;
        let old = |file: &FileId| file.minted_at().is_none_or(|at| at < before);
        Ok(marks.into_iter().map(|(file, _)| file).filter(old).collect())
    }

    fn remove(&self, file: &FileId) -> Result<(), LogError> {
        gone(fs::remove_file(self.place(file))).map_err(|error| self.failed(&error))?;
        self.settle(file)
    }

    fn sweep(&self, before: Timestamp) -> Result<(), LogError> {
        for (file, path) in listed(&self.incoming()).map_err(|error| self.failed(&error))? {
            if file.minted_at().is_none_or(|at| at < before) {
                gone(fs::remove_file(path)).map_err(|error| self.failed(&error))?;
            }
        }
        Ok(())
    }
}

/// A file that is coming in.
struct Coming {
    file: File,
    path: PathBuf,
    place: PathBuf,
    mark: PathBuf,
    root: PathBuf,
    keys: Arc<KeyStore>,
    seal: Seal,
    /// What came and is not sealed yet.
    waiting: Vec<u8>,
    chunks: u32,
    /// How many bytes are written, once the content is whole.
    length: u64,
}

impl Coming {
    fn seal_waiting(&mut self, last: bool) -> io::Result<()> {
        let sealed = self.seal.chunk(self.chunks, last, &self.waiting)?;
        self.file.write_all(&sealed)?;
        self.length += sealed.len() as u64;
        self.chunks += 1;
        self.waiting.clear();
        Ok(())
    }

    fn take(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            // The last piece is sealed as the last: it is not known yet which it is.
            if self.waiting.len() == sealed::CHUNK {
                self.seal_waiting(false)?;
            }
            let (now, later) = bytes.split_at(bytes.len().min(sealed::CHUNK - self.waiting.len()));
            self.waiting.extend_from_slice(now);
            bytes = later;
        }
        Ok(())
    }

    fn whole(&mut self) -> io::Result<Content> {
        self.seal_waiting(true)?;
        Content::new(File::open(&self.path)?, self.seal.clone(), self.seal.begins(), self.length)
    }

    fn kept(&mut self, note: &[u8]) -> io::Result<()> {
        let note = self.seal.note(note)?;
        let length = u32::try_from(note.len()).map_err(io::Error::other)?;
        self.file.write_all(&note)?;
        self.file.write_all(&length.to_be_bytes())?;
        self.file.sync_all()?;
        let folder = self.place.parent().ok_or_else(|| io::Error::other("a file has no folder"))?;
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        // The mark first: a file without one would never be looked after.
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&self.mark)?.sync_all()?;
        fs::rename(&self.path, &self.place)?;
        [self.mark.parent(), folder.parent(), Some(folder)].into_iter().flatten().try_for_each(|folder| File::open(folder)?.sync_all())
    }

    fn failed(&self, error: &io::Error) -> LogError {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => full(&self.root),
            _ => LogError::Broken(format!("{}: {error}", self.path.display())),
        }
    }
}

impl NewFile for Coming {
    fn write(&mut self, bytes: &[u8]) -> Result<(), LogError> {
        self.take(bytes).map_err(|error| self.failed(&error))
    }

    fn content(&mut self) -> Result<Box<dyn FileContent>, LogError> {
        let content = self.whole().map_err(|error| self.failed(&error))?;
        Ok(Box::new(content))
    }

    fn keep(mut self: Box<Self>, kept: &KeptFile) -> Result<(), LogError> {
        let note = serde_json::to_vec(kept).map_err(|error| LogError::Broken(format!("what is kept with a file: {error}")))?;
        // A new key is durable before anything sealed with it is.
        self.keys.flush()?;
        self.kept(&note).map_err(|error| self.failed(&error))
    }
}

impl Drop for Coming {
    fn drop(&mut self) {
        // Kept, it is no longer there.
        if let Err(error) = gone(fs::remove_file(&self.path)) {
            tracing::warn!(path = %self.path.display(), %error, "what came in and is not kept cannot be removed; it is swept within the hour");
        }
    }
}

/// Files in a folder, by their ids.
fn listed(folder: &Path) -> io::Result<Vec<(FileId, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let id = path.file_name().and_then(|name| FileId::parse(name.to_str()?));
        found.extend(id.map(|id| (id, path)));
    }
    Ok(found)
}

/// Where the note begins: its length stands at the end.
fn note_begins(file: &mut File) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(-4))?;
    let mut length = [0; 4];
    file.read_exact(&mut length)?;
    end.checked_sub(u64::from(u32::from_be_bytes(length))).ok_or_else(|| io::Error::other("the end of a file is damaged"))
}

fn note(file: &mut File) -> io::Result<Vec<u8>> {
    let begins = note_begins(file)?;
    let end = file.seek(SeekFrom::End(-4))?;
    let length = usize::try_from(end - begins).ok().filter(|length| *length <= LARGEST_NOTE);
    let mut note = vec![0; length.ok_or_else(|| io::Error::other("the end of a file is damaged"))?];
    file.seek(SeekFrom::Start(begins))?;
    file.read_exact(&mut note)?;
    Ok(note)
}

/// Removing what is gone already is no failure.
fn gone(removed: io::Result<()>) -> io::Result<()> {
    removed.or_else(|error| if error.kind() == io::ErrorKind::NotFound { Ok(()) } else { Err(error) })
}
