//! From a conversation's events to the steps of one of its turns. The same events give the same steps.

use super::{Kind, Span};
use patchbay_core::declare::{Company, Condition};
use patchbay_core::event::{Event, Recorded, Settled};
use patchbay_core::fact::Released;
use patchbay_core::id::{ActionId, TurnId};
use patchbay_core::mind::{MindStep, Understanding};
use patchbay_core::words::CallOutcome;
use patchbay_core::{Timestamp, Value};
use serde_json::{Map, Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};

/// The steps of a turn, being put together.
pub(super) struct Build<'a> {
    turn: &'a TurnId,
    began: Timestamp,
    /// The rules it ran under, while they are still in force.
    company: Option<&'a Company>,
    /// May what people and systems said be shown?
    content: bool,
    pub(super) spans: Vec<Span>,
    /// How the message was understood, the last time.
    pub(super) understood: Option<&'a Understanding>,
    /// Spans that have not ended: by call, question or write.
    open: BTreeMap<String, usize>,
    /// What was released so far, by the names rules use.
    known: BTreeMap<String, Json>,
    /// Writes this turn proposed or carries out.
    writes: BTreeSet<ActionId>,
}

impl<'a> Build<'a> {
    /// The steps of the turn, whose opening is the first of these events; what happened before it is `earlier`.
    pub(super) fn of(
        turn: &'a TurnId,
        company: Option<&'a Company>,
        earlier: &'a [Recorded],
        events: &'a [Recorded],
        content: bool,
    ) -> Self {
        let began = events.first().map_or(Timestamp(0), |opened| opened.at);
        let mut build = Self {
            turn,
            began,
            company,
            content,
            spans: Vec::new(),
            understood: None,
            open: BTreeMap::new(),
            known: BTreeMap::new(),
            writes: BTreeSet::new(),
        };
        if let Some(Event::TurnOpened { action: Some(action), .. }) = events.first().map(|opened| &opened.event) {
            build.confirmed(action, earlier);
        }
        for recorded in events {
            build.take(recorded);
        }
        build
    }

    fn take(&mut self, recorded: &'a Recorded) {
        let (at, event) = (recorded.at, &recorded.event);
        if of_turn(event).is_some_and(|turn| turn == self.turn) {
            self.mind(at, event);
            self.call(at, event);
            self.say(at, event);
        }
        self.write(at, event);
    }

    /// Questions to the mind, and how it understood.
    fn mind(&mut self, at: Timestamp, event: &'a Event) {
        match event {
            Event::MindAsked { ask, occasion, .. } => {
                let occasion = occasion.get().map(|occasion| json!(occasion));
                let why = occasion.as_ref().and_then(|occasion| occasion.as_object()?.keys().next().cloned());
                let why = why.or_else(|| occasion.as_ref()?.as_str().map(str::to_owned)).unwrap_or_else(|| "forgotten".to_owned());
                let detail = self.hiding(json!({}), "occasion", occasion.unwrap_or_default());
                let span = self.add(Kind::Mind, &why, at, "running", detail, None);
                self.open.insert(ask.to_string(), span);
            }
            Event::MindSpoke { ask, step, .. } => {
                if let Some(MindStep::Understood(understanding)) = step.get() {
                    self.understand(at, &ask.to_string(), understanding);
                }
            }
            Event::MindFinished { ask, .. } => self.end(&ask.to_string(), at, "ok"),
            Event::MindFailed { ask, failure, .. } => {
                let code = failure.get().map_or("failed", |failure| failure.code.as_str());
                self.end(&ask.to_string(), at, code);
            }
            _ => {}
        }
    }

