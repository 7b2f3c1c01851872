//! What triggers may see of a turn: as values for their conditions, and in words as the evidence that stays in the log.

use crate::turn::Turn;
use patchbay_condition::Scope;
use patchbay_core::Value;
use patchbay_core::words::CallOutcome;
use std::collections::BTreeMap;

impl Turn {
    /// What triggers may see, and the same as evidence in words.
    pub(crate) fn signals(&self) -> (Scope, BTreeMap<String, String>) {
        (self.seen(), self.evidence())
    }

    pub(crate) fn seen(&self) -> Scope {
        let text = |text: &str| Value::Text(text.to_owned());
        let call = |(tool, outcome, essential): &(String, CallOutcome, bool)| {
            map(vec![("tool", text(tool)), ("outcome", text(outcome.as_str())), ("essential", Value::Bool(*essential))])
        };
        let understood = &self.understood;
        let turn = vec![
            ("misunderstood", Value::Number(self.misunderstood().into())),
            ("repeated", Value::Number(understood.feeling.repeated.into())),
            ("calls", Value::Number(self.calls.into())),
        ];
        let feeling = vec![
            ("last", number(understood.feeling.last)),
            ("slope", number(understood.feeling.slope)),
            ("person", Value::Bool(understood.feeling.person)),
        ];
        let proof = vec![("tries", Value::Number(self.proof.tries.into())), ("locked", Value::Bool(self.locked()))];
        BTreeMap::from([
            ("skill".to_owned(), text(understood.skill.as_deref().unwrap_or_default())),
            ("zone".to_owned(), text(&understood.zone.map(|zone| zone.to_string()).unwrap_or_default())),
            ("route".to_owned(), text(&understood.route.map(|route| route.to_string()).unwrap_or_default())),
            ("knowledge".to_owned(), number(self.best_passage())),
            ("turn".to_owned(), map(turn)),
            ("calls".to_owned(), Value::List(self.ended_calls.iter().map(call).collect())),
            ("feeling".to_owned(), map(feeling)),
            ("proof".to_owned(), map(proof)),
            ("customer".to_owned(), Value::Map(self.opening.customer.clone())),
        ])
    }

    fn evidence(&self) -> BTreeMap<String, String> {
        let understood = &self.understood;
        let failing = self.ended_calls.iter().filter(|(_, outcome, _)| *outcome != CallOutcome::Ok);
        let failing: Vec<String> = failing.map(|(tool, outcome, _)| format!("{tool}: {outcome}")).collect();
        let words = [
            ("skill", understood.skill.clone().unwrap_or_default()),
            ("zone", understood.zone.map(|zone| zone.to_string()).unwrap_or_default()),
            ("route", understood.route.map(|route| route.to_string()).unwrap_or_default()),
            ("knowledge", spelled(self.best_passage())),
            ("turn.misunderstood", self.misunderstood().to_string()),
            ("turn.repeated", understood.feeling.repeated.to_string()),
            ("turn.calls", self.calls.to_string()),
            ("calls", failing.join(", ")),
            ("feeling.last", spelled(understood.feeling.last)),
            ("feeling.slope", spelled(understood.feeling.slope)),
            ("feeling.person", understood.feeling.person.to_string()),
            ("proof.tries", self.proof.tries.to_string()),
            ("proof.locked", self.locked().to_string()),
        ];
        words.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }

    /// Turns in a row, this one included, in which the customer was not understood.
    fn misunderstood(&self) -> u32 {
        if self.understood.misunderstood { self.opening.misunderstood + 1 } else { 0 }
    }

    /// The score of the best passage of the knowledge, in thousandths.
    fn best_passage(&self) -> i64 {
        self.understood.passages.first().map_or(0, |(_, thousandths)| *thousandths)
    }
}

fn map(fields: Vec<(&str, Value)>) -> Value {
    Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// Thousandths as an exact number.
fn number(thousandths: i64) -> Value {
    patchbay_core::value::decimal(&spelled(thousandths)).map_or(Value::Null, Value::Number)
}

fn spelled(thousandths: i64) -> String {
    let sign = if thousandths < 0 { "-" } else { "" };
    let size = thousandths.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
}
