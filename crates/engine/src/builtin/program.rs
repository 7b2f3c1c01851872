//! Skills made ready to run: steps as a flat program with jumps, conditions compiled, names checked.

mod wording;

use super::lexicon::Lexicon;
use super::proving::asked_kinds;
use super::reading::Patterns;
use super::words::Word;
use jiff::tz::TimeZone;
use patchbay_condition::{Names, Rule, Shape};
use patchbay_core::declare::{Access, Company, Condition, Kind, Refusal, Skill, Slot, SlotSource, Step, Tool};
use std::collections::{BTreeMap, BTreeSet};
use wording::{asked_with, bare_verbs, common, verbs, vocabulary};

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
    /// Tools whose facts that condition uses.
    pub(super) reads: Vec<String>,
    /// Stems of the words it is asked for with.
    pub(super) asked_with: BTreeSet<String>,
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

/// A refusal with its compiled condition.
#[derive(Debug)]
pub(super) struct RefusalPlan {
    pub(super) rule: Rule,
    /// The text.
    pub(super) say: String,
    /// Tools whose facts the condition uses.
    pub(super) reads: Vec<String>,
    /// Slots that have to be known first: the condition uses them, or its tools take them.
    pub(super) needs: Vec<String>,
}

/// A skill, ready to run.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) slots: Vec<SlotPlan>,
    /// What cannot be done at all.
    pub(super) refusals: Vec<RefusalPlan>,
    pub(super) ops: Vec<Op>,
    /// Stems of the first telling words of its examples, the verbs it is asked for with, each with how many examples have it.
    verbs: BTreeMap<String, usize>,
    /// Stems of the words people ask for it with: they say nothing about which record is meant.
    vocabulary: BTreeSet<String>,
    /// Of these the stems that tell nothing beside the wish: several examples have them, or its description.
    common: BTreeSet<String>,
    /// Verbs of examples that say nothing more than what is wished for ("add a note").
    bare: BTreeSet<String>,
}

/// All skills of a company, ready to run.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) skills: BTreeMap<String, Program>,
    pub(super) patterns: Patterns,
    pub(super) lexicon: &'static Lexicon,
    /// Where the company counts its days.
    pub(super) zone: TimeZone,
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
            let refusals = skill.refuse.iter().filter_map(|refusal| compiler.refusal(refusal)).collect();
            compiler.steps(&skill.steps);
            let vocabulary = vocabulary(skill, lexicon);
            let verbs = verbs(skill, lexicon);
            let common = common(skill, lexicon);
            let bare = bare_verbs(skill, &common, lexicon);
            let program = Program { slots, refusals, ops: compiler.ops, verbs, vocabulary, common, bare };
            skills.insert(skill.name.clone(), program);
        }
        if problems.is_empty() { Ok(Self { skills, patterns, lexicon, zone: company.time_zone() }) } else { Err(problems) }
    }
}

impl Program {
    /// The plan of a slot.
    pub(super) fn slot(&self, name: &str) -> Option<&SlotPlan> {
        self.slots.iter().find(|plan| plan.slot.name == name)
    }

    /// Does a clause open with a verb this skill is asked for with ("cancel it")?
    pub(super) fn opens_with_its_verb(&self, clause: &[Word], lexicon: &Lexicon) -> bool {
        lexicon.content(clause).first().is_some_and(|word| self.verbs.contains_key(&word.stem))
    }

    /// Is this the stem of a verb the skill is asked for with?
    pub(super) fn is_asked_for_with(&self, stem: &str) -> bool {
        self.verbs.contains_key(stem)
    }

    /// Is this the stem of a verb that it is asked for with again and again?
    pub(super) fn is_often_asked_for_with(&self, stem: &str) -> bool {
        self.verbs.get(stem).is_some_and(|examples| *examples >= wording::OFTEN)
    }

    /// Is this the stem of a word people ask for it with?
    pub(super) fn is_worded_with(&self, stem: &str) -> bool {
        self.vocabulary.contains(stem)
    }

    /// Is this the stem of a word that such wishes are made with again and again?
    pub(super) fn is_common(&self, stem: &str) -> bool {
        self.common.contains(stem)
    }

    /// Is this the verb of a wish that tells nothing else ("add a note")?
    pub(super) fn is_bare_verb(&self, stem: &str) -> bool {
        self.bare.contains(stem)
    }

