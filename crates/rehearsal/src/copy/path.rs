//! The way back along a path: where a selected value stood in the answer it was taken from.

use serde_json::{Map, Value};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// A field.
    Field(String),
    /// An element by its place.
    Place(usize),
    /// Every element.
    Every,
}

/// The steps of a JSONPath or of a rule's dotted path (`$.order.items[*].id`, `orders[*].customer_id`); nothing where it does more
/// than name fields and elements.
pub(super) fn parts(path: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = path.strip_prefix('$').unwrap_or(path);
    while !rest.is_empty() {
        if let Some(inside) = rest.strip_prefix('[') {
            let (inside, after) = inside.split_once(']')?;
            parts.push(match inside {
                "*" => Part::Every,
                quoted if quoted.starts_with(['\'', '"']) => Part::Field(quoted.trim_matches(['\'', '"']).to_owned()),
                place => Part::Place(place.parse().ok()?),
            });
            rest = after;
        } else {
            let named = rest.strip_prefix('.').unwrap_or(rest);
            let end = named.find(['.', '[']).unwrap_or(named.len());
            let name = named.get(..end).filter(|name| !name.is_empty())?;
            parts.push(if name == "*" { Part::Every } else { Part::Field(name.to_owned()) });
            rest = &named[end..];
        }
    }
    Some(parts)
}

/// Puts a value where a path points to. Several values go to every element, one each.
pub(super) fn put(into: &mut Value, parts: &[Part], value: Value) {
    let Some((first, rest)) = parts.split_first() else {
        merge(into, value);
        return;
    };
    match (first, value) {
        (Part::Field(name), value) => put(field(into, name), rest, value),
        (Part::Place(place), value) => put(element(into, *place), rest, value),
        (Part::Every, Value::Array(values)) => {
            if into.is_null() {
                *into = Value::Array(Vec::new());
            }
            for (place, value) in values.into_iter().enumerate() {
                put(element(into, place), rest, value);
            }
        }
        // One value of a record whose names nobody selected.
        (Part::Every, value) => put(field(into, "value"), rest, value),
    }
}

/// Puts the same value into every element that is there.
pub(super) fn put_everywhere(into: &mut Value, parts: &[Part], value: &Value) {
    let Some((first, rest)) = parts.split_first() else {
        merge(into, value.clone());
        return;
    };
    match first {
        Part::Field(name) => put_everywhere(field(into, name), rest, value),
        Part::Place(place) => put_everywhere(element(into, *place), rest, value),
        Part::Every => {
            if into.is_null() {
                *into = Value::Array(Vec::new());
            }
            into.as_array_mut().into_iter().flatten().for_each(|element| put_everywhere(element, rest, value));
        }
    }
}

fn field<'v>(into: &'v mut Value, name: &str) -> &'v mut Value {
    if !into.is_object() {
        *into = Value::Object(Map::new());
    }
    &mut into[name]
}

fn element(into: &mut Value, place: usize) -> &mut Value {
    if !into.is_array() {
        *into = Value::Array(Vec::new());
    }
    if let Value::Array(elements) = into {
        while elements.len() <= place {
            elements.push(Value::Null);
        }
    }
    &mut into[place]
}

/// Records are put together; of anything else the later one stands.
fn merge(into: &mut Value, value: Value) {
    match (into, value) {
        (Value::Object(into), Value::Object(fields)) => {
            for (name, value) in fields {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, value) => *into = value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_go_back_to_where_they_stood() {
        let mut body = Value::Null;
        for (path, value) in [
            ("$.id", json!("1")),
            ("$.shipment.id", json!("s")),
            ("$['shipment']['eta']", json!("2026-01-17")),
            ("$.items[*]", json!([{ "name": "Lamp" }, { "name": "Mug" }])),
            ("$.items[*].price", json!([1, 2])),
            ("$.tags[1]", json!("b")),
            ("$.options.*", json!("red")),
        ] {
            put(&mut body, &parts(path).unwrap(), value);
        }
        put_everywhere(&mut body, &parts("items[*].owner.id").unwrap(), &json!("mika"));
        assert_eq!(
            body,
            json!({ "id": "1", "shipment": { "id": "s", "eta": "2026-01-17" }, "tags": [null, "b"], "options": { "value": "red" },
                "items": [{ "name": "Lamp", "price": 1, "owner": { "id": "mika" } }, { "name": "Mug", "price": 2, "owner": { "id": "mika" } }] })
        );
        assert_eq!(parts("$.items[?@.id == 1]"), None);
        assert_eq!(parts("$..id"), None);
    }
}