    fn understand(&mut self, at: Timestamp, ask: &str, understood: &'a Understanding) {
        self.understood = Some(understood);
        let parent = self.open.get(ask).copied();
        let start = parent.map_or(at, |parent| self.began.plus(millis(self.spans[parent].start_ms)));
        let name = understood.skill.as_deref().or(understood.route.map(|route| route.as_str())).unwrap_or("nothing").to_owned();
        let outcome = understood.zone.map_or("-", |zone| zone.as_str());
        let span = self.add(Kind::Understand, &name, start, outcome, understanding(understood, self.content), parent);
        self.spans[span].ms = between(start, at);
        if !understood.passages.is_empty() {
            let passages: Vec<_> = understood.passages.iter().map(|(id, score)| json!({ "passage": id, "score": score })).collect();
            // Not measured apart: it is part of the understanding's time.
            let detail = json!({ "passages": passages, "timed_with": self.spans[span].id });
            self.add(Kind::Retrieve, "knowledge", at, "ok", detail, Some(span));
        }
    }

    /// Calls, and what the gate said before or after them.
    fn call(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::CallStarted { call, tool, purpose, args, .. } => {
                let kind = if purpose == "verify" { Kind::Verify } else { Kind::Call };
                let args: Map<String, Json> =
                    args.get().into_iter().flatten().map(|(name, value)| (name.clone(), Value::to_json(value))).collect();
                let detail = self.hiding(json!({ "tool": tool, "purpose": purpose }), "args", Json::Object(args));
                let span = self.add(kind, tool, at, "running", detail, None);
                self.open.insert(call.to_string(), span);
            }
            Event::CallAnswered { call, tool, outcome, refusal, rule, detail, released, kept, dropped, ms, cached, .. } => {
                let values = rule.as_ref().map(|rule| self.values_in(rule));
                let released = released.as_ref().and_then(|released| released.get());
                let mut said = json!({
                    "refusal": refusal.map(|code| code.as_str()),
                    "rule": rule,
                    "detail": detail,
                    "kept": kept,
                    "dropped": dropped,
                    "backend_ms": ms,
                    "cached": cached,
                    "source": released.map(|released| released.source.clone()),
                });
                said = self.hiding(said, "values", json!(values));
                said = self.hiding(said, "released", released.map(|released| released.value.to_json()).unwrap_or_default());
                let span = match self.open.get(&call.to_string()) {
                    Some(span) => *span,
                    // Nothing left the house: the gate decided alone.
                    None => self.add(Kind::Gate, tool, at, "", json!({ "tool": tool }), None),
                };
                self.more(span, said);
                let held = self.rules_of(tool);
                self.more(span, held);
                self.end_span(span, at, outcome.as_str());
                if *outcome == CallOutcome::Ok {
                    self.learn(released);
                }
            }
            Event::ProofTried { n, lookup, .. } => {
                let span = self.add(Kind::Gate, lookup, at, "running", json!({ "proof": lookup, "try": n }), None);
                self.open.insert(format!("proof {n}"), span);
            }
            Event::ProofEnded { n, outcome, .. } => {
                let word = json!(outcome);
                self.end(&format!("proof {n}"), at, word.as_str().unwrap_or("-"));
            }
            _ => {}
        }
    }

    /// What the customer was told, and what was not let out.
    fn say(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::PartReleased { part, text, facts, citations, .. } => {
                let detail = self.hiding(json!({ "facts": facts, "citations": citations }), "text", json!(text.get()));
                self.add(Kind::Say, &format!("part {part}"), at, "released", detail, None);
            }
            Event::QuestionAsked { question, .. } => {
                let slot = question.get().map(|question| question.slot.clone());
                let detail = self.hiding(json!({ "slot": slot }), "question", json!(question.get()));
                self.add(Kind::Say, "question", at, "asked", detail, None);
            }
            Event::DraftRejected { claims, .. } => {
                let detail = self.hiding(json!({ "door": "output" }), "claims", json!(claims.get()));
                self.add(Kind::Gate, "output", at, "rejected", detail, None);
            }
            Event::Escalated { reason, rule, evidence, .. } => {
                self.add(Kind::Gate, "hand_over", at, reason, json!({ "reason": reason, "rule": rule, "values": evidence }), None);
            }
            _ => {}
        }
    }

    /// A write: its card, somebody's yes, its claim and what came of it.
    fn write(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::ActionProposed { turn, action, id, tool, .. } if turn == self.turn => {
                let detail = self.hiding(json!({ "action": id, "tool": tool }), "effect", json!(action.get().map(|action| &action.effect)));
                let span = self.add(Kind::Confirm, tool, at, "waiting", detail, None);
                self.open.insert(id.to_string(), span);
                self.writes.insert(id.clone());
            }
            Event::ActionConfirmed { id, by, .. } if self.open.contains_key(id.as_str()) => {
                let span = self.open[id.as_str()];
                self.more(span, json!({ "by": by, "waited_ms": between(self.began, at) - self.spans[span].start_ms }));
                self.end(id.as_str(), at, "confirmed");
            }
            Event::ActionCancelled { id, why } if self.open.contains_key(id.as_str()) => self.end(id.as_str(), at, why),
            Event::ActionClaimed { id, turn, tool, .. } if turn == self.turn => {
                self.writes.insert(id.clone());
                self.add(Kind::Gate, tool, at, "claimed", json!({ "action": id, "tool": tool }), None);
            }
            Event::ActionSettled { id, outcome, verified, detail } if self.writes.contains(id) && !self.open.contains_key(id.as_str()) => {
                let outcome = match outcome {
                    Settled::Done => "done",
                    Settled::Failed => "failed",
                    Settled::Unknown => "unknown",
                };
                let detail = json!({ "action": id, "verified": verified, "detail": detail });
                self.add(Kind::Verify, "effect", at, outcome, detail, None);
            }
            _ => {}
        }
    }

    /// The yes that opened this turn, with how long it was waited for.
    fn confirmed(&mut self, action: &ActionId, earlier: &[Recorded]) {
        let at = |wanted: fn(&Event) -> Option<&ActionId>| {
            earlier.iter().rev().find(|recorded| wanted(&recorded.event) == Some(action)).map(|recorded| recorded.at)
        };
        let proposed = at(|event| match event {
            Event::ActionProposed { id, .. } => Some(id),
            _ => None,
        });
        let decided = earlier.iter().rev().find_map(|recorded| match &recorded.event {
            Event::ActionConfirmed { id, by, .. } if id == action => Some((recorded.at, "confirmed", by.clone())),
            Event::ActionCancelled { id, why } if id == action => Some((recorded.at, "cancelled", why.clone())),
            _ => None,
        });
        self.writes.insert(action.clone());
        let (outcome, by, waited) = match (proposed, decided) {
            (Some(proposed), Some((at, outcome, by))) => (outcome, Some(by), Some(between(proposed, at))),
            _ => ("confirmed", None, None),
        };
        self.add(Kind::Confirm, action.as_str(), self.began, outcome, json!({ "action": action, "by": by, "waited_ms": waited }), None);
    }

    fn learn(&mut self, released: Option<&Released>) {
        let facts = released.map(Released::facts).unwrap_or_default();
        self.known.extend(facts.into_iter().map(|fact| (fact.name, fact.value.to_json())));
    }

    /// What stood before the call: level, rule and guard of its tool as the configuration has them, with what the rule saw.
    fn rules_of(&self, tool: &str) -> Json {
        let Some(tool) = self.company.and_then(|company| company.tools.get(tool)) else { return json!({}) };
        let text = |condition: &Condition| match condition {
            Condition::Always => "always".to_owned(),
            Condition::When(rule) => rule.clone(),
        };
        let allow = text(&tool.allow);
        let saw = self.values_in(&allow);
        self.hiding(json!({ "auth": tool.auth.as_str(), "allow": allow, "guard": text(&tool.guard) }), "allow_saw", Json::Object(saw))
    }

    /// What a rule saw: the released values whose names stand in it.
    fn values_in(&self, rule: &str) -> Map<String, Json> {
        let named = self.known.iter().filter(|(name, _)| names(rule, name));
        named.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn add(&mut self, kind: Kind, name: &str, at: Timestamp, outcome: &str, detail: Json, parent: Option<usize>) -> usize {
        let id = format!("s{}", self.spans.len() + 1);
        let parent = parent.map(|parent| self.spans[parent].id.clone());
        let start_ms = between(self.began, at);
        let (name, outcome) = (name.to_owned(), outcome.to_owned());
        self.spans.push(Span { id, parent, kind, name, start_ms, ms: 0, outcome, letter: kind.letter(), detail });
        self.spans.len() - 1
    }

    fn end(&mut self, key: &str, at: Timestamp, outcome: &str) {
        if let Some(span) = self.open.remove(key) {
            self.end_span(span, at, outcome);
        }
    }

    fn end_span(&mut self, span: usize, at: Timestamp, outcome: &str) {
        let span = &mut self.spans[span];
        span.ms = (between(self.began, at) - span.start_ms).max(0);
        outcome.clone_into(&mut span.outcome);
    }

    fn more(&mut self, span: usize, more: Json) {
        if let (Json::Object(detail), Json::Object(more)) = (&mut self.spans[span].detail, more) {
            detail.extend(more);
        }
    }

    /// Adds what people or systems said, where it may be shown.
    fn hiding(&self, mut detail: Json, name: &str, content: Json) -> Json {
        if self.content
            && let Json::Object(detail) = &mut detail
        {
            detail.insert(name.to_owned(), content);
        }
        detail
    }
}

