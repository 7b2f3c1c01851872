//! The documents tell the truth: every operation has a route, every answer has the declared shape.

use patchbay_world::ServiceName;
use serde_json::{Map, Value, json};

use crate::client::Company;

#[tokio::test]
async fn every_operation_is_served_and_every_read_fits_its_schema() {
    let company = Company::start().await;
    let parcel = company.get(ServiceName::Orders, "/orders/12288").await.json()["shipment"]["id"].as_str().unwrap().to_owned();
    let mut versions = Vec::new();
    for service in ServiceName::ALL {
        let document = company.get(service, "/openapi.json").await.json();
        assert_eq!(document["servers"][0]["url"], company.world.endpoint(service).url.as_str());
        versions.push(document["openapi"].as_str().unwrap().to_owned());
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                let path = with_examples(path, operation, &parcel);
                let reply = company.write(service, &method.to_uppercase(), &path, Value::Null).await;
                assert_ne!(reply.status, 405, "{id}");
                assert!(!reply.text().contains("no address"), "{id} has no route");
                let declared = &operation["responses"][reply.status.to_string()];
                assert!(declared.is_object(), "{id} answers {} undeclared: {}", reply.status, reply.text());
                if method == "get" {
                    assert_eq!(reply.status, 200, "{id} {path}: {}", reply.text());
                }
                let schema = resolve(&document, &declared["content"]["application/json"]["schema"]);
                fits(&document, schema, &reply.json(), id);
            }
        }
    }
    assert!(versions.contains(&"3.0.3".to_owned()) && versions.contains(&"3.1.0".to_owned()));
}

/// `path` with the examples of its parameters, query included.
fn with_examples(path: &str, operation: &Value, parcel: &str) -> String {
    let mut path = path.to_owned();
    let mut query = Vec::new();
    for parameter in operation["parameters"].as_array().into_iter().flatten() {
        let name = parameter["name"].as_str().unwrap();
        let schema = &parameter["schema"];
        let example = schema["example"].as_str().or(schema["examples"][0].as_str()).unwrap_or_default();
        let example = if name == "shipment_id" { parcel } else { example };
        match parameter["in"].as_str() {
            Some("path") => path = path.replace(&format!("{{{name}}}"), example),
            Some("query") => query.push(format!("{name}={}", example.replace('@', "%40"))),
            _ => {}
        }
    }
    if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
}

fn resolve<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => document.pointer(name.trim_start_matches('#')).unwrap_or_else(|| panic!("{name} is not declared")),
        None => schema,
    }
}

/// Whether `value` is what `schema` says, as far as these documents go: types, required and known fields, enums.
fn fits(document: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolve(document, schema);
    if let Some(inner) = schema["allOf"].as_array().map(|all| &all[0]) {
        return if value.is_null() { assert_eq!(schema["nullable"], true, "{place}") } else { fits(document, inner, value, place) };
    }
    if value.is_null() {
        let types = &schema["type"];
        let may = schema["nullable"] == true || types.as_array().is_some_and(|types| types.contains(&json!("null")));
        return assert!(may, "{place} is null");
    }
    if let Some(choices) = schema["enum"].as_array() {
        assert!(choices.contains(value), "{place}: {value} is not declared");
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str()).unwrap_or_default();
    match kind {
        "object" => object_fits(document, schema, value.as_object().unwrap_or_else(|| panic!("{place} is no object")), place),
        "array" => {
            for (index, item) in value.as_array().unwrap_or_else(|| panic!("{place} is no array")).iter().enumerate() {
                fits(document, &schema["items"], item, &format!("{place}/{index}"));
            }
        }
        "string" => assert!(value.is_string(), "{place} is no string"),
        "boolean" => assert!(value.is_boolean(), "{place} is no boolean"),
        "integer" => assert!(value.is_i64(), "{place} is no integer"),
        "number" => assert!(value.is_number(), "{place} is no number"),
        other => panic!("{place} has the type '{other}'"),
    }
}

fn object_fits(document: &Value, schema: &Value, object: &Map<String, Value>, place: &str) {
    for name in schema["required"].as_array().into_iter().flatten() {
        assert!(object.contains_key(name.as_str().unwrap()), "{place} lacks {name}");
    }
    for (name, value) in object {
        let declared = schema["properties"].get(name).or(schema.get("additionalProperties"));
        let declared = declared.filter(|schema| schema.is_object()).unwrap_or_else(|| panic!("{place}/{name} is not declared"));
        fits(document, declared, value, &format!("{place}/{name}"));
    }
}
