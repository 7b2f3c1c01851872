//! The data directory: its files, who may see it, and the lock that keeps a second process out.

use crate::error::OpenError;
use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// A data directory that belongs to this process until it is dropped.
pub(crate) struct Directory {
    path: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
}

impl Directory {
    /// Creates the directory (for its owner only) where it is missing, and locks it for this process.
    pub(crate) fn open(path: &Path) -> Result<Self, OpenError> {
        DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| OpenError::io(path, &error))?;
        let path = fs::canonicalize(path).map_err(|error| OpenError::io(path, &error))?;
        let lock = lock(&path)?;
        Ok(Self { path, _lock: lock })
    }

    /// The file of the log.
    pub(crate) fn log(&self) -> PathBuf {
        self.path.join("patchbay.db")
    }

    /// The file that keeps room free for the day the disk is full.
    pub(crate) fn reserve(&self) -> PathBuf {
        self.path.join("reserve")
    }

    /// The folder of the files that people send along.
    pub(crate) fn files(&self) -> PathBuf {
        self.path.join("files")
    }

    /// The directory, as an absolute path.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

fn lock(directory: &Path) -> Result<File, OpenError> {
    let path = directory.join("lock");
    let failed = |error| OpenError::io(&path, &error);
    let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => {
            let mut pid = String::new();
            file.read_to_string(&mut pid).map_err(failed)?;
            return Err(OpenError::InUse { path: directory.to_owned(), pid: pid.trim().to_owned() });
        }
        Err(TryLockError::Error(error)) => return Err(failed(error)),
    }
    file.set_len(0).map_err(failed)?;
    writeln!(file, "{}", std::process::id()).map_err(failed)?;
    Ok(file)
}

/// Creates a file that only its owner may read, unless it exists.
pub(crate) fn create_private(path: &Path) -> Result<(), OpenError> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path);
    file.map(drop).map_err(|error| OpenError::io(path, &error))
}
