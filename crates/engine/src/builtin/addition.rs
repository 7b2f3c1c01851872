//! Additions: "and the hose too" makes a list longer that was chosen before, proposed or not.

use super::dialogue::{Dialogue, Message};
use super::lexicon::Utterance;
use super::memory::{Ended, Frame, Origin, Wish};
use super::program::{Program, SlotPlan};
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;

impl Dialogue<'_> {
    /// Things are added to the list of the skill at work, or of the one that ended last: what was not done yet is proposed with
    /// them, and where it was done they are wished for by themselves.
    pub(super) fn added(&mut self, message: &Message, reading: &Understanding) -> bool {
        let running = self.memory.top().is_some();
        let ended = matches!(self.memory.ended, Ended::Done | Ended::Declined);
        let Some(frame) = self.memory.top().or(self.memory.last.as_ref().filter(|_| ended)) else { return false };
        let Some(program) = self.program(&frame.skill) else { return false };
        let Some(plan) = listed(program, frame) else { return false };
        if !self.lexicon().adds(&message.words) || self.is_about_another(program, frame, message, reading) {
            return false;
        }
        let slot = plan.slot.name.clone();
        let so_far = match frame.value(&slot) {
            Some(Value::List(values)) => values.clone(),
            _ => Vec::new(),
        };
        if !running && self.memory.ended == Ended::Done {
            // What was done stays done; these are wished for anew, and may be of another record.
            self.start(Wish { skill: frame.skill.clone(), text: message.text.clone(), ..Wish::default() });
            self.understood_as_answer();
            return true;
        }
        if !running && let Some(last) = self.memory.last.take() {
            self.memory.frames.push(Frame { at: 0, written: None, results: Default::default(), ..last });
        }
        self.lengthen(&slot, so_far, message);
        self.understood_as_answer();
        true
    }

    /// Things are taken off the list on an open card: those that are named, else what was added last ("please remove it again").
    pub(super) fn taken_off(&mut self, message: &Message) -> bool {
        let Some((program, frame)) = self.at_work().filter(|(_, frame)| frame.proposing()) else { return false };
        let Some(plan) = listed(program, frame).filter(|plan| program.for_each_of(&plan.slot.name).is_none()) else { return false };
        let slot = plan.slot.name.clone();
        let Some(Value::List(so_far)) = frame.value(&slot).cloned() else { return false };
        if !self.lexicon().takes_off(&message.words) || message.text.trim_end().ends_with('?') {
            return false;
        }
        let said = program.telling(&message.words, self.lexicon());
        let label =
            |value: &Value| frame.seen.get(&slot)?.iter().find(|offer| *value == Value::text(&offer.value)).map(|offer| &offer.label);
        let names = |value: &Value| {
            label(value).is_some_and(|label| self.lexicon().words(label).iter().any(|own| said.iter().any(|word| alike(own, word))))
        };
        let named: Vec<Value> = so_far.iter().filter(|value| names(value)).cloned().collect();
        let added = || {
            let before = frame.kept.get(&slot)?;
            Some(so_far.iter().filter(|value| !before.contains(value)).cloned().collect::<Vec<_>>())
        };
        let off = if named.is_empty() { added().unwrap_or_default() } else { named };
        let left: Vec<Value> = so_far.iter().filter(|value| !off.contains(value)).cloned().collect();
        if off.is_empty() || left.is_empty() {
            return false;
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.kept.remove(&slot);
            (frame.waiting, frame.partial) = (None, None);
            frame.at = frame.written.unwrap_or(0).min(frame.at);
        }
        self.fill(&slot, Value::List(left), Origin::Message);
        self.understood_as_answer();
        true
    }

    /// Does the message ask for something else, name another record, answer the open question, or name nothing at all?
    fn is_about_another(&self, program: &Program, frame: &Frame, message: &Message, reading: &Understanding) -> bool {
        let other = reading.skill.as_deref().filter(|skill| reading.zone == Some(Zone::Answer) && *skill != frame.skill);
        let words = &message.words;
        let asks = message.text.trim_end().ends_with('?') || self.lexicon().opens_a_question(words);
        let its_verb = |skill: &str| self.program(skill).is_some_and(|program| !program.verbs_in(words).is_empty());
        let elsewhere = other.is_some_and(|skill| asks || (its_verb(skill) && program.verbs_in(words).is_empty()));
        let elsewhere = elsewhere || (self.memory.top().is_none() && self.is_sooner_another(frame, message, reading));
        let another = program.slots.iter().any(|plan| self.new_value(plan, frame, message).is_some());
        let answers = frame.asked.as_ref().is_some_and(|question| self.names_an_offer(question, message));
        let only_yes = self.lexicon().opens(Utterance::Yes, words) && program.telling(words, self.lexicon()).len() <= 1;
        elsewhere || another || answers || only_yes || program.telling(words, self.lexicon()).is_empty()
    }

    /// Is a message sooner about another wish than about what was done last, by words of that wish ("and the lamp goes back", after
    /// an exchange)? Mere names of things go on with what was done, whatever they sound like.
    pub(super) fn is_sooner_another(&self, last: &Frame, message: &Message, reading: &Understanding) -> bool {
        let Some((label, best)) = reading.ranked.first() else { return false };
        let (Some(other), Some(own)) = (self.program(label), self.program(&last.skill)) else { return false };
        let score = reading.ranked.iter().find(|(label, _)| *label == last.skill).map_or(0, |(_, score)| *score);
        let its_words = |word: &&Word| other.is_worded_with(&word.stem) && !own.is_worded_with(&word.stem);
        *label != last.skill && *best > 2 * score && self.lexicon().content(&message.words).iter().any(its_words)
    }

    /// The list is chosen again: what it holds already, and what these words name.
    fn lengthen(&mut self, slot: &str, so_far: Vec<Value>, message: &Message) {
        if self.at_work().is_some_and(|(program, _)| program.for_each_of(slot).is_some()) {
            return self.choose_again(message);
        }
        let Some(frame) = self.memory.top_mut() else { return };
        frame.slots.remove(slot);
        frame.kept.insert(slot.to_owned(), so_far);
        frame.heard = vec![message.text.clone()];
        (frame.waiting, frame.asked, frame.partial) = (None, None, None);
        frame.at = frame.written.unwrap_or(0).min(frame.at);
    }
}

/// The list that was chosen from records.
fn listed<'p>(program: &'p Program, frame: &Frame) -> Option<&'p SlotPlan> {
    let chosen =
        |plan: &&SlotPlan| matches!(plan.slot.kind, Kind::List(_)) && plan.records().is_some() && frame.value(&plan.slot.name).is_some();
    program.slots.iter().find(chosen)
}
