//! How the built-in mind knows: the port to the written knowledge, and what it says from there.
//!
//! A question about the customer's own business (dynamic) goes to a skill, one about how things are for everybody (static) to
//! the knowledge. A clear skill always wins; a passage that surely answers wins over skills that are not clear.

use super::dialogue::{Dialogue, Message};
use super::hearing::InUse;
use patchbay_core::Timestamp;
use patchbay_core::mind::{Draft, Understanding};
use patchbay_core::reply::{Citation, Offer};
use patchbay_core::words::{Level, Route, Zone};

/// The name under which passages are said, in place of a declared text's.
const PASSAGE: &str = "passage";
/// Passages offered when none is sure.
const OFFERED: usize = 2;

/// Knows what the company has written down.
pub trait Knows: Send + Sync {
    /// The passages that may answer a question, best first, for somebody who has proven this much.
    fn search(&self, question: &str, level: Level, now: Timestamp) -> Vec<Known>;

    /// A passage by its id, for somebody who has proven this much.
    fn open(&self, id: &str, level: Level, now: Timestamp) -> Option<Known>;
}

/// The knowledge in use.
pub type Knowing = InUse<dyn Knows>;

/// A passage as it is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// How it is referred to.
    pub citation: Citation,
    /// Its words.
    pub text: String,
    /// The probability that it answers, in thousandths.
    pub probability: i64,
}

/// Nothing is written down.
pub(super) struct Unread;

impl Knows for Unread {
    fn search(&self, _question: &str, _level: Level, _now: Timestamp) -> Vec<Known> {
        Vec::new()
    }

    fn open(&self, _id: &str, _level: Level, _now: Timestamp) -> Option<Known> {
        None
    }
}

/// Passages as they go to the log.
pub(super) fn logged(known: &[Known]) -> Vec<(String, i64)> {
    known.iter().map(|known| (known.citation.id.clone(), known.probability)).collect()
}

impl Dialogue<'_> {
    /// What is written down about a message: about the whole of it, or about what it asks in one of its parts.
    pub(super) fn look_up(&self, message: &Message) -> Vec<Known> {
        let at_work = self.memory.top().or(self.memory.last.as_ref()).map(|frame| frame.skill.as_str());
        let search = |text: &str| self.look_up_with(text, at_work);
        let parts = self.clauses(&message.text).into_iter().filter(|part| self.asks(&self.listen(part)));
        let found = std::iter::once(search(&message.text)).chain(parts.map(|part| search(&part)));
        found.max_by_key(|known| known.first().map_or(0, |best| best.probability)).unwrap_or_default()
    }

    fn asks(&self, message: &Message) -> bool {
        message.text.trim_end().ends_with('?') || self.lexicon().requests(&message.words)
    }

    /// Says the best passage when it surely answers, then comes back to what is open. False when none does.
    pub(super) fn says_passage(&mut self, known: &[Known], reading: &Understanding) -> bool {
        let Some(best) = self.sure(known) else { return false };
        self.memory.which_wish = None;
        self.tell(best, Understanding { passages: logged(known), ..reading.clone() });
        self.come_back();
        true
    }

    /// What a message asks beside its wishes is said where it surely stands written, before the skills get to work. A part that is
    /// clearly about a skill, or names one of the customer's records, is none of the knowledge's.
    pub(super) fn answered_apart(&mut self, message: &Message) {
        let clauses = self.clauses(&message.text);
        if clauses.len() < 2 {
            return;
        }
        for (n, clause) in clauses.iter().enumerate() {
            let before = clauses[..n].last();
            let clause = self.listen(clause);
            let reading = self.read(&clause.text);
            let of_skill = self.clear_skill(&reading).is_some() || self.programs.patterns.finds_any(&clause.text);
            if of_skill || !self.asks(&clause) {
                continue;
            }
            let about = before.and_then(|before| self.clear_skill(&self.read(before)).map(str::to_owned));
            let known = self.look_up_with(&clause.text, about.as_deref());
            if let Some(best) = self.sure(&known) {
                self.tell(best, Understanding { passages: logged(&known), ..reading });
            }
        }
    }

    /// What is written down about a question, or about it and what it points to ("how long do I have for that?"): the subject of
    /// this skill.
    fn look_up_with(&self, question: &str, skill: Option<&str>) -> Vec<Known> {
        let search = |text: &str| self.knowledge.search(text, self.context.level, self.context.now);
        let known = search(question);
        let subject = skill.and_then(|skill| self.company.skills.get(skill)).map(|skill| &skill.describe);
        let points = self.lexicon().words(question).iter().any(|word| self.lexicon().stands_for_things(word));
        match subject.filter(|_| points && self.sure(&known).is_none()) {
            Some(subject) => Some(search(&format!("{subject}. {question}"))).filter(|with| self.sure(with).is_some()).unwrap_or(known),
            None => known,
        }
    }

    /// The best passage, when it surely answers.
    fn sure(&self, known: &[Known]) -> Option<Known> {
        known.first().filter(|best| best.probability >= self.company.knowledge.answer.at_least).cloned()
    }

    /// Does it surely stand written what a question asks?
    pub(super) fn stands_written(&self, question: &str) -> bool {
        self.sure(&self.knowledge.search(question, self.context.level, self.context.now)).is_some()
    }

    /// A question beside what is under way: answered when it surely stands written, else none of our concern here.
    pub(super) fn answered_beside(&mut self, message: &Message, reading: &Understanding) -> bool {
        // With a number of one of the customer's records in it, it is about that.
        if !self.asks(message) || self.programs.patterns.finds_any(&message.text) {
            return false;
        }
        let known = self.look_up(message);
        self.says_passage(&known, reading)
    }

    /// Says a passage that was offered. False when it is none, or one that may no longer be said.
    pub(super) fn says_offered(&mut self, id: &str) -> bool {
        let Some(known) = self.knowledge.open(id, self.context.level, self.context.now) else { return false };
        self.tell(known, Understanding { stage: "dialogue".to_owned(), ..Understanding::default() });
        true
    }

    fn tell(&mut self, known: Known, reading: Understanding) {
        self.understood(Understanding { zone: Some(Zone::Answer), skill: None, route: Some(Route::Knowledge), ..reading });
        let citations = if self.company.knowledge.answer.cite { vec![known.citation] } else { Vec::new() };
        self.say_draft(Draft { text: known.text, template: Some(PASSAGE.to_owned()), facts: Vec::new(), citations });
    }

    /// Passages as choices, the likeliest first, when one of them probably answers.
    pub(super) fn likely_passages(&self, known: &[Known]) -> Vec<Offer> {
        let likely = &known[..known.len().min(OFFERED)];
        // Two that fit alike take the certainty from each other, so they count together.
        let together: i64 = likely.iter().map(|known| known.probability).sum();
        if together < self.company.knowledge.answer.ask_back {
            return Vec::new();
        }
        let rivals = likely.iter().filter(|known| 4 * known.probability >= together / 2);
        rivals.map(|known| Offer { value: known.citation.id.clone(), label: known.citation.title.clone() }).collect()
    }
}
