//! Free text that a wish brings along: "note for the driver: ring twice", "tell the driver to ring twice", "leave it with my neighbour".

use super::dialogue::{Dialogue, Message};
use super::memory::Origin;
use super::program::{Program, SlotPlan};
use super::words::Word;
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use std::ops::Range;

impl Dialogue<'_> {
    /// Fills the free text of the skill at work where the words it was wished with give it already. Only one such slot can be told.
    pub(super) fn hear_told(&mut self, message: &Message) {
        let Some((program, frame)) = self.at_work() else { return };
        let free = |plan: &&SlotPlan| plan.slot.kind == Kind::Text && plan.may_be_mentioned() && plan.records().is_none();
        let mut open = program.slots.iter().filter(free);
        let (Some(plan), None) = (open.next(), open.next()) else { return };
        if frame.slots.contains_key(&plan.slot.name) {
            return;
        }
        let slot = plan.slot.name.clone();
        if let Some(text) = self.told(program, message) {
            self.fill(&slot, Value::text(text), Origin::Message);
        }
    }

    /// What a message tells to be passed on: in quotes, after a colon, after "tell the driver to", or all that it asks for, where that
    /// says more than what such wishes are made with.
    fn told<'m>(&self, program: &Program, message: &'m Message) -> Option<&'m str> {
        let text = message.text.as_str();
        let telling = |text: &str| text.split_whitespace().count() > 1 && text.chars().any(char::is_alphabetic);
        let quoted = || quoted(text).filter(|text| !text.is_empty());
        let listed = || {
            let (head, body) = text.split_once(": ")?;
            let about = self.lexicon().words(head).iter().any(|word| program.is_worded_with(&word.stem));
            (about && telling(body) && !self.is_only_a_value(body)).then_some(body)
        };
        let conveyed = || self.conveyed(message).map(|span| &text[span]).filter(|text| telling(text));
        let whole = || self.asked_whole(program, message).map(|span| &text[span]).filter(|text| telling(text));
        quoted().or_else(listed).or_else(conveyed).or_else(whole).map(|text| self.lexicon().tidy(text))
    }

    /// "Tell the driver to ring twice": what is to be told to somebody who is neither of us.
    fn conveyed(&self, message: &Message) -> Option<Range<usize>> {
        let words = &message.words;
        let at = words.iter().position(|word| self.lexicon().conveys(word))?;
        let to = words[at + 1..].iter().position(|word| self.lexicon().conveyed_by(word)).map(|to| at + 1 + to)?;
        let whom = &words[at + 1..to];
        let other = !whom.is_empty() && whom.iter().any(|word| !self.lexicon().is_small(&word.plain));
        let from = to + 1 + usize::from(words.get(to + 1).is_some_and(|word| self.lexicon().conveyed_by(word)));
        let first = words.get(from).filter(|_| other)?;
        Some(first.span.start..message.text.len())
    }

    /// A clause that asks for just that: it opens with a verb, or says what somebody shall do, and has words that tell what.
    fn asked_whole(&self, program: &Program, message: &Message) -> Option<Range<usize>> {
        let words = &message.words;
        let from = self.lexicon().asks_after(words);
        let verb = words.get(from)?;
        let asked: &[Word] = &words[from..];
        let obliged = || {
            let shall = asked.iter().take(REACH).any(|word| self.lexicon().obliges(word));
            self.lexicon().points(verb) && shall
        };
        // "The line is dead" tells how things are.
        let tells = asked.iter().take(REACH).any(|word| self.lexicon().describes(word));
        let verb_first = !self.lexicon().is_small(&verb.plain) && !self.lexicon().opens_a_question(asked) && !tells;
        let orders = verb_first && !program.is_bare_verb(&verb.stem);
        let number = |word: &Word| word.plain.bytes().any(|letter| letter.is_ascii_digit());
        let telling = self.lexicon().content(&asked[1..]).into_iter().any(|word| !number(word) && !program.is_common(&word.stem));
        ((orders || obliged()) && telling).then_some(verb.span.start..message.text.len())
    }
}

/// Somebody who shall do something is named among so many words.
const REACH: usize = 4;

/// What stands in quotes.
fn quoted(text: &str) -> Option<&str> {
    let from = text.find(['“', '"', '„'])?;
    let open = text[from..].chars().next()?.len_utf8();
    let inside = &text[from + open..];
    inside.find(['”', '"', '“']).map(|to| &inside[..to])
}
