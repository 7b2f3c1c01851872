//! Writes that people decide on: approvals of what the customer wants, writes prepared at the desk, effects nobody knows of.

use crate::actor::{Actor, Next};
use crate::inbound::Received;
use crate::intake::Accepted;
use crate::{Refused, load, timers};
use patchbay_core::action::{self, ActionState, ProposedAction};
use patchbay_core::event::{Event, Settled, TurnCause};
use patchbay_core::id::{ActionId, StaffId, TurnId};
use patchbay_core::log::{Claim, TimerChange};
use patchbay_core::words::ConversationState;
use patchbay_core::{Personal, Timestamp};
use patchbay_turn::Cause;

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
        if !approved {
            self.pending.push((now, Event::ActionCancelled { id: id.clone(), why: "declined".to_owned() }));
            self.write(before, vec![once]).await?;
            return Ok(None);
        }
        let next = self.begin_by_staff(by, action, now);
        self.write(before, vec![once]).await?;
        Ok(Some(next))
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
