//! Arguments: only declared ones, of the declared kind; those taken from facts are taken here, identity is bound here.

use crate::admission::{Admission, Request};
use crate::kind::{json, written};
use crate::rules::{Checked, Who};
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use patchbay_core::words::{Level, RefusalCode};
use std::collections::BTreeMap;

/// The longest text a mind or customer may hand to a backend, in characters.
const TEXT: usize = 4000;
/// The longest part of an address, in characters. It is one line.
const ADDRESS: usize = 200;
/// The most elements of a list argument.
const ELEMENTS: usize = 200;

impl Checked {
    /// The arguments typed and in the backend's spelling, with those taken from facts.
    pub(crate) fn arguments(&self, request: &Request<'_>) -> Result<BTreeMap<String, Value>, Admission> {
        for name in request.args.keys() {
            let given_by_others = self.tool.bind.contains_key(name) || self.tool.each.as_ref().is_some_and(|each| each.arg == *name);
            if given_by_others || self.tool.args.get(name).is_none_or(|arg| arg.from.is_some()) {
                return Err(refused(RefusalCode::ToolNotAllowed, format!("argument '{name}' cannot be given")));
            }
        }
        let mut typed = BTreeMap::new();
        for (name, arg) in &self.tool.args {
            let value = match &arg.from {
                Some(path) => fact(request, path),
                None => request.args.get(name),
            };
            match value.filter(|value| !value.is_null()) {
                Some(value) => {
                    let value = written(&arg.kind, value, &self.patterns).and_then(|value| bounded(&arg.kind, value));
                    typed.insert(name.clone(), value.map_err(|detail| invalid(name, detail))?);
                }
                None if arg.optional => {}
                None => return Err(invalid(name, "is missing".to_owned())),
            }
        }
        Ok(typed)
    }

    /// The arguments of each call as the backend takes them: the typed ones, identity, and for a tool that reads each of a
    /// list, one element each.
    pub(crate) fn calls(
        &self,
        request: &Request<'_>,
        typed: &BTreeMap<String, Value>,
    ) -> Result<Vec<BTreeMap<String, serde_json::Value>>, Admission> {
        let mut all: BTreeMap<String, serde_json::Value> = typed.iter().map(|(name, value)| (name.clone(), json(value))).collect();
        let who = Who { session: request.session, customer: request.customer, now: request.now };
        for (name, from) in &self.tool.bind {
            all.insert(name.clone(), identity(who, name, from)?);
        }
        let Some(each) = &self.tool.each else { return Ok(vec![all]) };
        let elements = match fact(request, &each.of) {
            Some(Value::List(elements)) => elements,
            None => return Err(invalid(&each.arg, format!("{} is not known", each.of))),
            Some(_) => return Err(invalid(&each.arg, format!("{} is no list", each.of))),
        };
        // What is listed twice is asked for once.
        let mut different: Vec<&Value> = Vec::new();
        for element in elements.iter().rev().filter(|element| !element.is_null()) {
            if !different.contains(&element) {
                different.push(element);
            }
        }
        different.reverse();
        let last = &different[different.len().saturating_sub(each.at_most)..];
        let call = |element: &Value| {
            let mut one = all.clone();
            one.insert(each.arg.clone(), json(element));
            one
        };
        Ok(last.iter().map(|element| call(element)).collect())
    }
}

/// A fact of the tool's needs at a dotted path.
fn fact<'a>(request: &Request<'a>, path: &str) -> Option<&'a Value> {
    let (tool, field) = path.split_once('.')?;
    request.facts.get(tool)?.value.at(field)
}

/// Identity comes from the session, while its proof holds, or from a fact about its customer. From nowhere else.
fn identity(who: Who<'_>, name: &str, from: &str) -> Result<serde_json::Value, Admission> {
    let Some(id) = who.session.external_id(who.now) else {
        return Err(Admission::NeedsStepUp { level: Level::Contact });
    };
    match from.strip_prefix("customer.") {
        Some("id") => Ok(serde_json::Value::String(id.to_owned())),
        Some(fact) => match who.customer.get(fact).filter(|value| !value.is_null()) {
            Some(value) => Ok(json(value)),
            None => Err(invalid(name, format!("{from} is not known"))),
        },
        None => Err(refused(RefusalCode::NoRule, format!("nothing binds '{name}'"))),
    }
}

/// What every argument must keep to, whatever its kind says: texts of a sane length without control characters, amounts
/// above zero.
fn bounded(kind: &Kind, value: Value) -> Result<Value, String> {
    match (kind, &value) {
        (Kind::Address { .. }, Value::Text(text)) if text.chars().count() > ADDRESS => Err(format!("is longer than {ADDRESS} characters")),
        (Kind::Address { .. }, Value::Text(text)) if text.contains(['\n', '\t']) => Err("is more than one line".to_owned()),
        (_, Value::Text(text)) if text.chars().count() > TEXT => Err(format!("is longer than {TEXT} characters")),
        (_, Value::Text(text)) if text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t')) => {
            Err("holds control characters".to_owned())
        }
        (_, Value::Money(money)) if money.minor <= 0 => Err("must be more than zero".to_owned()),
        (Kind::List(_), Value::List(list)) if list.len() > ELEMENTS => Err(format!("has more than {ELEMENTS} elements")),
        (Kind::List(of), Value::List(list)) => {
            list.iter().try_for_each(|element| bounded(of, element.clone()).map(drop))?;
            Ok(value)
        }
        (Kind::Record(fields), Value::Map(map)) => {
            for (name, kind) in fields {
                if let Some(value) = map.get(name) {
                    bounded(kind, value.clone()).map_err(|detail| format!("{name} {detail}"))?;
                }
            }
            Ok(value)
        }
        (Kind::Map(of), Value::Map(map)) => {
            map.values().try_for_each(|value| bounded(of, value.clone()).map(drop))?;
            Ok(value)
        }
        _ => Ok(value),
    }
}

pub(crate) fn refused(code: RefusalCode, rule: impl Into<String>) -> Admission {
    Admission::Refused { code, text: None, rule: rule.into() }
}

fn invalid(arg: &str, detail: String) -> Admission {
    Admission::Invalid { arg: arg.to_owned(), detail }
}