/// How a message was understood, with the scores behind it.
pub(super) fn understanding(understood: &Understanding, content: bool) -> Json {
    let ranked: Vec<_> = understood.ranked.iter().map(|(label, score)| json!({ "label": label, "score": score })).collect();
    let near = |(label, text, score): &(String, String, i64)| json!({ "label": label, "text": text, "similarity": score });
    let nearest: Vec<_> = understood.nearest.iter().map(near).collect();
    let slots: Vec<_> = understood.slots.iter().map(|(slot, from)| json!({ "slot": slot, "from": from })).collect();
    let mut shown = json!({
        "skill": understood.skill,
        "zone": understood.zone.map(|zone| zone.as_str()),
        "route": understood.route.map(|route| route.as_str()),
        "ranked": ranked,
        "out_of_scope": understood.out_of_scope,
        "threshold": understood.threshold,
        "stage": understood.stage,
        "misunderstood": understood.misunderstood,
        "feeling": { "last": understood.feeling.last, "slope": understood.feeling.slope, "repeated": understood.feeling.repeated },
        "slots": slots,
    });
    // The examples are the company's own sentences, but they show what was said all but literally.
    if content {
        shown["nearest"] = json!(nearest);
    }
    shown
}

/// The turn an event belongs to, where it says so.
fn of_turn(event: &Event) -> Option<&TurnId> {
    match event {
        Event::MindAsked { turn, .. }
        | Event::MindSpoke { turn, .. }
        | Event::MindFinished { turn, .. }
        | Event::MindFailed { turn, .. }
        | Event::CallStarted { turn, .. }
        | Event::CallAnswered { turn, .. }
        | Event::ProofTried { turn, .. }
        | Event::ProofEnded { turn, .. }
        | Event::PartReleased { turn, .. }
        | Event::QuestionAsked { turn, .. }
        | Event::DraftRejected { turn, .. }
        | Event::Escalated { turn, .. } => Some(turn),
        _ => None,
    }
}

/// Does a rule speak of this name, and not of a longer one?
fn names(rule: &str, name: &str) -> bool {
    let part = |one: char| one.is_alphanumeric() || matches!(one, '_' | '.');
    rule.match_indices(name).any(|(at, _)| {
        let before = rule[..at].chars().next_back();
        let after = rule[at + name.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(|one| one.is_alphanumeric() || one == '_')
    })
}

/// Milliseconds from one time to another.
pub(super) fn between(from: Timestamp, to: Timestamp) -> i64 {
    to.0 - from.0
}

fn millis(ms: i64) -> std::time::Duration {
    std::time::Duration::from_millis(ms.max(0).unsigned_abs())
}
