//! Who has a conversation: taken, offered, passed on, handed back, resolved. One owner at a time, by a claim in the store.

use super::Transfer;
use crate::Refused;
use crate::actor::{Actor, Next};
use crate::inbound::Received;
use crate::intake::{Accepted, Unwritten};
use patchbay_core::declare::{AskCsat, Queue};
use patchbay_core::event::{Event, TurnCause};
use patchbay_core::handoff::{HandoffEnd, OfferEnd, Survey};
use patchbay_core::id::{HandoffId, StaffId};
use patchbay_core::log::{Appended, Claim};
use patchbay_core::words::{ConversationState, EscalationReason};
use patchbay_core::{Timestamp, Value};
use patchbay_turn::{Cause, Input};
use std::collections::BTreeMap;
use std::time::Duration;

/// The kind of the claim that makes somebody the owner of a conversation.
const OWNER: &str = "owner";

impl Actor {
    /// Somebody takes the conversation, whoever it was offered to.
    pub(crate) async fn take(&mut self, by: &StaffId) -> Result<Received, Refused> {
        let before = self.unwritten();
        let claims = self.own(by)?;
        self.write_and_cut(before, claims, by).await?;
        Ok(self.done(None))
    }

    /// Somebody accepts what was offered to them, or to everybody of a queue.
    pub(crate) async fn accept_offer(&mut self, by: &StaffId) -> Result<Received, Refused> {
        let offered = self.people.open().ok_or(Refused::NotHeld)?;
        if offered.owner.is_none() && offered.to.as_ref().is_some_and(|to| to != by) {
            return Err(Refused::NotOffered);
        }
        self.take(by).await
    }

    /// Somebody does not take what was offered to them: it is back in its queue.
    pub(crate) async fn decline(&mut self, by: &StaffId) -> Result<Received, Refused> {
        let to = self.people.open().and_then(|open| open.to.clone());
        if to.as_ref() != Some(by) {
            return Err(Refused::NotOffered);
        }
        self.offer_failed(OfferEnd::Declined).await?;
        Ok(self.done(None))
    }

    /// An offer to one person came to nothing.
    pub(crate) async fn offer_failed(&mut self, why: OfferEnd) -> Result<(), Refused> {
        let Some((handoff, to, queue)) = self.people.open().and_then(|open| Some((open.id.clone(), open.to.clone()?, open.queue.clone())))
        else {
            return Ok(());
        };
        let before = self.unwritten();
        self.pending.push((self.now(), Event::HandoffFailed { handoff, to, why, queue }));
        self.write(before, Vec::new()).await
    }

    /// The customer's wish is settled.
    pub(crate) async fn resolve(&mut self, by: &StaffId) -> Result<Received, Refused> {
        if self.state.state == Some(ConversationState::Resolved) {
            return Ok(self.done(None));
        }
        self.others_do_not_own(by)?;
        let (now, before) = (self.now(), self.unwritten());
        self.withdraw("taken_over", now);
        self.end_handoff(by, HandoffEnd::Resolved, None);
        self.pending.push((now, Event::StateChanged { state: ConversationState::Resolved, by: Some(by.to_string()) }));
        let csat = self.service.house().company.outcomes.csat;
        if csat.ask == AskCsat::OnResolve {
            let n = self.people.resolutions + 1;
            self.pending.push((now, Event::SurveyAsked { survey: Survey::Csat, n, scale: csat.scale }));
        }
        self.write_and_cut(before, Vec::new(), by).await?;
        Ok(self.done(None))
    }

    /// It is not settled after all: whoever says so has it.
    pub(crate) async fn reopen_for(&mut self, by: &StaffId) -> Result<Received, Refused> {
        if self.state.state != Some(ConversationState::Resolved) {
            return Err(Refused::NotResolved);
        }
        self.take(by).await
    }

    /// It is put aside until a time, or until the customer writes. Its owner stays.
    pub(crate) async fn snooze(&mut self, by: &StaffId, until: Timestamp) -> Result<Received, Refused> {
        let now = self.now();
        if until <= now {
            return Err(Refused::Invalid { field: "until", why: "the time lies in the past; name one that is still to come".to_owned() });
        }
        let before = self.unwritten();
        let claims = self.own(by)?;
        self.pending.push((now, Event::Snoozed { by: by.clone(), until }));
        self.pending.push((now, Event::StateChanged { state: ConversationState::Snoozed, by: Some(by.to_string()) }));
        self.write_and_cut(before, claims, by).await?;
        Ok(self.done(None))
    }

