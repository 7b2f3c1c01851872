//! Merging: two conversations of one customer become one, until somebody takes that back. The one that was merged away keeps everything
//! it was, and is silent.

use crate::actor::Actor;
use crate::inbound::Received;
use crate::{Refused, load};
use patchbay_core::conversation::Conversation;
use patchbay_core::event::Event;
use patchbay_core::handoff::People;
use patchbay_core::id::{ConversationId, CustomerId, StaffId};
use patchbay_core::log::StreamId;

impl Actor {
    /// Merges this conversation into another one of the same customer. Somebody else's looks like none, and so does one whose customer
    /// nobody has proven.
    pub(crate) async fn merge(&mut self, by: &StaffId, into: &ConversationId) -> Result<Received, Refused> {
        if *into == self.id {
            return Err(Refused::Invalid { field: "into", why: "this is the conversation itself; name another one".to_owned() });
        }
        self.others_do_not_own(by)?;
        let log = self.service.0.parts.log.clone();
        let customer = customer_of(&self.people).ok_or(Refused::NotFound)?;
        let stream = StreamId::customer(&customer);
        // Every merge of a customer is written to their stream: of two that cross, the second one looks again.
        let length = load::stream(&*log, &stream, 0).await?.last().map_or(0, |last| last.seq);
        let events = load::stream(&*log, &StreamId::conversation(into), 0).await?;
        let (target, people) = (Conversation::fold(&events), People::fold(&events));
        if customer_of(&people).as_ref() != Some(&customer) || target.erased {
            return Err(Refused::NotFound);
        }
        let reopen = self.service.house().company.conversations.reopen;
        if target.ending.is_over() || people.resolved_at.is_some_and(|at| at.plus(reopen) <= self.now()) {
            return Err(Refused::Closed { successor: target.ending.goes_on().cloned() });
        }
        let (now, before) = (self.now(), self.unwritten());
        self.withdraw("merged", now);
        let merged = Event::ConversationMerged { conversation: self.id.clone(), into: into.clone(), by: by.clone() };
        self.pending.push((now, merged));
        self.expects = Some((stream, length));
        self.write_and_cut(before, Vec::new(), by).await?;
        Ok(self.done(None))
    }

    /// Takes a merge back: the conversation goes on as it was.
    pub(crate) async fn unmerge(&mut self, by: &StaffId) -> Result<Received, Refused> {
        let merge = self.state.ending.merged.clone().ok_or(Refused::NotMerged)?;
        let (now, before) = (self.now(), self.unwritten());
        if merge.until() <= now {
            return Err(Refused::MergeFinal);
        }
        let unmerged = Event::ConversationUnmerged { conversation: self.id.clone(), into: merge.into, by: by.clone() };
        self.pending.push((now, unmerged));
        self.write(before, Vec::new()).await?;
        Ok(self.done(None))
    }
}

/// Whose conversation it is, as they were proven in it.
pub(crate) fn customer_of(people: &People) -> Option<CustomerId> {
    people.proven.as_ref()?.customer.as_ref().map(|customer| customer.id.clone())
}
