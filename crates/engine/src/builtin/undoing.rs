//! "Remove it again": what was done is undone by the skill that the company declares for it, or the customer is told what is possible.

use super::dialogue::{Dialogue, Message};
use super::memory::{Ended, Filled, Frame, Origin, Wish};
use super::parts::sentences;
use super::program::Op;
use super::wishes::WHICH_WISH;
use patchbay_core::mind::Understanding;
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::{Route, Zone};

/// How it was understood, for the log.
const STAGE: &str = "dialogue";
/// A question with more words beside is one of its own ("can you tell me how to …").
const MORE: usize = 4;

impl Dialogue<'_> {
    /// A message that wants undone what was carried out last, and names nothing else.
    pub(super) fn undone(&mut self, message: &Message) -> bool {
        let done = self.memory.frames.is_empty() && self.memory.ended == Ended::Done;
        let Some(last) = self.memory.last.clone().filter(|last| done && last.written.is_some()) else { return false };
        // Another sentence may tell why; it must not ask for anything.
        let sentences = || sentences(&message.text).into_iter().map(|span| self.listen(&message.text[span]));
        let Some((sentence, said)) = sentences().find_map(|sentence| self.lexicon().undoes(&sentence.words).map(|said| (sentence, said)))
        else {
            return false;
        };
        let asks = |other: &Message| other.text != sentence.text && (other.text.ends_with('?') || self.lexicon().requests(&other.words));
        if sentences().any(|other| asks(&other)) {
            return false;
        }
        let beside: Vec<_> = sentence.words.iter().enumerate().filter(|(at, _)| !said.contains(at)).map(|(_, word)| word.clone()).collect();
        let named = self.program(&last.skill).is_none_or(|program| !program.telling(&beside, self.lexicon()).is_empty());
        if named || (beside.len() > MORE && self.lexicon().opens_a_question(&sentence.words)) {
            return false;
        }
        match self.company.skills.get(&last.skill).and_then(|skill| skill.undone_by.clone()) {
            Some(counter) => {
                self.undo_by(&counter, &last, message);
                self.understood(Understanding {
                    zone: Some(Zone::Answer),
                    skill: Some(counter),
                    stage: STAGE.to_owned(),
                    ..Understanding::default()
                });
            }
            None => self.cannot_undo(message),
        }
        true
    }

    /// The counter skill begins with what the other one was done with.
    fn undo_by(&mut self, counter: &str, last: &Frame, message: &Message) {
        let takes = |slot: &str| self.program(counter).is_some_and(|program| program.slot(slot).is_some());
        let known = last.slots.iter().filter(|(slot, _)| takes(slot) && last.value(slot).is_some());
        let slots = known.map(|(slot, filled)| (slot.clone(), Filled { value: filled.value.clone(), from: Origin::Conversation }));
        self.start(Wish { skill: counter.to_owned(), text: message.text.clone(), slots: slots.collect(), ..Wish::default() });
    }

    /// Says so, and offers a person where the company has any.
    fn cannot_undo(&mut self, message: &Message) {
        self.understood(Understanding {
            zone: Some(Zone::Answer),
            route: Some(Route::Talk),
            stage: STAGE.to_owned(),
            ..Understanding::default()
        });
        let hands_over =
            |skill: &str| self.program(skill).is_some_and(|program| program.ops.iter().any(|op| matches!(op, Op::HandOver(_))));
        let people = self.company.skills.values().filter(|skill| !skill.examples.is_empty() && hands_over(&skill.name));
        let choices: Vec<Offer> = people.map(|skill| Offer { value: skill.name.clone(), label: skill.describe.clone() }).collect();
        let Some(text) = self.draft("cannot_undo", &self.scope()) else { return };
        if choices.is_empty() {
            return self.say_draft(text);
        }
        let question = Question { slot: WHICH_WISH.to_owned(), kind: "choice".to_owned(), text: text.text, choices };
        self.memory.which_wish = Some((message.text.clone(), question.clone()));
        self.ask(question);
    }
}
