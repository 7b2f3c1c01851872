//! How a reply ends: the triggers, the handover, the status.

use crate::Cause;
use crate::turn::{HandOver, Turn};
use patchbay_core::action::ActionState;
use patchbay_core::words::{CallOutcome, ReplyStatus, Zone};
use patchbay_core::{Event, Personal};
use std::collections::BTreeMap;

impl Turn {
    /// Ends the turn: triggers first, then exactly one status.
    pub(crate) fn close(&mut self) {
        if self.closed {
            return;
        }
        if let Some(by) = self.taken_by.clone() {
            if let Some(hand_over) = self.hand_over.take() {
                self.record_escalation(hand_over);
            }
            self.end(Event::ReplyCut { turn: self.opening.id.clone(), why: format!("taken over by {by}") });
            return;
        }
        if self.silent {
            // People have the conversation, but this one thing they cannot see for themselves.
            match self.hand_over.take() {
                Some(hand_over) if self.opening.standing.handoff.is_none() => self.offer_silently(hand_over),
                Some(hand_over) => self.record_escalation(hand_over),
                None => {}
            }
            self.record_close(ReplyStatus::HandedOver);
            return;
        }
        if self.hand_over.is_none() {
            self.hand_over = self.pulled_trigger().or_else(|| self.approval_wanted());
        }
        let status = if let Some(hand_over) = self.hand_over.take() {
            self.escalate(hand_over)
        } else if let Some(proposal) = self.proposal.take() {
            self.record_proposed(&proposal);
            ReplyStatus::Proposing
        } else if let Some(mut question) = self.question.take() {
            if let Some(person) = self.offer_person() {
                // The company's own choice of a person would be the same once more, and need a mind.
                question.choices.retain(|choice| !self.leads_to_person(&choice.value));
                question.choices.push(person);
            }
            self.record(Event::QuestionAsked { turn: self.opening.id.clone(), question: Personal::message(question) });
            ReplyStatus::Asking
        } else {
            let status = self.last_status();
            if let Some(choice) = self.offer_person() {
                self.ask_for_person(choice);
            }
            status
        };
        self.record_close(status);
    }

    fn record_close(&mut self, status: ReplyStatus) {
        let zone = self.understood.zone.unwrap_or(Zone::Answer);
        let refusal = self.refusal.clone().filter(|_| status == ReplyStatus::Refused);
        self.end(Event::ReplyClosed { turn: self.opening.id.clone(), status, zone, refusal });
    }

    /// The status of a turn that neither asks, proposes nor hands over: what its last wish came to.
    fn last_status(&mut self) -> ReplyStatus {
        let last = self.untold.last().or(self.results.last());
        let failed = last.is_some_and(|result| !matches!(result.outcome, CallOutcome::Ok | CallOutcome::Refused));
        let refused = last.is_some_and(|result| result.outcome == CallOutcome::Refused || result.refusal.is_some());
        let done = self.writes.values().any(|state| *state == ActionState::Done);
        if self.declined {
            ReplyStatus::Declined
        } else if refused || self.refused {
            ReplyStatus::Refused
        } else if failed {
            ReplyStatus::Failed
        } else if done {
            ReplyStatus::Done
        } else if self.parts > 0 {
            ReplyStatus::Answered
        } else if matches!(self.opening.cause, Cause::Settle { .. }) {
            ReplyStatus::Failed
        } else {
            self.release_text("cannot_confirm", BTreeMap::new());
            ReplyStatus::Failed
        }
    }

    /// A write waits for somebody's approval: then somebody has to see it, whatever the triggers say.
    fn approval_wanted(&self) -> Option<HandOver> {
        self.approval_of.as_ref().map(|tool| HandOver::because("needs_approval", "tool", tool))
    }
}
