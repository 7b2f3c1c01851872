//! Corrections ("no, the other one", "not 123 but 456") and follow-ups ("and 456?"): the last thing again, with another value.

use super::dialogue::{Dialogue, Message};
use super::lexicon::Utterance;
use super::memory::{Ended, Frame, Origin, Wish};
use super::program::{Op, Program, SlotPlan, tools_of};
use super::reading::{Found, same};
use super::slots::Records;
use super::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::declare::{Kind, SlotSource};
use patchbay_core::mind::Understanding;
use patchbay_core::reply::Offer;
use patchbay_core::words::Zone;
use std::collections::BTreeMap;

/// A follow-up says at most this much beside the new value.
const FOLLOW_UP_WORDS: usize = 3;

/// What a correction changes.
enum Change {
    /// The slot has this value.
    To(String, Value),
    /// The slot has another value than it had.
    NotThis(String),
    /// The slot is a record that is given anew: by these parts, or by what it is known as.
    Anew(String, BTreeMap<String, Value>),
}

impl Dialogue<'_> {
    /// Corrects a slot of the skill at work, or of the one that ended last, and goes on from the first step that used it.
    pub(super) fn corrected(&mut self, message: &Message, reading: &Understanding) -> bool {
        let other = self.lexicon().says(Utterance::Other, &message.words);
        let changes = || self.changes_proposal(message, reading) || self.changes_refused(message, reading);
        if !other && !self.lexicon().corrects(&message.words) && !changes() {
            return false;
        }
        let running = self.memory.top().is_some();
        let Some(frame) = self.memory.top().or(self.memory.last.as_ref()) else { return false };
        if self.is_for_another(frame, message, reading) && !other {
            return false;
        }
        let Some(program) = self.program(&frame.skill) else { return false };
        let Some(change) = self.change(program, frame, message, other) else { return false };
        if !running && let Some(last) = self.memory.last.take() {
            // For another value even a write is a new one, with a yes of its own.
            self.memory.frames.push(Frame { at: 0, written: None, ..last });
        }
        self.redo(program, change, message);
        self.understood_as_answer();
        true
    }

    /// "No, extend it instead": another wish takes the place of the one at work, about the same record.
    pub(super) fn replaced(&mut self, message: &Message) -> bool {
        let open = self.at_work().map(|(_, frame)| frame).filter(|frame| frame.proposing() || frame.asked.is_some());
        // After a no it is the same, only that nothing is under way any more.
        let declined = || self.memory.last.as_ref().filter(|_| self.memory.frames.is_empty() && self.memory.ended == Ended::Declined);
        let Some(frame) = open.or_else(declined) else { return false };
        let running = open.is_some();
        let after = self.lexicon().turns_away(&message.words);
        if !self.lexicon().replaces(&message.words) || after >= message.words.len() {
            return false;
        }
        let rest = message.text[message.words[after].span.start..].to_owned();
        let reading = self.read(&rest);
        // The verb makes a likely skill sure enough.
        let likely = || reading.ranked.first().map(|(label, _)| label.as_str()).filter(|_| reading.zone == Some(Zone::AskBack));
        let other = self.clear_skill(&reading).or_else(likely).filter(|skill| *skill != frame.skill);
        let Some(other) = other.filter(|skill| self.opens_with_a_verb_of(skill, &rest)).map(str::to_owned) else { return false };
        if running {
            self.fail();
        }
        self.start(Wish { skill: other.clone(), text: rest, ..Wish::default() });
        self.understood(Understanding { zone: Some(Zone::Answer), skill: Some(other), ..reading });
        true
    }

    fn opens_with_a_verb_of(&self, skill: &str, text: &str) -> bool {
        let said = self.listen(text).words;
        self.program(skill).is_some_and(|program| program.opens_with_its_verb(&said, self.lexicon()))
    }

    /// While a write is proposed, another value for one of its slots is a correction even without a word that says so.
    fn changes_proposal(&self, message: &Message, reading: &Understanding) -> bool {
        let Some((program, frame)) = self.at_work().filter(|(_, frame)| frame.proposing()) else { return false };
        let elsewhere = self.is_for_another(frame, message, reading);
        let changed = |plan: &SlotPlan| self.new_value(plan, frame, message).is_some() || self.given_anew(plan, frame, message).is_some();
        !elsewhere && (program.slots.iter().any(changed) || self.spoken_of(program, frame, message).is_some())
    }

    /// After a refusal another value for what was refused asks for that instead ("monday then").
    fn changes_refused(&self, message: &Message, reading: &Understanding) -> bool {
        let refused = self.memory.frames.is_empty() && self.memory.ended == Ended::Refused;
        let Some(last) = self.memory.last.as_ref().filter(|_| refused) else { return false };
        let other = reading.skill.as_deref().filter(|skill| reading.zone == Some(Zone::Answer) && *skill != last.skill);
        let elsewhere = other.is_some_and(|skill| self.asks_for(skill, &message.text));
        let changed = |plan: &SlotPlan| self.new_value(plan, last, message).is_some() || self.given_anew(plan, last, message).is_some();
        !elsewhere && self.program(&last.skill).is_some_and(|program| program.slots.iter().any(changed))
    }

    /// Does a message look like another skill than the one at work? To an open card few words that ask for nothing say no more than
    /// what shall be different on it.
    fn is_for_another(&self, frame: &Frame, message: &Message, reading: &Understanding) -> bool {
        let other = reading.skill.as_deref().filter(|skill| reading.zone == Some(Zone::Answer) && *skill != frame.skill);
        let corrects = self.lexicon().corrects(&message.words) || self.lexicon().replaces(&message.words);
        other.is_some_and(|skill| !(frame.proposing() && corrects) || self.asks_for(skill, &message.text))
    }

    /// The slot of which a message names another thing: by words that one of the others has ("the visa, please"), or by what such
    /// things are called ("the other card").
    pub(super) fn spoken_of<'p>(&self, program: &'p Program, frame: &Frame, message: &Message) -> Option<&'p SlotPlan> {
        let said = self.lexicon().content(&message.words);
        if message.text.trim_end().ends_with('?') || !(1..=FOLLOW_UP_WORDS).contains(&said.len()) {
            return None;
        }
        let says = |words: &[Word]| said.iter().filter(|word| words.iter().any(|own| alike(own, word))).count();
        let other = message.words.iter().any(|word| self.lexicon().means_other(word));
        let score = |plan: &SlotPlan| {
            let current = frame.value(&plan.slot.name);
            let (own, others): (Vec<_>, Vec<_>) =
                frame.seen.get(&plan.slot.name).into_iter().flatten().partition(|offer| current == Some(&Value::text(&offer.value)));
            let words = |offers: &[&Offer]| offers.iter().flat_map(|offer| self.lexicon().words(&offer.label)).collect::<Vec<_>>();
            let described = says(&words(&others)).saturating_sub(says(&words(&own)));
            let path = plan.records().map_or("", |(path, _)| path);
            let name = self.lexicon().words(&format!("{} {path}", plan.slot.name).replace(['_', '.'], " "));
            let called = if other { says(&name) + said.iter().filter(|word| plan.asked_with.contains(&word.stem)).count() } else { 0 };
            2 * described + called
        };
        let single = |plan: &&SlotPlan| plan.records().is_some() && !plan.is_list() && frame.value(&plan.slot.name).is_some();
        program.slots.iter().filter(single).max_by_key(|plan| score(plan)).filter(|plan| score(plan) > 0)
    }

    /// Keeps what the records of a slot offered, so that words can point to another of them.
    pub(super) fn note_seen(&mut self, plan: &SlotPlan) {
        let Some(frame) = self.memory.top().filter(|_| plan.slot.for_each.is_none()) else { return };
        let Records::Read(candidates) = self.records(plan, frame) else { return };
        let offers: Vec<Offer> = candidates.into_iter().filter(|one| one.eligible).map(|one| one.offer).collect();
        if let Some(frame) = self.memory.top_mut() {
            let seen = frame.seen.entry(plan.slot.name.clone()).or_default();
            seen.extend(offers.into_iter().filter(|offer| !seen.contains(offer)).collect::<Vec<_>>());
        }
    }

    /// The parts of a record that a message gives anew; none where it means a known one by its name ("to my office").
    fn given_anew(&self, plan: &SlotPlan, frame: &Frame, message: &Message) -> Option<BTreeMap<String, Value>> {
        let current = frame.value(&plan.slot.name).filter(|_| matches!(plan.slot.kind, Kind::Record(_)))?;
        let parts = self.reader(message).parts(&plan.slot.kind).unwrap_or_default();
        let differs = parts.iter().any(|(name, part)| current.at(name) != Some(part));
        let named = plan.slot.from.iter().any(|source| match source {
            SlotSource::SameAs { said, .. } => self.says_phrase(&message.text, said),
            _ => false,
        });
        (differs || named).then_some(parts)
    }

    fn change(&self, program: &Program, frame: &Frame, message: &Message, other: bool) -> Option<Change> {
        let filled = || program.slots.iter().filter(|plan| frame.value(&plan.slot.name).is_some());
        let new = filled().find_map(|plan| Some(Change::To(plan.slot.name.clone(), self.new_value(plan, frame, message)?)));
        let anew = || filled().find_map(|plan| Some(Change::Anew(plan.slot.name.clone(), self.given_anew(plan, frame, message)?)));
        let from_records = || {
            let first = || filled().find(|plan| plan.records().is_some());
            self.spoken_of(program, frame, message).or_else(first).map(|plan| Change::NotThis(plan.slot.name.clone()))
        };
        let telling = program.telling(&message.words, self.lexicon()).len();
        let described = (frame.proposing() || self.lexicon().means_another(&message.words)) && (1..=FOLLOW_UP_WORDS).contains(&telling);
        new.or_else(anew).or_else(|| (other || described).then(from_records).flatten())
    }

    /// A value for this slot that differs from the one it has: what stands after "but", else what is not negated.
    pub(super) fn new_value(&self, plan: &SlotPlan, frame: &Frame, message: &Message) -> Option<Value> {
        let reader = self.reader(message);
        let current = frame.value(&plan.slot.name)?;
        let differs = |found: &Found| !same(&self.programs.patterns, &plan.slot.kind, current, &found.value);
        let found: Vec<Found> = reader.mentioned(&plan.slot.kind).into_iter().filter(differs).collect();
        let amount = matches!(plan.slot.kind, Kind::Money(_) | Kind::Number | Kind::Integer);
        if found.is_empty() && amount && frame.proposing() && self.lexicon().corrects(&message.words) {
            // "No, only 6": to a card that shows the amount it is as good as an answer.
            let after = message.words.get(self.lexicon().opening_no(&message.words)).map_or(message.text.len(), |word| word.span.start);
            let rest = self.listen(&message.text[after..]);
            return self.reader(&rest).answered(&plan.slot.kind).into_iter().find(differs).map(|found| found.value);
        }
        let before = |found: &Found| message.words.iter().take_while(|word| word.span.end <= found.span.start).cloned().collect::<Vec<_>>();
        let turned = found.iter().find(|found| self.lexicon().turns_to(&before(found)));
        // The "no" that opens a correction does not negate the value after it ("no, on Tuesday").
        let opening = |found: &Found| before(found).len() <= self.lexicon().opening_no(&before(found));
        let plain = || found.iter().find(|found| opening(found) || !reader.negated(found.span.start));
        turned.or_else(plain).map(|found| found.value.clone())
    }

    fn redo(&mut self, program: &Program, change: Change, message: &Message) {
        let named = !self.lexicon().says(Utterance::Other, &message.words) && !program.telling(&message.words, self.lexicon()).is_empty();
        let Some(frame) = self.memory.top_mut() else { return };
        let slot = match &change {
            Change::To(slot, _) | Change::NotThis(slot) | Change::Anew(slot, _) => slot.clone(),
        };
        if let Some(old) = frame.slots.remove(&slot) {
            let ruled_out = frame.ruled_out.entry(slot.clone()).or_default();
            if named {
                // What was ruled out before may be named again.
                ruled_out.clear();
            }
            ruled_out.push(old.value);
        }
        frame.waiting = None;
        frame.asked = None;
        frame.partial = None;
        // What was looked at for another record says nothing of this one.
        frame.allowed.retain(|place| !program.refusals.get(*place).is_some_and(|refusal| refusal.needs.contains(&slot)));
        // The words so far described the wrong one.
        frame.heard = vec![message.text.clone()];
        let from = program.first_use(&slot, |call| tools_of(self.company, call).iter().any(|tool| tool.args.contains_key(&slot)));
        frame.at = from.max(frame.written.unwrap_or(0)).min(frame.at);
        match change {
            Change::To(slot, value) => {
                frame.ruled_out.remove(&slot);
                self.fill(&slot, value, Origin::Message);
            }
            Change::NotThis(slot) => {
                self.memory.known.remove(&slot);
            }
            Change::Anew(slot, parts) => {
                self.memory.known.remove(&slot);
                if let Some(frame) = self.memory.top_mut() {
                    frame.parts.insert(slot, parts);
                }
            }
        }
        self.correct_callers(&slot);
    }

    /// Skills that called the one at work had the old value too.
    fn correct_callers(&mut self, slot: &str) {
        let Some((top, below)) = self.memory.frames.split_last_mut() else { return };
        let mut called = top.called;
        for caller in below.iter_mut().rev() {
            if !called {
                break;
            }
            match top.slots.get(slot) {
                Some(filled) => caller.slots.insert(slot.to_owned(), filled.clone()),
                None => caller.slots.remove(slot),
            };
            called = caller.called;
        }
    }

    /// "And 456?", "what about the blue one?": what was done last, for something else.
    pub(super) fn follows_up(&mut self, message: &Message, reading: &Understanding) -> bool {
        if !self.memory.frames.is_empty() {
            return false;
        }
        let Some(last) = self.memory.last.as_ref() else { return false };
        let Some(program) = self.program(&last.skill) else { return false };
        let opens = self.lexicon().follows_up(&message.words);
        let reader = self.reader(message);
        let named = program.slots.iter().filter(|plan| plan.may_be_mentioned()).flat_map(|plan| reader.mentioned(&plan.slot.kind)).next();
        let telling = program.telling(&message.words, self.lexicon());
        let beside = |found: &Found| telling.iter().filter(|word| !found.span.contains(&word.span.start)).count();
        let little = named.as_ref().is_some_and(|found| beside(found) <= FOLLOW_UP_WORDS);
        // "And 456 as well" may look like anything; only a message that asks for something else is about something else.
        let elsewhere = reading.skill.as_deref().filter(|skill| reading.zone == Some(Zone::Answer) && *skill != last.skill);
        if elsewhere.is_some_and(|skill| !opens || !little || self.asks_for(skill, &message.text)) {
            return false;
        }
        let sooner_another = reading.zone != Some(Zone::Answer) && self.is_sooner_another(last, message, reading);
        let by_value = little && !sooner_another && (opens || reading.zone != Some(Zone::Answer));
        let by_words = opens
            && !sooner_another
            && program.slots.iter().any(|plan| plan.records().is_some())
            && !self.asks_for_another(&last.skill, message);
        if !by_value && !by_words {
            return false;
        }
        let skill = last.skill.clone();
        self.start(Wish { skill, text: message.text.clone(), ..Wish::default() });
        self.understood_as_answer();
        true
    }
}

impl Program {
    /// The first operation that may depend on a slot; `takes` tells whether a call takes it as an argument.
    fn first_use(&self, slot: &str, takes: impl Fn(&str) -> bool) -> usize {
        let uses = |op: &Op| match op {
            Op::Call { call, with } => takes(call) || with.values().any(|path| path.split('.').next() == Some(slot)),
            Op::Unless { rule, .. } => rule.source().contains(slot),
            Op::Skill(_) => true,
            Op::Say(_) | Op::HandOver(_) | Op::Jump(_) => false,
        };
        self.ops.iter().position(uses).unwrap_or(0)
    }
}
