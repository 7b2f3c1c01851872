//! Choosing again: what is said to "is that all?", and what is said to a proposal that holds chosen things.

use super::super::dialogue::{Dialogue, Message};
use super::super::lexicon::Utterance;
use super::super::memory::{Answered, Frame};
use super::super::program::{Program, SlotPlan};
use super::tokens::{ENGLISH, says, tokens};
use patchbay_core::mind::Understanding;
use patchbay_core::reply::Question;
use patchbay_core::words::Zone;

impl Program {
    /// The slot that has a value for each value of this one.
    pub(in crate::builtin) fn for_each_of(&self, slot: &str) -> Option<&SlotPlan> {
        self.slots.iter().find(|plan| plan.slot.for_each.as_deref() == Some(slot))
    }

    /// Is anything chosen for each of several things?
    pub(in crate::builtin) fn chooses(&self) -> bool {
        self.slots.iter().any(|plan| plan.slot.for_each.is_some())
    }
}

impl Dialogue<'_> {
    /// Asks which variant the thing at this place shall become. The same question again means the answer was not understood.
    pub(in crate::builtin) fn ask_for_place(&mut self, place: usize, question: Question) {
        let Some(frame) = self.memory.top_mut() else { return };
        let again = frame.last_choice.replace(question.clone()).is_some_and(|last| last == question);
        frame.asked_place = Some(place);
        frame.asked = Some(question.clone());
        if again {
            self.not_understood(Understanding { stage: "dialogue".to_owned(), ..Understanding::default() });
            self.say("not_understood");
        }
        self.ask(question);
    }

    /// Asks whether that is all.
    pub(in crate::builtin) fn ask_for_more(&mut self, question: Question) {
        let Some(frame) = self.memory.top_mut() else { return };
        frame.complete.insert(question.slot.clone());
        frame.asked_more = true;
        frame.asked = Some(question.clone());
        self.ask(question);
    }

    /// The answer to "is that all?": what it names is added, and anything else means yes.
    pub(in crate::builtin) fn more_answered(&mut self, message: &Message, reading: &Understanding) -> bool {
        let Some(frame) = self.memory.top().filter(|frame| frame.asked_more) else { return false };
        let Some(question) = frame.asked.clone() else { return false };
        let lexicon = self.lexicon();
        let kinds = [Utterance::No, Utterance::Yes, Utterance::Goodbye, Utterance::Unknown, Utterance::Thanks];
        let plain = lexicon.first_of(&kinds, &message.words).is_some();
        let only = plain || says(&tokens(&message.text), &ENGLISH.only).is_some();
        let at_work = self.at_work().map(|(_, frame)| frame.skill.clone());
        let elsewhere = reading.zone == Some(Zone::Answer) && reading.skill != at_work;
        let asks = reading.skill.as_deref().is_some_and(|skill| self.asks_for(skill, &message.text));
        if !only && elsewhere && asks {
            return false;
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.asked = None;
            frame.asked_more = false;
            if !plain {
                frame.hear(message, Answered { slot: question.slot, text: message.text.clone(), more: true, ..Answered::default() });
            }
        }
        self.understood_as_answer();
        true
    }

    /// Words to a proposal, or to a later question, that say more about the chosen things: they are chosen again with them.
    pub(in crate::builtin) fn chosen_again(&mut self, message: &Message, reading: &Understanding) -> bool {
        let Some((program, frame)) = self.at_work().filter(|(program, frame)| program.chooses() && frame.proposing()) else { return false };
        let lexicon = self.lexicon();
        let plain = lexicon.first_of(&[Utterance::Yes, Utterance::No, Utterance::Stop, Utterance::Unknown], &message.words).is_some();
        let elsewhere = reading.zone == Some(Zone::Answer) && reading.skill.as_deref() != Some(frame.skill.as_str());
        let other_value = program.slots.iter().any(|plan| self.new_value(plan, frame, message).is_some());
        // "The other card": a slot beside the chosen things.
        let other_value = other_value || self.spoken_of(program, frame, message).is_some();
        if plain || elsewhere || other_value || lexicon.content(&message.words).is_empty() || message.text.trim_end().ends_with('?') {
            return false;
        }
        self.choose_again(message);
        self.understood_as_answer();
        true
    }

    /// The chosen things are read again from everything that was said, these words included.
    pub(in crate::builtin) fn choose_again(&mut self, message: &Message) {
        let Some((program, _)) = self.at_work() else { return };
        let open: Vec<String> = program
            .slots
            .iter()
            .filter(|plan| plan.slot.for_each.is_some() || program.for_each_of(&plan.slot.name).is_some())
            .map(|plan| plan.slot.name.clone())
            .collect();
        let of = program.slots.iter().find_map(|plan| plan.slot.for_each.clone()).unwrap_or_default();
        let Some(frame) = self.memory.top_mut() else { return };
        for slot in &open {
            frame.slots.remove(slot);
            frame.parts.remove(slot);
        }
        frame.hear(message, Answered { slot: of, text: message.text.clone(), more: true, unasked: true, ..Answered::default() });
        (frame.waiting, frame.asked, frame.partial) = (None, None, None);
        frame.at = frame.written.unwrap_or(0).min(frame.at);
    }
}

impl Frame {
    /// Takes in words that answer a question.
    pub(in crate::builtin) fn hear(&mut self, message: &Message, answer: Answered) {
        self.heard.push(message.text.clone());
        self.answers.push(answer);
    }
}
