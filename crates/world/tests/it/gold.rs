//! The public data set's own dialogues: everything they expect to be done can be done, and is entered word for word.

use std::path::PathBuf;

use patchbay_world::{Credentials, Retail, RetailOptions};
use serde_json::{Value, json};

use crate::client::send;

/// The folder that `PATCHBAY_DATA` names, seen from here or from the repository's root.
fn data() -> Option<PathBuf> {
    let named = PathBuf::from(std::env::var_os("PATCHBAY_DATA")?);
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..");
    [named.clone(), root.join(named)].into_iter().find(|folder| folder.join("retail/db.json").is_file())
}

#[tokio::test]
async fn all_expected_actions_of_the_dialogues_go_through() {
    let Some(data) = data() else {
        println!("SKIPPED: PATCHBAY_DATA names no folder with retail/db.json");
        return;
    };
    let shop = Retail::start(RetailOptions::new(&data)).await.unwrap();
    let Credentials::ApiKey { key, .. } = shop.credentials() else { panic!("the shop wants a key") };
    let document = send("GET", shop.document(), &[], "").await.unwrap().json();
    let dialogues = std::fs::read_to_string(data.join("retail/dialogues.jsonl")).unwrap();
    let mut count = 0;
    for line in dialogues.lines() {
        let dialogue: Value = serde_json::from_str(line).unwrap();
        let actions = dialogue["expect"]["actions"].as_array().cloned().unwrap_or_default();
        assert_eq!(send("POST", &format!("{}/_control/reset", shop.control_url()), &[], "").await.unwrap().status, 204);
        for action in &actions {
            let (method, path, body) = request(&document, action);
            let headers = [("x-api-key", key.as_str()), ("content-type", "application/json")];
            let reply = send(&method, &format!("{}{path}", shop.url()), &headers, &body.to_string()).await.unwrap();
            assert_eq!(reply.status, 200, "{} {action}: {}", dialogue["id"], reply.text());
        }
        let ledger = send("GET", &format!("{}/_control/ledger", shop.control_url()), &[], "").await.unwrap().json();
        let entered = ledger["entries"].as_array().unwrap().iter();
        let entered: Vec<_> = entered.map(|entry| json!({ "name": entry["operation"], "kwargs": entry["arguments"] })).collect();
        assert_eq!(entered, actions, "{}", dialogue["id"]);
        count += 1;
    }
    assert!(count > 0, "the file holds dialogues");
    println!("{count} dialogues replayed");
}

/// Method, path and body of an action, as the document says.
fn request(document: &Value, action: &Value) -> (String, String, Value) {
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            if operation["operationId"] != action["name"] {
                continue;
            }
            let mut body = action["kwargs"].as_object().unwrap().clone();
            let mut path = path.clone();
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let name = parameter["name"].as_str().unwrap();
                let value = body.remove(name).unwrap();
                path = path.replace(&format!("{{{name}}}"), &value.as_str().unwrap().replace('#', "%23"));
            }
            return (method.to_uppercase(), path, Value::Object(body));
        }
    }
    panic!("no operation {}", action["name"]);
}
