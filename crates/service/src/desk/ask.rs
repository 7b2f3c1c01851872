//! The customer's own button for a person, and what becomes of waiting when time passes. No mind is needed for any of it.

use super::Watch;
use super::watches::keep_place;
use crate::actor::{Actor, Next};
use crate::intake::Accepted;
use crate::load;
use patchbay_core::Session;
use patchbay_core::event::{Event, TurnCause};
use patchbay_core::handoff::{OfferEnd, Promise};
use patchbay_core::log::TimerChange;
use patchbay_core::words::ConversationState;
use patchbay_turn::{Cause, Input};

impl Actor {
    /// The customer pressed the button. Who waits already, or talks to somebody, does not wait once more.
    pub(crate) async fn ask_person(&mut self, session: Session) -> Accepted {
        let now = self.now();
        if let Err(refused) = load::belongs(&session, &self.session, now) {
            return (Err(refused), None);
        }
        if let Err(ended) = self.goes_on_here(&session).await {
            return (Err(ended), None);
        }
        let before = self.unwritten();
        self.meet(session, now);
        match self.state.state {
            Some(ConversationState::Waiting | ConversationState::Open) => {}
            Some(ConversationState::Snoozed) => {
                self.pending.push((now, Event::StateChanged { state: ConversationState::Open, by: None }));
            }
            _ => return self.ask_of_the_bot(before).await,
        }
        match self.write(before, Vec::new()).await {
            Ok(()) => (Ok(self.done(None)), None),
            Err(refused) => (Err(refused), None),
        }
    }

    async fn ask_of_the_bot(&mut self, before: crate::intake::Unwritten) -> Accepted {
        let now = self.now();
        self.wake_up(now);
        let open = self.open.as_ref().map(|open| open.turn.id().clone());
        let next = match open {
            Some(turn) => {
                self.pending.push((now, Event::PersonAsked { turn: turn.clone() }));
                Next::Ask(turn)
            }
            None => {
                let start = self.begin(None, None, TurnCause::PersonAsked, Cause::PersonAsked, Vec::new());
                self.pending.push((now, Event::PersonAsked { turn: start.id.clone() }));
                Next::Open(start)
            }
        };
        match self.write(before, Vec::new()).await {
            Ok(()) => (Ok(self.done(Some(&next))), Some(next)),
            Err(refused) => (Err(refused), None),
        }
    }

    /// A customer who comes back: what was resolved is the bot's again, what was put aside is its owner's.
    pub(crate) fn wake_up(&mut self, now: patchbay_core::Timestamp) {
        let state = match self.state.state {
            Some(ConversationState::Resolved) => ConversationState::Bot,
            Some(ConversationState::Snoozed) => ConversationState::Open,
            _ => return,
        };
        self.pending.push((now, Event::StateChanged { state, by: None }));
    }

    /// Something that was watched is due. A timer that is not meant any more is cleared.
    pub(crate) async fn watched(&mut self, watch: Watch) {
        let now = self.now();
        let open = self.people.open().map(|open| (open.id.clone(), open.expires, open.due));
        let resolve_by = self.people.open().and_then(|open| open.resolve_by);
        let before = self.unwritten();
        match (watch, open) {
            (Watch::Offer, Some((_, Some(expires), _))) if expires <= now => {
                if let Err(error) = self.offer_failed(OfferEnd::Timeout).await {
                    tracing::warn!(conversation = %self.id, %error, "an offer that ran out stays for now; it is tried again");
                }
                return;
            }
            (Watch::Wait, Some((handoff, _, Some(due)))) if due <= now && self.state.state == Some(ConversationState::Waiting) => {
                self.timers.push(keep_place(&self.people, &self.id, &self.session, self.service.house()));
                self.pending.push((now, Event::WaitedTooLong { handoff, due, promise: Promise::FirstReply }));
            }
            (Watch::Settle, Some((handoff, ..))) if resolve_by.is_some_and(|due| due <= now) => {
                self.timers.push(TimerChange::Clear { name: watch.name(&self.id) });
                let due = resolve_by.unwrap_or(now);
                self.pending.push((now, Event::WaitedTooLong { handoff, due, promise: Promise::Resolve }));
            }
            (Watch::Close, _) if self.has_outlived(now) => self.pending.push((now, Event::ConversationClosed {})),
            // It was resolved under other rules.
            (Watch::Close, _) if let Some(due) = self.closes_at() => {
                self.timers.push(TimerChange::Set { name: watch.name(&self.id), due, note: String::new() });
            }
            (Watch::Snooze, Some(_)) if self.people.snoozed_until.is_some_and(|until| until <= now) => {
                self.pending.push((now, Event::StateChanged { state: ConversationState::Open, by: None }));
            }
            _ => self.timers.push(TimerChange::Clear { name: watch.name(&self.id) }),
        }
        if let Err(error) = self.write(before, Vec::new()).await {
            tracing::warn!(conversation = %self.id, %error, "a timer of the desk stays for now; it is tried again");
        }
    }

    /// Tells the open turn that a person is wanted.
    pub(crate) async fn ask_in_turn(&mut self, turn: &patchbay_core::id::TurnId) {
        self.tell(turn, Input::PersonAsked).await;
    }
}
