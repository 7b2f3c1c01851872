//! A kennel's system: what is listed under the owner's own id is the customer's, whatever it is called.

use patchbay_connect::openapi::Document;
use patchbay_onboard::{Role, learn, propose};
use serde_json::{Value, json};

fn kennel() -> Document {
    let owner = json!({ "name": "owner_id", "in": "path", "required": true, "schema": { "type": "string" } });
    let good = json!({ "200": { "description": "good" } });
    let get = |id: &str, parameters: Value| json!({ "get": { "operationId": id, "parameters": parameters, "responses": good } });
    let document = json!({
        "openapi": "3.1.0",
        "info": { "title": "Kennel", "version": "1" },
        "paths": {
            "/owners/{owner_id}/stays": get("listStays", json!([owner])),
            "/stays/{stay_id}": get("getStay", json!([{ "name": "stay_id", "in": "path", "required": true, "schema": { "type": "string" } }])),
            "/breeds/{breed_id}": get("getBreed", json!([{ "name": "breed_id", "in": "path", "required": true, "schema": { "type": "string" } }])),
        }
    });
    Document::read(document.to_string().as_bytes()).expect("the kennel's document")
}

#[test]
fn what_is_listed_under_the_customer_is_proposed() {
    let document = kennel();
    let proposed: Vec<(String, Role)> =
        propose(&document).proposed.into_iter().map(|proposal| (proposal.operation.id.clone(), proposal.role)).collect();
    assert!(proposed.contains(&("listStays".to_owned(), Role::Own)), "{proposed:?}");
    assert!(proposed.contains(&("getStay".to_owned(), Role::One("stay_id".to_owned()))), "{proposed:?}");
    assert!(!proposed.iter().any(|(id, _)| id == "getBreed"), "nobody has a breed listed: {proposed:?}");
}

#[test]
fn whose_they_are_is_not_kept_of_each_of_a_list() {
    let document = kennel();
    let answer =
        json!({ "owner_id": "o-7", "stays": [{ "id": "ST-1", "owner_id": "o-7", "dog": { "name": "Pixel" }, "ends_on": "2026-12-01" }] });
    let learned = learn(&document.operations["listStays"], Some(&answer), Some("o-7"));
    let kept: Vec<String> = learned.list.expect("a list").fields.into_iter().map(|field| field.name).collect();
    assert_eq!(kept, ["id", "dog_name", "ends_on"]);
}
