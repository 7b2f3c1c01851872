//! Tools and compositions, with the rules that none may go without.

use super::kind::Types;
use crate::fitted::Fitted;
use crate::problem::{Report, below};
use patchbay_core::Money;
use patchbay_core::declare::{
    Access, Arg, CacheRule, Composition, Condition, Confirm, Confirmer, Each, Idempotency, Kind, Limit, Selected, Selection, Slow, Tool,
    Verify,
};
use patchbay_core::words::{FactClass, Level};
use std::collections::BTreeMap;

pub(super) fn composition(name: &str, it: &Fitted) -> Composition {
    Composition { name: name.to_owned(), read: it.get("read").texts(), essential: it.get("essential").texts(), budget: it.text("budget") }
}

/// Every tool.
pub(super) fn tools(section: &Fitted, types: &mut Types<'_>, report: &mut Report) -> BTreeMap<String, Tool> {
    let mut tools = BTreeMap::new();
    for (name, it) in section.entries() {
        tools.insert(name.clone(), tool(name, it, &below("tools", name), types, report));
    }
    take_over_types(section, &mut tools);
    tools
}

/// An argument without a type that is taken from a fact has that fact's type.
fn take_over_types(section: &Fitted, tools: &mut BTreeMap<String, Tool>) {
    let facts: BTreeMap<String, Kind> = tools.iter().map(|(name, tool)| (name.clone(), crate::facts::of_tool(tool))).collect();
    for (name, it) in section.entries() {
        for (arg, it) in it.get("args").entries() {
            let Some(from) = it.text("from").filter(|_| !it.has("type")) else { continue };
            let known = crate::facts::in_kinds(&facts, &from);
            if let (Some(kind), Some(arg)) = (known, tools.get_mut(name).and_then(|tool| tool.args.get_mut(arg))) {
                arg.kind = kind;
            }
        }
    }
}

fn tool(name: &str, it: &Fitted, key: &str, types: &mut Types<'_>, report: &mut Report) -> Tool {
    let access = match it.text("access").as_deref() {
        Some("read") => Access::Read,
        Some("lookup") => Access::Lookup,
        _ => Access::Write,
    };
    let auth = level(it).unwrap_or(if access == Access::Lookup { Level::Anonymous } else { Level::Strong });
    let (backend, operation) = operation(it, key, report);
    demand(it, key, access, auth, report);
    Tool {
        name: name.to_owned(),
        backend,
        operation,
        describe: it.must("describe"),
        access,
        auth,
        args: args(it.get("args"), &below(key, "args"), types, report),
        bind: it.get("bind").entries().iter().map(|(arg, path)| (arg.clone(), path.as_text().unwrap_or_default().to_owned())).collect(),
        needs: it.get("needs").texts(),
        each: each(it.get("each")),
        guard: it.condition("guard").unwrap_or(Condition::Always),
        allow: it.condition("allow").unwrap_or(Condition::Always),
        refuse: it.text("refuse"),
        preview: it.text("preview"),
        confirm: confirm(it.get("confirm"), access),
        select: selection(it.get("select"), &below(key, "select"), types, report),
        idempotency: idempotency(it.get("idempotency")),
        verify: it.has("verify").then(|| verify(it.get("verify"))),
        limits: limits(it.get("limit"), &below(key, "limit"), report),
        cache: it.has("cache").then(|| cache(it.get("cache"))),
        slow: it.has("slow").then(|| Slow { after: it.get("slow").duration("after"), say: it.get("slow").must("say") }),
        authority: it.get("authority").texts(),
    }
}

fn level(it: &Fitted) -> Option<Level> {
    it.text("auth").and_then(|word| Level::parse(&word))
}

/// `orders.getOrder`: the backend to the first dot, the operation after it.
fn operation(it: &Fitted, key: &str, report: &mut Report) -> (String, String) {
    let text = it.must("use");
    if let Some((backend, operation)) = text.split_once('.')
        && !backend.is_empty()
        && !operation.is_empty()
    {
        return (backend.to_owned(), operation.to_owned());
    }
    if it.has("use") {
        report.add(
            &below(key, "use"),
            format!("'{text}' names no operation"),
            "write the backend, a dot and the operation: orders.getOrder",
        );
    }
    (String::new(), String::new())
}

/// The rules none may go without, and keys that mean nothing for this access.
fn demand(it: &Fitted, key: &str, access: Access, auth: Level, report: &mut Report) {
    let missing = |name: &str| !it.has(name) && !matches!(it, Fitted::Absent);
    let of_customer = auth > Level::Anonymous || it.has("bind");
    if access == Access::Read && of_customer && missing("guard") {
        let advice = "add `guard:` with a condition on `answer` that proves whose record it is, or spell out `guard: always`";
        report.add(&below(key, "guard"), "a customer's read has no guard", advice);
    }
    if access == Access::Write && missing("allow") {
        let advice = "add `allow:` with the condition under which it may happen, or spell out `allow: always`";
        report.add(&below(key, "allow"), "a write has no allow", advice);
    }
    if access == Access::Read && it.get("select").entries().is_empty() && !matches!(it, Fitted::Absent) {
        report.add(&below(key, "select"), "a read keeps nothing of its answer", "add `select:` with the names and where they stand");
    }
    let (word, strange): (_, &[&str]) = match access {
        Access::Write => ("write", &["cache", "each"]),
        Access::Read => ("read", &["confirm", "preview", "idempotency", "verify"]),
        Access::Lookup => ("lookup", &["confirm", "preview", "idempotency", "verify", "bind", "each", "cache"]),
    };
    for name in strange.iter().filter(|name| it.has(name)) {
        report.add(&below(key, name), format!("'{name}' means nothing for a {word}"), "remove it, or correct `access`");
    }
}

