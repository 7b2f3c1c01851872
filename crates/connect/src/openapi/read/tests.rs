//! Documents as people write them: leniently read, and every complaint with its place.

use super::*;
use crate::openapi::BodyForm;
use serde_json::json;

fn read(document: &Value) -> Document {
    Document::read(document.to_string().as_bytes()).unwrap()
}

fn with_paths(paths: &Value) -> Document {
    read(&json!({ "openapi": "3.0.3", "info": { "title": "T" }, "paths": paths }))
}

fn shape(schema: &Value) -> String {
    let parameter = json!({ "name": "x", "in": "query", "schema": schema });
    let document = with_paths(&json!({ "/a": { "get": { "parameters": [parameter] } } }));
    document.operations["get_a"].arg("x").unwrap().shape.to_string()
}

#[test]
fn yaml_and_json_are_the_same_document() {
    let yaml = "
openapi: 3.1
info: { title: Orders, version: '1' }
servers:
  - url: https://{region}.orders.example/{version}
    variables: { region: { default: eu }, version: { default: v2 } }
paths:
  /orders/{id}:
    get:
      summary: One order. With all its lines.
      parameters:
        - { name: id, in: path, required: true, schema: { type: [string, 'null'], format: uuid } }
";
    let document = Document::read(yaml.as_bytes()).unwrap();
    let operation = &document.operations["get_orders_id"];
    assert_eq!(operation.server.as_deref(), Some("https://eu.orders.example/v2"));
    assert_eq!(operation.describe, "One order");
    assert_eq!(operation.arg("id").unwrap().shape.to_string(), "text (uuid)");
}

