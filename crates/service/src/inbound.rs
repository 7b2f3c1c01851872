//! What comes in, and what the sender is told.

use crate::EndedBy;
use patchbay_core::id::{ConversationId, FileId, MessageId, TurnId};
use patchbay_core::mind::Speaker;
use patchbay_core::reply::{Proposal, Question};
use patchbay_core::words::ConversationState;
use patchbay_core::{Attachment, Timestamp};
use serde::{Deserialize, Serialize};

/// A message of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inbound {
    /// The conversation.
    pub conversation: ConversationId,
    /// The sender's own id for it, unique in the conversation: the same id again gives the first result.
    pub client: Option<String>,
    /// The words.
    pub text: String,
    /// The value of a choice, when they picked instead of typing.
    pub picked: Option<String>,
    /// The files sent along, by the ids they were given when they came in.
    pub files: Vec<FileId>,
}

/// What the sender is told once the message, or the decision, is in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// The conversation.
    pub conversation: ConversationId,
    /// The message; none for a decision on a card.
    pub message: Option<MessageId>,
    /// The turn it opened or joined, if one.
    pub turn: Option<TurnId>,
    /// The length of the conversation's stream afterwards.
    pub seq: u64,
    /// Was it known already? Then this is the first result.
    pub replayed: bool,
}

/// A conversation as its customer may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transcript {
    /// The conversation.
    pub conversation: ConversationId,
    /// Who has it.
    pub state: ConversationState,
    /// What was said, oldest first.
    pub lines: Vec<TranscriptLine>,
    /// The open question, if the last thing shown was one.
    pub question: Option<Question>,
    /// The write that waits for a yes, if its card was the last thing shown.
    pub proposal: Option<Proposal>,
    /// What has ended it, and where it goes on.
    pub ended: Option<(EndedBy, Option<ConversationId>)>,
    /// The closed conversation that this one follows.
    pub earlier: Option<ConversationId>,
    /// The length of the stream: resume the live stream after it.
    pub seq: u64,
}

/// One line of a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TranscriptLine {
    /// Its place in the stream.
    pub seq: u64,
    /// When it was said.
    pub at: Timestamp,
    /// Who said it.
    pub who: Speaker,
    /// What was said.
    pub text: String,
    /// The files sent along.
    pub files: Vec<Attachment>,
}
