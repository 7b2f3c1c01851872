//! What a value looks like, short enough to be shown: the part of a schema people and checks need.

use super::at::At;
use serde::Serialize;
use serde_json::Value;
use std::fmt;

/// How deep a schema is followed. Recursive schemas end here as [`Shape::Any`].
const DEEPEST: usize = 6;
/// How many schemas are combined at most, through `allOf` and its brothers.
const WIDEST: usize = 64;

/// What a value looks like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// Text.
    Text {
        /// `date`, `email`, `uuid` …, as the document says.
        format: Option<String>,
        /// The only values allowed; empty allows any.
        choices: Vec<String>,
    },
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Bool,
    /// A list.
    List(Box<Shape>),
    /// An object with these properties.
    Object(Vec<String>),
    /// Anything, or several different things.
    Any,
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text { choices, .. } if !choices.is_empty() => write!(f, "one of {}", choices.join(", ")),
            Self::Text { format: Some(format), .. } => write!(f, "text ({format})"),
            Self::Text { .. } => f.write_str("text"),
            Self::Integer => f.write_str("integer"),
            Self::Number => f.write_str("number"),
            Self::Bool => f.write_str("yes or no"),
            Self::List(of) => write!(f, "list of {of}"),
            Self::Object(names) if names.is_empty() => f.write_str("object"),
            Self::Object(names) => write!(f, "object with {}", names.join(", ")),
            Self::Any => f.write_str("anything"),
        }
    }
}

impl Shape {
    /// Text without further rules.
    #[must_use]
    pub fn text() -> Self {
        Self::Text { format: None, choices: Vec::new() }
    }

    /// Reads a schema.
    pub(super) fn of(schema: &At<'_>) -> Self {
        Self::at_depth(schema, DEEPEST)
    }

    fn at_depth(schema: &At<'_>, depth: usize) -> Self {
        let Ok(schema) = schema.clone().follow() else {
            return Self::Any;
        };
        let Some(depth) = depth.checked_sub(1) else {
            return Self::Any;
        };
        let choices = choices(&schema);
        match kind(&schema) {
            Some("integer") => Self::Integer,
            Some("number") => Self::Number,
            Some("boolean") => Self::Bool,
            Some("array") => Self::List(Box::new(schema.seek("items").map_or(Self::Any, |items| Self::at_depth(&items, depth)))),
            Some("object") => Self::Object(properties(&schema).into_iter().map(|property| property.name).collect()),
            Some("string") => Self::Text { format: schema.text("format").map(str::to_owned), choices },
            _ if !choices.is_empty() => Self::Text { format: None, choices },
            _ => Self::combined(&schema, depth),
        }
    }

    /// `allOf` is what its parts are; `oneOf` and `anyOf` are something only where all parts agree.
    fn combined(schema: &At<'_>, depth: usize) -> Self {
        let shapes = |key| -> Vec<Self> {
            let parts = schema.seek(key);
            let parts = parts.iter().flat_map(At::elements).filter(|part| kind(part) != Some("null"));
            parts.take(WIDEST).map(|part| Self::at_depth(&part, depth)).filter(|shape| *shape != Self::Any).collect()
        };
        let all = shapes("allOf");
        if all.iter().any(|shape| matches!(shape, Self::Object(_))) {
            return Self::Object(properties(schema).into_iter().map(|property| property.name).collect());
        }
        let mut any = if all.is_empty() { [shapes("oneOf"), shapes("anyOf")].concat() } else { all };
        any.dedup();
        match <[Self; 1]>::try_from(any) {
            Ok([only]) => only,
            Err(_) => Self::Any,
        }
    }
}

/// One property of an object.
#[derive(Debug, Clone)]
pub(super) struct Property<'a> {
    pub(super) name: String,
    pub(super) required: bool,
    pub(super) schema: At<'a>,
}

/// The properties of an object schema in order of their names, gathered through `allOf`, `oneOf` and `anyOf`.
/// What only some variants need is not required.
pub(super) fn properties<'a>(schema: &At<'a>) -> Vec<Property<'a>> {
    let mut found: Vec<Property<'a>> = Vec::new();
    let mut open = vec![(schema.clone(), true)];
    for _ in 0..WIDEST {
        let Some((part, certain)) = open.pop() else { break };
        let Ok(part) = part.follow() else { continue };
        let needed: Vec<_> = part.texts("required").collect();
        for (name, property) in part.seek("properties").iter().flat_map(At::entries) {
            let required = certain && needed.contains(&name);
            match found.iter_mut().find(|known| known.name == name) {
                Some(known) => known.required |= required,
                None => found.push(Property { name: name.to_owned(), required, schema: property }),
            }
        }
        // `required` may stand beside an `allOf` that holds the properties.
        if certain {
            found.iter_mut().filter(|known| needed.contains(&known.name.as_str())).for_each(|known| known.required = true);
        }
        for (key, still_certain) in [("allOf", certain), ("oneOf", false), ("anyOf", false)] {
            open.extend(part.seek(key).iter().flat_map(At::elements).map(|next| (next, still_certain)));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// The type of a schema: what it says, without `null`, or what its keywords imply.
pub(super) fn kind<'a>(schema: &At<'a>) -> Option<&'a str> {
    let of_list = || schema.texts("type").find(|kind| *kind != "null").or_else(|| schema.texts("type").next());
    let said = schema.text("type").or_else(of_list);
    said.or_else(|| schema.value.get("properties").map(|_| "object")).or_else(|| schema.value.get("items").map(|_| "array"))
}

fn choices(schema: &At<'_>) -> Vec<String> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let constant = schema.value.get("const").and_then(plain);
    constant.map_or_else(
        || schema.value.get("enum").and_then(Value::as_array).into_iter().flatten().filter_map(plain).collect(),
        |one| vec![one],
    )
}
