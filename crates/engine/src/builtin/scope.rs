//! What texts and conditions of a running skill may use: facts, slots, the customer, and how calls ended.

use super::dialogue::Dialogue;
use super::memory::Frame;
use patchbay_condition::Scope;
use patchbay_core::Value;
use patchbay_core::declare::{Disagreement, day_at};
use std::collections::{BTreeMap, BTreeSet};

impl Dialogue<'_> {
    /// Everything a skill may use. Answers of `hidden` tools are left out: they are about something else, or outdated.
    pub(super) fn scope_of(&self, frame: Option<&Frame>, hidden: &BTreeSet<String>) -> (Scope, Vec<Disagreement>) {
        let facts =
            self.context.facts.iter().filter(|(tool, _)| !hidden.contains(*tool)).map(|(tool, facts)| (tool.clone(), facts.clone()));
        let (mut scope, disagreements) = self.company.scope(&facts.collect());
        scope.insert("customer".to_owned(), Value::Map(self.context.customer.clone()));
        scope.insert("company".to_owned(), Value::text(&self.company.name));
        scope.insert("now".to_owned(), Value::Time(self.context.now));
        scope.insert("today".to_owned(), Value::Date(day_at(self.context.now, &self.programs.zone)));
        scope.insert("level".to_owned(), Value::text(self.context.level.as_str()));
        let Some(frame) = frame else { return (scope, disagreements) };
        let slots: BTreeMap<String, Value> = frame.slots.iter().map(|(name, filled)| (name.clone(), filled.value.clone())).collect();
        for (name, value) in &slots {
            scope.entry(name.clone()).or_insert_with(|| value.clone());
        }
        scope.insert("slots".to_owned(), Value::Map(slots));
        let results = frame.results.iter().map(|(tool, outcome)| (tool.clone(), Value::text(outcome)));
        scope.insert("results".to_owned(), Value::Map(results.collect()));
        (scope, disagreements)
    }

    /// The scope of the skill at work.
    pub(super) fn scope(&self) -> Scope {
        let frame = self.memory.top();
        let hidden = frame.map(|frame| frame.missing.clone()).unwrap_or_default();
        self.scope_of(frame, &hidden).0
    }
}

/// The value at a path of the scope (`order.shipment_id`, or a slot's name).
pub(super) fn at<'s>(scope: &'s Scope, path: &str) -> Option<&'s Value> {
    let value = match path.split_once('.') {
        None => scope.get(path),
        Some((head, rest)) => scope.get(head)?.at(rest),
    };
    value.filter(|value| !value.is_null())
}
