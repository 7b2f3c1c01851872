//! How a conversation's life goes on elsewhere: closed and followed by another, or merged into another one of the same customer.

use crate::Timestamp;
use crate::event::Event;
use crate::id::{ConversationId, StaffId};
use std::time::Duration;

/// For so long a merge can be taken back.
pub const MERGE_UNDONE_WITHIN: Duration = Duration::from_secs(30 * 86_400);

/// A merge that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// The conversation it was merged into.
    pub into: ConversationId,
    /// Who did it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
}

impl Merge {
    /// Until when it can be taken back.
    #[must_use]
    pub fn until(&self) -> Timestamp {
        self.at.plus(MERGE_UNDONE_WITHIN)
    }
}

/// What has ended a conversation, if something has. Everything else of it stays as it was: who has it, who waits, what was promised.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ending {
    /// No message is taken any more.
    pub closed: bool,
    /// The conversation that follows a closed one, once its customer came back.
    pub successor: Option<ConversationId>,
    /// The merge that holds.
    pub merged: Option<Merge>,
    /// The closed conversation that this one follows.
    pub earlier: Option<ConversationId>,
}

impl Ending {
    /// Takes in the next event of the conversation's stream.
    pub fn apply(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::ConversationClosed {} => self.closed = true,
            Event::ConversationSucceeded { successor } => self.successor = Some(successor.clone()),
            Event::ConversationFollowed { earlier } => self.earlier = Some(earlier.clone()),
            Event::ConversationMerged { into, by, .. } => self.merged = Some(Merge { into: into.clone(), by: by.clone(), at }),
            Event::ConversationUnmerged { .. } => self.merged = None,
            _ => {}
        }
    }

    /// Is nothing taken here any more?
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.closed || self.merged.is_some()
    }

    /// Where it goes on, if it does somewhere.
    #[must_use]
    pub fn goes_on(&self) -> Option<&ConversationId> {
        self.merged.as_ref().map(|merge| &merge.into).or(self.successor.as_ref())
    }
}
