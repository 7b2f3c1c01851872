//! The ways through a skill: each one ends with words, a hand-over or a write; what is said on it is known by then; no step is out of reach.

use super::Check;
use crate::problem::{below, element};
use patchbay_core::declare::{Access, Skill, Step};
use std::collections::BTreeSet;

/// What holds at one place of a skill, on every way that leads there.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    /// Tools that have answered.
    pub(super) answered: BTreeSet<String>,
    /// Tools that were asked on every way, whether or not they answered.
    pub(super) tried: BTreeSet<String>,
    /// Tools that were asked on some way.
    pub(super) asked: BTreeSet<String>,
    /// The last step of a way on which nothing was said so far.
    silent: Option<Silent>,
}

/// A way without words, and where it comes from.
#[derive(Debug, Clone)]
enum Silent {
    /// From the beginning, or after a step that says nothing.
    After(String),
    /// Because this condition does not hold.
    Unless(String),
}

impl Known {
    /// What holds after these tools have answered.
    pub(super) fn after(answered: BTreeSet<String>) -> Self {
        Self { answered, ..Self::default() }
    }

    /// What holds where two ways meet.
    fn meet(self, other: Self) -> Self {
        Self {
            answered: self.answered.intersection(&other.answered).cloned().collect(),
            tried: self.tried.intersection(&other.tried).cloned().collect(),
            asked: self.asked.union(&other.asked).cloned().collect(),
            silent: self.silent.or(other.silent),
        }
    }
}

impl Check<'_> {
    /// Every skill that customers ask for, with those it uses.
    pub(super) fn flows(&mut self) {
        let company = self.company;
        for (name, skill) in &company.skills {
            let key = below("skills", name);
            // Skills that only others use are looked at from there.
            if skill.examples.is_empty() && company.skills.values().any(|other| uses(&other.steps, name)) {
                continue;
            }
            self.refusals_known(skill, &below(&key, "refuse"));
            let begin = Known { silent: Some(Silent::After(below(&key, "do"))), ..Known::default() };
            let end = self.follow(skill, &skill.steps, &[name], begin, &below(&key, "do"));
            match end.and_then(|known| known.silent) {
                None => {}
                Some(Silent::After(step)) => {
                    let advice = "say something with `say`, hand over, or end with a call that changes something";
                    self.report.add(&step, "after this the skill ends without a word to the customer", advice);
                }
                Some(Silent::Unless(step)) => {
                    let message = "when this does not hold, the skill ends without a word to the customer";
                    self.report.add(&step, message, "add `else:` with a text or a hand-over");
                }
            }
        }
    }

    /// Follows all ways through the steps of a skill; nothing where every way has ended by then. `open` are the skills at work.
    fn follow(&mut self, skill: &Skill, steps: &[Step], open: &[&str], begin: Known, key: &str) -> Option<Known> {
        let mut known = begin;
        for (index, step) in steps.iter().enumerate() {
            let here = element(key, index);
            known = match self.step(skill, step, open, known, &here) {
                Some(known) => known,
                None => {
                    if index + 1 < steps.len() {
                        self.unreached.insert(element(key, index + 1));
                    }
                    return None;
                }
            };
        }
        Some(known)
    }

    /// What is known after a step; nothing when it ends the skill.
    fn step(&mut self, skill: &Skill, step: &Step, open: &[&str], mut known: Known, key: &str) -> Option<Known> {
        match step {
            Step::Call { call, with } => {
                let paths: Vec<&String> = with.values().collect();
                self.arguments_known(skill, &paths, &known, &below(key, "with"));
                self.called(call, &mut known, key);
                Some(known)
            }
            Step::Say(text) => {
                self.text_known(skill, text, &known, &below(key, "say"));
                known.silent = None;
                Some(known)
            }
            Step::HandOver(_) => None,
            Step::If { when, then, otherwise } => {
                self.condition_known(skill, when, &known, &below(key, "if"));
                let yes = self.follow(skill, then, open, known.clone(), &below(key, "then"));
                let silent = known.silent.as_ref().map(|_| Silent::Unless(key.to_owned()));
                let begin = Known { silent: if otherwise.is_empty() { silent } else { known.silent }, ..known };
                let no = self.follow(skill, otherwise, open, begin, &below(key, "else"));
                match (yes, no) {
                    (Some(yes), Some(no)) => Some(yes.meet(no)),
                    (one, other) => one.or(other),
                }
            }
            Step::Skill(name) => {
                let company = self.company;
                match company.skills.get(name).filter(|_| !open.contains(&name.as_str())) {
                    Some(inner) => self.inner(skill, inner, open, known, &below(&below("skills", name), "do")),
                    None => Some(known),
                }
            }
        }
    }

    /// A skill as a step of another: it has the slots of both.
    fn inner(&mut self, caller: &Skill, inner: &Skill, open: &[&str], known: Known, key: &str) -> Option<Known> {
        let mut both = inner.clone();
        let own: BTreeSet<&String> = inner.slots.iter().map(|slot| &slot.name).collect();
        both.slots.extend(caller.slots.iter().filter(|slot| !own.contains(&slot.name)).cloned());
        let open: Vec<&str> = open.iter().copied().chain([inner.name.as_str()]).collect();
        self.follow(&both, &inner.steps, &open, known, key)
    }

    /// What a call brings: its own facts, those of what it needs and, for a write, of the read that verifies it.
    fn called(&mut self, call: &str, known: &mut Known, key: &str) {
        let company = self.company;
        let (all, sure): (Vec<&str>, Vec<&str>) = match company.compositions.get(call) {
            Some(composition) => {
                (composition.read.iter().map(String::as_str).collect(), composition.essential.iter().map(String::as_str).collect())
            }
            None => (vec![call], vec![call]),
        };
        known.tried.extend(self.with_needs(&all).into_iter().map(str::to_owned));
        known.answered.extend(self.with_needs(&sure).into_iter().map(str::to_owned));
        match company.tools.get(call).filter(|tool| tool.access == Access::Write) {
            Some(tool) => {
                known.tried.extend(tool.verify.iter().map(|verify| verify.read.clone()));
                // The product says that it was done where the company does not.
                known.silent = None;
            }
            None if known.silent.is_some() => known.silent = Some(Silent::After(key.to_owned())),
            None => {}
        }
        known.asked.extend(known.tried.iter().cloned());
    }
}

/// Do these steps use this skill?
fn uses(steps: &[Step], name: &str) -> bool {
    steps.iter().any(|step| match step {
        Step::Skill(other) => other == name,
        Step::If { then, otherwise, .. } => uses(then, name) || uses(otherwise, name),
        Step::Call { .. } | Step::Say(_) | Step::HandOver(_) => false,
    })
}
