//! Writes that people decide on: approvals of what the customer wants, writes prepared at the desk, effects nobody knows of.

use crate::actor::{Actor, Next};
use crate::inbound::Received;
use crate::intake::Accepted;
use crate::{Refused, load, timers};
use patchbay_core::action::{self, ActionState, ProposedAction};
use patchbay_core::event::{Event, Settled, TurnCause};
use patchbay_core::handoff::{Handoff, HandoffEnd};
use patchbay_core::id::{ActionId, MessageId, StaffId, TurnId};
use patchbay_core::log::{Claim, TimerChange};
use patchbay_core::mind::Speaker;
use patchbay_core::words::{ConversationState, EscalationReason};
use patchbay_core::{Personal, Timestamp, Value};
use patchbay_turn::Cause;
use std::collections::BTreeMap;

impl Actor {
    /// The one yes or no of a person to a write that the customer has said yes to.
    pub(crate) async fn approve(&mut self, by: &StaffId, id: &ActionId, approved: bool, why: Option<String>) -> Accepted {
        match self.approved(by, id, approved, why).await {
            Ok(next) => (Ok(self.done(next.as_ref())), next),
            Err(refused) => (Err(refused), None),
        }
    }

    async fn approved(&mut self, by: &StaffId, id: &ActionId, approved: bool, why: Option<String>) -> Result<Option<Next>, Refused> {
        let log = self.service.0.parts.log.clone();
        let (action, _) = load::action(&*log, id).await?;
        if action.conversation != self.id {
            return Err(Refused::NotFound);
        }
        if !self.people.approvals.contains(id) {
            return Err(Refused::AlreadyDecided);
        }
        let (now, before) = (self.now(), self.unwritten());
        let once = Claim { kind: "approval".to_owned(), key: id.to_string(), result: by.to_string() };
        self.pending.push((now, Event::ApprovalDecided { id: id.clone(), by: by.clone(), approved, why: Self::in_words(why) }));
        // Where people were asked for nothing but this, the bot goes on with it.
        if self.waits_for_this_alone() {
            self.end_handoff(by, HandoffEnd::HandedBack, None);
            self.pending.push((now, Event::StateChanged { state: ConversationState::Bot, by: Some(by.to_string()) }));
        }
        let mut claims = vec![once];
        // Whoever answers a customer who waits has the conversation, also with a no.
        if !approved && !self.has_bot() && self.people.state == Some(ConversationState::Waiting) {
            claims.extend(self.own(by)?);
        }
        let next = self.after_decision(by, action, approved, now);
        self.write(before, claims).await?;
        Ok(next)
    }

    /// Does the conversation wait for people because of an approval, and for nothing that the customer has said since?
    fn waits_for_this_alone(&self) -> bool {
        let waits = self.people.state == Some(ConversationState::Waiting) && !self.people.said_since;
        let nobodys = |open: &Handoff| open.owner.is_none() && open.to.is_none();
        let alone = |open: &Handoff| open.reason == EscalationReason::NeedsApproval.as_str() && nobodys(open);
        waits && self.people.approvals.len() == 1 && self.people.open().is_some_and(alone)
    }

    /// What follows from a yes or a no: the write, or words for the customer. The bot says them where it has the conversation; where
    /// people do, they are the words of whoever decided.
    fn after_decision(&mut self, by: &StaffId, action: ProposedAction, approved: bool, now: Timestamp) -> Option<Next> {
        if approved {
            return Some(self.begin_by_staff(by, action, now));
        }
        let id = action.id.clone();
        self.pending.push((now, Event::ActionCancelled { id: id.clone(), why: "declined".to_owned() }));
        if self.has_bot() {
            let cause = Cause::NotApproved { action: Box::new(action) };
            return Some(Next::Open(self.begin(None, Some(&id), TurnCause::NotApproved, cause, Vec::new())));
        }
        let scope = BTreeMap::from([("effect".to_owned(), Value::Text(action.effect))]);
        if let Ok(words) = self.service.house().texts.render("not_approved_by_me", &scope) {
            let message = MessageId::mint(&*self.service.0.parts.clock, &*self.service.0.parts.chance);
            self.pending.push((
                now,
                Event::MessageReceived {
                    message,
                    client: None,
                    by: Speaker::Agent,
                    staff: Some(by.to_string()),
                    text: Personal::message(words.text),
                    masked: Vec::new(),
                    picked: None,
                    files: Vec::new(),
                },
            ));
        }
        None
    }

    /// Will the bot have the conversation once what is pending is written?
    fn has_bot(&self) -> bool {
        let pending = self.pending.iter().rev().find_map(|(_, event)| match event {
            Event::StateChanged { state, .. } => Some(*state),
            _ => None,
        });
        pending.or(self.state.state) == Some(ConversationState::Bot)
    }