    /// The bot goes on, knowing what the owner notes for it.
    pub(crate) async fn hand_back(&mut self, by: &StaffId, note: &str) -> Accepted {
        match self.hand_back_noted(by, note).await {
            Ok(next) => (Ok(self.done(Some(&next))), Some(next)),
            Err(refused) => (Err(refused), None),
        }
    }

    async fn hand_back_noted(&mut self, by: &StaffId, note: &str) -> Result<Next, Refused> {
        self.owns(by)?;
        if self.state.turn.is_some() {
            return Err(Refused::Busy { retry_after: Duration::from_secs(1) });
        }
        let (now, before) = (self.now(), self.unwritten());
        let note = self.note_down(by, note, None, Vec::new())?;
        self.end_handoff(by, HandoffEnd::HandedBack, Some(note.clone()));
        self.pending.push((now, Event::StateChanged { state: ConversationState::Bot, by: Some(by.to_string()) }));
        let start = self.begin(None, None, TurnCause::HandedBack { note: Some(note) }, Cause::HandedBack, Vec::new());
        self.write(before, Vec::new()).await?;
        Ok(Next::Open(start))
    }

    /// Somebody else goes on: a person, who has to accept in time, or everybody of a queue.
    pub(crate) async fn transfer(&mut self, by: &StaffId, transfer: Transfer) -> Result<Received, Refused> {
        let Transfer { to, queue, note } = transfer;
        if to.as_ref() == Some(by) {
            return Err(Refused::Invalid { field: "to", why: "you have it already; name somebody else, or a queue".to_owned() });
        }
        let queue = match queue {
            Some(name) => self.service.house().queue_named(&name).ok_or(Refused::QueueUnknown)?,
            None if to.is_none() => return Err(Refused::Invalid { field: "to", why: "name a person or a queue".to_owned() }),
            None => self.queue_now(),
        };
        let before = self.unwritten();
        // Who passes on what nobody had owns it for no moment: there is nothing to claim and nothing to give up.
        let held = self.people.owner() == Some(by);
        self.own(by)?;
        let note = match self.note_down(by, &note, None, to.iter().cloned().collect()) {
            Ok(note) => note,
            Err(refused) => {
                self.forget_since(&before);
                return Err(refused);
            }
        };
        self.pass_on(by, to, &queue, note);
        if held {
            self.unclaims.push(self.owner_claim());
        }
        self.write_and_cut(before, Vec::new(), by).await?;
        Ok(self.done(None))
    }

    fn pass_on(&mut self, by: &StaffId, to: Option<StaffId>, queue: &Queue, note: patchbay_core::id::NoteId) {
        let now = self.now();
        let Some(handoff) = self.handoff_now() else { return };
        let within = self.service.house().company.escalation.handover.accept_within;
        let wait_since = self.people.unanswered.unwrap_or(now);
        self.pending.push((
            now,
            Event::HandoffPassed {
                handoff,
                by: by.clone(),
                expires: to.as_ref().map(|_| now.plus(within)),
                to,
                queue: queue.name.clone(),
                note,
                wait_since,
                due: queue.sla.first_reply.map(|within| wait_since.plus(within)),
            },
        ));
        self.pending.push((now, Event::StateChanged { state: ConversationState::Waiting, by: Some(by.to_string()) }));
    }

    /// Notes that somebody owns the conversation from now on, and what must be claimed for it. Nothing when they do already.
    pub(crate) fn own(&mut self, by: &StaffId) -> Result<Vec<Claim>, Refused> {
        let now = self.now();
        self.others_do_not_own(by)?;
        if self.people.owner() == Some(by) && self.state.state == Some(ConversationState::Open) {
            return Ok(Vec::new());
        }
        let held = self.people.owner() == Some(by);
        self.withdraw("taken_over", now);
        if !held {
            let handoff = match self.people.open() {
                Some(open) => open.id.clone(),
                None => self.offered_to(by, now),
            };
            self.pending.push((now, Event::HandoffAccepted { handoff, by: by.clone() }));
        }
        self.pending.push((now, Event::StateChanged { state: ConversationState::Open, by: Some(by.to_string()) }));
        let (kind, key) = self.owner_claim();
        Ok(if held { Vec::new() } else { vec![Claim { kind, key, result: by.to_string() }] })
    }

