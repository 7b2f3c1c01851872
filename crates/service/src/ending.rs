//! How a conversation's life ends: a resolved one is closed when nobody came back in time, and followed by another when somebody does
//! later.

use crate::Refused;
use crate::actor::Actor;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Timestamp};

impl Actor {
    /// Refuses what a customer wants of a conversation that has ended. Whoever comes back to a closed one is told which follows it; the
    /// first time, it is begun for them.
    pub(crate) async fn goes_on_here(&mut self, session: &Session) -> Result<(), Refused> {
        let now = self.now();
        self.was_not_erased().await?;
        match self.has_not_ended(now) {
            Err(Refused::Closed { successor: None }) => {}
            decided => return decided,
        }
        Err(Refused::Closed { successor: Some(self.follow(session.clone(), now).await?) })
    }

    /// Somebody may be forgotten while their conversation is awake: what stands in the log counts, not what is still known here.
    async fn was_not_erased(&mut self) -> Result<(), Refused> {
        let Some(first) = self.state.first_said else { return Ok(()) };
        let said = self.service.0.parts.log.read_stream(StreamId::conversation(&self.id), first - 1, 1).await?;
        let gone = |recorded: &Recorded| matches!(&recorded.event, Event::MessageReceived { text, .. } if text.forgotten());
        self.state.erased |= said.first().is_some_and(gone);
        Ok(())
    }

    /// Refuses what nobody may do any more with a conversation that has ended.
    pub(crate) fn has_not_ended(&self, now: Timestamp) -> Result<(), Refused> {
        if self.state.erased {
            return Err(Refused::Erased);
        }
        if self.state.ending.is_over() || self.has_outlived(now) {
            return Err(Refused::Closed { successor: self.state.ending.goes_on().cloned() });
        }
        Ok(())
    }

    /// When the conversation is closed, unless its customer comes back before.
    pub(crate) fn closes_at(&self) -> Option<Timestamp> {
        let resolved = self.people.resolved_at.filter(|_| self.state.state == Some(ConversationState::Resolved))?;
        Some(resolved.plus(self.service.house().company.conversations.reopen))
    }

    /// Has it been resolved for so long that it is not reopened any more?
    pub(crate) fn has_outlived(&self, now: Timestamp) -> bool {
        self.closes_at().is_some_and(|closes| closes <= now)
    }

    /// Begins the conversation that follows this closed one, for whoever came back to it. In one append with the closing, where that has
    /// not been noted yet.
    async fn follow(&mut self, session: Session, now: Timestamp) -> Result<ConversationId, Refused> {
        let before = self.unwritten();
        self.meet(session, now);
        if !self.state.ending.closed {
            self.pending.push((now, Event::ConversationClosed {}));
        }
        let parts = &self.service.0.parts;
        let successor = ConversationId::mint(&*parts.clock, &*parts.chance);
        self.pending.push((now, Event::ConversationSucceeded { successor: successor.clone() }));
        self.write(before, Vec::new()).await?;
        Ok(successor)
    }

    /// The first events of the conversation that follows this one.
    pub(crate) fn beginning_of_successor(&self) -> Vec<Event> {
        let opened = Event::ConversationOpened { session: self.session.clone(), language: self.state.language.clone() };
        vec![opened, Event::ConversationFollowed { earlier: self.id.clone() }]
    }
}
