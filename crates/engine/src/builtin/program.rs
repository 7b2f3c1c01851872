//! Skills made ready to run: steps as a flat program with jumps, conditions compiled, names checked.

use super::lexicon::Lexicon;
use super::proving::asked_kinds;
use super::reading::Patterns;
use super::words::Word;
use patchbay_condition::{Names, Rule, Shape};
use patchbay_core::declare::{Access, Company, Condition, Kind, Skill, Slot, SlotSource, Step, Tool};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with a declared skill.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("skill '{skill}', {place}: {message}")]
pub struct SkillProblem {
    /// The skill.
    pub skill: String,
    /// The slot or step.
    pub place: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// One thing to do. A step `if` becomes `Unless` and `Jump`, so that a place in a program is one number.
#[derive(Debug)]
pub(super) enum Op {
    /// Use a tool or a composition, with arguments from these paths beside the slots.
    Call { call: String, with: BTreeMap<String, String> },
    /// Say a text.
    Say(String),
    /// Hand over to a person.
    HandOver(String),
    /// Go on elsewhere when this does not hold.
    Unless { rule: Rule, to: usize },
    /// Go on elsewhere.
    Jump(usize),
    /// Do another skill.
    Skill(String),
}

/// A slot with its compiled condition on records.
#[derive(Debug)]
pub(super) struct SlotPlan {
    pub(super) slot: Slot,
    /// `only` of its source among the customer's records.
    pub(super) only: Option<Rule>,
}

impl SlotPlan {
    /// The records it may be chosen from: the list fact and the field that is the value.
    pub(super) fn records(&self) -> Option<(&str, &str)> {
        self.slot.from.iter().find_map(|source| match source {
            SlotSource::OneOf { records, take, .. } => Some((records.as_str(), take.as_str())),
            _ => None,
        })
    }

    /// Does it hold several values?
    pub(super) fn is_list(&self) -> bool {
        matches!(self.slot.kind, Kind::List(_))
    }

    /// May it come from the customer's words?
    pub(super) fn may_be_mentioned(&self) -> bool {
        self.slot.from.contains(&SlotSource::Message)
    }

    /// May it come from earlier in the conversation?
    pub(super) fn may_be_known(&self) -> bool {
        self.slot.from.contains(&SlotSource::Conversation)
    }
}

/// A skill, ready to run.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) slots: Vec<SlotPlan>,
    pub(super) ops: Vec<Op>,
    /// Stems of the first telling words of its examples: the verbs it is asked for with.
    verbs: BTreeSet<String>,
    /// Stems of the words people ask for it with: they say nothing about which record is meant.
    vocabulary: BTreeSet<String>,
}

/// All skills of a company, ready to run.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) skills: BTreeMap<String, Program>,
    pub(super) patterns: Patterns,
    pub(super) lexicon: &'static Lexicon,
}

impl Programs {
    /// Makes every skill ready.
    ///
    /// # Errors
    /// Everything that is wrong, not only the first.
    pub(super) fn compile(company: &Company) -> Result<Self, Vec<SkillProblem>> {
        let lexicon = Lexicon::of(&company.language);
        let (mut skills, mut patterns, mut problems) = (BTreeMap::new(), Patterns::default(), Vec::new());
        for (name, kind) in asked_kinds(company) {
            // The rules of the tool say so too, with their place.
            let _ = patterns.learn(kind, name);
        }
        for skill in company.skills.values() {
            let mut compiler = Compiler { company, skill, names: names(company, skill), ops: Vec::new(), problems: &mut problems };
            for slot in &skill.slots {
                if let Err(error) = patterns.learn(&slot.kind, &slot.name) {
                    compiler.problem(format!("slot '{}'", slot.name), format!("its pattern is no regular expression: {error}"));
                }
            }
            let slots = skill.slots.iter().map(|slot| compiler.slot(slot)).collect();
            compiler.steps(&skill.steps);
            let vocabulary = vocabulary(skill, lexicon);
            let verbs = verbs(skill, lexicon);
            let program = Program { slots, ops: compiler.ops, verbs, vocabulary };
            skills.insert(skill.name.clone(), program);
        }
        if problems.is_empty() { Ok(Self { skills, patterns, lexicon }) } else { Err(problems) }
    }
}

impl Program {
    /// The plan of a slot.
    pub(super) fn slot(&self, name: &str) -> Option<&SlotPlan> {
        self.slots.iter().find(|plan| plan.slot.name == name)
    }

    /// Does a clause open with a verb this skill is asked for with ("cancel it")?
    pub(super) fn opens_with_its_verb(&self, clause: &[Word], lexicon: &Lexicon) -> bool {
        lexicon.content(clause).first().is_some_and(|word| self.verbs.contains(&word.stem))
    }

    /// Is this the stem of a verb the skill is asked for with?
    pub(super) fn is_asked_for_with(&self, stem: &str) -> bool {
        self.verbs.contains(stem)
    }

    /// Words of a message that say more than what is wished for.
    pub(super) fn telling<'w>(&self, message: &'w [Word], lexicon: &Lexicon) -> Vec<&'w Word> {
        lexicon.content(message).into_iter().filter(|word| !self.vocabulary.contains(&word.stem)).collect()
    }
}

/// A question ("what did I order") opens with no verb that would ask for it.
fn verbs(skill: &Skill, lexicon: &Lexicon) -> BTreeSet<String> {
    let first = |text: &String| {
        let said = lexicon.words(text);
        if lexicon.opens_a_question(&said) { None } else { lexicon.content(&said).first().map(|word| word.stem.clone()) }
    };
    skill.examples.iter().filter_map(first).collect()
}