    /// Somebody takes a conversation that was offered to nobody: it is theirs from the first moment.
    fn offered_to(&mut self, by: &StaffId, now: Timestamp) -> HandoffId {
        let handoff = HandoffId::mint(&*self.service.0.parts.clock, &*self.service.0.parts.chance);
        let queue = self.queue_now();
        let offered = Event::HandoffOffered {
            handoff: handoff.clone(),
            queue: queue.name.clone(),
            to: Some(by.clone()),
            reason: EscalationReason::Review.as_str().to_owned(),
            wait_since: self.people.unanswered.unwrap_or(now),
            due: None,
            expires: None,
            place: None,
            resolve_by: queue.sla.resolve.map(|within| now.plus(within)),
        };
        self.pending.push((now, offered));
        handoff
    }

    pub(crate) fn end_handoff(&mut self, by: &StaffId, why: HandoffEnd, note: Option<patchbay_core::id::NoteId>) {
        let Some(open) = self.people.open() else { return };
        let handoff = open.id.clone();
        if open.owner.is_some() {
            self.unclaims.push(self.owner_claim());
        }
        self.pending.push((self.now(), Event::HandoffEnded { handoff, by: Some(by.clone()), why, note }));
    }

    /// The handoff as it will be once what is pending is written.
    fn handoff_now(&self) -> Option<HandoffId> {
        let pending = self.pending.iter().rev().find_map(|(_, event)| match event {
            Event::HandoffAccepted { handoff, .. } => Some(handoff.clone()),
            _ => None,
        });
        pending.or_else(|| self.people.open().map(|open| open.id.clone()))
    }

    /// The queue the conversation is in, or would be in.
    pub(crate) fn queue_now(&self) -> Queue {
        let house = self.service.house();
        if let Some(queue) = self.people.open().and_then(|open| house.queue_named(&open.queue)) {
            return queue;
        }
        let now = self.now();
        let text = |text: &str| Value::Text(text.to_owned());
        house.queue(&BTreeMap::from([
            ("customer".to_owned(), Value::Map(self.customer.at(&house.company, now))),
            ("reason".to_owned(), text(EscalationReason::Review.as_str())),
            ("skill".to_owned(), text("")),
            ("channel".to_owned(), text(&self.session.channel)),
            ("level".to_owned(), text(self.session.level_at(now).as_str())),
        ]))
    }

    fn owner_claim(&self) -> (String, String) {
        (OWNER.to_owned(), self.id.to_string())
    }

    fn owns(&self, by: &StaffId) -> Result<(), Refused> {
        match self.people.owner() {
            Some(owner) if owner == by => Ok(()),
            Some(owner) => Err(Refused::AlreadyTaken { owner: owner.clone() }),
            None => Err(Refused::NotHeld),
        }
    }

    pub(crate) fn others_do_not_own(&self, by: &StaffId) -> Result<(), Refused> {
        match self.people.owner() {
            Some(owner) if owner != by => Err(Refused::AlreadyTaken { owner: owner.clone() }),
            _ => Ok(()),
        }
    }

    /// Writes what was noted, or forgets it: nothing of it exists if the store refuses.
    pub(crate) async fn write(&mut self, before: Unwritten, claims: Vec<Claim>) -> Result<(), Refused> {
        match self.append(claims).await {
            Ok(Appended::Written { .. }) => Ok(()),
            Ok(Appended::AlreadyClaimed { claim }) => {
                self.forget_since(&before);
                Err(match (claim.kind.as_str(), StaffId::parse(&claim.result)) {
                    (OWNER, Some(owner)) => Refused::AlreadyTaken { owner },
                    ("rating", _) => Refused::AlreadyRated,
                    _ => Refused::AlreadyDecided,
                })
            }
            Err(error) => {
                self.forget_since(&before);
                Err(error.into())
            }
        }
    }

    /// Writes that somebody took the conversation; only then is the open reply cut. From the moment it is written the bot is silent.
    pub(crate) async fn write_and_cut(&mut self, before: Unwritten, claims: Vec<Claim>, by: &StaffId) -> Result<(), Refused> {
        self.write(before, claims).await?;
        let now = self.now();
        if let Some(open) = &mut self.open {
            let effects = open.turn.on(Input::TakenOver { by: by.to_string() }, now);
            self.perform(effects, now).await;
        }
        self.flush().await
    }
}
