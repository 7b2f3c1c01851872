//! What follows where it was not clear what is wished for: a plain yes to what was offered, the word that was missing, or a person.

use super::dialogue::{Dialogue, Message};
use super::lexicon::Utterance;
use super::memory::Wish;
use super::program::Op;
use super::proving::Proving;
use patchbay_core::mind::Understanding;
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::Zone;

/// A word that was missing stands among so few of meaning.
const MISSING: usize = 3;
/// Who asks for a person needs at most so many words.
const SHORT: usize = 8;

impl Dialogue<'_> {
    /// A yes to what was offered means the likeliest of it, which stands first, unless it names another.
    pub(super) fn agreed_to(&self, question: &Question, message: &Message) -> Option<Offer> {
        let agrees = self.lexicon().opens(Utterance::Yes, &message.words) && !message.text.trim_end().ends_with('?');
        let names = self.names_an_offer(question, message) || !self.chosen(&question.choices, message).is_empty();
        question.choices.first().filter(|_| agrees && !names).cloned()
    }

    /// A fragment that makes clear what was said before it: "it does not work" and, asked what can be done, "the camera".
    pub(super) fn completed(&self, before: &str, question: &Question, message: &Message, reading: &Understanding) -> Option<Wish> {
        let asks = message.text.trim_end().ends_with('?') || self.lexicon().requests(&message.words);
        // What names one of the offers chooses it.
        if !self.chosen(&question.choices, message).is_empty() {
            return None;
        }
        let few = (1..=MISSING).contains(&self.lexicon().content(&message.words).len());
        if asks || !few || self.clear_skill(reading).is_some() || self.programs.patterns.finds_any(&message.text) {
            return None;
        }
        let text = format!("{before}\n{}", message.text);
        let skill = self.clear_skill(&self.read(&text))?.to_owned();
        Some(Wish { skill, text, ..Wish::default() })
    }

    /// Whoever asks for a person gets one, whatever is open, where the company declares a skill for that.
    pub(super) fn wants_a_person(&mut self, message: &Message, reading: &Understanding) -> bool {
        let hands_over = |skill: &str| self.program(skill).is_some_and(|program| matches!(program.ops.first(), Some(Op::HandOver(_))));
        let clear = self.clear_skill(reading);
        let asked = match clear {
            // What is told to prove who somebody is asks for nobody, whatever it sounds like.
            Some(skill) if self.memory.proving.as_ref().is_some_and(Proving::holds) => {
                hands_over(skill) && (self.asks_for(skill, &message.text) || self.feeling().person)
            }
            Some(skill) => hands_over(skill),
            None => reading.zone != Some(Zone::Answer) && message.words.len() <= SHORT && self.feeling().person,
        };
        let people = self.company.skills.values().find(|skill| !skill.examples.is_empty() && hands_over(&skill.name));
        let Some(skill) = clear.filter(|_| asked).or(people.map(|skill| skill.name.as_str()).filter(|_| asked)).map(str::to_owned) else {
            return false;
        };
        // Beside other wishes it is one of them.
        if self.wished_parts(message).len() > 1 {
            return false;
        }
        self.memory.which_wish = None;
        self.start(Wish { skill: skill.clone(), text: message.text.clone(), ..Wish::default() });
        self.understood(Understanding { zone: Some(Zone::Answer), skill: Some(skill), ..reading.clone() });
        true
    }
}
