//! Short ways to declare companies in tests.

use patchbay_core::Value;
use patchbay_core::declare::{
    Access, Arg, Choice, Company, Composition, Condition, Confirm, Idempotency, Kind, Otherwise, Selected, Selection, Skill, Slot,
    SlotSource, Step, Tool, Topic,
};
use patchbay_core::words::Level;
use std::collections::BTreeMap;

pub(crate) fn named<T>(pairs: impl IntoIterator<Item = (&'static str, T)>) -> BTreeMap<String, T> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

pub(crate) fn map(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    Value::Map(named(fields))
}

pub(crate) fn tool(name: &str, backend: &str, access: Access, args: &[(&'static str, Kind)]) -> Tool {
    Tool {
        name: name.to_owned(),
        backend: backend.to_owned(),
        operation: name.to_owned(),
        describe: String::new(),
        access,
        auth: Level::Identified,
        args: args.iter().map(|(name, kind)| ((*name).to_owned(), Arg { kind: kind.clone(), optional: false, from: None })).collect(),
        bind: BTreeMap::new(),
        needs: Vec::new(),
        each: None,
        guard: Condition::Always,
        allow: Condition::Always,
        refuse: None,
        preview: None,
        confirm: Confirm::By(Vec::new()),
        select: Selection::default(),
        idempotency: Idempotency::None,
        verify: None,
        limits: Vec::new(),
        cache: None,
        slow: None,
        authority: Vec::new(),
    }
}

/// A tool's value `name` that other systems know too, as `canonical`.
pub(crate) fn shared(name: &str, canonical: &str) -> Selection {
    let one = Selected::One { path: "$".to_owned(), kind: Kind::Text, optional: true, canonical: Some(canonical.to_owned()), class: None };
    Selection([(name.to_owned(), one)].into())
}

pub(crate) fn pattern(pattern: &str, write: Option<&str>, example: &str) -> Kind {
    Kind::Pattern { pattern: pattern.to_owned(), write: write.map(str::to_owned), example: example.to_owned() }
}

pub(crate) fn one_of(choices: &[(&str, &[&str])]) -> Kind {
    let choice = |(value, phrases): &(&str, &[&str])| Choice { value: (*value).to_owned(), phrases: texts(phrases) };
    Kind::OneOf(choices.iter().map(choice).collect())
}

pub(crate) fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

pub(crate) fn slot(name: &str, kind: &Kind, from: Vec<SlotSource>, ask: &str) -> Slot {
    Slot {
        name: name.to_owned(),
        kind: kind.clone(),
        from,
        for_each: None,
        more: None,
        otherwise: Otherwise::Ask { say: ask.to_owned(), choices: None },
    }
}

pub(crate) fn records(list: &str, take: &str, only: Option<&str>) -> SlotSource {
    let only = only.map_or(Condition::Always, |text| Condition::When(text.to_owned()));
    SlotSource::OneOf { records: list.to_owned(), take: take.to_owned(), only }
}

pub(crate) fn call(call: &str) -> Step {
    Step::Call { call: call.to_owned(), with: BTreeMap::new() }
}

pub(crate) fn say(text: &str) -> Step {
    Step::Say(text.to_owned())
}

pub(crate) fn skill(name: &str, describe: &str, examples: &[&str], slots: Vec<Slot>, steps: Vec<Step>) -> Skill {
    let (name, describe) = (name.to_owned(), describe.to_owned());
    Skill { name, describe, examples: texts(examples), slots, refuse: Vec::new(), steps, undone_by: None }
}

pub(crate) fn topic(examples: &[&str], say: &str) -> Topic {
    Topic { examples: texts(examples), say: say.to_owned() }
}

pub(crate) fn composition(name: &str, read: &[&str], essential: &[&str]) -> Composition {
    Composition { name: name.to_owned(), read: texts(read), essential: texts(essential), budget: None }
}

pub(crate) fn company(name: &str, tools: Vec<Tool>, skills: Vec<Skill>) -> Company {
    Company {
        name: name.to_owned(),
        language: "en".to_owned(),
        tools: tools.into_iter().map(|tool| (tool.name.clone(), tool)).collect(),
        skills: skills.into_iter().map(|skill| (skill.name.clone(), skill)).collect(),
        ..Company::default()
    }
}
