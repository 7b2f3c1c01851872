//! Why turns begin, as the log keeps it.

use crate::id::NoteId;
use serde::{Deserialize, Serialize};

/// Why a turn began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnCause {
    /// The customer said something.
    Message,
    /// Somebody said yes to a proposed write.
    Confirmed {
        /// Who.
        by: String,
    },
    /// The customer said no to a proposed write.
    Declined,
    /// The customer pressed the button for a person.
    PersonAsked,
    /// A person handed the conversation back to the bot.
    HandedBack {
        /// Their note.
        note: Option<NoteId>,
    },
    /// A person of the staff did not approve a write, and the bot goes on.
    NotApproved,
    /// A write whose effect is not known is looked after.
    Settle {
        /// How many times it was looked after before.
        attempt: u32,
    },
}
