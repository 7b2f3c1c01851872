//! Skills: what their slots and steps name exists, every argument gets filled, no skill runs in circles.

use super::Check;
use super::circle::circle;
use crate::near::nearest;
use crate::problem::{below, element};
use patchbay_core::declare::{Kind, Otherwise, Skill, Slot, SlotSource, Step};
use patchbay_core::words::EscalationReason;
use std::collections::{BTreeMap, BTreeSet};

impl Check<'_> {
    pub(super) fn skills(&mut self) {
        for (name, skill) in &self.company.skills {
            let key = below("skills", name);
            for (place, slot) in skill.slots.iter().enumerate() {
                let key = below(&below(&key, "slots"), &slot.name);
                self.slot(slot, &key);
                self.for_each(slot, &skill.slots[..place], &key);
            }
            for (index, refusal) in skill.refuse.iter().enumerate() {
                self.text(&refusal.say, &below(&element(&below(&key, "refuse"), index), "say"));
            }
            self.steps(skill, &skill.steps, &below(&key, "do"));
            self.undone_by(skill, &key);
        }
        let mut graph: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, skill) in &self.company.skills {
            used_skills(&skill.steps, graph.entry(name).or_default());
        }
        if let Some(names) = circle(&graph) {
            let key = format!("skills.{}.do", names[0]);
            self.report.add(&key, format!("these skills use each other in a circle: {}", names.join(" → ")), "break the circle");
        }
    }

    /// What undoes a skill is another one, and begins with what this one was done with.
    fn undone_by(&mut self, skill: &Skill, key: &str) {
        let Some(other) = &skill.undone_by else { return };
        let key = below(key, "undone_by");
        self.known("skills", "skill", &self.company.skills, other, &key);
        if *other == skill.name {
            let advice = "name the skill that does the opposite; what undoes itself only has to be asked for again";
            self.report.add(&key, format!("the skill '{other}' cannot undo itself"), advice);
        }
        let shares =
            |other: &Skill| other.slots.is_empty() || other.slots.iter().any(|slot| skill.slots.iter().any(|own| own.name == slot.name));
        if self.company.skills.get(other).is_some_and(|other| !shares(other)) {
            let advice = format!("give the two a slot of the same name, so that '{other}' knows what to undo");
            self.report.add(&key, format!("'{other}' has no slot in common with '{}'", skill.name), advice);
        }
    }

    fn slot(&mut self, slot: &Slot, key: &str) {
        if slot.from.is_empty() && slot.otherwise == Otherwise::LeaveOut {
            let advice = "say where it may come `from`, or ask for it under `else`";
            self.report.add(&below(key, "from"), format!("the slot '{}' is never filled", slot.name), advice);
        }
        for (index, source) in slot.from.iter().enumerate() {
            let from = element(&below(key, "from"), index);
            if let SlotSource::SameAs { fact, .. } = source {
                self.same_as(slot, fact, &from);
            }
            let SlotSource::OneOf { records, take, .. } = source else { continue };
            let Some(fields) = self.records(records, &from) else { continue };
            if !fields.contains_key(take) {
                let near = nearest(take, fields.keys().map(String::as_str));
                let message = format!("the records of '{records}' have no field '{take}'");
                self.report.add_near(&below(&from, "take"), message, near, "take a field that the list selects");
            }
        }
        if let Some(more) = &slot.more {
            self.text(more, &below(key, "more"));
            if !matches!(slot.kind, Kind::List(_)) || !slot.from.iter().any(|source| matches!(source, SlotSource::OneOf { .. })) {
                let advice = "remove `more`, or make the slot a list that is chosen with `one_of`";
                self.report.add(&below(key, "more"), format!("the slot '{}' is no list of records", slot.name), advice);
            }
        }
        if let Otherwise::Ask { say, choices } = &slot.otherwise {
            let question = below(key, "else");
            self.text(say, &below(&question, "ask"));
            if let Some(choices) = choices {
                self.records(choices, &below(&question, "choices"));
            }
        }
    }

    /// A slot with a value for each value of another: that one is a list, comes before, and is chosen from records; so is this one.
    fn for_each(&mut self, slot: &Slot, before: &[Slot], key: &str) {
        let Some(other) = &slot.for_each else { return };
        let key = below(key, "for_each");
        let chosen =
            |slot: &Slot| matches!(slot.kind, Kind::List(_)) && slot.from.iter().any(|source| matches!(source, SlotSource::OneOf { .. }));
        match before.iter().find(|earlier| earlier.name == *other) {
            None => {
                let near = nearest(other, before.iter().map(|slot| slot.name.as_str()));
                let message = format!("there is no slot '{other}' before '{}'", slot.name);
                self.report.add_near(&key, message, near, "name a slot that is asked earlier");
            }
            Some(earlier) => {
                for wrong in [earlier, slot].into_iter().filter(|slot| !chosen(slot)) {
                    let message = format!("'{}' is no list that is chosen from records", wrong.name);
                    self.report.add(&key, message, "give it a type `{ list: … }` and `from: [{ one_of: … }]`");
                }
            }
        }
    }

    /// What is known already must have the type of the slot; for a record, its fields.
    fn same_as(&mut self, slot: &Slot, fact: &str, key: &str) {
        let key = below(key, "same_as");
        let Some(kind) = self.fact_through_lists(fact, &key) else { return };
        let known = match kind {
            Kind::List(of) => *of,
            one => one,
        };
        let fits = match (&slot.kind, &known) {
            (Kind::Record(fields), Kind::Record(known)) => fields.keys().all(|field| known.contains_key(field)),
            (Kind::Record(_), _) | (_, Kind::Record(_)) => false,
            _ => true,
        };
        if !fits {
            let message = format!("'{fact}' is no value for the slot '{}'", slot.name);
            self.report.add(&key, message, "select it with the type of the slot");
        }
    }

    /// The fields of a list fact's records.
    fn records(&mut self, path: &str, key: &str) -> Option<BTreeMap<String, Kind>> {
        match self.fact_through_lists(path, key)? {
            Kind::List(of) => match *of {
                Kind::Record(fields) => Some(fields),
                _ => {
                    self.report.add(key, format!("'{path}' is a list, but not of records"), "select it with `each:` and `take:`");
                    None
                }
            },
            _ => {
                self.report.add(key, format!("'{path}' is no list of records"), "select it with `each:` and `take:`");
                None
            }
        }
    }

    fn steps(&mut self, skill: &Skill, steps: &[Step], key: &str) {
        if steps.is_empty() && key.ends_with(".do") {
            self.report.add(key, "this skill does nothing", "add a step: call, say, hand_over, if or skill");
        }
        for (index, step) in steps.iter().enumerate() {
            let key = element(key, index);
            match step {
                Step::Call { call, with } => self.call(skill, call, with, &key),
                Step::Say(text) => {
                    self.text(text, &below(&key, "say"));
                }
                Step::HandOver(reason) => self.reason(reason, &below(&key, "hand_over")),
                Step::Skill(other) => {
                    self.known("skills", "skill", &self.company.skills, other, &below(&key, "skill"));
                }
                Step::If { then, otherwise, .. } => {
                    self.steps(skill, then, &below(&key, "then"));
                    self.steps(skill, otherwise, &below(&key, "else"));
                }
            }
        }
    }

    /// A call: the tool is there, and each of its arguments is filled from somewhere.
    fn call(&mut self, skill: &Skill, call: &str, with: &BTreeMap<String, String>, key: &str) {
        let company = self.company;
        let tools: Vec<&str> = match (company.tools.contains_key(call), company.compositions.get(call)) {
            (true, _) => vec![call],
            (false, Some(composition)) => composition.read.iter().map(String::as_str).collect(),
            (false, None) => return self.no_such_call(call, &below(key, "call")),
        };
        let tools = self.with_needs(&tools);
        let args: BTreeSet<&str> = tools.iter().flat_map(|name| &company.tools[*name].args).map(|(name, _)| name.as_str()).collect();
        for (arg, path) in with {
            let key = below(&below(key, "with"), arg);
            if !args.contains(arg.as_str()) {
                let near = nearest(arg, args.iter().copied());
                self.report.add_near(&key, format!("'{call}' takes no argument '{arg}'"), near, "name an argument of its `args`");
            }
            if !skill.slots.iter().any(|slot| path.split('.').next() == Some(&slot.name)) {
                self.fact(path, &key);
            }
        }
        for name in tools {
            for (arg, it) in company.tools[name].args.iter().filter(|(_, it)| !it.optional && it.from.is_none()) {
                let filled = with.contains_key(arg) || skill.slots.iter().any(|slot| slot.name == *arg);
                if !filled
                    && !matches!(&it.kind, Kind::Record(fields) if fields.keys().all(|field| skill.slots.iter().any(|slot| slot.name == *field)))
                {
                    let message = format!("nothing fills the argument '{arg}' of '{name}'");
                    let advice = format!("add a slot '{arg}' to the skill, or `with: {{ {arg}: … }}` to the step");
                    self.report.add(&below(key, "call"), message, advice);
                }
            }
        }
    }

    fn no_such_call(&mut self, call: &str, key: &str) {
        if self.report.is_broken("tools") || self.report.is_broken("compositions") {
            return;
        }
        let known = self.company.tools.keys().chain(self.company.compositions.keys());
        let near = nearest(call, known.map(String::as_str));
        self.report.add_near(
            key,
            format!("there is no tool and no composition '{call}'"),
            near,
            "declare it under `tools` or `compositions`",
        );
    }

    /// These tools and all they need, those that exist.
    pub(super) fn with_needs<'n>(&self, tools: &[&'n str]) -> Vec<&'n str>
    where
        Self: 'n,
    {
        let mut all: Vec<&str> = Vec::new();
        let mut open: Vec<&str> = tools.to_vec();
        while let Some(name) = open.pop() {
            if let Some(tool) = self.company.tools.get(name)
                && !all.contains(&name)
            {
                all.push(name);
                open.extend(tool.needs.iter().map(String::as_str));
            }
        }
        all
    }

    /// A reason from the closed list, or one that a trigger declares.
    fn reason(&mut self, reason: &str, key: &str) {
        let own = self.company.escalation.triggers.iter().map(|trigger| trigger.reason.as_str());
        let known: Vec<&str> = EscalationReason::ALL.iter().map(|reason| reason.as_str()).chain(own).collect();
        if known.contains(&reason) {
            return;
        }
        if let Some(near) = nearest(reason, known) {
            let advice = "write the word of the list, or a word of your own that cannot be taken for it";
            self.report.add_near(key, format!("'{reason}' is no reason of the list"), Some(near), advice);
        }
    }
}

fn used_skills<'a>(steps: &'a [Step], used: &mut Vec<&'a str>) {
    for step in steps {
        match step {
            Step::Skill(name) => used.push(name),
            Step::If { then, otherwise, .. } => {
                used_skills(then, used);
                used_skills(otherwise, used);
            }
            Step::Call { .. } | Step::Say(_) | Step::HandOver(_) => {}
        }
    }
}
