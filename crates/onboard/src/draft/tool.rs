//! Tools: a read with its guard and what is kept; a write on a fresh read, closed until a person says when it may happen.

use super::Chosen;
use crate::learn::{Field, Listed};
use crate::propose::{Role, needed};
use crate::yaml::{comment, key, list, quoted};
use patchbay_connect::openapi::{Argument, Operation, Place, Shape};
use std::fmt::Write;

/// A reading tool, or why there can be none.
pub(super) fn read(backend: &str, one: &Chosen<'_>) -> Result<String, String> {
    let learned = one.learned;
    let guard = match (&learned.owner, &one.proposal.role) {
        (Some((owner, number)), _) => quoted(&belongs(owner, *number)),
        // The backend was asked for this customer's own and nothing else.
        (None, Role::Own) => "always".to_owned(),
        (None, _) => return Err("its answer does not say whose record it is, so it cannot be kept from others".to_owned()),
    };
    if learned.fields.is_empty() && learned.list.is_none() {
        return Err("nothing is known of its answer: try it with a real id (--sample), or select by hand".to_owned());
    }
    let mut yaml = head(backend, one, "read", "contact");
    if let Role::One(arg) = &one.proposal.role {
        let _ = writeln!(yaml, "  args: {{ {}: {{ type: {} }} }}", key(arg), one.id_type);
    }
    yaml += &bind(one);
    let _ = writeln!(yaml, "  guard: {guard}");
    yaml += "  select:\n";
    for field in &learned.fields {
        let _ = writeln!(yaml, "    {}: {}", field.name, selected("$", field));
    }
    if let Some(records) = &learned.list {
        yaml += &listed(records);
    }
    if !learned.dropped.is_empty() {
        yaml += &comment("    ", &format!("left in the backend: {}", learned.dropped.join(", ")));
    }
    Ok(yaml + "\n")
}

/// A writing tool, or why there can be none.
pub(super) fn change(backend: &str, one: &Chosen<'_>, arg: &str, open: &[&Chosen<'_>]) -> Result<String, String> {
    let reads = |other: &&&Chosen<'_>| other.proposal.noun == one.proposal.noun && other.proposal.role == Role::One(arg.to_owned());
    let Some(read) = open.iter().find(reads) else {
        return Err(format!("a write rests on a fresh read of the {} by `{arg}`, and none was written", one.proposal.noun));
    };
    let mut yaml = comment("", "Closed until you say when: write under `allow` in which states it may happen.");
    yaml += &head(backend, one, "write", "identified");
    let asked = asked(one.proposal.operation, arg, one.proposal.who);
    let more = asked.iter().map(|arg| format!("{}: {}", key(&arg.name), type_of(&arg.shape)));
    let args: Vec<String> = std::iter::once(format!("{}: {{ type: {} }}", key(arg), one.id_type)).chain(more).collect();
    let _ = writeln!(yaml, "  args: {{ {} }}", args.join(", "));
    yaml += &bind(one);
    let _ = writeln!(yaml, "  needs: [{}]", read.name);
    let status = read.learned.fields.iter().find(|field| field.name.contains("status") || field.name.contains("state"));
    if let Some(status) = status {
        yaml += &comment("  ", &format!("for example  allow: \"{}.{} in ['open', 'paid']\"", read.name, status.name));
    }
    let _ =
        writeln!(yaml, "  allow: \"false\"\n  refuse: {}_not_possible\n  preview: about_to_{}\n  confirm: customer", one.name, one.name);
    let header =
        one.proposal.operation.args.iter().find(|arg| arg.place == Place::Header && arg.wire.to_ascii_lowercase().contains("idempotency"));
    if let Some(header) = header {
        let _ = writeln!(yaml, "  idempotency: {{ header: {} }}", key(&header.wire));
    }
    yaml += "  limit: { per_customer: 3/day }\n  select: {}\n\n";
    Ok(yaml)
}

/// What a change wants to know besides the object.
pub(super) fn asked<'a>(operation: &'a Operation, object: &str, who: Option<&str>) -> Vec<&'a Argument> {
    needed(operation).filter(|arg| arg.name != object && Some(arg.name.as_str()) != who).collect()
}

fn head(backend: &str, one: &Chosen<'_>, access: &str, level: &str) -> String {
    let operation = one.proposal.operation;
    let describe = if operation.describe.is_empty() { one.title() } else { operation.describe.clone() };
    format!(
        "# {}\n{}:\n  use: {}\n  describe: {}\n  access: {access}\n  auth: {level}\n",
        one.title(),
        one.name,
        key(&format!("{backend}.{}", operation.id)),
        quoted(&describe)
    )
}

fn bind(one: &Chosen<'_>) -> String {
    one.proposal.who.map(|who| format!("  bind: {{ {}: customer.id }}\n", key(who))).unwrap_or_default()
}

/// The condition that says a record is this customer's.
fn belongs(owner: &[String], number: bool) -> String {
    let place = format!("answer.{}", owner.join("."));
    if number { format!("string({place}) == customer.id") } else { format!("{place} == customer.id") }
}

fn selected(root: &str, field: &Field) -> String {
    let path = quoted(&format!("{root}.{}", field.path.join(".")));
    let kind = if field.kind == "text" { String::new() } else { format!(", type: {}", field.kind) };
    let kind = field.currency.iter().fold(kind, |kind, currency| format!("{kind}, currency: {currency}"));
    if field.name == "id" && kind.is_empty() {
        return path;
    }
    format!("{{ path: {path}{kind}, optional: true }}")
}

fn listed(records: &Listed) -> String {
    let place = records.path.iter().map(|name| format!(".{name}")).collect::<String>();
    if records.fields.is_empty() {
        return format!("    {}: {{ path: {}, type: {{ list: text }}, optional: true }}\n", records.name, quoted(&format!("${place}")));
    }
    let take = list(records.fields.iter().map(|field| format!("{}: {}", field.name, selected("$", field))));
    let take = take.trim_start_matches('[').trim_end_matches(']').to_owned();
    format!("    {}: {{ each: {}, take: {{ {take} }} }}\n", records.name, quoted(&format!("${place}[*]")))
}

fn type_of(shape: &Shape) -> String {
    match shape {
        Shape::Text { choices, .. } if !choices.is_empty() => {
            format!("{{ type: {{ one_of: {} }} }}", list(choices.iter().map(|choice| key(choice))))
        }
        Shape::Text { format: Some(format), .. } if format == "date" => "date".to_owned(),
        Shape::Integer => "integer".to_owned(),
        Shape::Number => "number".to_owned(),
        Shape::Bool => "bool".to_owned(),
        _ => "text".to_owned(),
    }
}

/// The type of an argument as a slot has it.
pub(super) fn slot_type(shape: &Shape) -> String {
    let kind = type_of(shape);
    match kind.strip_prefix("{ type: ").and_then(|inner| inner.strip_suffix(" }")) {
        Some(inner) => inner.to_owned(),
        None => kind,
    }
}
