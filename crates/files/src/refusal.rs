//! Why a file is not taken.

use std::io;

/// Why a file is not taken. The sentences are for whoever sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is nothing in it.
    #[error("The file is empty. Choose another one.")]
    Empty,
    /// It has too many bytes.
    #[error("The file is larger than {most_mib} MiB. Send a smaller one.", most_mib = most >> 20)]
    TooLarge {
        /// The most there may be.
        most: u64,
    },
    /// Its kind is not taken here.
    #[error("Files of this kind ({kind}) are not taken here. These are: {taken}.")]
    KindRefused {
        /// What it calls itself.
        kind: String,
        /// The endings of names that are taken.
        taken: String,
    },
    /// Its content is not what its name or type says.
    #[error("The file calls itself {claimed}, but its content is not. Send the original file.")]
    Mismatch {
        /// What it calls itself.
        claimed: String,
    },
    /// An archive that is not safe to open.
    #[error("The archive is not taken: {why}. Send the files one by one.")]
    Archive {
        /// What is wrong with it.
        why: &'static str,
    },
    /// A picture with too many pixels.
    #[error("The picture has {width} × {height} pixels, which is more than can be shown. Send a smaller one.")]
    Picture {
        /// Its width.
        width: u64,
        /// Its height.
        height: u64,
    },
}

/// Why a file was not looked at to the end.
#[derive(Debug, thiserror::Error)]
pub enum CannotLook {
    /// It is not taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// It cannot be read: not the sender's fault.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}
