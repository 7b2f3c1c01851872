//! What is known already: "my usual address", or a street the customer is known to live in.

use super::dialogue::{Dialogue, Message};
use super::memory::Frame;
use super::program::SlotPlan;
use super::slots::Raw;
use super::words::find_phrase;
use patchbay_core::Value;
use patchbay_core::declare::{AddressPart, Kind, SlotSource};
use std::collections::BTreeMap;

/// What is known of a slot's value.
pub(super) enum Same {
    /// This tool has to answer first.
    Unread(String),
    /// Nothing that the words point to.
    Nothing,
    /// This value.
    Value(Value),
}

impl Dialogue<'_> {
    /// The known value that the words mean, or that what they gave of a record is a part of.
    pub(super) fn same_as(&self, plan: &SlotPlan, frame: &Frame) -> Same {
        let parts = frame.parts.get(&plan.slot.name).filter(|parts| !parts.is_empty());
        for source in &plan.slot.from {
            let SlotSource::SameAs { fact, said } = source else { continue };
            let referred = self.referred_to(frame);
            let meant = !referred.is_empty() || frame.heard.iter().any(|text| self.says_phrase(text, said));
            if !meant && parts.is_none() {
                continue;
            }
            let known = match self.raw_at(fact, &[], frame) {
                Raw::Unread(tool) => return Same::Unread(tool),
                Raw::None => continue,
                Raw::Read(known) => known,
            };
            let other = self.means_another_record(frame);
            let is_meant = |within: &Option<Value>| within.as_ref().is_none_or(|record| self.is_meant(record, &referred, other, frame));
            let known = known.into_iter().filter(|(within, _)| is_meant(within)).filter_map(|(_, value)| shaped(&plan.slot.kind, &value));
            let mut agreeing: Vec<Value> = known.filter(|value| parts.is_none_or(|parts| agrees(parts, value))).collect();
            let mut different: Vec<Value> = Vec::new();
            agreeing.retain(|value| {
                !different.contains(value) && {
                    different.push(value.clone());
                    true
                }
            });
            // A part points to a value only where it tells one from another: a street does, a country does not.
            let telling = parts.is_some_and(|parts| points(&plan.slot.kind, parts));
            if let ([one], true) = (agreeing.as_slice(), meant || telling) {
                return Same::Value(one.clone());
            }
        }
        Same::Nothing
    }

    /// The records that the words only refer to ("the same address as order 123").
    fn referred_to(&self, frame: &Frame) -> Vec<Value> {
        let heard: Vec<Message> = frame.heard.iter().map(|text| self.listen(text)).collect();
        let kinds = self.kinds_of_records();
        heard.iter().flat_map(|text| kinds.iter().flat_map(|kind| self.reader(text).referred_to(kind)).collect::<Vec<_>>()).collect()
    }

    /// Do the words speak of another record than the one the wish is about ("my other order")?
    fn means_another_record(&self, frame: &Frame) -> bool {
        let kinds = self.kinds_of_records();
        let slots =
            self.program(&frame.skill).into_iter().flat_map(|program| &program.slots).filter(|plan| kinds.contains(&&plan.slot.kind));
        let spoken = |name: &str| frame.heard.iter().any(|text| self.lexicon().speaks_of_another(&self.listen(text).words, name));
        slots.map(|plan| plan.slot.name.as_str()).any(spoken)
    }

    /// Is this one of the records that are referred to? "My other order" is none that the wish is about itself.
    fn is_meant(&self, record: &Value, referred: &[Value], other: bool, frame: &Frame) -> bool {
        let named = |value: &Value| match record {
            Value::Map(fields) => fields.values().any(|field| field == value),
            _ => false,
        };
        let own = || frame.slots.values().any(|filled| named(&filled.value));
        if referred.is_empty() { !(other && own()) } else { referred.iter().any(named) }
    }

    pub(super) fn says_phrase(&self, text: &str, phrases: &[String]) -> bool {
        let words = self.lexicon().words(text);
        phrases.iter().any(|phrase| find_phrase(&words, &self.lexicon().words(phrase)).is_some())
    }
}

/// A known value as the slot has it: of a record, the slot's fields.
fn shaped(kind: &Kind, value: &Value) -> Option<Value> {
    match (kind, value) {
        (Kind::Record(fields), Value::Map(known)) => {
            let field = |name: &String| Some((name.clone(), known.get(name)?.clone()));
            fields.keys().map(field).collect::<Option<BTreeMap<_, _>>>().map(Value::Map)
        }
        (Kind::Record(_), _) | (_, Value::Null) => None,
        _ => Some(value.clone()),
    }
}

/// Is everything that was given of a record the same in a known one?
fn agrees(parts: &BTreeMap<String, Value>, known: &Value) -> bool {
    let plain = |value: &Value| value.as_text().map(|text| text.to_lowercase().replace(['.', ','], ""));
    parts.iter().all(|(name, part)| known.at(name).is_some_and(|known| known == part || plain(known) == plain(part)))
}

/// Do the given parts tell one record from another? Of an address, the street does.
fn points(kind: &Kind, parts: &BTreeMap<String, Value>) -> bool {
    let Kind::Record(fields) = kind else { return false };
    parts.keys().any(|name| matches!(fields.get(name), Some(Kind::Address { part: AddressPart::Street, .. })))
}

/// A record of which everything is known that must be: what was not given is as it usually is.
pub(super) fn completed(kind: &Kind, parts: &BTreeMap<String, Value>) -> Option<Value> {
    let Kind::Record(fields) = kind else { return None };
    let field = |(name, kind): (&String, &Kind)| {
        let usual = || match kind {
            Kind::Address { usual: Some(usual), .. } => Some(Value::text(usual)),
            _ => None,
        };
        Some((name.clone(), parts.get(name).cloned().or_else(usual)?))
    };
    fields.iter().map(field).collect::<Option<BTreeMap<_, _>>>().map(Value::Map)
}
