//! What can go wrong when the store is opened, and how SQLite's errors are told in the words of the log contract.

use patchbay_core::log::LogError;
use rusqlite::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file of the store cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process works on this data directory.
    #[error("{path} is in use by process {pid}; stop it first, or name another data directory")]
    InUse {
        /// The data directory.
        path: PathBuf,
        /// The process, as it wrote itself down.
        pid: String,
    },
    /// The directory or the file may not be written.
    #[error("{path} cannot be written; give this user the right to write there, or name another data directory")]
    ReadOnly {
        /// What cannot be written.
        path: PathBuf,
    },
    /// A newer version of Patchbay wrote this file.
    #[error("{path} was written by a newer version (format {found}, this one knows up to {known}); upgrade Patchbay to open it")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its format.
        found: u32,
        /// The newest format known here.
        known: u32,
    },
    /// The file is damaged.
    #[error(
        "{path} is damaged ({detail}); restore the last backup, or save what can be read with: sqlite3 '{path}' .recover > recovered.sql"
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite found.
        detail: String,
    },
    /// There is no room for the file.
    #[error("the disk that holds {path} is full; free some space and start again")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{path} cannot be opened: {detail}")]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why.
        detail: String,
    },
}

impl OpenError {
    /// An error of SQLite while opening this file.
    pub(crate) fn sql(path: &Path, error: &rusqlite::Error) -> Self {
        let path = path.to_owned();
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => Self::ReadOnly { path },
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged { path, detail: error.to_string() },
            _ => Self::Unusable { path, detail: error.to_string() },
        }
    }

    /// An error of the file system while opening this file.
    pub(crate) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            _ => Self::Unusable { path, detail: error.to_string() },
        }
    }
}

/// An error of SQLite on this file while the store is in use.
pub(crate) fn in_use(path: &Path, error: &rusqlite::Error) -> LogError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => full(path),
        _ => LogError::Broken(OpenError::sql(path, error).to_string()),
    }
}

/// There is no room for this file.
pub(crate) fn full(path: &Path) -> LogError {
    LogError::Full { path: path.display().to_string() }
}

/// The store was closed, or its thread has stopped.
pub(crate) fn closed() -> LogError {
    LogError::Broken("the store is closed".to_owned())
}
