//! The views: folded from the log by the projector, their only writer, and read by queries and the export.
//!
//! They live in a file of their own beside the log. A file that is older than this version, damaged, or ahead of its log is
//! built anew. An event that cannot be read is skipped, counted and reported.

mod desk;
mod error;
mod export;
pub mod facts;
mod file;
pub mod find;
mod follow;
mod project;
mod queries;
mod rows;
mod said;

pub use desk::{Counts, Cursor, DeskRow, List, MergedRow, Pressing, Search, TracedTurn};
pub use error::ViewsError;
pub use export::{Exported, export};
pub use follow::{Progress, Projector, rebuild};
pub use queries::{Filter, Views};
pub use rows::{ActionRow, CallRow, ConversationRow, EscalationRow, Skipped, TurnRow};
pub use said::{Kind, TranscriptLine, transcript};
