//! The desk's side of the views: the queue in the orders people need it, counts, recent turns.

mod pressing;
mod project;
mod queries;
mod rows;

pub use pressing::Pressing;
pub use queries::{Cursor, List, Search};
pub use rows::{Counts, DeskRow, MergedRow, TracedTurn};

pub(crate) use project::event;

/// The names of the tables of `desk.sql`, for whoever empties them.
pub(crate) const TABLES: [&str; 5] = ["desk", "desk_counts", "desk_answers", "desk_messages", "desk_turns"];
