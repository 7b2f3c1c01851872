//! The reply object: one turn's events, folded.

use patchbay_core::declare::Company;
use patchbay_core::declare::Condition;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::fact::Released;
use patchbay_core::id::{ConversationId, TurnId};
use patchbay_core::reply::{Citation, Part, Refusal, Reply, ShownCall, ShownEscalation, ShownFact, Timings};
use patchbay_core::words::{CallOutcome, RefusalCode, ReplyStatus, Zone};
use patchbay_core::{Fact, Timestamp, Value};
use std::collections::BTreeMap;

/// The reply of a turn, from the events of its conversation; `None` while the turn is open or when there is no such turn.
#[must_use]
pub fn fold_reply(company: &Company, conversation: &ConversationId, turn: &TurnId, events: &[Recorded]) -> Option<Reply> {
    let opened = events.iter().position(|event| matches!(&event.event, Event::TurnOpened { turn: opened, .. } if opened == turn))?;
    let began = match &events.get(opened)?.event {
        Event::TurnOpened { message: Some(message), .. } => {
            let said = |event: &&Recorded| matches!(&event.event, Event::MessageReceived { message: said, .. } if said == message);
            events.iter().find(said).map_or(events[opened].at, |said| said.at)
        }
        _ => events[opened].at,
    };
    let mut fold = Fold { company, known: BTreeMap::new(), named: Vec::new(), reply: empty(conversation, turn), began };
    for event in &events[opened..] {
        if fold.take(event, turn) {
            return Some(fold.finish(event.at));
        }
    }
    None
}

fn empty(conversation: &ConversationId, turn: &TurnId) -> Reply {
    Reply {
        conversation: conversation.clone(),
        turn: turn.clone(),
        status: ReplyStatus::Failed,
        zone: Zone::Answer,
        text: String::new(),
        parts: Vec::new(),
        question: None,
        proposal: None,
        facts: Vec::new(),
        citations: Vec::new(),
        calls: Vec::new(),
        escalation: None,
        refusal: None,
        timings: Timings::default(),
    }
}

struct Fold<'a> {
    company: &'a Company,
    known: BTreeMap<String, Released>,
    named: Vec<String>,
    reply: Reply,
    began: Timestamp,
}

impl Fold<'_> {
    /// Takes an event in; true when it ends the turn.
    fn take(&mut self, recorded: &Recorded, turn: &TurnId) -> bool {
        match &recorded.event {
            Event::CallAnswered { turn: of, tool, outcome, refusal, released, ms, cached, .. } if of == turn => {
                if let Some(released) = released.as_ref().and_then(|released| released.get()) {
                    self.known.insert(tool.clone(), released.clone());
                }
                let outcome = self.shown(tool, *outcome, *refusal);
                self.reply.calls.push(ShownCall { tool: tool.clone(), outcome, ms: *ms, cached: *cached });
            }
            Event::PartReleased { turn: of, part, text, facts, citations } if of == turn => {
                self.part(*part, text.get(), facts, citations, recorded.at);
            }
            Event::QuestionAsked { turn: of, question } if of == turn => self.reply.question = question.get().cloned(),
            Event::ActionProposed { turn: of, action, .. } if of == turn => {
                self.reply.proposal = action.get().map(crate::public::proposal);
            }
            Event::Escalated { turn: of, reason, evidence, rule, .. } if of == turn => {
                let mut evidence: BTreeMap<_, _> =
                    evidence.iter().map(|(name, value)| (name.clone(), serde_json::Value::String(value.clone()))).collect();
                if let Some(rule) = rule {
                    evidence.insert("rule".to_owned(), serde_json::Value::String(rule.clone()));
                }
                self.reply.escalation = Some(ShownEscalation { reason: reason.clone(), evidence });
            }
            Event::ReplyClosed { turn: of, status, zone, refusal } if of == turn => {
                self.reply.status = *status;
                self.reply.zone = *zone;
                self.reply.refusal = refusal.as_ref().map(|(code, tool)| Refusal {
                    code: *code,
                    tool: tool.clone(),
                    text: self.reply.parts.last().map(|part| part.text.clone()).unwrap_or_default(),
                });
                return true;
            }
            Event::ReplyCut { turn: of, .. } if of == turn => {
                self.reply.status = ReplyStatus::HandedOver;
                return true;
            }
            _ => {}
        }
        false
    }

    /// A record that is missing and one that is somebody else's look the same from outside.
    fn shown(&self, tool: &str, outcome: CallOutcome, refusal: Option<RefusalCode>) -> CallOutcome {
        let owned = self.company.tools.get(tool).is_some_and(|tool| tool.guard != Condition::Always);
        let hidden = owned && (outcome == CallOutcome::NotFound || refusal == Some(RefusalCode::OwnerMismatch));
        if hidden { CallOutcome::Refused } else { outcome }
    }

    fn part(&mut self, n: u32, text: Option<&String>, facts: &[String], citations: &[Citation], at: Timestamp) {
        let text = text.cloned().unwrap_or_default();
        self.reply.timings.first_part_ms.get_or_insert(millis(self.began, at));
        self.reply.parts.push(Part { n, text, facts: facts.to_vec() });
        for name in facts {
            if !self.named.contains(name) {
                self.named.push(name.clone());
            }
        }
        self.reply.citations.extend(citations.iter().cloned());
    }

    fn finish(mut self, at: Timestamp) -> Reply {
        let parts = self.reply.parts.iter().map(|part| part.text.as_str());
        let question = self.reply.question.iter().map(|question| question.text.as_str());
        let effect = self.reply.proposal.iter().map(|proposal| proposal.effect.as_str());
        self.reply.text = parts.chain(question).chain(effect).collect::<Vec<_>>().join("\n");
        self.reply.facts = self.named.iter().filter_map(|path| self.fact(path, at)).collect();
        self.reply.timings.whole_ms = millis(self.began, at);
        self.reply
    }

    fn fact(&self, path: &str, now: Timestamp) -> Option<ShownFact> {
        let (released, field) = patchbay_core::fact::named(&self.known, path)?;
        let value: &Value = released.value.at(field)?;
        let fact = Fact {
            name: path.to_owned(),
            canonical: released.canonical.get(field).cloned(),
            value: value.clone(),
            source: released.source.clone(),
            fetched_at: released.fetched_at,
            class: released.class,
        };
        Some(ShownFact::of(&fact, now))
    }
}

fn millis(from: Timestamp, to: Timestamp) -> i64 {
    i64::try_from(to.since(from).as_millis()).unwrap_or(i64::MAX)
}
