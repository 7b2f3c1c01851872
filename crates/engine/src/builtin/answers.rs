//! Answers to an open question: values by kind, one of the choices, or words that describe a record.

use super::choose::{is_taken_back, names_in};
use super::dialogue::{Dialogue, Message};
use super::lexicon::Utterance;
use super::memory::{Answered, Filled, Origin, Wish};
use super::program::SlotPlan;
use super::reading::Found;
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use patchbay_core::mind::Understanding;
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::Zone;
use std::collections::{BTreeMap, BTreeSet};

/// An answer that says this many words besides may be another wish instead.
const MORE_THAN_AN_ANSWER: usize = 4;
/// A name has at most so many words of meaning, with what is said around it.
const NAME: usize = 3;
/// Values of one slot in one message that become wishes of their own, at most.
const ALIKE: usize = 5;

impl Dialogue<'_> {
    /// The open question may be answered; or the message is about something else, and the question waits.
    pub(super) fn answered(&mut self, question: &Question, message: &Message, reading: Understanding) -> bool {
        let values = self.values_for(question, message);
        // A mere yes or no is about the question, whatever else it sounds like.
        let elsewhere = !self.is_bare(message) && self.is_elsewhere(&reading);
        let asks = reading.skill.as_deref().is_some_and(|skill| self.asks_for(skill, &message.text));
        let digresses = elsewhere && asks && self.words_beside(&values, message) >= MORE_THAN_AN_ANSWER;
        if !values.is_empty() && !digresses {
            let values = self.own_values(&question.slot, message, values);
            self.accept(question, values.into_iter().map(|found| found.value).collect());
            self.take_newer(&question.slot, message);
            self.hear_more(message);
            self.understood_as_answer();
            return true;
        }
        let by_description = self.can_be_described(question);
        // What names one of the things offered is about them, as long as it asks for nothing else.
        let about_it = || self.chooses_from(question) || self.names_an_offer(question, message) || self.only_names(question, message);
        let answers = by_description && !asks && about_it();
        if elsewhere && !answers {
            return self.wished(message, reading);
        }
        if !answers && self.answered_beside(message, &reading) {
            return true;
        }
        if let Some(frame) = self.memory.top_mut() {
            frame.asked = None;
            let place = frame.asked_place.take();
            frame.hear(message, Answered { slot: question.slot.clone(), text: message.text.clone(), place, ..Answered::default() });
        }
        let known = self.memory.top().map_or(0, |frame| frame.slots.len());
        let newer = self.take_newer(&question.slot, message);
        self.hear_more(message);
        if let Some(frame) = self.memory.top_mut().filter(|frame| newer || frame.slots.len() > known) {
            // It said something else that will be needed: it was understood.
            frame.tries.insert(question.slot.clone(), 0);
        }
        if by_description {
            // Whether the words describe one of the records is known once they are read.
            self.understood_as_answer();
        }
        true
    }

    /// Is a message nothing but a yes or a no?
    pub(super) fn is_bare(&self, message: &Message) -> bool {
        self.lexicon().first_of(&[Utterance::Yes, Utterance::No], &message.words).is_some()
    }

    fn can_be_described(&self, question: &Question) -> bool {
        let plan = self.at_work().and_then(|(program, _)| program.slot(&question.slot));
        plan.is_some_and(|plan| plan.records().is_some())
    }

    /// Is the question about things to be chosen, or what they shall become? Their values are not all among what is offered.
    fn chooses_from(&self, question: &Question) -> bool {
        let Some((program, _)) = self.at_work() else { return false };
        program.slot(&question.slot).is_some_and(|plan| plan.slot.for_each.is_some() || program.for_each_of(&question.slot).is_some())
    }

    /// Is the message hardly more than a name, where a record's name is asked for? It may be one the customer has not.
    fn only_names(&self, question: &Question, message: &Message) -> bool {
        let named = self.at_work().and_then(|(program, _)| program.slot(&question.slot)).is_some_and(|plan| plan.slot.kind == Kind::Text);
        named && !message.text.trim_end().ends_with('?') && (1..=NAME).contains(&self.lexicon().content(&message.words).len())
    }

    /// Does the message share a telling word with one of the offers?
    pub(super) fn names_an_offer(&self, question: &Question, message: &Message) -> bool {
        let content = self.lexicon().content(&message.words);
        let named = |offer: &Offer| self.lexicon().words(&offer.label).iter().any(|own| content.iter().any(|word| alike(own, word)));
        question.choices.iter().any(named)
    }

    /// Is the message surely about something else than the skill at work?
    fn is_elsewhere(&self, reading: &Understanding) -> bool {
        let at_work = self.memory.top().map(|frame| frame.skill.as_str());
        reading.zone == Some(Zone::Answer) && reading.skill.as_deref().is_some_and(|label| Some(label) != at_work)
    }

    /// Values in the message that answer this question: by kind, else by what was offered.
    fn values_for(&self, question: &Question, message: &Message) -> Vec<Found> {
        let Some((plan, kind)) = self.asked_for(question) else { return Vec::new() };
        if let Some(found) = self.more_than_a_field(plan, question, message) {
            return vec![found];
        }
        // Where records are offered a text names one of them rather than being the value itself.
        let named = plan.records().is_some()
            && match kind {
                Kind::List(of) => matches!(**of, Kind::Text),
                kind => matches!(kind, Kind::Text),
            };
        let mut found = if named { Vec::new() } else { self.reader(message).answered(kind) };
        if let (true, Kind::Bool, Some((program, _))) = (found.is_empty(), kind, self.at_work()) {
            found.extend(self.stated(program, plan, message));
        }
        let short = plan.slot.for_each.is_some() || self.lexicon().content(&message.words).len() <= 2;
        let by_place = short && message.words.iter().any(|word| self.lexicon().ordinals.contains_key(&word.plain));
        if !found.is_empty() || (named && matches!(kind, Kind::List(_)) && !by_place) {
            return found;
        }
        let about = if matches!(kind, Kind::List(_)) { None } else { self.part_of_an_answer(question, message) };
        if about.is_none() && !matches!(kind, Kind::List(_)) && self.names_several_offers(question, message) {
            return Vec::new();
        }
        let chosen = self.chosen(&question.choices, about.as_ref().unwrap_or(message)).into_iter();
        chosen.map(|n| Found { value: self.offered_value(kind, &question.choices[n]), span: 0..message.text.len() }).collect()
    }

    /// An answer for one field of a record that gives others with it ("20457 Hamburg", to a question for the town).
    fn more_than_a_field(&self, plan: &SlotPlan, question: &Question, message: &Message) -> Option<Found> {
        let (_, field) = question.slot.split_once('.')?;
        let found = self.reader(message).answered(&plan.slot.kind).into_iter().next()?;
        let Value::Map(parts) = &found.value else { return None };
        (parts.len() > 1 && parts.contains_key(field)).then_some(found)
    }

    /// The one part of an answer that names what was chosen, else takes up a word of the question or of what the skill is for, where
    /// several parts name different offers: "the card for the order, the voucher for the difference", to a question about the difference.
    pub(super) fn part_about(&self, question: &Question, message: &Message) -> Option<Message> {
        let parts: Vec<Message> = message.text.split([',', ';', '.']).map(|part| self.listen(part)).collect();
        if parts.iter().filter(|part| self.names_an_offer(question, part)).count() < 2 {
            return None;
        }
        let asked = self.lexicon().words(&question.text);
        let asked = self.lexicon().content(&asked);
        let skill = self.memory.top().and_then(|frame| self.company.skills.get(&frame.skill));
        let wish = self.lexicon().words(skill.map_or("", |skill| skill.describe.as_str()));
        let wish = self.lexicon().content(&wish);
        let takes_up = |part: &Message, words: &[&Word]| {
            self.lexicon().content(&part.words).iter().any(|word| words.iter().any(|own| own.stem == word.stem))
        };
        let only = |words: &[&Word]| {
            let mut about = parts.iter().filter(|part| self.names_an_offer(question, part) && takes_up(part, words));
            about.next().filter(|_| about.next().is_none()).cloned()
        };
        self.part_of_this_wish(question, &parts).or_else(|| only(&asked)).or_else(|| only(&wish))
    }

    /// The only part of an answer that names what was chosen, or what this was wished for with ("the tent by card, the lamp by
    /// voucher", about the lamp).
    fn part_of_this_wish(&self, question: &Question, parts: &[Message]) -> Option<Message> {
        let (program, frame) = self.at_work()?;
        let dull = |text: &str| {
            let words = self.lexicon().words(text);
            program.telling(&words, self.lexicon()).is_empty()
        };
        let offered: BTreeSet<String> = question.choices.iter().flat_map(|offer| names_in(&offer.label)).collect();
        let chosen = frame.seen.iter().flat_map(|(slot, seen)| {
            let values = frame.value(slot).and_then(Value::as_list).unwrap_or_default();
            seen.iter().filter(move |offer| values.contains(&Value::text(&offer.value))).map(|offer| &offer.label)
        });
        let heard: BTreeSet<String> = frame.heard.iter().chain(chosen).flat_map(|text| names_in(text)).filter(|name| !dull(name)).collect();
        let names = |part: &&Message| names_in(&part.text).iter().any(|name| heard.contains(name) && !offered.contains(name));
        let mut about = parts.iter().filter(|part| self.names_an_offer(question, part)).filter(names);
        about.next().filter(|_| about.next().is_none()).cloned()
    }

    /// The slot a question is about, and the kind it asks for: the slot's, or that of one field (`address.city`).
    pub(super) fn asked_for(&self, question: &Question) -> Option<(&SlotPlan, &Kind)> {
        let (program, _) = self.at_work()?;
        match question.slot.split_once('.') {
            None => program.slot(&question.slot).map(|plan| (plan, &plan.slot.kind)),
            Some((slot, field)) => {
                let plan = program.slot(slot)?;
                let Kind::Record(fields) = &plan.slot.kind else { return None };
                Some((plan, fields.get(field)?))
            }
        }
    }

    /// What was offered is a spelling; the slot wants a value.
    fn offered_value(&self, kind: &Kind, offer: &Offer) -> Value {
        match kind {
            Kind::List(_) => Value::List(vec![Value::text(&offer.value)]),
            _ => Value::text(&offer.value),
        }
    }

    /// Which of the offers an answer picks: by its place ("the second"), by its label, or all of them.
    pub(super) fn chosen(&self, offers: &[Offer], message: &Message) -> Vec<usize> {
        if offers.is_empty() {
            return Vec::new();
        }
        let lexicon = self.lexicon();
        if lexicon.is(Utterance::All, &message.words) {
            return (0..offers.len().min(ALIKE)).collect();
        }
        let counted = |word: &Word| word.plain.parse().ok().filter(|place| (1..=offers.len() as i64).contains(place));
        // "The one on the 1st of December" is not the first.
        let days = self.reader(message).mentioned(&Kind::Date);
        let places = || message.words.iter().filter(|word| !days.iter().any(|day| day.span.contains(&word.span.start)));
        if lexicon.content(&message.words).len() <= 2
            && let Some(place) = places().find_map(|word| lexicon.ordinals.get(&word.plain).copied().or_else(|| counted(word)))
        {
            let index =
                if place < 0 { offers.len().checked_sub(1) } else { usize::try_from(place).ok().and_then(|place| place.checked_sub(1)) };
            return index.filter(|index| *index < offers.len()).into_iter().collect();
        }
        let mut content = lexicon.content(&message.words);
        content.retain(|word| !is_taken_back(&message.text, word.span.start));
        let scores: Vec<usize> = offers
            .iter()
            .map(|offer| {
                let own = lexicon.words(&format!("{} {}", offer.label, offer.value));
                content.iter().filter(|word| own.iter().any(|own| alike(own, word))).count()
            })
            .collect();
        let best = scores.iter().copied().max().unwrap_or(0);
        let mut winners = (0..scores.len()).filter(|&n| scores[n] == best);
        match (best, winners.next(), winners.next()) {
            (1.., Some(one), None) => vec![one],
            _ => Vec::new(),
        }
    }

    /// How many words a message has beside these values; a free text is one value and the words beside it at once.
    fn words_beside(&self, values: &[Found], message: &Message) -> usize {
        let free_text = values.iter().any(|found| found.span == (0..message.text.len()));
        let inside = |at: usize| !free_text && values.iter().any(|found| found.span.contains(&at));
        message.words.iter().filter(|word| !inside(word.span.start) && !self.lexicon().is_filler(word)).count()
    }

    /// Fills the asked slot; further values become wishes of the same kind.
    pub(super) fn accept(&mut self, question: &Question, mut values: Vec<Value>) {
        let kind = self.asked_for(question).map(|(plan, _)| plan.slot.kind.clone());
        let each = self.asked_for(question).is_some_and(|(plan, _)| plan.slot.for_each.is_some());
        if let Some(frame) = self.memory.top_mut() {
            frame.asked = None;
            if let (true, Some(place)) = (each, frame.asked_place.take()) {
                let value = match values.remove(0) {
                    Value::List(mut one) if one.len() == 1 => one.remove(0),
                    value => value,
                };
                frame.parts.entry(question.slot.clone()).or_default().insert(place.to_string(), value);
                return;
            }
        }
        match kind {
            Some(Kind::List(_)) => {
                let flat = values.into_iter().flat_map(|value| match value {
                    Value::List(values) => values,
                    value => vec![value],
                });
                self.fill(&question.slot, Value::List(flat.collect()), Origin::Answer);
            }
            Some(Kind::Record(fields)) => self.accept_part(question, values.remove(0), &fields),
            _ => {
                let first = values.remove(0);
                self.fill(&question.slot, first, Origin::Answer);
                self.queue_alike(values.into_iter().map(|value| (question.slot.clone(), value)).collect());
            }
        }
    }

    /// Takes fields of a record; when none is open any more, the slot is filled.
    fn accept_part(&mut self, question: &Question, value: Value, fields: &BTreeMap<String, Kind>) {
        let (slot, field) = question.slot.split_once('.').map_or((question.slot.as_str(), None), |(slot, field)| (slot, Some(field)));
        let Some(frame) = self.memory.top_mut() else { return };
        let parts = frame.parts.entry(slot.to_owned()).or_default();
        match (field, value) {
            (_, Value::Map(values)) if field.is_none_or(|field| !matches!(fields.get(field), Some(Kind::Record(_)))) => {
                parts.extend(values);
            }
            (Some(field), value) => {
                parts.insert(field.to_owned(), value);
            }
            (None, _) => {}
        }
        if fields.keys().all(|field| parts.contains_key(field)) {
            let record = Value::Map(std::mem::take(parts));
            self.fill(slot, record, Origin::Answer);
        }
    }

    /// Further values of a slot ("cancel 123 and 456") become wishes of the same kind, next after this one.
    pub(super) fn queue_alike(&mut self, beyond: Vec<(String, Value)>) {
        let Some(frame) = self.memory.top() else { return };
        let (skill, text) = (frame.skill.clone(), frame.heard.join("\n"));
        for (n, (slot, value)) in beyond.into_iter().take(ALIKE - 1).enumerate() {
            let slots = [(slot, Filled { value, from: Origin::Message })].into();
            self.memory.queue.insert(n, Wish { skill: skill.clone(), text: text.clone(), slots, alike: true, fallback: false });
        }
    }

    /// A day, a time or an amount that an answer says beside takes the place of the one that was said before ("then on Saturday, in
    /// the evening", to a question for the time of day). Was there one?
    fn take_newer(&mut self, asked: &str, message: &Message) -> bool {
        let Some((program, frame)) = self.at_work() else { return false };
        let told = |plan: &&SlotPlan| matches!(plan.slot.kind, Kind::Date | Kind::Time | Kind::Money(_)) && plan.slot.name != asked;
        let plans = program.slots.iter().filter(told);
        let newer: Vec<(String, Value)> =
            plans.filter_map(|plan| Some((plan.slot.name.clone(), self.new_value(plan, frame, message)?))).collect();
        let any = !newer.is_empty();
        newer.into_iter().for_each(|(slot, value)| self.fill(&slot, value, Origin::Message));
        any
    }

    /// What an answer says beyond the question: other open slots.
    fn hear_more(&mut self, message: &Message) {
        let beyond = self.hear(message);
        self.queue_alike(beyond);
    }
}
