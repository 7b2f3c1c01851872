//! Kinds: reading values strictly, and writing them for backends.

use crate::rules::Patterns;
use patchbay_core::declare::Kind;
use patchbay_core::value::decimal;
use patchbay_core::{Money, Timestamp, Value};
use regex::{Regex, RegexBuilder};
use rust_decimal::Decimal;
use serde_json::Value as Json;

/// The largest compiled pattern, in bytes.
const PATTERN: usize = 1 << 18;

/// Every pattern inside a kind.
pub(crate) fn patterns(kind: &Kind) -> Vec<&str> {
    match kind {
        Kind::Pattern { pattern, .. } => vec![pattern],
        Kind::List(of) => patterns(of),
        Kind::Record(fields) => fields.values().flat_map(patterns).collect(),
        Kind::Map(of) => patterns(of),
        _ => Vec::new(),
    }
}

/// A pattern over the whole value, without regard to case.
pub(crate) fn anchored(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(&format!("^(?:{pattern})$")).case_insensitive(true).size_limit(PATTERN).dfa_size_limit(PATTERN).build()
}

/// Reads a value as this kind. Exact spellings of numbers, days, times and amounts are read; nothing is guessed.
/// The error says what is wrong and never repeats the value.
pub(crate) fn read(kind: &Kind, value: &Value, patterns: &Patterns) -> Result<Value, String> {
    match (kind, value) {
        (Kind::Text | Kind::Address { .. }, value) => text(value).map(Value::Text),
        (Kind::Bool, Value::Bool(yes)) => Ok(Value::Bool(*yes)),
        (Kind::Bool, Value::Text(text)) if text == "true" || text == "false" => Ok(Value::Bool(text == "true")),
        (Kind::Number, value) => number(value).map(Value::Number),
        (Kind::Integer, value) => match number(value)? {
            whole if whole.is_integer() => Ok(Value::Number(whole.normalize())),
            _ => Err("is no whole number".to_owned()),
        },
        (Kind::Date, Value::Date(day)) => Ok(Value::Date(*day)),
        (Kind::Date, Value::Text(text)) => day(text).map(Value::Date),
        (Kind::Time, Value::Time(at)) => Ok(Value::Time(*at)),
        (Kind::Time, Value::Text(text)) => time(text).map(Value::Time),
        (Kind::Money(currency), Value::Money(money)) if money.currency == *currency => Ok(Value::Money(*money)),
        (Kind::Money(currency), Value::Money(_)) => Err(format!("is in another currency than {currency}")),
        (Kind::Money(currency), Value::Text(text)) => match text.split_once(' ') {
            Some((_, code)) if code.trim() != currency.code() => Err(format!("is in another currency than {currency}")),
            Some((amount, _)) => money(amount, *currency),
            None => money(text, *currency),
        },
        (Kind::Money(currency), Value::Number(amount)) => money(&amount.to_string(), *currency),
        (Kind::Pattern { pattern, example, .. }, value) => {
            let text = text(value)?;
            match patterns.get(pattern) {
                Some(regex) if regex.is_match(&text) => Ok(Value::Text(text)),
                _ => Err(format!("does not look like {example}")),
            }
        }
        (Kind::OneOf(choices), value) => {
            let text = text(value)?;
            match choices.iter().any(|choice| choice.value == text) {
                true => Ok(Value::Text(text)),
                false => Err("is none of the choices".to_owned()),
            }
        }
        (Kind::List(of), Value::List(list)) => {
            list.iter().map(|element| read(of, element, patterns)).collect::<Result<_, _>>().map(Value::List)
        }
        (Kind::Record(fields), Value::Map(map)) => {
            if let Some(unknown) = map.keys().find(|name| !fields.contains_key(*name)) {
                return Err(format!("has a field '{unknown}' that it should not have"));
            }
            let field = |(name, kind): (&String, &Kind)| match map.get(name) {
                Some(value) => read(kind, value, patterns).map(|value| (name.clone(), value)).map_err(|detail| format!("{name} {detail}")),
                None => Err(format!("lacks '{name}'")),
            };
            fields.iter().map(field).collect::<Result<_, _>>().map(Value::Map)
        }
        (Kind::Map(of), Value::Map(map)) => {
            let named = |(name, value): (&String, &Value)| {
                read(of, value, patterns).map(|value| (name.clone(), value)).map_err(|detail| format!("{name} {detail}"))
            };
            map.iter().map(named).collect::<Result<_, _>>().map(Value::Map)
        }
        (kind, _) => Err(format!("is no {}", word(kind))),
    }
}

