//! What the mind says, and what of it reaches the customer.

use crate::turn::{HandOver, Turn};
use patchbay_core::fact::Released;
use patchbay_core::id::AskId;
use patchbay_core::mind::{Draft, MindStep, Occasion, Speaker};
use patchbay_core::reply::Citation;
use patchbay_core::{Event, Personal, Value};
use std::collections::BTreeMap;

impl Turn {
    /// One thing the mind said, in its order: what is out of turn is late, doubled or lost, and does not count.
    pub(crate) fn heard(&mut self, ask: &AskId, n: u32, step: MindStep) {
        let Some(asking) = self.asking.as_mut().filter(|asking| asking.id == *ask && asking.heard == n) else { return };
        asking.heard += 1;
        let partial = matches!(asking.occasion, Occasion::Partial { .. });
        self.record(Event::MindSpoke { turn: self.opening.id.clone(), ask: ask.clone(), n, step: Personal::trace(step.clone()) });
        match step {
            MindStep::Understood(understanding) => self.understood = understanding,
            MindStep::Say(draft) => self.say(draft),
            // While calls are pending the mind may only say what it knows by now.
            _ if partial => {}
            MindStep::Call { wish, tool, args } => {
                self.wish(wish, &tool, &args);
                self.start_ready();
            }
            MindStep::Identify { lookup, answers } => {
                self.identify(&lookup, answers);
                self.start_ready();
            }
            MindStep::Ask(question) => self.question = Some(question),
            MindStep::Decline(draft) => {
                self.say(draft);
                self.declined = true;
            }
            MindStep::Refuse(draft) => {
                self.say(draft);
                self.refused = true;
            }
            MindStep::HandOver { reason } => {
                // A reason is a word of the list or of the company, never a mind's own sentence.
                let reason = if self.house.knows_reason(&reason) { reason.as_str() } else { "review" };
                self.hand_over.get_or_insert_with(|| HandOver::because(reason, "said_by", &"mind"));
            }
        }
    }

    /// The gate's last door: a draft is released, or the customer gets an honest sentence instead.
    fn say(&mut self, draft: Draft) {
        let said: Vec<&str> = self
            .opening
            .history
            .iter()
            .filter(|line| line.who == Speaker::Customer)
            .map(|line| line.text.as_str())
            .chain(self.words())
            .collect();
        match patchbay_gate::output(&draft, &self.facts, &said, &[]) {
            Ok(text) => self.release(text, draft.facts, draft.citations),
            Err(claims) => {
                self.record(Event::DraftRejected { turn: self.opening.id.clone(), claims: Personal::trace(claims) });
                self.release_text("cannot_confirm", BTreeMap::new());
            }
        }
    }

    /// The customer's words that opened this turn.
    fn words(&self) -> Option<&str> {
        match &self.opening.cause {
            crate::Cause::Message { text, .. } => Some(text),
            _ => None,
        }
    }

    fn release(&mut self, text: String, facts: Vec<String>, citations: Vec<Citation>) {
        if self.silent || text.trim().is_empty() {
            return;
        }
        self.parts += 1;
        let event =
            Event::PartReleased { turn: self.opening.id.clone(), part: self.parts, text: Personal::message(text), facts, citations };
        self.record(event);
    }

    /// Releases one of the declared texts.
    pub(crate) fn release_text(&mut self, name: &str, extra: BTreeMap<String, Value>) {
        let facts = self.facts.clone();
        if let Some(text) = self.render_with(name, &facts, extra) {
            self.release(text, Vec::new(), Vec::new());
        }
    }

    /// Files came with the message: says honestly that they are there, and cannot be read here.
    pub(crate) fn note_files(&mut self) {
        let names = &self.opening.files;
        if names.is_empty() {
            return;
        }
        let alone = self.words().is_none_or(str::is_empty);
        let files = [("count", Value::Number(names.len().into())), ("names", Value::text(names.join(", "))), ("alone", Value::Bool(alone))];
        let files = files.map(|(name, value)| (name.to_owned(), value)).into();
        self.release_text("files_received", BTreeMap::from([("files".to_owned(), Value::Map(files))]));
    }

    /// A declared text over the turn's facts; `None` where it cannot be rendered.
    pub(crate) fn render(&self, name: &str, extra: &BTreeMap<String, Value>) -> Option<String> {
        self.render_with(name, &self.facts, extra.clone())
    }

    pub(crate) fn render_with(&self, name: &str, facts: &BTreeMap<String, Released>, extra: BTreeMap<String, Value>) -> Option<String> {
        let (mut scope, _) = self.house.company.scope(facts);
        scope.insert("customer".to_owned(), Value::Map(self.opening.customer.clone()));
        scope.insert("now".to_owned(), Value::Time(self.now));
        scope.extend(extra);
        self.house.texts.render(name, &scope).ok().map(|rendered| rendered.text)
    }
}
