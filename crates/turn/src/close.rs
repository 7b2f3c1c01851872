//! How a reply ends: the triggers, the handover, the status.

use crate::Cause;
use crate::turn::{HandOver, Turn};
use patchbay_core::action::ActionState;
use patchbay_core::words::{CallOutcome, ConversationState, ReplyStatus, Zone};
use patchbay_core::{Event, Personal, Value};
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
            if let Some(hand_over) = self.hand_over.take() {
                self.record_escalation(hand_over);
            }
            self.record_close(ReplyStatus::HandedOver);
            return;
        }
        if self.hand_over.is_none() {
            self.hand_over = self.pulled_trigger();
        }
        let status = if let Some(hand_over) = self.hand_over.take() {
            self.escalate(hand_over);
            ReplyStatus::HandedOver
        } else if let Some(proposal) = self.proposal.take() {
            self.record_proposed(&proposal);
            ReplyStatus::Proposing
        } else if let Some(question) = self.question.take() {
            self.record(Event::QuestionAsked { turn: self.opening.id.clone(), question: Personal::message(question) });
            ReplyStatus::Asking
        } else {
            self.last_status()
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

    fn escalate(&mut self, hand_over: HandOver) {
        let say = self.house.company.escalation.say.clone().unwrap_or_else(|| "handing_over".to_owned());
        self.release_text(&say, BTreeMap::from([("reason".to_owned(), Value::Text(hand_over.reason.clone()))]));
        self.record_escalation(hand_over);
        self.record(Event::StateChanged { state: ConversationState::Waiting, by: None });
    }

    fn record_escalation(&mut self, hand_over: HandOver) {
        let HandOver { reason, rule, evidence } = hand_over;
        let (config, seen) = (Some(self.house.digest.clone()), Some(Personal::trace(self.seen())));
        self.record(Event::Escalated { turn: self.opening.id.clone(), reason, rule, evidence, config, seen });
    }

    /// The first declared trigger that holds, with the values it saw.
    fn pulled_trigger(&self) -> Option<HandOver> {
        let (scope, evidence) = self.signals();
        let (trigger, rule) = self.house.triggers.iter().find(|(_, rule)| rule.holds(&scope).unwrap_or(false))?;
        let seen = evidence.into_iter().filter(|(name, _)| rule.source().contains(name.as_str())).collect();
        Some(HandOver { reason: trigger.reason.clone(), rule: Some(rule.source().to_owned()), evidence: seen })
    }
}