    /// A write that somebody prepared: it waits for their yes to exactly this.
    pub(crate) async fn propose_at_desk(
        &mut self,
        by: &StaffId,
        turn: TurnId,
        action: ProposedAction,
        looked: Vec<(Timestamp, Event)>,
    ) -> Result<Received, Refused> {
        self.others_do_not_own(by)?;
        let sameness = action::sameness(&action.tool, &action.args, self.desk_session().customer.as_ref());
        if self.service.0.parts.log.claimed("write".to_owned(), sameness).await?.is_some() {
            return Err(Refused::StillRunning);
        }
        let before = self.unwritten();
        if self.state.state != Some(ConversationState::Bot) {
            self.withdraw("replaced", self.now());
        }
        self.pending.extend(looked);
        let proposed = Event::ActionProposed {
            turn,
            id: action.id.clone(),
            tool: action.tool.clone(),
            digest: action.digest.clone(),
            expires: action.expires,
            action: Box::new(Personal::payload(action)),
        };
        self.pending.push((self.now(), proposed));
        self.write(before, Vec::new()).await?;
        Ok(self.done(None))
    }

    /// The yes or no to a write prepared at the desk.
    pub(crate) async fn decide_at_desk(&mut self, by: &StaffId, id: &ActionId, yes: bool, digest: Option<&str>) -> Accepted {
        match self.decided_at_desk(by, id, yes, digest).await {
            Ok(next) => (Ok(self.done(next.as_ref())), next),
            Err(refused) => (Err(refused), None),
        }
    }

    async fn decided_at_desk(&mut self, by: &StaffId, id: &ActionId, yes: bool, digest: Option<&str>) -> Result<Option<Next>, Refused> {
        self.others_do_not_own(by)?;
        let (action, state) = load::action(&*self.service.0.parts.log, id).await?;
        let now = self.now();
        if action.conversation != self.id || !at_desk(&action) {
            return Err(Refused::NotFound);
        }
        match digest {
            None if yes => return Err(Refused::ConfirmationRequired),
            Some(digest) if digest != action.digest => return Err(Refused::ConfirmationMismatch),
            _ => {}
        }
        if state != ActionState::Proposed {
            return Err(Refused::AlreadyDecided);
        }
        if yes && now >= action.expires {
            return Err(Refused::ConfirmationExpired);
        }
        let before = self.unwritten();
        let once = Claim { kind: "decision".to_owned(), key: id.to_string(), result: by.to_string() };
        if !yes {
            self.pending.push((now, Event::ActionCancelled { id: id.clone(), why: "declined".to_owned() }));
            self.write(before, vec![once]).await?;
            return Ok(None);
        }
        let next = self.begin_by_staff(by, action, now);
        self.write(before, vec![once]).await?;
        Ok(Some(next))
    }

    /// The turn of a write that a person of the staff said yes to.
    fn begin_by_staff(&mut self, by: &StaffId, action: ProposedAction, now: Timestamp) -> Next {
        let (id, digest, by) = (action.id.clone(), action.digest.clone(), by.to_string());
        let cause = Cause::Confirmed { action: Box::new(action), by: by.clone() };
        let start = self.begin(None, Some(&id), TurnCause::Confirmed { by: by.clone() }, cause, Vec::new());
        self.pending.push((now, Event::ActionConfirmed { id, digest, by }));
        Next::Open(start)
    }

    /// Somebody has found out what a write did: it is settled by their word, and a note says how they know.
    pub(crate) async fn settle_by_hand(&mut self, by: &StaffId, id: &ActionId, done: bool, note: &str) -> Result<Received, Refused> {
        let (action, state) = load::action(&*self.service.0.parts.log, id).await?;
        if action.conversation != self.id {
            return Err(Refused::NotFound);
        }
        if state != ActionState::Unknown {
            return Err(Refused::AlreadyDecided);
        }
        let before = self.unwritten();
        self.note_down(by, note, None, Vec::new())?;
        let outcome = if done { Settled::Done } else { Settled::Failed };
        let detail = Some(format!("settled by hand by {by}"));
        self.pending.push((self.now(), Event::ActionSettled { id: id.clone(), outcome, verified: None, detail }));
        let sameness = action::sameness(&action.tool, &action.args, self.desk_session().customer.as_ref());
        self.unclaims.push(("write".to_owned(), sameness));
        self.timers.push(TimerChange::Clear { name: timers::settle_timer(id) });
        self.write(before, Vec::new()).await?;
        Ok(self.done(None))
    }
}

/// Was it prepared at the desk? Then no customer ever sees its card.
pub(crate) fn at_desk(action: &ProposedAction) -> bool {
    action.wish == action::AT_DESK
}
