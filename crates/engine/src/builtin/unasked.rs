//! Values told before their question: "2 packs", to how many packs; "I can still ride it", to whether it can be ridden.

use super::dialogue::{Dialogue, Message};
use super::program::{Program, SlotPlan};
use super::reading::Found;
use super::words::Word;
use patchbay_core::Value;
use patchbay_core::declare::Kind;

impl Dialogue<'_> {
    /// What a message tells of a slot in the words of its question, where its kind alone does not show: a number, or a yes or no.
    pub(super) fn unasked(&self, program: &Program, plan: &SlotPlan, message: &Message) -> Vec<Found> {
        match plan.slot.kind {
            Kind::Number | Kind::Integer => self.counted(plan, message),
            Kind::Bool => self.stated(program, plan, message).into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Numbers before a word that the slot is called by or asked for with.
    fn counted(&self, plan: &SlotPlan, message: &Message) -> Vec<Found> {
        let called = self.lexicon().words(&plan.slot.name.replace('_', " "));
        let names = |word: &Word| plan.asked_with.contains(&word.stem) || called.iter().any(|own| own.stem == word.stem);
        let digits = |word: &Word| word.plain.bytes().any(|letter| letter.is_ascii_digit());
        let counts = |found: &Found| {
            let next = message.words.iter().find(|word| word.span.start >= found.span.end);
            next.is_some_and(|next| names(next) && !digits(next) && !self.lexicon().is_small(&next.plain))
        };
        self.reader(message).answered(&plan.slot.kind).into_iter().filter(counts).collect()
    }

    /// A statement in the words of a question of yes or no: yes, unless it says not. What such wishes are worded with anyway states
    /// nothing.
    pub(super) fn stated(&self, program: &Program, plan: &SlotPlan, message: &Message) -> Option<Found> {
        let pieces = message.text.split_inclusive([',', ';', '.', '!', '?', '\n']);
        let mut from = 0;
        let stated = pieces.filter_map(|piece| {
            let span = from..from + piece.len();
            from = span.end;
            let said = self.lexicon().words(piece);
            let told = self
                .lexicon()
                .content(&said)
                .into_iter()
                .any(|word| plan.asked_with.contains(&word.stem) && !program.is_worded_with(&word.stem));
            let asks = piece.trim_end().ends_with('?') || self.lexicon().opens_a_question(&said);
            let no = said.iter().any(|word| self.lexicon().negates(word));
            (told && !asks).then_some(Found { value: Value::Bool(!no), span })
        });
        stated.last()
    }
}
