//! The JSON Schema agrees with the loader, and the documentation with both.

use super::documented;
use patchbay_config::schema;
use serde_json::Value;

/// The example as JSON; its scalars as YAML's core schema reads them.
fn example() -> Value {
    serde_saphyr::from_str(&documented()).unwrap()
}

fn errors(instance: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema()).unwrap();
    validator.iter_errors(instance).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn the_example_is_valid() {
    assert_eq!(errors(&example()), Vec::<String>::new());
}

#[test]
fn what_the_loader_refuses_is_invalid() {
    let changes: [(&str, Value); 6] = [
        ("/version", Value::from(2)),
        ("/tools/order/cache/ttl", Value::from("20 seconds")),
        ("/tools/order/access", Value::from("change")),
        ("/backends/orders/kind", Value::from("graphql")),
        ("/skills/person/do/0", serde_json::json!({ "shout": "hello" })),
        ("/topics/legal", serde_json::json!({ "say": "no" })),
    ];
    for (pointer, wrong) in changes {
        let mut instance = example();
        *instance.pointer_mut(pointer).unwrap() = wrong;
        assert!(!errors(&instance).is_empty(), "{pointer} should be invalid");
    }
    let mut instance = example();
    instance["pilot"] = serde_json::json!({ "share": "25%" });
    assert!(!errors(&instance).is_empty(), "what this version does not have should be invalid");
}

#[test]
fn every_definition_has_a_name_of_its_own_and_every_reference_a_definition() {
    let schema = schema();
    let definitions = schema["$defs"].as_object().unwrap();
    let text = schema.to_string();
    for reference in text.split("#/$defs/").skip(1).map(|rest| &rest[..rest.find('"').unwrap()]) {
        assert!(definitions.contains_key(reference), "{reference}");
    }
    assert!(definitions.values().all(Value::is_object));
}

#[test]
fn the_page_explains_every_key_as_the_tables_do() {
    let page = include_str!("../../../../docs/configuration.md");
    for (name, definition) in schema()["$defs"].as_object().unwrap() {
        for (key, about) in definition["properties"].as_object().unwrap() {
            let Some(means) = about["description"].as_str().filter(|_| about.get("not").is_none()) else { continue };
            let row = format!("| `{key}` |");
            let explained = page.lines().any(|line| line.starts_with(&row) && line.contains(means));
            assert!(explained, "docs/configuration.md lacks, for {name}: {row} … | {means} |");
        }
    }
}
