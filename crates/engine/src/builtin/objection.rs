//! Objections: whoever insists after a refusal is answered again by the same rule, on what holds now.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::lexicon::Utterance;
use super::memory::{Ended, Frame};
use super::program::{Op, Program, writes};
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;

impl Dialogue<'_> {
    /// A message that asks for nothing else after a refusal: the wish is checked once more, and refused with its reason as long as
    /// nothing has changed.
    pub(super) fn objected(&mut self, message: &Message, reading: &Understanding) -> bool {
        let refused = self.memory.ended == Ended::Refused && self.memory.frames.is_empty();
        let Some(last) = self.memory.last.clone().filter(|_| refused) else { return false };
        let short = [Utterance::Yes, Utterance::No, Utterance::Unknown];
        if self.lexicon().first_of(&short, &message.words).is_some() || !self.insists(&last, message, reading) {
            return false;
        }
        self.memory.frames.push(Frame { at: 0, written: None, waiting: None, asked: None, results: Default::default(), ..last });
        self.understood_as_answer();
        true
    }

    /// Does a message go on about what was refused, rather than about something else?
    fn insists(&self, last: &Frame, message: &Message, reading: &Understanding) -> bool {
        let heard = last.heard.join("\n");
        let other_record = self.programs.patterns.finds_any(&message.text) && self.names_another(&heard, &message.text);
        let asks = message.text.trim_end().ends_with('?') || self.lexicon().opens_a_question(&message.words);
        if other_record {
            return false;
        }
        // "Why not?" asks for the reason once more.
        let why = message.words.iter().any(|word| word.plain == "why");
        if why && self.lexicon().content(&message.words).is_empty() {
            return true;
        }
        match reading.skill.as_deref().filter(|_| reading.zone == Some(Zone::Answer)).and_then(Label::of) {
            None => !asks,
            Some(Label::Skill(skill)) if skill == last.skill => true,
            Some(Label::Skill(skill)) => self.program(skill).is_some_and(|program| {
                let only_tells = !self.asks_for(skill, &message.text);
                only_tells && (self.only_reads(program) || self.says_nothing_new(program, message, &heard))
            }),
            Some(_) => false,
        }
    }

    pub(super) fn only_reads(&self, program: &Program) -> bool {
        let reads = |op: &Op| match op {
            Op::Call { call, .. } => !writes(self.company, call),
            Op::HandOver(_) => false,
            _ => true,
        };
        program.ops.iter().all(reads)
    }

    /// Are all telling words of a message among those heard before?
    fn says_nothing_new(&self, program: &Program, message: &Message, heard: &str) -> bool {
        let heard = self.lexicon().words(heard);
        let hands_over = program.ops.iter().any(|op| matches!(op, Op::HandOver(_)));
        let told = |word: &&super::words::Word| heard.iter().any(|other| super::words::alike(other, word));
        !hands_over && program.telling(&message.words, self.lexicon()).iter().all(told)
    }
}