#[test]
fn what_is_no_document_is_refused_with_a_reason() {
    let said = |text: &str| Document::read(text.as_bytes()).unwrap_err().to_string();
    assert!(said("{\"openapi\": ").contains("line 1"), "{}", said("{\"openapi\": "));
    assert!(said(r#"{"swagger": "2.0"}"#).contains("convert it"));
    assert!(said(r#"{"openapi": "4.0"}"#).contains("3.0 or 3.1"));
    assert_eq!(said(r#"{"openapi": "3.1.0"}"#), "#: there are no 'paths'");
    assert!(said("<html></html>").contains("openapi") || said("<html></html>").contains("JSON"));
    let missing = Document::read_file(Path::new("nowhere/orders.json")).unwrap_err().to_string();
    assert!(missing.starts_with("nowhere/orders.json cannot be read"), "{missing}");
}

#[test]
fn a_problem_costs_one_operation_and_says_where() {
    let document = read(&json!({
        "openapi": "3.0.0",
        "paths": {
            "/good": { "get": { "operationId": "good" } },
            "/lost": { "get": { "operationId": "lost", "parameters": [{ "$ref": "#/components/parameters/None" }] } },
            "/other/file": { "get": { "operationId": "far", "parameters": [{ "$ref": "other.json#/x" }] } },
            "/circle": { "get": { "operationId": "round", "parameters": [{ "$ref": "#/components/parameters/Round" }] } },
            "/upload": { "post": { "operationId": "upload", "requestBody": { "required": true, "content": { "image/png": {} } } } },
            "/twice": { "get": { "operationId": "good" } }
        },
        "components": { "parameters": { "Round": { "$ref": "#/components/parameters/Round" } } }
    }));
    assert_eq!(document.operations.keys().collect::<Vec<_>>(), ["get_twice", "good"]);
    let said: Vec<_> = document.problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "#/components/parameters/Round: references lead in a circle",
            "#/paths/~1lost/get/parameters/0: reference to '#/components/parameters/None', which does not exist",
            "#/paths/~1other~1file/get/parameters/0: reference to another document 'other.json#/x': bundle it into one file",
            "#/paths/~1twice/get: the id 'good' is taken; this one is called 'get_twice'",
            "#/paths/~1upload/post/requestBody: takes neither JSON nor a form, only image/png",
        ]
    );
}

#[test]
fn shapes_are_short_and_recursion_ends() {
    assert_eq!(shape(&json!({ "type": "string", "enum": ["a", "b"] })), "one of a, b");
    assert_eq!(shape(&json!({ "type": "array", "items": { "type": "integer" } })), "list of integer");
    assert_eq!(shape(&json!({ "oneOf": [{ "type": "string" }, { "type": "null" }] })), "text");
    assert_eq!(shape(&json!({ "anyOf": [{ "type": "string" }, { "type": "integer" }] })), "anything");
    assert_eq!(shape(&json!({ "allOf": [{ "properties": { "a": {} } }, { "properties": { "b": {} } }] })), "object with a, b");
    let recursive = read(&json!({
        "openapi": "3.1.0",
        "paths": { "/a": { "get": { "parameters": [{ "name": "x", "in": "query", "schema": { "$ref": "#/components/schemas/Tree" } }] } } },
        "components": { "schemas": { "Tree": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } } } }
    }));
    assert!(recursive.operations["get_a"].args[0].shape.to_string().ends_with("list of anything"));
}

#[test]
fn bodies_become_arguments() {
    let document = with_paths(&json!({
        "/object": { "post": { "requestBody": { "content": { "application/json": { "schema": {
            "allOf": [
                { "required": ["a"], "properties": { "a": { "type": "string" }, "id": { "type": "string", "readOnly": true } } },
                { "oneOf": [{ "required": ["b"], "properties": { "b": {} } }, { "properties": { "c": {} } }] }
            ]
        } } } } } },
        "/list": { "post": { "requestBody": { "required": true, "content": { "text/json; charset=utf-8": { "schema": { "type": "array" } } } } } },
        "/both/{id}": { "put": { "requestBody": { "content": {
            "application/x-www-form-urlencoded": { "schema": { "properties": { "z": {} } } },
            "application/json": { "schema": { "properties": { "id": {}, "y": {} } } }
        } } } }
    }));
    let names =
        |id: &str| -> Vec<(String, bool)> { document.operations[id].args.iter().map(|arg| (arg.name.clone(), arg.required)).collect() };
    assert_eq!(names("post_object"), [("a".to_owned(), true), ("b".to_owned(), false), ("c".to_owned(), false)]);
    assert_eq!(document.operations["post_list"].body, BodyForm::Whole("text/json; charset=utf-8".to_owned()));
    assert_eq!(names("post_list"), [("body".to_owned(), true)]);
    assert_eq!(names("put_both_id"), [("id".to_owned(), true), ("body.id".to_owned(), false), ("y".to_owned(), false)]);
}

#[test]
fn parameters_of_the_path_are_inherited_and_replaced() {
    let document = with_paths(&json!({ "/a/{id}": {
        "parameters": [{ "name": "id", "in": "path" }, { "name": "page", "in": "query", "required": true }],
        "get": { "parameters": [
            { "name": "page", "in": "query" },
            { "name": "gone", "in": "path" },
            { "name": "Accept", "in": "header", "required": true },
            { "name": "filter", "in": "query", "content": { "application/json": { "schema": { "type": "object" } } } }
        ] }
    } }));
    let args = &document.operations["get_a_id"].args;
    let seen: Vec<_> = args.iter().map(|arg| (arg.name.as_str(), arg.required, arg.style)).collect();
    assert_eq!(seen, [("id", true, Style::Simple), ("page", false, Style::Form), ("filter", false, Style::Json)]);
}

#[test]
fn answers_and_schemes_are_listed() {
    let document = read(&json!({
        "openapi": "3.0.0",
        "security": [{ "key": [], "login": [] }],
        "paths": { "/a": { "get": { "responses": {
            "200": { "content": { "application/json": { "schema": { "properties": { "id": { "type": "string" } } } } } },
            "404": {}
        } } } },
        "components": { "securitySchemes": {
            "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
            "login": { "type": "http", "scheme": "Basic" },
            "machine": { "type": "oauth2", "flows": { "clientCredentials": { "tokenUrl": "https://id.example/token" } } }
        } }
    }));
    let operation = &document.operations["get_a"];
    assert_eq!(operation.answer, [Field { name: "id".to_owned(), shape: Shape::text() }]);
    assert_eq!(operation.security, [["key", "login"]]);
    assert_eq!(document.schemes["key"], security::Scheme::KeyInHeader("X-Key".to_owned()));
    assert_eq!(document.schemes["machine"], security::Scheme::ClientCredentials("https://id.example/token".to_owned()));
}