/// Reads a value and puts it in the spelling the backend wants (a pattern's `write`).
pub(crate) fn written(kind: &Kind, value: &Value, patterns: &Patterns) -> Result<Value, String> {
    let value = read(kind, value, patterns)?;
    Ok(respelt(kind, value, patterns))
}

fn respelt(kind: &Kind, value: Value, patterns: &Patterns) -> Value {
    match (kind, value) {
        (Kind::Pattern { pattern, write: Some(write), .. }, Value::Text(text)) => match patterns.get(pattern) {
            Some(regex) => Value::Text(regex.replace(&text, write.as_str()).into_owned()),
            None => Value::Text(text),
        },
        (Kind::List(of), Value::List(list)) => Value::List(list.into_iter().map(|element| respelt(of, element, patterns)).collect()),
        (Kind::Record(fields), Value::Map(map)) => {
            let field = |(name, value): (String, Value)| match fields.get(&name) {
                Some(kind) => (name, respelt(kind, value, patterns)),
                None => (name, value),
            };
            Value::Map(map.into_iter().map(field).collect())
        }
        (Kind::Map(of), Value::Map(map)) => Value::Map(map.into_iter().map(|(name, value)| (name, respelt(of, value, patterns))).collect()),
        (_, value) => value,
    }
}

/// A value as backends take it: money as a decimal number, days and times as ISO 8601 text.
pub(crate) fn json(value: &Value) -> Json {
    match value {
        Value::Money(money) => serde_json::from_str(&money.decimal()).unwrap_or_else(|_| Json::String(money.decimal())),
        Value::List(list) => list.iter().map(json).collect(),
        Value::Map(map) => Json::Object(map.iter().map(|(name, value)| (name.clone(), json(value))).collect()),
        other => other.to_json(),
    }
}

fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        // Ids are numbers in some systems and text in others.
        Value::Number(number) => Ok(number.to_string()),
        _ => Err("is no text".to_owned()),
    }
}

fn number(value: &Value) -> Result<Decimal, String> {
    let number = match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => decimal(text),
        _ => None,
    };
    number.ok_or_else(|| "is no number".to_owned())
}

fn money(amount: &str, currency: patchbay_core::money::Currency) -> Result<Value, String> {
    Money::from_decimal(amount, currency).map(Value::Money).map_err(|_| format!("is no amount in {currency}"))
}

/// A day, also when a system gives it with the time of day: the day as it is written there, whatever the offset.
fn day(text: &str) -> Result<jiff::civil::Date, String> {
    let day = || {
        let day = text.get(..10)?.parse().ok()?;
        (text.len() == 10 || time(text).is_ok()).then_some(day)
    };
    day().ok_or_else(|| "is no date like 2026-11-20".to_owned())
}

/// A point in time; a spelling without an offset is read as UTC.
fn time(text: &str) -> Result<Timestamp, String> {
    let civil = || text.parse::<jiff::civil::DateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
    let at = text.parse().ok().or_else(|| civil().map(|at| Timestamp(at.timestamp().as_millisecond())));
    at.ok_or_else(|| "is no time like 2026-11-20T14:02:10Z".to_owned())
}

fn word(kind: &Kind) -> &'static str {
    match kind {
        Kind::Text | Kind::Pattern { .. } | Kind::OneOf(_) | Kind::Address { .. } => "text",
        Kind::Number => "number",
        Kind::Integer => "whole number",
        Kind::Bool => "yes or no",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Money(_) => "amount",
        Kind::Record(_) | Kind::Map(_) => "record",
        Kind::List(_) => "list",
    }
}