fn args(it: &Fitted, key: &str, types: &mut Types<'_>, report: &mut Report) -> BTreeMap<String, Arg> {
    let mut args = BTreeMap::new();
    for (name, it) in it.entries() {
        let key = below(key, name);
        let kind = match it.as_text() {
            Some(_) => types.named_at(it, &key, report),
            None => types.of(it, &key, report),
        };
        let from = it.text("from");
        if kind.is_none() && from.is_none() {
            report.add(&below(&key, "type"), format!("the argument '{name}' has no type"), "add `type:`, or `from:` with a fact");
        }
        args.insert(name.clone(), Arg { kind: kind.unwrap_or(Kind::Text), optional: it.is_true("optional"), from });
    }
    args
}

fn each(it: &Fitted) -> Option<Each> {
    Some(Each { arg: it.text("arg")?, of: it.text("of")?, take_as: it.text("as")?, at_most: it.count("at_most") })
}

fn confirm(it: &Fitted, access: Access) -> Confirm {
    match it {
        Fitted::Map(_) => Confirm::If {
            when: it.condition("when").unwrap_or(Condition::Always),
            then: confirmers(it.get("then")),
            otherwise: confirmers(it.get("else")),
        },
        Fitted::Absent if access == Access::Write => Confirm::By(vec![Confirmer::Customer]),
        who => Confirm::By(confirmers(who)),
    }
}

/// One word or several; `nobody` is nobody.
fn confirmers(it: &Fitted) -> Vec<Confirmer> {
    let words = it.as_text().map_or_else(|| it.texts(), |word| vec![word.to_owned()]);
    let confirmer = |word: &String| match word.as_str() {
        "customer" => Some(Confirmer::Customer),
        "agent" => Some(Confirmer::Agent),
        _ => None,
    };
    words.iter().filter_map(confirmer).collect()
}

fn selection(it: &Fitted, key: &str, types: &mut Types<'_>, report: &mut Report) -> Selection {
    let mut selection = BTreeMap::new();
    for (name, it) in it.entries() {
        selection.insert(name.clone(), selected(it, &below(key, name), types, report));
    }
    Selection(selection)
}

fn selected(it: &Fitted, key: &str, types: &mut Types<'_>, report: &mut Report) -> Selected {
    if let Some(path) = it.text("each") {
        return Selected::Each { path, take: selection(it.get("take"), &below(key, "take"), types, report) };
    }
    Selected::One {
        path: it.as_text().map_or_else(|| it.must("path"), str::to_owned),
        kind: types.of(it, key, report).unwrap_or(Kind::Text),
        optional: it.is_true("optional"),
        canonical: it.text("canonical"),
        class: class(it),
    }
}

fn class(it: &Fitted) -> Option<FactClass> {
    it.text("class").and_then(|word| FactClass::parse(&word))
}

fn idempotency(it: &Fitted) -> Idempotency {
    match (it.text("header"), it.text("argument")) {
        (Some(header), _) => Idempotency::Header(header),
        (None, Some(argument)) => Idempotency::Argument(argument),
        (None, None) => Idempotency::None,
    }
}

/// How much one customer may use.
fn limits(it: &Fitted, key: &str, report: &mut Report) -> Vec<Limit> {
    let times = it.rate("per_customer").map(|rate| Limit::Times { times: rate.times, per: rate.per });
    let sum = it.has("sum").then(|| sum(it.get("sum"), &below(key, "sum"), report)).flatten();
    if matches!(it, Fitted::Map(_)) && !it.has("per_customer") && !it.has("sum") {
        report.add(key, "a limit that limits nothing", "add `per_customer: 3/day`, or `sum:` with an amount");
    }
    times.into_iter().chain(sum).collect()
}

fn sum(it: &Fitted, key: &str, report: &mut Report) -> Option<Limit> {
    let (of, at_most, within) = (it.text("of")?, it.text("at_most")?, it.duration("within"));
    if within.is_zero() && it.has("within") {
        report.add(&below(key, "within"), "nothing happens in no time at all", "write a duration: 24h");
    }
    match at_most.parse::<Money>() {
        Ok(at_most) if at_most.minor > 0 => Some(Limit::Sum { of, at_most, within }),
        Ok(_) => {
            report.add(&below(key, "at_most"), "a sum of nothing allows nothing", "write an amount above zero: 100.00 EUR");
            None
        }
        Err(error) => {
            report.add(&below(key, "at_most"), error.to_string(), "write an amount and its currency: 100.00 EUR");
            None
        }
    }
}

fn verify(it: &Fitted) -> Verify {
    Verify { read: it.must("read"), expect: it.condition("expect").unwrap_or(Condition::Always) }
}

fn cache(it: &Fitted) -> CacheRule {
    CacheRule { class: class(it).unwrap_or(FactClass::Never), ttl: it.duration("ttl"), key: it.get("key").texts() }
}
