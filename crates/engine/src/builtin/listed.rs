//! Several records named in one breath where a skill takes one: "cancel the yoga class and the boxing one".

use super::dialogue::Dialogue;
use super::program::{Program, SlotPlan};
use super::records::Candidate;
use super::several::Piecewise;
use super::slots::Records;
use super::words::Word;
use patchbay_core::Value;
use patchbay_core::declare::Kind;

impl Dialogue<'_> {
    /// The words that described this record list others beside it: each becomes a wish of the same kind, next after this one.
    pub(super) fn queue_listed(&mut self, plan: &SlotPlan, value: &Value) {
        if plan.is_list() {
            return self.queue_elsewhere(plan);
        }
        let Some((program, frame)) = self.at_work() else { return };
        let Records::Read(candidates) = self.records(plan, frame) else { return };
        let eligible: Vec<Candidate> = candidates.into_iter().filter(|candidate| candidate.eligible).collect();
        let telling = |words: &[Word]| self.telling_things(program, plan, words, &eligible);
        let verb = |word: &Word| program.is_asked_for_with(&word.stem);
        let similar = |text: &str, among: &[&str]| {
            let among: Vec<String> = among.iter().map(|one| (*one).to_owned()).collect();
            self.hearing.similar(text, &among)
        };
        let piecewise = Piecewise { lexicon: self.lexicon(), telling: &telling, verb: &verb, similar: &similar };
        let lists = frame.heard.iter().rev().map(|text| piecewise.listed(&self.programs.patterns.named(text), &eligible));
        let listed = lists.into_iter().find(|listed| listed.iter().any(|n| eligible[*n].value == *value)).unwrap_or_default();
        let others = listed.into_iter().map(|n| eligible[n].value.clone()).filter(|other| other != value);
        let others: Vec<(String, Value)> = others.map(|other| (plan.slot.name.clone(), other)).collect();
        self.queue_alike(others);
    }

    /// The words of a text that tell one record of a slot from another. Words that another slot is asked for with are about that
    /// ("refund it to my gift card"), unless one of the records is called so; and what a record is called tells it, also where an
    /// example of the skill happens to name such a thing.
    pub(super) fn telling_things(&self, program: &Program, plan: &SlotPlan, words: &[Word], candidates: &[Candidate]) -> Vec<Word> {
        let others: Vec<&SlotPlan> = program
            .slots
            .iter()
            .filter(|other| other.slot.name != plan.slot.name && other.records().is_some() && !other.is_list())
            .collect();
        let own = |word: &Word| plan.asked_with.contains(&word.stem) || candidates.iter().any(|one| one.is_called(word));
        let elsewhere = |word: &Word| others.iter().any(|other| other.asked_with.contains(&word.stem)) && !own(word);
        let calls = |one: &Candidate, word: &Word| one.is_titled(word) || (plan.slot.kind == Kind::Text && one.is_called(word));
        let tells = |word: &Word| !program.is_worded_with(&word.stem) || candidates.iter().any(|one| calls(one, word));
        self.lexicon().content(words).into_iter().filter(|word| tells(word) && !elsewhere(word)).cloned().collect()
    }
}
