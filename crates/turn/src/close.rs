//! How a reply ends: the triggers, the handover, the status.

use crate::Cause;
use crate::turn::{HandOver, Turn};
use patchbay_condition::Scope;
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
        } else if refused {
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
        self.record(Event::Escalated { turn: self.opening.id.clone(), reason, rule, evidence });
    }

    /// The first declared trigger that holds, with the values it saw.
    fn pulled_trigger(&self) -> Option<HandOver> {
        let (scope, evidence) = self.signals();
        let (trigger, rule) = self.house.triggers.iter().find(|(_, rule)| rule.holds(&scope).unwrap_or(false))?;
        let seen = evidence.into_iter().filter(|(name, _)| rule.source().contains(name.as_str())).collect();
        Some(HandOver { reason: trigger.reason.clone(), rule: Some(rule.source().to_owned()), evidence: seen })
    }

    /// What triggers may see, and the same as evidence in words.
    fn signals(&self) -> (Scope, BTreeMap<String, String>) {
        let misunderstood = if self.understood.misunderstood { self.opening.misunderstood + 1 } else { 0 };
        let skill = self.understood.skill.clone().unwrap_or_default();
        let zone = self.understood.zone.map(|zone| zone.to_string()).unwrap_or_default();
        let route = self.understood.route.map(|route| route.to_string()).unwrap_or_default();
        let best = self.understood.passages.first().map_or(0, |(_, thousandths)| *thousandths);
        let knowledge = format!("{}.{:03}", best / 1000, best % 1000);
        let text = |text: &str| Value::Text(text.to_owned());
        let map = |fields: Vec<(&str, Value)>| Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        let call = |(tool, outcome, essential): &(String, CallOutcome, bool)| {
            map(vec![("tool", text(tool)), ("outcome", text(outcome.as_str())), ("essential", Value::Bool(*essential))])
        };
        let scope = BTreeMap::from([
            ("skill".to_owned(), text(&skill)),
            ("zone".to_owned(), text(&zone)),
            ("route".to_owned(), text(&route)),
            ("knowledge".to_owned(), Value::Number(knowledge.parse().unwrap_or_default())),
            (
                "turn".to_owned(),
                map(vec![("misunderstood", Value::Number(misunderstood.into())), ("calls", Value::Number(self.calls.into()))]),
            ),
            ("calls".to_owned(), Value::List(self.ended_calls.iter().map(call).collect())),
            ("proof".to_owned(), map(vec![("tries", Value::Number(self.proof.tries.into())), ("locked", Value::Bool(self.locked()))])),
            ("customer".to_owned(), Value::Map(self.opening.customer.clone())),
        ]);
        let failing: Vec<String> = self
            .ended_calls
            .iter()
            .filter(|(_, outcome, _)| *outcome != CallOutcome::Ok)
            .map(|(tool, outcome, _)| format!("{tool}: {outcome}"))
            .collect();
        let evidence = BTreeMap::from([
            ("skill".to_owned(), skill),
            ("zone".to_owned(), zone),
            ("route".to_owned(), route),
            ("knowledge".to_owned(), knowledge),
            ("turn.misunderstood".to_owned(), misunderstood.to_string()),
            ("turn.calls".to_owned(), self.calls.to_string()),
            ("calls".to_owned(), failing.join(", ")),
            ("proof.tries".to_owned(), self.proof.tries.to_string()),
            ("proof.locked".to_owned(), self.locked().to_string()),
        ]);
        (scope, evidence)
    }
}
