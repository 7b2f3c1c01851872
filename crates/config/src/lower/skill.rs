//! Skills: slots and steps.

use super::kind::Types;
use crate::fitted::Fitted;
use crate::problem::{Report, below};
use patchbay_core::declare::{Condition, Kind, Otherwise, Refusal, Skill, Slot, SlotSource, Step};

pub(super) fn skill(name: &str, it: &Fitted, key: &str, types: &mut Types<'_>, report: &mut Report) -> Skill {
    let slots_key = below(key, "slots");
    let slots = it.get("slots").entries().iter();
    Skill {
        name: name.to_owned(),
        describe: it.must("describe"),
        examples: it.get("examples").texts(),
        slots: slots.map(|(name, it)| slot(name, it, &below(&slots_key, name), types, report)).collect(),
        refuse: it.get("refuse").items().iter().filter_map(refusal).collect(),
        steps: steps(it.get("do")),
        undone_by: it.text("undone_by"),
    }
}

fn slot(name: &str, it: &Fitted, key: &str, types: &mut Types<'_>, report: &mut Report) -> Slot {
    Slot {
        name: name.to_owned(),
        kind: types.of(it, key, report).unwrap_or(Kind::Text),
        from: it.get("from").items().iter().filter_map(source).collect(),
        for_each: it.text("for_each"),
        more: it.text("more"),
        otherwise: match it.get("else") {
            question @ Fitted::Map(_) => Otherwise::Ask { say: question.must("ask"), choices: question.text("choices") },
            _ => Otherwise::LeaveOut,
        },
    }
}

fn source(it: &Fitted) -> Option<SlotSource> {
    match it.as_text() {
        Some("message") => return Some(SlotSource::Message),
        Some("conversation") => return Some(SlotSource::Conversation),
        _ => {}
    }
    if let Some(fact) = it.text("same_as") {
        return Some(SlotSource::SameAs { fact, said: it.get("said").texts() });
    }
    Some(SlotSource::OneOf {
        records: it.text("one_of").or_else(|| it.text("only_one_of"))?,
        take: it.must("take"),
        only: it.condition("only").unwrap_or(Condition::Always),
    })
}

fn refusal(it: &Fitted) -> Option<Refusal> {
    Some(Refusal { when: it.condition("when")?, say: it.text("say")? })
}

fn steps(it: &Fitted) -> Vec<Step> {
    it.items().iter().filter_map(step).collect()
}

fn step(it: &Fitted) -> Option<Step> {
    if let Some(call) = it.text("call") {
        let with = it.get("with").entries().iter();
        return Some(Step::Call { call, with: with.filter_map(|(arg, path)| Some((arg.clone(), path.as_text()?.to_owned()))).collect() });
    }
    if let Some(text) = it.text("say") {
        return Some(Step::Say(text));
    }
    if let Some(reason) = it.text("hand_over") {
        return Some(Step::HandOver(reason));
    }
    if let Some(skill) = it.text("skill") {
        return Some(Step::Skill(skill));
    }
    let when = it.condition("if")?;
    Some(Step::If { when, then: steps(it.get("then")), otherwise: steps(it.get("else")) })
}
