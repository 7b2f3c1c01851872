//! Why the driver does not do what it is asked, as the doors must know it.

use patchbay_core::declare::Kind;
use patchbay_core::id::{ConversationId, FileId, StaffId};
use patchbay_core::log::LogError;
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_files::{CannotLook, Refusal as FileRefusal};
use std::time::Duration;

/// Why something was not accepted. Nothing of it reveals whether somebody else's conversation exists.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such conversation, turn or action, or it is somebody else's.
    #[error("there is no such thing here")]
    NotFound,
    /// The conversation is this browser's, but another customer is signed in now.
    #[error("the conversation belongs to another customer")]
    IdentityMismatch,
    /// The client id was used for another message.
    #[error("this id was used for another message")]
    IdempotencyConflict,
    /// The conversation has ended: it is closed, or merged into another one.
    #[error("the conversation has ended")]
    Closed {
        /// Where it goes on.
        successor: Option<ConversationId>,
    },
    /// Its customer was forgotten, and with them everything that was said.
    #[error("the conversation was erased")]
    Erased,
    /// There is no merge to be taken back.
    #[error("the conversation is not merged")]
    NotMerged,
    /// The time in which a merge can be taken back is over.
    #[error("the merge cannot be taken back any more")]
    MergeFinal,
    /// A yes to a write must name the digest it is for.
    #[error("the confirmation names no digest")]
    ConfirmationRequired,
    /// The yes is for other arguments.
    #[error("the confirmation is for something else")]
    ConfirmationMismatch,
    /// The proposal has expired.
    #[error("the proposal has expired")]
    ConfirmationExpired,
    /// The proposal was decided already.
    #[error("the proposal was decided already")]
    ConfirmationUsed,
    /// Somebody else of the staff has the conversation.
    #[error("{owner} has the conversation")]
    AlreadyTaken {
        /// Who.
        owner: StaffId,
    },
    /// Nobody of the staff has the conversation, so there is nothing to hand on.
    #[error("nobody of the staff has the conversation; take it first")]
    NotHeld,
    /// The conversation is not offered to whoever accepts or declines it.
    #[error("the conversation is not offered to you")]
    NotOffered,
    /// Only what is resolved can be reopened.
    #[error("the conversation is not resolved")]
    NotResolved,
    /// No queue has this name.
    #[error("there is no queue of this name")]
    QueueUnknown,
    /// Somebody decided about the write already.
    #[error("somebody decided about this already")]
    AlreadyDecided,
    /// The same write is under way, and not settled yet.
    #[error("the same write is not settled yet")]
    StillRunning,
    /// It was rated already.
    #[error("this was rated already")]
    AlreadyRated,
    /// Nobody asked for this rating.
    #[error("there is nothing to rate yet")]
    NotSurveyed,
    /// A value that cannot be used.
    #[error("{field}: {why}")]
    Invalid {
        /// Which one.
        field: &'static str,
        /// What is wrong, and what to do.
        why: String,
    },
    /// The gate does not let the staff do it, for the reason the company gives.
    #[error("{text}")]
    Denied {
        /// How it would have ended.
        outcome: CallOutcome,
        /// The rule's word, when a rule said no.
        code: Option<RefusalCode>,
        /// What it is about.
        about: About,
        /// The argument at fault, where it is one.
        argument: Option<String>,
        /// Why, in words.
        text: String,
    },
    /// A file that is not taken.
    #[error("{0}")]
    File(FileRefusal),
    /// A message names a file that did not come in for it, or was sent before.
    #[error("there is no file {file} to be sent here")]
    FileUnknown {
        /// Which one.
        file: FileId,
    },
    /// The resume position is not in this conversation.
    #[error("the resume position is not in this conversation")]
    CursorInvalid,
    /// The disk is full; nothing was accepted.
    #[error("{0}")]
    StorageFull(String),
    /// The driver is overloaded or going down; try again.
    #[error("busy")]
    Busy {
        /// When to try again.
        retry_after: Duration,
    },
    /// Storage or another part is broken; the detail is for the log, not for the customer.
    #[error("{0}")]
    Broken(String),
}

/// What a denial is about, so that whoever is denied knows what to mend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// An amount: below zero, in another currency, more than there is.
    Amount,
    /// A part of an address.
    Address,
    /// An id that looks like none.
    Id,
    /// Another argument.
    Argument,
    /// It was done as often as the rules allow.
    Limit,
    /// How the object stands now.
    State,
    /// Anything else.
    Rule,
}

impl About {
    /// What a wrong argument of this kind is about.
    pub(crate) fn kind(kind: &Kind) -> Self {
        match kind {
            Kind::Money(_) => Self::Amount,
            Kind::Address { .. } => Self::Address,
            Kind::Record(fields) if fields.values().any(|kind| matches!(kind, Kind::Address { .. })) => Self::Address,
            Kind::Pattern { .. } => Self::Id,
            _ => Self::Argument,
        }
    }
}

impl From<LogError> for Refused {
    fn from(error: LogError) -> Self {
        match error {
            LogError::Full { .. } => Self::StorageFull(error.to_string()),
            LogError::Conflict { .. } | LogError::Fenced(_) => Self::Busy { retry_after: Duration::from_secs(1) },
            LogError::Broken(_) => Self::Broken(error.to_string()),
        }
    }
}

impl From<FileRefusal> for Refused {
    fn from(refusal: FileRefusal) -> Self {
        Self::File(refusal)
    }
}

impl From<CannotLook> for Refused {
    fn from(failure: CannotLook) -> Self {
        match failure {
            CannotLook::Refused(refusal) => Self::File(refusal),
            CannotLook::Unreadable(error) => Self::Broken(format!("a file that came in cannot be read back: {error}")),
        }
    }
}
