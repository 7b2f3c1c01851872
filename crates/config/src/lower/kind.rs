//! Types: names resolved, currencies put in.

use crate::fitted::Fitted;
use crate::near::nearest;
use crate::problem::{Report, below};
use patchbay_core::declare::{AddressPart, Choice, Kind};
use std::collections::BTreeMap;

const BUILT_IN: &[&str] = &["text", "number", "integer", "bool", "date", "time", "money"];

/// The declared types, resolved as they are asked for.
pub(super) struct Types<'a> {
    declared: &'a Fitted,
    done: BTreeMap<String, Kind>,
    open: Vec<String>,
}

impl<'a> Types<'a> {
    pub(super) fn new(declared: &'a Fitted) -> Self {
        Self { declared, done: BTreeMap::new(), open: Vec::new() }
    }

    /// Every declared type.
    pub(super) fn all(&mut self, report: &mut Report) -> BTreeMap<String, Kind> {
        for (name, _) in self.declared.entries() {
            let key = below("types", name);
            if BUILT_IN.contains(&name.as_str()) {
                report.add(&key, format!("'{name}' is a type already"), "choose another name");
            } else {
                self.named(name, &key, report);
            }
        }
        self.done.clone()
    }

    /// The type under `type` of something, with the `currency` beside it; `None` when there is no `type`.
    pub(super) fn of(&mut self, it: &Fitted, key: &str, report: &mut Report) -> Option<Kind> {
        let currency = it.text("currency");
        match it.get("type") {
            Fitted::Absent => {
                if currency.is_some() {
                    report.add(&below(key, "currency"), "only money has a currency", "add `type: money`");
                }
                None
            }
            kind => Some(self.kind(kind, currency.as_deref(), &below(key, "type"), report)),
        }
    }

    /// The type that stands as a mere name, without a map around it.
    pub(super) fn named_at(&mut self, it: &Fitted, key: &str, report: &mut Report) -> Option<Kind> {
        it.as_text().map(|name| self.by_name(name, None, key, report))
    }

    /// What a type that stands somewhere means.
    fn kind(&mut self, it: &Fitted, currency: Option<&str>, key: &str, report: &mut Report) -> Kind {
        if let Some(name) = it.as_text() {
            return self.by_name(name, currency, key, report);
        }
        if currency.is_some() {
            report.add(key, "only money has a currency", "remove `currency`, or write `type: money`");
        }
        if it.has("type") {
            return self.of(it, key, report).unwrap_or(Kind::Text);
        }
        if let Some(pattern) = it.text("pattern") {
            return self::pattern(pattern, it, key, report);
        }
        if it.has("one_of") {
            return Kind::OneOf(choices(it.get("one_of")));
        }
        if it.has("record") {
            let fields = it.get("record").entries().iter();
            let key = below(key, "record");
            return Kind::Record(fields.map(|(name, it)| (name.clone(), self.kind(it, None, &below(&key, name), report))).collect());
        }
        if it.has("map") {
            return Kind::Map(Box::new(self.kind(it.get("map"), None, &below(key, "map"), report)));
        }
        if it.has("address") {
            return address(it);
        }
        if it.has("list") {
            return Kind::List(Box::new(self.kind(it.get("list"), None, &below(key, "list"), report)));
        }
        Kind::Text
    }

    fn by_name(&mut self, name: &str, currency: Option<&str>, key: &str, report: &mut Report) -> Kind {
        match (name, currency) {
            ("money", Some(code)) => match code.parse() {
                Ok(currency) => return Kind::Money(currency),
                Err(_) => report.add(key, format!("'{code}' is no currency"), "write three capital letters such as EUR"),
            },
            ("money", None) => report.add(key, "money needs a currency", "write { type: money, currency: EUR }"),
            (_, Some(_)) => report.add(key, "only money has a currency", "remove `currency`, or write `type: money`"),
            (_, None) => {}
        }
        match name {
            "text" | "money" => Kind::Text,
            "number" => Kind::Number,
            "integer" => Kind::Integer,
            "bool" => Kind::Bool,
            "date" => Kind::Date,
            "time" => Kind::Time,
            _ => self.named(name, key, report),
        }
    }

    /// A declared type.
    fn named(&mut self, name: &str, key: &str, report: &mut Report) -> Kind {
        if let Some(kind) = self.done.get(name) {
            return kind.clone();
        }
        if self.open.iter().any(|open| open == name) {
            report.add(key, format!("the type '{name}' is made of itself"), "break the circle");
            return Kind::Text;
        }
        let Some((_, it)) = self.declared.entries().iter().find(|(known, _)| known == name) else {
            if !report.is_broken("types") {
                let known = self.declared.entries().iter().map(|(name, _)| name.as_str());
                let near = nearest(name, BUILT_IN.iter().copied().chain(known));
                report.add_near(key, format!("there is no type '{name}'"), near, "declare it under `types`, or use one that is there");
            }
            return Kind::Text;
        };
        self.open.push(name.to_owned());
        let kind = self.kind(it, None, &below("types", name), report);
        self.open.pop();
        self.done.insert(name.to_owned(), kind.clone());
        kind
    }
}

fn pattern(pattern: String, it: &Fitted, key: &str, report: &mut Report) -> Kind {
    let example = it.must("example");
    let whole = regex::Regex::new(&format!("(?i)^(?:{pattern})$"));
    if it.has("example") && whole.is_ok_and(|whole| !whole.is_match(&example)) {
        report.add(&below(key, "example"), format!("the example '{example}' does not match the pattern"), "correct one of the two");
    }
    Kind::Pattern { pattern, write: it.text("write"), example }
}

/// An address is a record whose fields are its parts.
fn address(it: &Fitted) -> Kind {
    let field = |(name, word): &(String, Fitted)| {
        let part = AddressPart::ALL.into_iter().find(|part| word.as_text() == Some(part.as_str()))?;
        let country = it.get("country");
        if part == AddressPart::Country && country.has("one_of") {
            return Some((name.clone(), Kind::OneOf(choices(country.get("one_of")))));
        }
        let usual = match part {
            // Most houses have none.
            AddressPart::Unit => Some(String::new()),
            AddressPart::Country => it.text("country"),
            _ => None,
        };
        Some((name.clone(), Kind::Address { part, usual }))
    };
    Kind::Record(it.get("address").entries().iter().filter_map(field).collect())
}

/// Choices as a list of values, or as values with phrases. A value is always a phrase for itself.
fn choices(it: &Fitted) -> Vec<Choice> {
    let plain = it.texts().into_iter().map(|value| Choice { value, phrases: Vec::new() });
    let phrased = it.entries().iter().map(|(value, phrases)| Choice { value: value.clone(), phrases: phrases.texts() });
    plain.chain(phrased).collect()
}
