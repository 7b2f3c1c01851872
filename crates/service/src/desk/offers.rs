//! Offers to one person that come to nothing because they went away.

use super::Watch;
use crate::{Refused, Service};
use patchbay_core::Timestamp;
use patchbay_core::id::{ConversationId, StaffId};

impl Service {
    /// Whatever is offered to this person goes back to its queue. The timers of the offers say where to look: they are as true as the
    /// log.
    ///
    /// # Errors
    /// When the log cannot be read or nothing can be stored.
    pub async fn give_back_offers(&self, who: &StaffId) -> Result<(), Refused> {
        let offers = format!("{}/", Watch::Offer.word());
        for timer in self.0.parts.log.due_timers(Timestamp(i64::MAX), usize::MAX >> 1).await? {
            let Some(conversation) = timer.name.strip_prefix(&offers).and_then(ConversationId::parse) else { continue };
            if self.case(&conversation).await?.offered_to.as_ref() == Some(who) {
                self.give_back_offer(&conversation, who).await?;
            }
        }
        Ok(())
    }

    /// The offer of one conversation to this person comes to nothing; one that has ended meanwhile is left as it is.
    ///
    /// # Errors
    /// When the log cannot be read or nothing can be stored.
    pub async fn give_back_offer(&self, conversation: &ConversationId, who: &StaffId) -> Result<(), Refused> {
        match self.decline(conversation, who).await {
            Ok(_) | Err(Refused::NotOffered) => Ok(()),
            Err(refused) => Err(refused),
        }
    }
}
