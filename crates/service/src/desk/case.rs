//! What the desk reads of a conversation: the case and the brief, folded from its stream.

use crate::{Refused, Service, load};
use patchbay_core::event::Recorded;
use patchbay_core::handoff::{Brief, Case};
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;

impl Service {
    /// Everything the desk shows of a conversation.
    ///
    /// # Errors
    /// When there is no such conversation, or the log cannot be read.
    pub async fn case(&self, conversation: &ConversationId) -> Result<Case, Refused> {
        Case::fold(conversation, &self.stream_of(conversation).await?).ok_or(Refused::NotFound)
    }

    /// The brief for whoever takes over. Pure: no mind is asked.
    ///
    /// # Errors
    /// When there is no such conversation, or the log cannot be read.
    pub async fn brief(&self, conversation: &ConversationId) -> Result<Brief, Refused> {
        let events = self.stream_of(conversation).await?;
        Brief::fold(&self.house().company, conversation, &events).ok_or(Refused::NotFound)
    }

    pub(crate) async fn stream_of(&self, conversation: &ConversationId) -> Result<Vec<Recorded>, Refused> {
        load::stream(&*self.0.parts.log, &StreamId::conversation(conversation), 0).await
    }
}
