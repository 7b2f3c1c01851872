//! Which record is meant where a tool wants to know: one that this conversation speaks of, or one of those the customer has.

use patchbay_core::Value;
use patchbay_core::declare::{Access, Company, SlotSource};
use patchbay_core::event::{Event, Recorded};
use patchbay_core::fact::Released;
use patchbay_core::words::CallOutcome;
use serde::Serialize;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// So many parts of a record tell it from others.
const TELLING: usize = 3;
/// The longest part of a label that helps, in characters.
const READABLE: usize = 60;

/// A value that an argument could have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// The value.
    pub value: Json,
    /// The record, in a few words.
    pub label: String,
}

/// The values of an argument with which a system was asked in this conversation and had a record of this customer, newest first.
pub(super) fn spoken_of(company: &Company, events: &[Recorded], arg: &str) -> Vec<Value> {
    let takes = |tool: &str| {
        let declared = company.tools.get(tool).filter(|tool| tool.access == Access::Read);
        declared.and_then(|tool| tool.args.get(arg)).is_some_and(|arg| arg.from.is_none())
    };
    let mut asked = BTreeMap::new();
    let mut values: Vec<Value> = Vec::new();
    for recorded in events {
        match &recorded.event {
            Event::CallStarted { call, tool, args, .. } if takes(tool) => {
                asked.extend(args.get().and_then(|args| args.get(arg)).map(|value| (call, value)));
            }
            Event::CallAnswered { call, outcome: CallOutcome::Ok, .. } => {
                if let Some(value) = asked.remove(call) {
                    values.retain(|known| known != value);
                    values.insert(0, value.clone());
                }
            }
            _ => {}
        }
    }
    values
}

/// Where the customer's own records are that an argument may name, as some skill says: the tool, the list in it, the field.
pub(super) fn records_of<'c>(company: &'c Company, arg: &str) -> Option<(&'c str, &'c str, &'c str)> {
    let slots = company.skills.values().flat_map(|skill| &skill.slots).filter(|slot| slot.name == arg);
    let mut sources = slots.flat_map(|slot| &slot.from).filter_map(|source| match source {
        SlotSource::OneOf { records, take, .. } => records.split_once('.').map(|(tool, list)| (tool, list, take.as_str())),
        _ => None,
    });
    // Only a list that can be read without knowing more.
    let plain = |name: &str| {
        let tool = company.tools.get(name)?;
        (tool.access == Access::Read && tool.args.values().all(|arg| arg.optional || arg.from.is_some())).then_some(())
    };
    sources.find(|(tool, ..)| plain(tool).is_some())
}

/// The records of a list, each by the field that names it.
pub(super) fn among(released: &Released, list: &str, take: &str) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    for record in elements(&released.value, list) {
        let Some(value) = record.at(take).filter(|value| !value.is_null()) else { continue };
        let candidate = Candidate { value: value.to_json(), label: label(record, take, value) };
        if !found.iter().any(|known| known.value == candidate.value) {
            found.push(candidate);
        }
    }
    found
}

/// A value that stands alone.
pub(super) fn plain(value: &Value) -> Candidate {
    Candidate { value: value.to_json(), label: words(value).unwrap_or_else(|| value.to_json().to_string()) }
}

/// The elements at a path that may go through lists.
fn elements<'v>(value: &'v Value, path: &str) -> Vec<&'v Value> {
    let flat = |values: Vec<&'v Value>| -> Vec<&'v Value> {
        values.into_iter().flat_map(|value| value.as_list().map_or_else(|| vec![value], |list| list.iter().collect())).collect()
    };
    path.split('.').fold(vec![value], |values, name| flat(values.into_iter().filter_map(|value| value.at(name)).collect()))
}

/// `12345 · Kettle, Desk lamp · paid`
fn label(record: &Value, take: &str, value: &Value) -> String {
    let mut parts: Vec<String> = words(value).into_iter().collect();
    if let Value::Map(fields) = record {
        parts.extend(fields.iter().filter(|(name, _)| *name != take).filter_map(|(_, value)| told(value)).take(TELLING));
    }
    parts.join(" · ")
}

/// What a field tells: itself, or the first words of each thing in a list.
fn told(value: &Value) -> Option<String> {
    let Value::List(things) = value else { return words(value) };
    let named = things.iter().filter_map(|thing| match thing {
        Value::Map(fields) => fields.values().find_map(|value| value.as_text().and_then(|_| words(value))),
        other => words(other),
    });
    Some(named.take(TELLING).collect::<Vec<_>>().join(", ")).filter(|text| !text.is_empty())
}

fn words(value: &Value) -> Option<String> {
    let text = match value {
        Value::Text(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Date(day) => day.to_string(),
        Value::Money(money) => money.to_string(),
        _ => return None,
    };
    Some(text).filter(|text| !text.is_empty() && text.chars().count() <= READABLE)
}
