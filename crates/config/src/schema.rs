//! The language as a JSON Schema, for editors and for `patchbay schema`: the same tables the loader reads.

use crate::language::ROOT;
use crate::shape::{Key, Names, Need, Record, Scalar, Shape};
use serde_json::{Map, Value, json};

/// What stands for a filled-in value where the language wants no text.
const FILLED: &str = "^.*\\$\\{.+\\}.*$";

/// The JSON Schema (draft 2020-12) of a whole configuration.
#[must_use]
pub fn schema() -> Value {
    let mut definitions = Map::new();
    let root = shape(&ROOT, &mut definitions);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Patchbay configuration",
        "$ref": root["$ref"],
        "$defs": definitions,
    })
}

fn shape(it: &'static Shape, definitions: &mut Map<String, Value>) -> Value {
    match it {
        Shape::Leaf(scalar) => leaf(*scalar),
        Shape::List(of) => json!({ "type": "array", "items": shape(of, definitions) }),
        Shape::Named(names) => named(names, definitions),
        Shape::Record(it) => refer(it, None, definitions),
        Shape::ByKind(kinds) => {
            let known = kinds.iter().filter_map(|(word, it)| match it {
                Shape::Record(record) => Some(refer(record, Some(word), definitions)),
                _ => None,
            });
            json!({ "oneOf": known.collect::<Vec<_>>() })
        }
        Shape::ByKey(records) => json!({ "oneOf": records.iter().map(|it| refer(it, None, definitions)).collect::<Vec<_>>() }),
        Shape::Either(shapes) => json!({ "anyOf": shapes.iter().map(|it| shape(it, definitions)).collect::<Vec<_>>() }),
        Shape::Any => json!({}),
        Shape::NotYet => json!({ "not": {}, "description": "Not supported in this version." }),
    }
}

fn named(names: &'static Names, definitions: &mut Map<String, Value>) -> Value {
    let mut it = json!({ "type": "object", "additionalProperties": shape(names.of, definitions) });
    if names.plain {
        it["propertyNames"] = json!({ "pattern": "^[A-Za-z_][A-Za-z0-9_]*$" });
    }
    it
}

/// A reference to a record's definition, which is made on the way.
fn refer(it: &'static Record, kind: Option<&str>, definitions: &mut Map<String, Value>) -> Value {
    let name = slug(it.what);
    if !definitions.contains_key(&name) {
        // Taken before its keys are looked at: steps hold steps.
        definitions.insert(name.clone(), Value::Null);
        let made = record(it, kind, definitions);
        definitions.insert(name.clone(), made);
    }
    json!({ "$ref": format!("#/$defs/{name}") })
}

fn record(it: &'static Record, kind: Option<&str>, definitions: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    if let Some(kind) = kind {
        properties.insert("kind".to_owned(), json!({ "const": kind }));
        required.push("kind");
    }
    for key in it.keys {
        properties.insert(key.name.to_owned(), property(key, definitions));
        if key.need == Need::Required {
            required.push(key.name);
        }
    }
    let rest = it.rest.map_or(Value::Bool(false), |rest| shape(rest, definitions));
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": rest })
}

fn property(key: &Key, definitions: &mut Map<String, Value>) -> Value {
    let mut it = shape(key.shape, definitions);
    it["description"] = json!(key.means);
    if let (Need::Default(text), Shape::Leaf(_)) = (key.need, key.shape) {
        it["default"] = json!(text.trim_matches('\''));
    }
    it
}

fn leaf(scalar: Scalar) -> Value {
    let text = |pattern: &str| json!({ "anyOf": [{ "type": "string", "pattern": pattern }, { "type": "string", "pattern": FILLED }] });
    match scalar {
        // Plain scalars such as 12345 or true are texts where a text belongs.
        Scalar::Text | Scalar::Secret | Scalar::File | Scalar::Verbatim => json!({ "type": ["string", "number", "boolean"] }),
        Scalar::Condition | Scalar::Pattern => json!({ "type": "string", "minLength": 1 }),
        Scalar::Duration => text("^[0-9]+ *(ms|s|m|h|d|y)$"),
        Scalar::Rate => text("^[0-9]+ */ *[0-9]*[a-z]+$"),
        Scalar::Size => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, text("^[0-9]+ *(B|kB|KB|MB|KiB|MiB)?$")] }),
        Scalar::Count => json!({ "anyOf": [{ "type": "integer", "minimum": 0 }, { "type": "string", "pattern": FILLED }] }),
        Scalar::Probability => {
            json!({ "anyOf": [{ "type": "number", "minimum": 0, "maximum": 1 }, { "type": "string", "pattern": FILLED }] })
        }
        Scalar::Version => json!({ "const": 1 }),
        Scalar::Bool => json!({ "anyOf": [{ "type": "boolean" }, { "type": "string", "pattern": FILLED }] }),
        Scalar::Word(words) => json!({ "anyOf": [{ "enum": words }, { "type": "string", "pattern": FILLED }] }),
        Scalar::JsonPath => json!({ "type": "string", "pattern": "^\\$" }),
        Scalar::Url => text("^https?://"),
    }
}

/// `an api key` is defined as `api_key`.
fn slug(what: &str) -> String {
    let name = what.strip_prefix("the ").or_else(|| what.strip_prefix("an ")).or_else(|| what.strip_prefix("a ")).unwrap_or(what);
    name.replace([' ', '\''], "_")
}
