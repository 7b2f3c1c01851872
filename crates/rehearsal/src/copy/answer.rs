//! From what the gate released back to an answer of a backend that releases the same: the selected values and what the guard wants.

use super::path::{parts, put, put_everywhere};
use patchbay_condition::{Names, Rule, Scope, Shape, Side};
use patchbay_core::Value;
use patchbay_core::declare::{Company, Selected, Selection, Tool};
use serde_json::Value as Json;

/// Stands in an answer where somebody else's id stood.
const SOMEBODY_ELSE: &str = "somebody-else";

/// The whole body of an answer that releases these values.
///
/// # Errors
/// Why it cannot be written down: a path that cannot be gone back, or a guard that wants what nobody kept.
pub(super) fn own(company: &Company, tool: &Tool, value: &Value, scope: &Scope) -> Result<Json, String> {
    let mut body = Json::Null;
    fill(&mut body, &tool.select, value)?;
    body = guarded(company, tool, body, scope, |value| value)?;
    if holds(company, tool, &body, scope) {
        whole(company, tool, body)
    } else {
        Err(format!("the guard of '{}' wants more than was kept of its answer", tool.name))
    }
}

/// The whole body of an answer that is somebody else's.
///
/// # Errors
/// When the guard has nothing that tells whose an answer is.
pub(super) fn foreign(company: &Company, tool: &Tool, scope: &Scope) -> Result<Json, String> {
    let body = guarded(company, tool, Json::Null, scope, |_| Json::from(SOMEBODY_ELSE))?;
    let body = if body.is_null() { Json::Object(serde_json::Map::new()) } else { body };
    if holds(company, tool, &body, scope) {
        return Err(format!("the guard of '{}' does not tell whose an answer is", tool.name));
    }
    whole(company, tool, body)
}

/// The whole body of an answer with several records where one was asked for.
///
/// # Errors
/// When the guard would not stumble over them.
pub(super) fn several(company: &Company, tool: &Tool, scope: &Scope) -> Result<Json, String> {
    let body = Json::Array(vec![Json::Object(serde_json::Map::new()); 2]);
    let mut scope = scope.clone();
    scope.insert("answer".to_owned(), Value::from_json(&body));
    match guard(company, tool).map(|rule| rule.holds(&scope)) {
        Some(Err(_)) => whole(company, tool, body),
        _ => Err(format!("the guard of '{}' does not look at a field that tells one record from several", tool.name)),
    }
}

/// Every selected value back at its place.
fn fill(body: &mut Json, selection: &Selection, value: &Value) -> Result<(), String> {
    if !body.is_object() && !selection.0.values().any(|selected| path_of(selected) == "$") {
        *body = Json::Object(serde_json::Map::new());
    }
    for (name, selected) in &selection.0 {
        let Some(value) = value.at(name).filter(|value| !value.is_null()) else { continue };
        let path = path_of(selected);
        let parts = parts(path).ok_or_else(|| format!("the path {path} cannot be gone back; state the answer by hand"))?;
        match selected {
            Selected::One { .. } => put(body, &parts, wire(value)),
            Selected::Each { take, .. } => {
                let records = value.as_list().into_iter().flatten().map(|record| {
                    let mut one = Json::Null;
                    fill(&mut one, take, record).map(|()| one)
                });
                put(body, &parts, Json::Array(records.collect::<Result<_, _>>()?));
            }
        }
    }
    Ok(())
}

fn path_of(selected: &Selected) -> &str {
    match selected {
        Selected::One { path, .. } | Selected::Each { path, .. } => path,
    }
}

/// A value as backends write it: amounts as decimals.
pub(super) fn wire(value: &Value) -> Json {
    match value {
        Value::Money(money) => {
            let amount = money.decimal().to_string();
            serde_json::from_str(&amount).unwrap_or(Json::String(amount))
        }
        Value::List(list) => list.iter().map(wire).collect(),
        Value::Map(map) => Json::Object(map.iter().map(|(name, value)| (name.clone(), wire(value))).collect()),
        other => other.to_json(),
    }
}

/// The body with what the guard compares, changed as wanted.
fn guarded(company: &Company, tool: &Tool, mut body: Json, scope: &Scope, change: impl Fn(Json) -> Json) -> Result<Json, String> {
    let Some(rule) = guard(company, tool) else { return Ok(body) };
    for (path, side) in rule.equalities() {
        let Some(path) = path.strip_prefix("answer.") else { continue };
        let value = match side {
            Side::Value(value) => Some(value),
            Side::Path(other) => at(scope, &other).cloned(),
        };
        let (Some(parts), Some(value)) = (parts(path), value) else { continue };
        put_everywhere(&mut body, &parts, &change(wire(&value)));
    }
    Ok(body)
}

fn holds(company: &Company, tool: &Tool, body: &Json, scope: &Scope) -> bool {
    let mut scope = scope.clone();
    scope.insert("answer".to_owned(), Value::from_json(body));
    guard(company, tool).is_some_and(|rule| rule.holds(&scope).unwrap_or(false))
}

fn guard(company: &Company, tool: &Tool) -> Option<Rule> {
    let names = ["answer", "args", "customer", "today"].into_iter().chain(company.tools.keys().map(String::as_str));
    let names = names.fold(Names::default(), |names, name| names.with(name, Shape::Any));
    Rule::compile(&tool.guard, &names).ok()
}

/// A value of the scope by its dotted path.
pub(super) fn at<'s>(scope: &'s Scope, path: &str) -> Option<&'s Value> {
    match path.split_once('.') {
        None => scope.get(path),
        Some((head, rest)) => scope.get(head)?.at(rest),
    }
}

/// With everything that the backend wraps around its answers.
fn whole(company: &Company, tool: &Tool, body: Json) -> Result<Json, String> {
    let Some(backend) = company.backends.get(&tool.backend) else { return Ok(body) };
    let Some(root) = &backend.root else { return Ok(body) };
    let parts = parts(root).ok_or_else(|| format!("the root {root} of '{}' cannot be gone back", tool.backend))?;
    let mut outer = Json::Null;
    put(&mut outer, &parts, body);
    Ok(outer)
}
