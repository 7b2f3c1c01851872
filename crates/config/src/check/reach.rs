//! Levels: every tool a skill uses can be reached by some customer; nobody is led to a door that never opens.

use super::Check;
use crate::problem::{below, element};
use patchbay_core::declare::{Skill, SlotSource, Step};
use patchbay_core::words::Level;

impl Check<'_> {
    /// Every call of every skill, and every list its slots choose from.
    pub(super) fn levels(&mut self) {
        let company = self.company;
        let most = company.host.iter().map(|host| host.gives).chain(company.lookups.iter().map(|lookup| lookup.gives)).max();
        for (name, skill) in &company.skills {
            let key = below("skills", name);
            self.slot_levels(skill, most, &key);
            self.step_levels(&skill.steps, most, &below(&key, "do"));
        }
    }

    fn slot_levels(&mut self, skill: &Skill, most: Option<Level>, key: &str) {
        for slot in &skill.slots {
            let from = below(&below(&below(key, "slots"), &slot.name), "from");
            for (index, source) in slot.from.iter().enumerate() {
                let (SlotSource::OneOf { records: fact, .. } | SlotSource::SameAs { fact, .. }) = source else { continue };
                self.reach(fact.split('.').next().unwrap_or_default(), most, &element(&from, index));
            }
        }
    }

    fn step_levels(&mut self, steps: &[Step], most: Option<Level>, key: &str) {
        for (index, step) in steps.iter().enumerate() {
            let key = element(key, index);
            match step {
                Step::Call { call, .. } => self.reach(call, most, &below(&key, "call")),
                Step::If { then, otherwise, .. } => {
                    self.step_levels(then, most, &below(&key, "then"));
                    self.step_levels(otherwise, most, &below(&key, "else"));
                }
                Step::Say(_) | Step::HandOver(_) | Step::Skill(_) => {}
            }
        }
    }

    /// A tool or composition asks for no more than somebody can prove.
    fn reach(&mut self, call: &str, most: Option<Level>, key: &str) {
        let tools: Vec<&str> = match self.company.compositions.get(call) {
            Some(composition) => composition.essential.iter().map(String::as_str).collect(),
            None => vec![call],
        };
        let highest = self.with_needs(&tools).into_iter().filter_map(|tool| self.company.tools.get(tool)).max_by_key(|tool| tool.auth);
        let Some(tool) = highest.filter(|tool| tool.auth > most.unwrap_or(Level::Anonymous)) else { return };
        let (name, needed) = (&tool.name, tool.auth);
        let why = match most {
            Some(most) => format!("no way of proof under `identity` gives more than {most}"),
            None => "there is no way of proof under `identity`".to_owned(),
        };
        let way = match (needed, most) {
            (Level::Strong, Some(most)) => format!(
                "write `auth: {most}` under tools.{name} if your policy allows that, or leave it to people: `hand_over: needs_approval`"
            ),
            (Level::Contact, None) => "declare the host's token (`identity.host`), or a lookup that gives contact".to_owned(),
            _ => format!("declare the host's token (`identity.host`), which gives identified, or lower `auth` under tools.{name}"),
        };
        self.report.add(key, format!("'{name}' asks for the level {needed}, which nobody ever reaches: {why}"), way);
    }
}
