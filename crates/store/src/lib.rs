//! The log on SQLite: group commits, sealed personal values, leases, timers.
//!
//! One thread writes and commits many appends with one sync; a few threads read. Personal values never stand in an event:
//! they are sealed with the key of their subject into a side table, and the keys live in a file of their own. The contract is
//! [`patchbay_core::port::Log`]; `tests/it/story.rs` is the story every driver of it passes.

mod directory;
mod error;
mod files;
mod keys;
mod read;
mod readers;
mod recent;
mod room;
pub mod schema;
mod seal;
mod sqlite;
mod transaction;
mod writer;

pub use error::OpenError;
pub use keys::KeyStore;
pub use room::{FreeSpace, free_space};
pub use sqlite::{Options, SqliteLog};
