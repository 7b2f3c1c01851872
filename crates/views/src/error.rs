//! What can go wrong with the views.

use patchbay_core::log::LogError;
use patchbay_store::OpenError;
use std::io;

/// Why the views could not be followed, read or exported.
#[derive(Debug, thiserror::Error)]
pub enum ViewsError {
    /// The log could not be read.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The file of the views could not be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The file of the views could not be used.
    #[error("the views cannot be used: {0}; they can be built anew with: patchbay rebuild")]
    Sql(#[from] rusqlite::Error),
    /// The file could not be put in place, or the export not be written.
    #[error("{what}: {source}")]
    Io {
        /// What was tried.
        what: String,
        /// What happened.
        source: io::Error,
    },
    /// The work was given up because the process ends.
    #[error("the process is ending")]
    Ending,
}
