//! What is said of things that stand in another record: of one order a tent is changed, "and the stove I have already shall be red".

use super::super::dialogue::Dialogue;
use super::super::memory::{Frame, Wish};
use super::super::parts::sentences;
use super::super::program::SlotPlan;
use super::super::slots::Records;
use super::Things;
use super::naming::{self, is_called};
use super::thing::Thing;
use super::tokens::{Token, tokens};
use patchbay_core::declare::Kind;
use std::ops::Range;

impl Dialogue<'_> {
    /// The words of a text that may be about these things.
    pub(super) fn about_these(&self, text: &str, frame: &Frame, things: &[Thing]) -> String {
        let mut text = self.about_things(text, frame);
        for sentence in elsewhere(&text, things, &self.in_other_records(frame)).into_iter().rev() {
            text.replace_range(sentence, " ");
        }
        naming::taken_apart(&text, things)
    }

    /// What things are called that stand in other records than the one at work, as far as those have been read.
    fn in_other_records(&self, frame: &Frame) -> Vec<Vec<Token>> {
        let chosen = |plan: &&SlotPlan| matches!(plan.slot.kind, Kind::Pattern { .. }) && plan.records().is_some();
        let Some(plan) = self.program(&frame.skill).and_then(|program| program.slots.iter().find(chosen)) else { return Vec::new() };
        let Records::Read(candidates) = self.records(plan, frame) else { return Vec::new() };
        let others = candidates.iter().filter(|one| Some(&one.value) != frame.value(&plan.slot.name));
        others.flat_map(|one| one.titles()).map(|title| tokens(&title)).collect()
    }

    /// What the words wish for a thing of another record of the customer's becomes a wish of its own.
    pub(in super::super) fn queue_elsewhere(&mut self, plan: &SlotPlan) {
        let texts = self.wished_elsewhere(plan);
        let Some(frame) = self.memory.top() else { return };
        let skill = frame.skill.clone();
        let known = |text: &String| self.memory.queue.iter().any(|wish| wish.text.contains(text.as_str()));
        let new: Vec<String> = texts.into_iter().filter(|text| !known(text)).collect();
        self.memory.queue.extend(new.into_iter().map(|text| Wish { skill: skill.clone(), text, ..Wish::default() }));
    }

    fn wished_elsewhere(&self, plan: &SlotPlan) -> Vec<String> {
        let Some((program, frame)) = self.at_work() else { return Vec::new() };
        let Some(each) = program.for_each_of(&plan.slot.name) else { return Vec::new() };
        let Things::Read(things) = self.things(plan, each, frame) else { return Vec::new() };
        let others = self.in_other_records(frame);
        let unasked = frame.heard.iter().filter(|text| !frame.answers.iter().any(|answer| answer.text == **text));
        let told = unasked.flat_map(|text| elsewhere(text, &things, &others).into_iter().map(|place| text[place].trim().to_owned()));
        told.filter(|text| self.heard_in(text).1.is_some_and(|skill| skill == frame.skill)).collect()
    }
}

/// The sentences that speak of a thing of another record ("the high chair") and of none of these.
fn elsewhere(text: &str, things: &[Thing], others: &[Vec<Token>]) -> Vec<Range<usize>> {
    let speaks_of_another = |sentence: &Range<usize>| {
        let words = tokens(&text[sentence.clone()]);
        let pointed = |other: &Vec<Token>| {
            (1..words.len()).any(|at| {
                let named = words[at..].iter().zip(other).filter(|(word, own)| word.is(own).is_some()).count() == other.len();
                named && words[..at].iter().rev().take(naming::BEFORE_A_NAME).any(naming::is_definite)
            })
        };
        others.iter().any(pointed) && !words.iter().any(|word| things.iter().any(|thing| is_called(thing, word, things)))
    };
    sentences(text).into_iter().filter(speaks_of_another).collect()
}