    /// Words of a message that say more than what is wished for.
    pub(super) fn telling<'w>(&self, message: &'w [Word], lexicon: &Lexicon) -> Vec<&'w Word> {
        lexicon.content(message).into_iter().filter(|word| !self.vocabulary.contains(&word.stem)).collect()
    }
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
        let source = slot.from.iter().find_map(|source| match source {
            SlotSource::OneOf { records, only, .. } if *only != Condition::Always => Some((records, only.clone())),
            _ => None,
        });
        let asked_with = asked_with(self.company, slot);
        let Some((records, only)) = source else { return SlotPlan { slot: slot.clone(), only: None, reads: Vec::new(), asked_with } };
        let (record, within) = shapes(self.company, records);
        let mut names = self.names.clone().with("record", record);
        if let Some(within) = within {
            names = names.with("within", within);
        }
        if let Some(other) = slot.for_each.as_ref().and_then(|other| self.skill.slots.iter().find(|slot| slot.name == *other)) {
            let item = other.from.iter().find_map(|source| match source {
                SlotSource::OneOf { records, .. } => Some(shapes(self.company, records).0),
                _ => None,
            });
            names = names.with("item", item.unwrap_or(Shape::Any));
        }
        match Rule::compile(&only, &names) {
            Ok(rule) => SlotPlan { slot: slot.clone(), reads: self.tools_in(&rule), only: Some(rule), asked_with },
            Err(error) => {
                self.problem(format!("slot '{}', only", slot.name), error.to_string());
                SlotPlan { slot: slot.clone(), only: None, reads: Vec::new(), asked_with }
            }
        }
    }

    fn refusal(&mut self, refusal: &Refusal) -> Option<RefusalPlan> {
        let rule = match Rule::compile(&refusal.when, &self.names) {
            Ok(rule) => rule,
            Err(error) => {
                self.problem("refuse".to_owned(), error.to_string());
                return None;
            }
        };
        let reads = self.tools_in(&rule);
        let tools = with_needs(self.company, reads.iter().filter_map(|tool| self.company.tools.get(tool)).collect());
        let takes = |slot: &&Slot| tools.iter().any(|tool| tool.args.contains_key(&slot.name)) || uses(&rule, &slot.name);
        let needs = self.skill.slots.iter().filter(takes).map(|slot| slot.name.clone()).collect();
        Some(RefusalPlan { rule, say: refusal.say.clone(), reads, needs })
    }

    /// The tools whose facts a rule uses.
    fn tools_in(&self, rule: &Rule) -> Vec<String> {
        self.company.tools.keys().filter(|tool| uses(rule, tool)).cloned().collect()
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

/// Does a rule use this name? A variable of a macro that is called so is none (`invoices.exists(invoice, …)`), and neither is a text.
fn uses(rule: &Rule, name: &str) -> bool {
    rule.paths().iter().any(|path| path.split(['.', '[']).next() == Some(name))
}

/// The shape of the records at a path, and of the record around them where they stand in a list of each. What a tool does not
/// declare to select may be anything.
fn shapes(company: &Company, path: &str) -> (Shape, Option<Shape>) {
    let Some((tool, rest)) = path.split_once('.') else { return (Shape::Any, None) };
    let Some(tool) = company.tools.get(tool) else { return (Shape::Any, None) };
    let nested = rest.contains('.').then_some(Shape::Any);
    let (mut shape, mut within) = (Shape::of_facts(tool), nested);
    for name in rest.split('.') {
        if let Shape::List(of) = shape {
            within = Some((*of).clone());
            shape = *of;
        }
        shape = shape.at(name).cloned().unwrap_or_default();
    }
    match shape {
        Shape::List(of) => (*of, within),
        _ => (Shape::Any, within),
    }
}

/// What conditions of a skill may use: its slots by name, facts of every tool, the customer, the day and time, and how calls ended
/// (`results`). What a tool will have said by then depends on the way taken, so fields of facts are checked when they are used.
fn names(company: &Company, skill: &Skill) -> Names {
    let mut names = Names::default().with("customer", Shape::Any).with("results", Shape::Any).with("slots", Shape::Any);
    names = names.with("today", Shape::Date).with("now", Shape::Time).with("level", Shape::Text).with("company", Shape::Text);
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
