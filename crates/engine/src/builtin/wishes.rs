//! Wishes: which skill a message asks for, one or several, and how it starts.

use super::dialogue::{Dialogue, Message};
use super::hearing::Label;
use super::knowledge::{Known, logged};
use super::lexicon::Utterance;
use super::memory::{Filled, Frame, Origin, Wish};
use patchbay_core::mind::Understanding;
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::{Route, Zone};

/// The slot of the question "what can I do for you?".
const WHICH_WISH: &str = "which_wish";
/// Likely wishes offered when a message is not clear.
const LIKELY: usize = 3;
/// Wishes offered when a message was not understood at all.
const SHOWN: usize = 5;
/// From here on, in thousandths, a wish is likely enough to be tried.
const LEADING: i64 = 600;
/// Skills that may be interrupted at the same time.
const DEPTH: usize = 4;

impl Dialogue<'_> {
    /// A message that is not about what is open: one wish or several, or not clear.
    pub(super) fn wished(&mut self, message: &Message, reading: Understanding) -> bool {
        if self.follows_up(message, &reading) {
            return true;
        }
        if let Some(word) = self.lexicon().first_of(&[Utterance::Yes, Utterance::No, Utterance::Unknown], &message.words) {
            return self.said_only(word, message, reading);
        }
        let (reading, wishes) = self.wishes(message, reading);
        if wishes.is_empty() {
            if reading.zone == Some(Zone::Answer) && self.is_no_skill(&reading) {
                return true;
            }
            let known = self.look_up(message);
            if self.says_passage(&known, &reading) {
                return true;
            }
            self.unclear(message, reading, &known);
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

    /// A yes, a no or "I don't know" to nothing that was asked.
    fn said_only(&mut self, word: Utterance, message: &Message, reading: Understanding) -> bool {
        let reading = Understanding { skill: None, ..reading };
        match word {
            Utterance::No => self.talk(Utterance::Goodbye, Understanding { zone: Some(Zone::Answer), ..reading }),
            Utterance::Yes => self.unclear(message, Understanding { zone: Some(Zone::AskBack), ..reading }, &[]),
            _ => self.unclear(message, Understanding { zone: Some(Zone::HandOver), ..reading }, &[]),
        }
        false
    }

    /// The wishes in a message. What is asked for counts before what is told around it, and a message is split only where
    /// every part asks for something clear by itself.
    fn wishes(&self, message: &Message, whole: Understanding) -> (Understanding, Vec<Wish>) {
        let single = |skill: &str| vec![Wish { skill: skill.to_owned(), text: message.text.clone(), ..Wish::default() }];
        let mut parts = self.parts(message);
        let asks = parts.iter().any(|part| part.asks);
        parts.retain(|part| part.asks == asks);
        // The same thing said twice is one wish.
        parts.dedup_by(|part, before| {
            let again = part.skill == before.skill;
            if again {
                before.take_in(&part.text);
            }
            again
        });
        match (parts.as_slice(), self.clear_skill(&whole)) {
            // "Hi there! Where is my parcel?": a wish beats small talk, and a topic only where it is surer.
            ([part], None) if whole.zone != Some(Zone::Answer) || is_talk(&whole) || best(&part.reading) > best(&whole) => {
                (part.reading.clone(), single(&part.skill))
            }
            ([part], Some(_)) if asks || best(&part.reading) > best(&whole) => (part.reading.clone(), single(&part.skill)),
            ([first, _, ..], _) if asks => {
                let reading = first.reading.clone();
                (reading, parts.into_iter().map(|part| self.share(part, message)).collect())
            }
            (_, Some(skill)) => (whole.clone(), single(skill)),
            _ => match self.leading_skill(&whole).filter(|_| !self.is_only_a_value(&message.text)).map(str::to_owned) {
                Some(skill) => (Understanding { zone: Some(Zone::Answer), skill: Some(skill.clone()), ..whole }, single(&skill)),
                None => (whole, Vec::new()),
            },
        }
    }

    /// The parts of a message that are about a skill each; what is about none belongs to the part before it.
    fn parts(&self, message: &Message) -> Vec<Part> {
        let clauses = self.clauses(&message.text);
        let mut parts: Vec<Part> = Vec::new();
        if clauses.len() < 2 {
            return parts;
        }
        for clause in clauses {
            let reading = self.read(&clause);
            let skill = self.clear_skill(&reading).filter(|_| !self.is_only_a_value(&clause)).map(str::to_owned);
            let asks = skill.as_ref().is_some_and(|skill| self.asks_for(skill, &clause));
            match (skill, parts.last_mut()) {
                (Some(skill), Some(last)) if last.skill == skill && last.asks == asks => last.take_in(&clause),
                (Some(skill), _) => parts.push(Part { reading, skill, text: clause, asks }),
                (None, Some(last)) => last.take_in(&clause),
                (None, None) => {}
            }
        }
        parts
    }

    /// Is a clause nothing but a number or the like ("it's order 12345")? It says what about, and nothing of what is wished for.
    fn is_only_a_value(&self, clause: &str) -> bool {
        let named = self.lexicon().words(&self.programs.patterns.named(clause));
        self.programs.patterns.finds_any(clause)
            && self.lexicon().content(&named).iter().all(|word| self.programs.patterns.calls(&word.plain))
    }

    /// Does a clause ask for something, rather than tell a story? A question, a request, or a verb the skill is asked for with.
    pub(super) fn asks_for(&self, skill: &str, clause: &str) -> bool {
        let said = self.listen(clause).words;
        let verb = || self.program(skill).is_some_and(|program| program.opens_with_its_verb(&said, self.lexicon()));
        let asked = clause.ends_with('?') && !self.lexicon().ends_with_a_tag(&said);
        asked || self.lexicon().requests(&said) || verb()
    }

    /// A value mentioned only once in a message of several wishes goes for each of them.
    fn share(&self, part: Part, message: &Message) -> Wish {
        let mut wish = Wish { skill: part.skill, text: part.text, ..Wish::default() };
        let Some(program) = self.program(&wish.skill) else { return wish };
        let own = self.listen(&wish.text);
        for plan in program.slots.iter().filter(|plan| plan.may_be_mentioned()) {
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

    /// The skill that is likelier than all others together. Not sure enough to be clear, but a wrong guess costs little: what a
    /// skill reads is the customer's own, and what it writes waits for their yes.
    fn leading_skill<'r>(&self, reading: &'r Understanding) -> Option<&'r str> {
        let (label, score) = reading.ranked.first().filter(|_| reading.zone == Some(Zone::AskBack))?;
        (*score >= LEADING && self.programs.skills.contains_key(label)).then_some(label.as_str())
    }

    /// The parts a message may fall into: sentences, and what joining words join.
    pub(super) fn clauses(&self, text: &str) -> Vec<String> {
        let sentences = text.split_inclusive(['.', '!', '?', ';', '\n']).map(str::trim);
        let mut clauses = Vec::new();
        for sentence in sentences.filter(|sentence| sentence.chars().any(char::is_alphabetic)) {
            let said = self.lexicon().words(sentence);
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

    /// Not sure enough to act: the likely wishes and passages are offered, or what can be done at all.
    fn unclear(&mut self, message: &Message, mut reading: Understanding, known: &[Known]) {
        let mut choices = self.likely_passages(known);
        // A bare number says what about, only not what to do.
        let lost = reading.zone != Some(Zone::AskBack) && choices.is_empty() && !self.programs.patterns.finds_any(&message.text);
        if reading.zone == Some(Zone::AskBack) || choices.is_empty() {
            choices.extend(self.likely(&reading, LIKELY));
            choices.truncate(LIKELY + 1);
        }
        let text = if lost { "not_understood" } else { WHICH_WISH };
        if lost || choices.is_empty() {
            choices = self.likely(&reading, SHOWN);
        }
        reading.passages = logged(known);
        let (route, zone) = if lost { (Route::None, Zone::HandOver) } else { (Route::Choice, Zone::AskBack) };
        if reading.zone == Some(Zone::Answer) {
            // What it is about was clear, only nothing stands written about it.
            reading.zone = Some(zone);
        }
        self.understood(Understanding { skill: None, misunderstood: lost, route: Some(route), ..reading });
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
        let says_nothing = self.lexicon().is(Utterance::Unknown, &message.words);
        if reading.zone == Some(Zone::Answer) || question.choices.is_empty() || says_nothing {
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
        self.take_offer(&offer.value, format!("{text}\n{}", message.text));
        true
    }

    /// Does what was picked from the likely wishes: says the passage, or begins the skill on the words.
    pub(super) fn take_offer(&mut self, value: &str, text: String) {
        if self.says_offered(value) {
            return;
        }
        self.start(Wish { skill: value.to_owned(), text, ..Wish::default() });
        self.understood_as_answer();
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

/// A part of a message that is about one skill.
struct Part {
    reading: Understanding,
    skill: String,
    text: String,
    /// It asks for something.
    asks: bool,
}

impl Part {
    fn take_in(&mut self, clause: &str) {
        self.text = format!("{} {clause}", self.text);
    }
}

fn is_talk(reading: &Understanding) -> bool {
    matches!(reading.skill.as_deref().and_then(Label::of), Some(Label::Talk(_)))
}

fn best(reading: &Understanding) -> i64 {
    reading.ranked.first().map_or(0, |(_, score)| *score)
}