fn vocabulary(skill: &Skill, lexicon: &Lexicon) -> BTreeSet<String> {
    let phrases = skill.slots.iter().filter_map(|slot| match &slot.kind {
        Kind::OneOf(choices) => Some(choices.iter().flat_map(|choice| choice.phrases.iter())),
        _ => None,
    });
    let names = skill.slots.iter().map(|slot| slot.name.replace('_', " "));
    let texts = skill.examples.iter().chain([&skill.describe]).chain(phrases.flatten()).cloned().chain(names);
    texts.flat_map(|text| lexicon.words(&text)).map(|word| word.stem).collect()
}

struct Compiler<'a> {
    company: &'a Company,
    skill: &'a Skill,
    names: Names,
    ops: Vec<Op>,
    problems: &'a mut Vec<SkillProblem>,
}

impl Compiler<'_> {
    fn problem(&mut self, place: String, message: String) {
        self.problems.push(SkillProblem { skill: self.skill.name.clone(), place, message });
    }

    fn slot(&mut self, slot: &Slot) -> SlotPlan {
        let only = slot.from.iter().find_map(|source| match source {
            SlotSource::OneOf { only, .. } if *only != Condition::Always => Some(only.clone()),
            _ => None,
        });
        let names = self.names.clone().with("record", Shape::Any);
        let rule = only.and_then(|only| match Rule::compile(&only, &names) {
            Ok(rule) => Some(rule),
            Err(error) => {
                self.problem(format!("slot '{}', only", slot.name), error.to_string());
                None
            }
        });
        SlotPlan { slot: slot.clone(), only: rule }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Call { call, with } => self.call(call, with),
                Step::Say(text) => self.ops.push(Op::Say(text.clone())),
                Step::HandOver(reason) => self.ops.push(Op::HandOver(reason.clone())),
                Step::If { when, then, otherwise } => self.choice(when, then, otherwise),
                Step::Skill(name) => {
                    if !self.company.skills.contains_key(name) {
                        self.problem(format!("step {}", self.ops.len() + 1), format!("there is no skill '{name}'"));
                    }
                    self.ops.push(Op::Skill(name.clone()));
                }
            }
        }
    }

    fn call(&mut self, call: &str, with: &BTreeMap<String, String>) {
        if !self.company.tools.contains_key(call) && !self.company.compositions.contains_key(call) {
            self.problem(format!("step {}", self.ops.len() + 1), format!("there is no tool or composition '{call}'"));
        }
        self.ops.push(Op::Call { call: call.to_owned(), with: with.clone() });
    }

    fn choice(&mut self, when: &Condition, then: &[Step], otherwise: &[Step]) {
        let rule = match Rule::compile(when, &self.names) {
            Ok(rule) => rule,
            Err(error) => return self.problem(format!("step {}, if", self.ops.len() + 1), error.to_string()),
        };
        let test = self.ops.len();
        // Filled in below, when the places are known.
        self.ops.push(Op::Jump(0));
        self.steps(then);
        let skip = self.ops.len();
        self.ops.push(Op::Jump(0));
        self.ops[test] = Op::Unless { rule, to: self.ops.len() };
        self.steps(otherwise);
        self.ops[skip] = Op::Jump(self.ops.len());
    }
}

/// What conditions of a skill may use: its slots by name, facts of every tool, the customer, and how calls ended (`results`).
/// What a tool will have said by then depends on the way taken, so fields of facts are checked when they are used.
fn names(company: &Company, skill: &Skill) -> Names {
    let mut names = Names::default().with("customer", Shape::Any).with("results", Shape::Any).with("slots", Shape::Any);
    for tool in company.tools.values() {
        names = names.with(&tool.name, Shape::Any);
        for (_, canonical) in canonical_names(tool) {
            let head = canonical.split('.').next().unwrap_or(&canonical).to_owned();
            names = names.with(&head, Shape::Any);
        }
    }
    skill.slots.iter().fold(names, |names, slot| names.with(&slot.name, Shape::Any))
}

fn canonical_names(tool: &Tool) -> Vec<(String, String)> {
    use patchbay_core::declare::Selected;
    let selected = tool.select.0.iter().filter_map(|(name, selected)| match selected {
        Selected::One { canonical: Some(canonical), .. } => Some((name.clone(), canonical.clone())),
        _ => None,
    });
    selected.collect()
}

/// The tools a call reads or writes: itself, or what a composition reads.
pub(super) fn tools_of<'c>(company: &'c Company, call: &str) -> Vec<&'c Tool> {
    match company.compositions.get(call) {
        Some(composition) => composition.read.iter().filter_map(|name| company.tools.get(name)).collect(),
        None => company.tools.get(call).into_iter().collect(),
    }
}

/// These tools and everything they need, each once.
pub(super) fn with_needs<'c>(company: &'c Company, tools: Vec<&'c Tool>) -> Vec<&'c Tool> {
    let (mut all, mut open) = (Vec::<&Tool>::new(), tools);
    while let Some(tool) = open.pop() {
        if all.iter().all(|known| known.name != tool.name) {
            all.push(tool);
            open.extend(tool.needs.iter().filter_map(|need| company.tools.get(need)));
        }
    }
    all
}

/// Does this call change something?
pub(super) fn writes(company: &Company, call: &str) -> bool {
    company.tools.get(call).is_some_and(|tool| tool.access == Access::Write)
}
