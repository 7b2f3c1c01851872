//! What a file is that somebody sends: its name cleaned, its content held against it, archives and pictures looked into.
//!
//! [`look`] reads and decides; where files are kept is not known here. The libraries that know formats stay behind this crate.

mod archive;
mod kinds;
mod look;
mod name;
mod picture;
mod plain;
mod refusal;

pub use look::{Claimed, Seen, endings, look};
pub use name::clean;
pub use refusal::{CannotLook, Refusal};
