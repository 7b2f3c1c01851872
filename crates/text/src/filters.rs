//! The filters of texts.

use crate::scope::Single;
use crate::speech::Speech;
use minijinja::value::ValueKind;
use minijinja::{Environment, Error, ErrorKind, State};
use patchbay_core::{Money, Timestamp, Value};

/// Every filter there is.
pub(crate) const NAMES: &[&str] =
    &["money", "date", "time", "list", "plain", "default", "first", "last", "length", "upper", "lower", "capitalize", "trim"];

/// Puts the filters and tests into an empty environment. Nothing else is there: no functions, no includes.
pub(crate) fn add(environment: &mut Environment<'_>, speech: &Speech) {
    let own = speech.clone();
    environment.add_filter("money", move |value: minijinja::Value| match single(&value) {
        Some(Value::Money(money)) => Ok(own.money(&money)),
        Some(Value::Text(text)) => text.parse::<Money>().map(|money| own.money(&money)).map_err(|_| wrong("money", &value)),
        _ => Err(wrong("money", &value)),
    });
    let own = speech.clone();
    environment.add_filter("date", move |state: &State<'_, '_>, value: minijinja::Value| {
        match single(&value).and_then(|value| day(&value, &own)) {
            Some(day) => Ok(own.date(day, now(state))),
            None => Err(wrong("date", &value)),
        }
    });
    let own = speech.clone();
    environment.add_filter("time", move |value: minijinja::Value| match single(&value) {
        Some(Value::Time(at)) => Ok(own.clock(at)),
        Some(Value::Text(text)) => text.parse().map(|at| own.clock(at)).map_err(|_| wrong("time", &value)),
        _ => Err(wrong("time", &value)),
    });
    let own = speech.clone();
    environment.add_filter("list", move |value: minijinja::Value, field: Option<String>| {
        let elements = elements(&value)?;
        let words = elements.into_iter().map(|element| match &field {
            Some(field) => element.get_attr(field).and_then(|value| printable(&value, &own)),
            None => printable(&element, &own),
        });
        words.collect::<Result<Vec<String>, Error>>().map(|words| own.join(words))
    });
    let own = speech.clone();
    environment.add_filter("plain", move |value: minijinja::Value| match single(&value) {
        Some(Value::Money(money)) => Ok(money.to_string()),
        Some(Value::Date(day)) => Ok(day.to_string()),
        Some(Value::Time(at)) => Ok(at.to_string()),
        _ => printable(&value, &own),
    });
    environment.add_filter("default", minijinja::filters::default);
    environment.add_filter("first", minijinja::filters::first);
    environment.add_filter("last", minijinja::filters::last);
    environment.add_filter("length", minijinja::filters::length);
    environment.add_filter("upper", minijinja::filters::upper);
    environment.add_filter("lower", minijinja::filters::lower);
    environment.add_filter("capitalize", minijinja::filters::capitalize);
    environment.add_filter("trim", minijinja::filters::trim);
    environment.add_test("defined", |value: &minijinja::Value| !value.is_undefined());
}

/// The elements of a list, or the values of a record whose names the backend chose.
fn elements(value: &minijinja::Value) -> Result<Vec<minijinja::Value>, Error> {
    let elements = value.try_iter().map_err(|_| wrong("list", value))?;
    match value.kind() {
        ValueKind::Map => elements.map(|name| value.get_item(&name)).collect(),
        _ => Ok(elements.collect()),
    }
}

/// A value as it is printed; nothing, records and lists are not.
pub(crate) fn printable(value: &minijinja::Value, speech: &Speech) -> Result<String, Error> {
    let cannot = |why: &'static str| Err(Error::new(ErrorKind::InvalidOperation, why));
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => cannot("something that is printed here is missing; test for it with {% if … %}"),
        ValueKind::Map => cannot("a record cannot be printed; print one of its fields"),
        ValueKind::Seq | ValueKind::Iterable => {
            cannot("a list cannot be printed; use the filter `list`, or go through it with {% for … %}")
        }
        ValueKind::Bool => Ok(speech.say(&Value::Bool(value.is_true()), None)),
        _ => Ok(value.to_string()),
    }
}

/// The core value behind a template's value.
fn single(value: &minijinja::Value) -> Option<Value> {
    value.downcast_object_ref::<Single>().map(|single| single.value.clone()).or_else(|| value.as_str().map(Value::text))
}

/// A day: itself, the day of a time, or its ISO spelling.
fn day(value: &Value, speech: &Speech) -> Option<jiff::civil::Date> {
    match value {
        Value::Date(day) => Some(*day),
        Value::Time(at) => speech.moment(*at).map(jiff::civil::DateTime::date),
        Value::Text(text) => text.get(..10)?.parse().ok(),
        _ => None,
    }
}

fn now(state: &State<'_, '_>) -> Option<Timestamp> {
    match single(&state.lookup("now")?)? {
        Value::Time(at) => Some(at),
        _ => None,
    }
}

fn wrong(filter: &str, value: &minijinja::Value) -> Error {
    let got = if value.is_undefined() || value.is_none() { "nothing".to_owned() } else { value.kind().to_string() };
    Error::new(ErrorKind::InvalidOperation, format!("'{filter}' cannot show this ({got})"))
}
