//! Proof in words: when a wish needs to know who the customer is, a declared lookup's pieces are taken from what was said, and
//! what is missing is asked for. Whether a lookup proves anything is not decided here.

mod pieces;
#[cfg(test)]
mod tests;

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::lexicon::Utterance;
use super::memory::{Origin, Waiting};
use super::program::{SlotPlan, tools_of};
use super::reading::word_for;
use patchbay_core::Value;
use patchbay_core::declare::{Company, Kind, Lookup};
use patchbay_core::mind::{MindStep, ProofOutcome, Understanding};
use patchbay_core::reply::Question;
use patchbay_core::words::{Level, Zone};
use pieces::{Pieces, Told};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A proof under way.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Proving {
    /// The lookup.
    lookup: String,
    /// The question that is open.
    pub(super) question: Option<Question>,
    /// The lookup is under way.
    looking: bool,
    /// Something was asked already.
    asked: bool,
    /// What lookups found nobody with, by lookup.
    failed: BTreeMap<String, BTreeMap<String, Value>>,
    /// Pieces told since the last lookup.
    again: BTreeSet<String>,
    /// Lookups whose pieces the customer does not know or does not tell.
    given_up: BTreeSet<String>,
}

impl Proving {
    /// Does everything wait for it?
    pub(super) fn holds(&self) -> bool {
        self.looking || self.question.is_some()
    }
}

/// The kinds of everything that lookups ask for, with their names.
pub(super) fn asked_kinds(company: &Company) -> BTreeMap<&str, &Kind> {
    let tools = company.lookups.iter().filter_map(|lookup| Some((lookup, company.tools.get(&lookup.tool)?)));
    let args = tools.flat_map(|(lookup, tool)| tool.args.iter().filter(|(name, _)| lookup.ask.contains(name)));
    args.map(|(name, arg)| (name.as_str(), &arg.kind)).collect()
}

impl<'a> Dialogue<'a> {
    /// Keeps what a message tells of the customer, as long as it may be of use.
    pub(super) fn note_told(&mut self, message: &Message) {
        // What answers a question is read as its answer.
        let asked = self.memory.proving.as_ref().is_some_and(|proving| proving.question.is_some());
        if !self.context.lookups.is_empty() && !asked {
            for told in self.pieces_in(message, None) {
                self.memory.told.insert(told.piece, told.value);
            }
        }
    }

    fn pieces_in(&self, message: &Message, asked: Option<&str>) -> Vec<Told> {
        let wanted = asked_kinds(self.company);
        let others: Vec<&Kind> = self.company.skills.values().flat_map(|skill| &skill.slots).map(|slot| &slot.kind).collect();
        let others: Vec<&Kind> = others.into_iter().filter(|kind| matches!(kind, Kind::Pattern { .. })).collect();
        Pieces { reader: self.reader(message), wanted: &wanted, asked, known: &self.memory.told, others: &others }.read()
    }

    /// A call needs to know more about who the customer is. True when a lookup may tell; the wish then waits for that.
    pub(super) fn prove_for(&mut self, waiting: &Waiting) -> bool {
        let needed = self.level_needed(&waiting.tool);
        let mut proving = self.memory.proving.take().unwrap_or_default();
        (proving.looking, proving.question) = (false, None);
        let Some(lookup) = self.best_lookup(&proving, needed) else { return false };
        proving.lookup = lookup.name.clone();
        self.memory.proving = Some(proving);
        if let Some(frame) = self.memory.top_mut() {
            frame.waiting = None;
        }
        self.prove_on();
        true
    }

    /// What a session must have proven for a call: whatever is bound to a customer needs at least a contact.
    fn level_needed(&self, call: &str) -> Level {
        let essential = self.company.compositions.get(call).map(|composition| &composition.essential);
        let tools = tools_of(self.company, call).into_iter();
        let tools = tools.filter(|tool| essential.is_none_or(|essential| essential.is_empty() || essential.contains(&tool.name)));
        tools.map(|tool| tool.auth).max().unwrap_or(Level::Contact).max(Level::Contact)
    }

    /// Is there a lookup that gives as much, and is open to this visitor?
    pub(super) fn may_be_proven(&self, needed: Level) -> bool {
        self.company.lookups.iter().any(|lookup| self.context.lookups.contains(&lookup.name) && lookup.gives >= needed)
    }

