//! Wishes: which skill a message asks for, one or several, and how it starts.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::memory::{Filled, Frame, Origin, Wish};
use super::words::words;
use patchbay_core::mind::Understanding;
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::Zone;

/// The slot of the question "what can I do for you?".
const WHICH_WISH: &str = "which_wish";
/// Likely wishes offered when a message is not clear.
const LIKELY: usize = 3;
/// Wishes offered when a message was not understood at all.
const SHOWN: usize = 5;
/// Skills that may be interrupted at the same time.
const DEPTH: usize = 4;

impl Dialogue<'_> {
    /// A message that is not about what is open: one wish or several, or not clear.
    pub(super) fn wished(&mut self, message: &Message, reading: Understanding) -> bool {
        if self.follows_up(message, &reading) {
            return true;
        }
        let (reading, wishes) = self.wishes(message, reading);
        if wishes.is_empty() {
            if reading.zone == Some(Zone::Answer) && self.is_no_skill(&reading) {
                return true;
            }
            self.unclear(message, reading);
            return false;
        }
        self.memory.which_wish = None;
        let mut wishes = wishes.into_iter();
        if let Some(first) = wishes.next() {
            self.start(first);
        }
        self.memory.queue.extend(wishes);
        self.understood(reading);
        true
    }

    /// The wishes in a message. A message is split only where every part is clear by itself.
    fn wishes(&self, message: &Message, whole: Understanding) -> (Understanding, Vec<Wish>) {
        let single = |skill: &str| vec![Wish { skill: skill.to_owned(), text: message.text.clone(), ..Wish::default() }];
        let mut parts: Vec<(Understanding, Wish)> = Vec::new();
        let clauses = self.clauses(&message.text);
        if clauses.len() > 1 {
            for clause in &clauses {
                let reading = self.hearing.read(clause);
                let skill = self.clear_skill(&reading).map(str::to_owned);
                match (skill, parts.last_mut()) {
                    (Some(skill), Some((_, last))) if last.skill == skill => last.text = format!("{} {clause}", last.text),
                    (Some(skill), _) => parts.push((reading, Wish { skill, text: clause.clone(), ..Wish::default() })),
                    // What is no wish by itself belongs to the one before.
                    (None, Some((_, last))) => last.text = format!("{} {clause}", last.text),
                    (None, None) => {}
                }
            }
        }
        match (parts.as_slice(), self.clear_skill(&whole)) {
            ([], None) => (whole, Vec::new()),
            ([], Some(skill)) => (whole.clone(), single(skill)),
            // "Hi there! Where is my parcel?": a wish beats small talk, and a topic only where it is surer.
            ([(part, wish)], None) if whole.zone != Some(Zone::Answer) || is_talk(&whole) || best(part) > best(&whole) => {
                (part.clone(), single(&wish.skill))
            }
            ([_], None) => (whole, Vec::new()),
            ([(part, wish)], Some(skill)) => {
                let surer = best(part) > best(&whole) && wish.skill != skill;
                if surer { (part.clone(), single(&wish.skill)) } else { (whole.clone(), single(skill)) }
            }
            _ => (whole, parts.into_iter().map(|(_, wish)| self.share(wish, message)).collect()),
        }
    }

    /// A value mentioned only once in a message of several wishes goes for each of them.
    fn share(&self, mut wish: Wish, message: &Message) -> Wish {
        let Some(program) = self.program(&wish.skill) else { return wish };
        let own = self.listen(&wish.text);
        for plan in program.slots.iter().filter(|plan| plan.from_message()) {
            let everywhere = self.reader(message).mentioned(&plan.slot.kind);
            if let ([found], true) = (everywhere.as_slice(), self.reader(&own).mentioned(&plan.slot.kind).is_empty()) {
                wish.slots.insert(plan.slot.name.clone(), Filled { value: found.value.clone(), from: Origin::Message });
            }
        }
        wish
    }

    /// The skill a reading is sure of, if it is one of ours.
    fn clear_skill<'r>(&self, reading: &'r Understanding) -> Option<&'r str> {
        let label = reading.skill.as_deref().filter(|_| reading.zone == Some(Zone::Answer))?;
        match Label::of(label) {
            Some(Label::Skill(skill)) if self.programs.skills.contains_key(skill) => Some(skill),
            _ => None,
        }
    }

    /// The parts a message may fall into: sentences, and what joining words join.
    fn clauses(&self, text: &str) -> Vec<String> {
        let sentences = text.split_inclusive(['.', '!', '?', ';', '\n']).map(str::trim);
        let mut clauses = Vec::new();
        for sentence in sentences.filter(|sentence| sentence.chars().any(char::is_alphabetic)) {
            let said = words(sentence, self.lexicon());
            let (mut from, mut at) = (0, 0);
            while at < said.len() {
                let joint = self.lexicon().joint(&said[at..]);
                if joint > 0 && said[at].span.start > from && at + joint < said.len() {
                    clauses.push(sentence[from..said[at].span.start].to_owned());
                    at += joint;
                    from = said[at].span.start;
                } else {
                    at += joint.max(1);
                }
            }
            clauses.push(sentence[from..].to_owned());
        }
        clauses.into_iter().map(|clause| clause.trim_matches([' ', ',']).to_owned()).filter(|clause| !clause.is_empty()).collect()
    }

    /// Not sure enough to act: the likely wishes are offered, or what can be done at all.
    fn unclear(&mut self, message: &Message, reading: Understanding) {
        let lost = reading.zone != Some(Zone::AskBack);
        let mut choices = self.likely(&reading, LIKELY);
        let text = if lost { "not_understood" } else { WHICH_WISH };
        if lost || choices.is_empty() {
            choices = self.likely(&reading, SHOWN);
        }
        self.understood(Understanding { skill: None, misunderstood: lost, ..reading });
        let text = self.draft(text, &self.scope()).map(|draft| draft.text).unwrap_or_default();
        let kind = if choices.is_empty() { "text" } else { "choice" };
        let question = Question { slot: WHICH_WISH.to_owned(), kind: kind.to_owned(), text, choices };
        self.memory.which_wish = Some((message.text.clone(), question.clone()));
        self.ask(question);
    }

    /// Skills as choices, the likeliest first.
    fn likely(&self, reading: &Understanding, most: usize) -> Vec<Offer> {
        let ranked = reading.ranked.iter().map(|(label, _)| label.as_str());
        let all = self.company.skills.keys().map(String::as_str);
        let mut offers: Vec<Offer> = Vec::new();
        for label in ranked.chain(all) {
            let skill = self.company.skills.get(label).filter(|skill| !skill.examples.is_empty());
            if let Some(skill) = skill.filter(|_| offers.len() < most && offers.iter().all(|offer| offer.value != label)) {
                offers.push(Offer { value: skill.name.clone(), label: skill.describe.clone() });
            }
        }
        offers
    }

    /// The answer to "what can I do for you?", typed: one of the offers in other words, or a clearer wish.
    pub(super) fn wish_chosen(&mut self, message: &Message, reading: Understanding) -> bool {
        let Some((text, question)) = self.memory.which_wish.take() else { return false };
        if reading.zone == Some(Zone::Answer) {
            return self.wished(message, reading);
        }
        if question.choices.is_empty() {
            return self.wished(message, reading);
        }
        let labels: Vec<String> = question.choices.iter().map(|offer| offer.label.clone()).collect();
        let place = self.chosen(&question.choices, message).first().copied().or_else(|| self.hearing.similar(&message.text, &labels));
        // Among what was offered the likeliest is good enough, when it is likely at all.
        let likeliest = || {
            let first = reading.ranked.iter().find(|(label, _)| question.choices.iter().any(|offer| offer.value == *label))?;
            let offered = question.choices.iter().position(|offer| offer.value == first.0)?;
            (reading.zone == Some(Zone::AskBack) && first.1 >= 500).then_some(offered)
        };
        let Some(offer) = place.or_else(likeliest).and_then(|n| question.choices.get(n)) else { return self.wished(message, reading) };
        self.start(Wish { skill: offer.value.clone(), text: format!("{text}\n{}", message.text), ..Wish::default() });
        self.understood_as_answer();
        true
    }

    /// Begins a wish: the skill gets to work on the words, with what they say about its slots.
    pub(super) fn start(&mut self, wish: Wish) {
        if self.memory.top().is_some_and(|frame| frame.skill == wish.skill && !wish.alike) {
            // The same thing wished for anew takes the place of the old one.
            self.memory.frames.pop();
        }
        if self.memory.frames.len() >= DEPTH {
            self.memory.frames.remove(0);
        }
        let mut slots = wish.slots;
        if let (true, Some(last)) = (wish.alike, self.memory.last.as_ref().filter(|last| last.skill == wish.skill)) {
            // What was answered for the one goes for the other.
            let said = last.slots.iter().filter(|(_, filled)| matches!(filled.from, Origin::Message | Origin::Answer));
            for (name, filled) in said {
                slots.entry(name.clone()).or_insert_with(|| filled.clone());
            }
        }
        let message = self.listen(&wish.text);
        self.memory.frames.push(Frame { skill: wish.skill, slots, heard: vec![wish.text], ..Frame::default() });
        let beyond = self.hear(&message);
        if !wish.alike {
            self.queue_alike(beyond);
        }
    }

    /// Takes up the next wish that waits. False when there is none.
    pub(super) fn take_next_wish(&mut self) -> bool {
        if self.memory.queue.is_empty() {
            return false;
        }
        let wish = self.memory.queue.remove(0);
        self.start(wish);
        true
    }
}

fn is_talk(reading: &Understanding) -> bool {
    matches!(reading.skill.as_deref().and_then(Label::of), Some(Label::Talk(_)))
}

fn best(reading: &Understanding) -> i64 {
    reading.ranked.first().map_or(0, |(_, score)| *score)
}
