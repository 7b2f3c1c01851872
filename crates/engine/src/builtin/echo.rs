//! What was done is said again: "yes, do it", "the visa is fine". Nothing more is asked for, so nothing more is done.

use super::dialogue::{Dialogue, Message};
use super::lexicon::Utterance;
use super::memory::{Ended, Frame};
use super::program::{Program, SlotPlan};
use super::records::Candidate;
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::mind::Understanding;
use patchbay_core::words::Zone;

/// Words beside a yes that say nothing by themselves, at most ("go ahead with it, just that one").
const BESIDE: usize = 2;

impl Dialogue<'_> {
    /// After a write: a message that only repeats what was done, or says yes to it, is told that it is done.
    pub(super) fn echoes(&mut self, message: &Message, reading: &Understanding) -> bool {
        let over = self.memory.frames.is_empty() && self.memory.which_wish.is_none() && self.memory.ended == Ended::Done;
        let Some(last) = self.memory.last.as_ref().filter(|last| over && last.written.is_some()) else { return false };
        let Some(program) = self.program(&last.skill) else { return false };
        let lexicon = self.lexicon();
        // A mere "ok" asks for nothing.
        if lexicon.is(Utterance::Yes, &message.words) {
            return false;
        }
        let says_yes = lexicon.opens(Utterance::Yes, &message.words);
        let asks = message.text.trim_end().ends_with('?')
            || (!says_yes && lexicon.opens_a_question(&message.words))
            || lexicon.wishes_again(&message.words);
        let other = reading.skill.as_deref().filter(|skill| reading.zone == Some(Zone::Answer) && *skill != last.skill);
        let other = other.is_some_and(|skill| {
            self.asks_for(skill, &message.text) && !self.program(skill).is_some_and(|other| other.verbs_in(&message.words).is_empty())
        });
        if asks || other || self.names_another_than(program, last, message) {
            return false;
        }
        let new = self.new_words(program, last, message);
        let yes = says_yes && !lexicon.adds(&message.words) && new <= BESIDE;
        // A wish with its verb is looked at anew: there may be another thing of that name.
        let wish = !program.verbs_in(&message.words).is_empty();
        // "The one with the little lamp" may say what it was in a word more.
        let describes = self.describes_only(&message.words) && new <= BESIDE && program.telling(&message.words, lexicon).len() > new;
        if !yes && (wish || (new > 0 && !describes) || program.telling(&message.words, lexicon).is_empty()) {
            return false;
        }
        self.understood_as_answer();
        self.say("already_done");
        true
    }

    /// Does a message only tell one thing from others ("the one that …"), and wish for nothing?
    fn describes_only(&self, words: &[Word]) -> bool {
        let [pointer, one, _, ..] = words else { return false };
        self.lexicon().points(pointer) && self.lexicon().stands_for_things(one) && !self.lexicon().requests(words)
    }

    /// Does a message name a record that is none of those the last wish was about?
    fn names_another_than(&self, program: &Program, last: &Frame, message: &Message) -> bool {
        let mut named = program
            .slots
            .iter()
            .filter(|plan| plan.may_be_mentioned())
            .flat_map(|plan| self.reader(message).mentioned(&plan.slot.kind).into_iter().map(move |found| (plan, found.value)));
        named.any(|(plan, value)| {
            last.value(&plan.slot.name).is_none_or(|known| !super::reading::same(&self.programs.patterns, &plan.slot.kind, known, &value))
        })
    }

    /// How many telling words of a message were neither said before nor are words of what was chosen, or of who the customer is.
    fn new_words(&self, program: &Program, last: &Frame, message: &Message) -> usize {
        let chosen = last.seen.iter().flat_map(|(slot, offers)| {
            let value = last.value(slot);
            let is_chosen = move |text: &str| match value {
                Some(Value::List(values)) => values.contains(&Value::text(text)),
                Some(value) => *value == Value::text(text),
                None => false,
            };
            offers.iter().filter(move |offer| is_chosen(&offer.value)).map(|offer| offer.label.clone())
        });
        let values = last.slots.values().filter_map(|filled| filled.value.as_text().map(str::to_owned));
        let own = self.context.customer.values().filter_map(|value| value.as_text().map(str::to_owned));
        let known: Vec<Word> =
            last.heard.iter().cloned().chain(chosen).chain(values).chain(own).flat_map(|text| self.lexicon().words(&text)).collect();
        let yes = |word: &Word| self.lexicon().is_filler(word) || self.lexicon().says(Utterance::Yes, std::slice::from_ref(word));
        let telling = program.telling(&message.words, self.lexicon()).into_iter();
        telling.filter(|word| !yes(word) && !known.iter().any(|own| alike(own, word))).count()
    }

    /// Is the same wished for several times in this conversation?
    pub(super) fn does_so_several_times(&self, frame: &Frame) -> bool {
        let done = self.memory.last.as_ref().is_some_and(|last| last.skill == frame.skill && last.written.is_some());
        done || self.memory.queue.iter().any(|wish| wish.skill == frame.skill)
    }

    /// The record that the same was done with just now, where the words fit it as well as this other one: whoever goes on speaks of
    /// that, and learns that it cannot be done twice.
    pub(super) fn just_handled(
        &self,
        plan: &SlotPlan,
        text: &str,
        frame: &Frame,
        candidates: &[Candidate],
        other: &Value,
    ) -> Option<Value> {
        let done = self.memory.last.as_ref().filter(|last| last.skill == frame.skill && last.written.is_some())?;
        let known = self.memory.known.get(&plan.slot.name).filter(|known| plan.may_be_known() && *known != other)?;
        let both: Vec<Candidate> = candidates.iter().filter(|one| one.value == *known || one.value == *other).cloned().collect();
        let fits = || self.described_by(plan, text, frame, &both).is_none();
        (done.value(&plan.slot.name) == Some(known) && both.len() == 2 && fits()).then(|| known.clone())
    }
}