    /// The open lookup of which the least is missing; one that found nobody only after all others.
    fn best_lookup(&self, proving: &Proving, needed: Level) -> Option<&'a Lookup> {
        let open = self.company.lookups.iter().filter(|lookup| self.context.lookups.contains(&lookup.name) && lookup.gives >= needed);
        let open = open.filter(|lookup| !proving.given_up.contains(&lookup.name));
        let missing = |lookup: &Lookup| lookup.ask.iter().filter(|piece| !self.memory.told.contains_key(*piece)).count();
        open.min_by_key(|lookup| (proving.failed.contains_key(&lookup.name), missing(lookup)))
    }

    /// The lookup starts when all is told, and not only what it found nobody with; else the next piece is asked for.
    fn prove_on(&mut self) {
        let Some(mut proving) = self.memory.proving.take() else { return };
        let Some(lookup) = self.company.lookups.iter().find(|lookup| lookup.name == proving.lookup) else { return };
        let told = |piece: &String| self.memory.told.get(piece).map(|value| (piece.clone(), value.clone()));
        let answers: BTreeMap<String, Value> = lookup.ask.iter().filter_map(told).collect();
        let failed = proving.failed.get(&lookup.name);
        let fresh = |piece: &String| failed.is_none() || proving.again.contains(piece);
        let open = lookup.ask.iter().find(|piece| !answers.contains_key(*piece) || !fresh(piece));
        match open.filter(|_| answers.len() < lookup.ask.len() || failed == Some(&answers)).cloned() {
            None => {
                (proving.looking, proving.question) = (true, None);
                self.identify(&lookup.name, answers);
            }
            Some(piece) => {
                let question = self.question_for(lookup, &piece, !proving.asked);
                proving.asked = true;
                proving.question = Some(question.clone());
                self.ask(question);
            }
        }
        self.memory.proving = Some(proving);
    }

    fn question_for(&self, lookup: &Lookup, piece: &str, first: bool) -> Question {
        let own = format!("ask_{piece}");
        let name = if self.texts.has(&own) { own.as_str() } else { "ask_who" };
        let mut scope = self.scope();
        scope.insert("what".to_owned(), Value::Text(piece.replace('_', " ")));
        scope.insert("first".to_owned(), Value::Bool(first));
        let text = self.draft(name, &scope).map_or_else(|| format!("{}?", piece.replace('_', " ")), |draft| draft.text);
        let kind = self.company.tools.get(&lookup.tool).and_then(|tool| tool.args.get(piece)).map_or("text", |arg| word_for(&arg.kind));
        Question { slot: piece.to_owned(), kind: kind.to_owned(), text, choices: Vec::new() }
    }

    /// A message while a piece is asked for.
    pub(super) fn proof_answered(&mut self, message: &Message, reading: Understanding) -> bool {
        let Some(question) = self.memory.proving.as_mut().and_then(|proving| proving.question.take()) else { return false };
        let told = self.pieces_in(message, Some(&question.slot));
        let elsewhere = reading.zone == Some(Zone::Answer)
            && reading.skill.as_deref().and_then(Label::of).is_some_and(|label| matches!(label, Label::Skill(_)));
        // What asks for something is about something else, unless the piece is only a part of it.
        let asks = elsewhere && reading.skill.as_deref().is_some_and(|skill| self.asks_for(skill, &message.text));
        let by_shape = |told: &Told| told.span != (0..message.text.len()) || !message.text.trim().contains(char::is_whitespace);
        if told.iter().any(|told| !asks || by_shape(told)) {
            self.understood_as_answer();
            for told in told {
                if let Some(proving) = &mut self.memory.proving {
                    proving.again.insert(told.piece.clone());
                }
                self.memory.told.insert(told.piece, told.value);
            }
            self.turn_to_what_is_told();
            self.prove_on();
            return true;
        }
        if self.lexicon().says(Utterance::Unknown, &message.words) || self.lexicon().opens(Utterance::No, &message.words) {
            self.understood_as_answer();
            self.give_up_lookup();
            return true;
        }
        if elsewhere {
            return self.wished(message, reading);
        }
        self.not_understood(reading);
        self.say("not_understood");
        if let Some(proving) = &mut self.memory.proving {
            proving.question = Some(question.clone());
        }
        self.ask(question);
        true
    }

    /// Words other than those asked for may complete another lookup, or put right what nobody was found with.
    fn turn_to_what_is_told(&mut self) {
        let told = |lookup: &Lookup| -> Option<BTreeMap<String, Value>> {
            lookup.ask.iter().map(|piece| Some((piece.clone(), self.memory.told.get(piece)?.clone()))).collect()
        };
        let Some(proving) = &self.memory.proving else { return };
        let open = self.company.lookups.iter().filter(|lookup| self.context.lookups.contains(&lookup.name));
        let complete = open.filter(|lookup| told(lookup).is_some_and(|told| proving.failed.get(&lookup.name) != Some(&told)));
        let best = complete.min_by_key(|lookup| lookup.name != proving.lookup).map(|lookup| lookup.name.clone());
        if let (Some(best), Some(proving)) = (best, &mut self.memory.proving) {
            proving.lookup = best;
        }
    }

    /// The customer does not know it: another lookup may do, else there is no proof in words.
    fn give_up_lookup(&mut self) {
        if let Some(proving) = &mut self.memory.proving {
            proving.given_up.insert(proving.lookup.clone());
        }
        self.next_lookup();
        if self.memory.proving.is_some() {
            return self.prove_on();
        }
        self.say("sign_in_first");
        self.fail();
    }

    /// Goes over to the lookup that is best now; nothing is left to prove when there is none.
    fn next_lookup(&mut self) {
        let Some(mut proving) = self.memory.proving.take() else { return };
        if let Some(lookup) = self.best_lookup(&proving, Level::Contact) {
            proving.lookup = lookup.name.clone();
            self.memory.proving = Some(proving);
        }
    }

    /// A lookup has ended.
    pub(super) fn proof_ended(&mut self, outcome: ProofOutcome) {
        let Some(proving) = &mut self.memory.proving else { return self.run() };
        proving.looking = false;
        match outcome {
            ProofOutcome::Proven => {
                self.memory.proving = None;
                self.take_over_told();
            }
            ProofOutcome::NotProven => {
                self.say("not_proven");
                self.note_failed();
                self.next_lookup();
                self.prove_on();
            }
            ProofOutcome::Locked => {
                self.memory.proving = None;
                self.memory.told.clear();
                self.say("proof_locked");
                self.fail();
            }
            ProofOutcome::Unreachable => {
                let lookup = self.memory.proving.take().map(|proving| proving.lookup).unwrap_or_default();
                let tool = self.company.lookups.iter().find(|one| one.name == lookup).and_then(|one| self.company.tools.get(&one.tool));
                self.say_with("cannot_reach", &[("backend", Value::text(tool.map_or("", |tool| tool.backend.as_str())))]);
                self.fail();
            }
        }
        self.run();
    }

    /// What proved who it is may be what the wish is about: the order whose number was told is not asked for once more.
    fn take_over_told(&mut self) {
        let mut told = std::mem::take(&mut self.memory.told);
        let kinds = asked_kinds(self.company);
        let Some((program, _)) = self.at_work() else { return };
        let alike =
            |plan: &&SlotPlan| plan.may_be_mentioned() && kinds.get(plan.slot.name.as_str()).is_some_and(|kind| **kind == plan.slot.kind);
        let slots: Vec<String> = program.slots.iter().filter(alike).map(|plan| plan.slot.name.clone()).collect();
        for slot in slots {
            if let Some(value) = told.remove(&slot) {
                self.fill(&slot, value, Origin::Answer);
            }
        }
    }

    /// Remembers what nobody was found with. All of it may be told again, or only what was wrong.
    fn note_failed(&mut self) {
        let told = self.memory.told.clone();
        let Some(proving) = &mut self.memory.proving else { return };
        let lookup = self.company.lookups.iter().find(|lookup| lookup.name == proving.lookup);
        let used = lookup.map(|lookup| told.into_iter().filter(|(piece, _)| lookup.ask.contains(piece)).collect());
        proving.failed.insert(proving.lookup.clone(), used.unwrap_or_default());
        proving.again.clear();
    }

    fn identify(&mut self, lookup: &str, answers: BTreeMap<String, Value>) {
        self.step(MindStep::Identify { lookup: lookup.to_owned(), answers });
    }
}
