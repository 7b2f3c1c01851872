//! The doors of the desk: what the staff and their screens call.

use super::{Act, Rating, Transfer};
use crate::actor::Command;
use crate::inbound::Received;
use crate::{Refused, Service};
use patchbay_core::id::{ActionId, ConversationId, FileId, StaffId};
use patchbay_core::{Session, Timestamp};

impl Service {
    /// Somebody takes the conversation: the bot is silent from the moment this returns.
    ///
    /// # Errors
    /// When somebody else has it, there is no such conversation, or nothing can be stored.
    pub async fn take(&self, conversation: &ConversationId, by: &StaffId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Take).await
    }

    /// Somebody accepts what is offered to them, or to everybody of a queue.
    ///
    /// # Errors
    /// When it is offered to somebody else, or taken.
    pub async fn accept(&self, conversation: &ConversationId, by: &StaffId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Accept).await
    }

    /// Somebody does not take what is offered to them: it is back in its queue.
    ///
    /// # Errors
    /// When it is not offered to them.
    pub async fn decline(&self, conversation: &ConversationId, by: &StaffId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Decline).await
    }

    /// Somebody answers the customer. The first answer takes the conversation. `answer_as` is the writer's own id for it: the same id
    /// again gives the first result.
    ///
    /// # Errors
    /// When somebody else has the conversation, or the words cannot be sent.
    pub async fn answer(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        text: &str,
        client: Option<String>,
    ) -> Result<Received, Refused> {
        self.answer_with(conversation, by, text, client, Vec::new()).await
    }

    /// Somebody answers the customer, with files that came in for it. There may be files and no words.
    ///
    /// # Errors
    /// When somebody else has the conversation, the words cannot be sent, or a file is not there.
    pub async fn answer_with(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        text: &str,
        client: Option<String>,
        files: Vec<FileId>,
    ) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Reply { text: text.to_owned(), client, files }).await
    }

    /// Somebody writes a note that only the staff reads.
    ///
    /// # Errors
    /// When there is no such conversation, or the words cannot be kept.
    pub async fn note(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        text: &str,
        client: Option<String>,
        mentions: Vec<StaffId>,
    ) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Note { text: text.to_owned(), client, mentions }).await
    }

    /// The customer's wish is settled.
    ///
    /// # Errors
    /// When somebody else has the conversation.
    pub async fn resolve(&self, conversation: &ConversationId, by: &StaffId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Resolve).await
    }

    /// It is not settled after all: whoever says so has it.
    ///
    /// # Errors
    /// When it is not resolved.
    pub async fn reopen(&self, conversation: &ConversationId, by: &StaffId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Reopen).await
    }

    /// It is put aside until a time, or until the customer writes.
    ///
    /// # Errors
    /// When somebody else has it, or the time is over.
    pub async fn snooze(&self, conversation: &ConversationId, by: &StaffId, until: Timestamp) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Snooze { until }).await
    }

    /// The bot goes on, with a note for it.
    ///
    /// # Errors
    /// When whoever says so does not have it, or there is no note.
    pub async fn hand_back(&self, conversation: &ConversationId, by: &StaffId, note: &str) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::HandBack { note: note.to_owned() }).await
    }

    /// Somebody else goes on, with a note.
    ///
    /// # Errors
    /// When somebody else has it, there is no note, or no such queue.
    pub async fn transfer(&self, conversation: &ConversationId, by: &StaffId, transfer: Transfer) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Transfer(transfer)).await
    }

    /// The conversation is made one with another one of the same customer: it is silent from then on, and its customer is sent there.
    ///
    /// # Errors
    /// When one of the two has ended, somebody else has this one, or they are not of one proven customer: which of them is not said.
    pub async fn merge(&self, conversation: &ConversationId, by: &StaffId, into: &ConversationId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Merge { into: into.clone() }).await
    }

    /// A merge is taken back: the conversation goes on as it was before.
    ///
    /// # Errors
    /// When it is not merged, or was for too long.
    pub async fn unmerge(&self, conversation: &ConversationId, by: &StaffId) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Unmerge).await
    }

    /// The one yes or no of a person to a write that the customer wants already.
    ///
    /// # Errors
    /// When somebody decided already, or nothing waits for approval.
    pub async fn approve(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        action: &ActionId,
        approved: bool,
        why: Option<String>,
    ) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Approve { action: action.clone(), approved, why }).await
    }

    /// Somebody has found out what a write did that nobody knew of, and says how they know.
    ///
    /// # Errors
    /// When its effect is known already, or there is no note.
    pub async fn settle(
        &self,
        conversation: &ConversationId,
        by: &StaffId,
        action: &ActionId,
        done: bool,
        note: &str,
    ) -> Result<Received, Refused> {
        self.desk(conversation, by, Act::Settle { action: action.clone(), done, note: note.to_owned() }).await
    }

    /// The customer's own button for a person. It needs no mind.
    ///
    /// # Errors
    /// When the conversation is not this session's, or nothing can be stored.
    pub async fn ask_person(&self, session: &Session, conversation: &ConversationId) -> Result<Received, Refused> {
        self.command(conversation, |done| Command::AskPerson { session: session.clone(), done }).await
    }

    /// The customer says how a resolution was, or whether an answer helped.
    ///
    /// # Errors
    /// When there is nothing to rate, it was rated already, or the score is none.
    pub async fn rate(&self, session: &Session, conversation: &ConversationId, rating: Rating) -> Result<Received, Refused> {
        self.command(conversation, |done| Command::Rate { session: session.clone(), rating, done }).await
    }

    pub(crate) async fn desk(&self, conversation: &ConversationId, by: &StaffId, act: Act) -> Result<Received, Refused> {
        let by = by.clone();
        self.command(conversation, |done| Command::Desk { by, act, done }).await
    }
}
