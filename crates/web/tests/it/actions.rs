//! Decisions about proposed writes (row 61 of the promises).

use super::house::{House, host_token};
use serde_json::{Value, json};

/// A proposal made to a signed-in customer: the conversation, the address of the decision, the card.
async fn proposed(house: &House, token: &str) -> (String, String, Value) {
    let opened = house.post("/v1/conversations").host(token).send().await;
    let conversation = opened.header("location").unwrap().to_owned();
    let request = house.post(&format!("{conversation}/messages")).host(token).header("Prefer", "wait=30");
    let reply = request.json(&json!({ "text": "cancel it" })).send().await.json();
    assert_eq!(reply["status"], "proposing", "{reply}");
    let card = reply["proposal"].clone();
    let path = format!("{conversation}/actions/{}", card["id"].as_str().unwrap());
    (conversation, path, card)
}

#[tokio::test]
async fn a_yes_counts_once_and_only_for_what_was_shown() {
    let house = House::new().await;
    let token = host_token("mika");
    let (conversation, path, card) = proposed(&house, &token).await;
    assert_eq!(card["args"], json!({ "order_id": "12345" }));
    assert!(card["expires"].as_str().unwrap().ends_with('Z'), "{card}");
    assert_eq!(house.get(&conversation).host(&token).send().await.json()["proposal"], card);

    let decide = |body: Value| house.post(&path).host(&token).header("Prefer", "wait=30").json(&body).send();
    decide(json!({ "decision": "yes" })).await.problem(428, "confirmation_required");
    decide(json!({ "decision": "yes", "digest": "another" })).await.problem(409, "confirmation_mismatch");
    decide(json!({ "decision": "maybe" })).await.problem(400, "field_invalid");
    decide(json!({ "digest": card["digest"] })).await.problem(400, "field_missing");
    assert!(house.orders.0.lock().unwrap().is_empty());

    let done = decide(json!({ "decision": "yes", "digest": card["digest"] })).await;
    assert_eq!(done.status, 200, "{}", done.text());
    assert_eq!((&done.json()["status"], &done.json()["text"]), (&json!("done"), &json!("It is cancelled.")));
    assert_eq!(*house.orders.0.lock().unwrap(), [card["id"].as_str().unwrap()], "once, under the proposal's own id");
    decide(json!({ "decision": "yes", "digest": card["digest"] })).await.problem(409, "confirmation_used");
    assert_eq!(house.orders.0.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn a_no_leaves_everything_as_it_is() {
    let house = House::new().await;
    let token = host_token("mika");
    let (_, path, card) = proposed(&house, &token).await;
    let answer = house.post(&path).host(&token).header("Prefer", "wait=30").json(&json!({ "decision": "no" })).send().await;
    assert_eq!((answer.status, &answer.json()["text"]), (200, &json!("It stays as it is.")));
    let late = house.post(&path).host(&token).json(&json!({ "decision": "yes", "digest": card["digest"] })).send().await;
    late.problem(409, "confirmation_used");
    assert!(house.orders.0.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_expired_proposal_is_gone_and_a_foreign_one_never_was() {
    let house = House::new().await;
    let token = host_token("mika");
    let (_, path, card) = proposed(&house, &token).await;
    let yes = json!({ "decision": "yes", "digest": card["digest"] });
    house.post(&path).host(&host_token("bob")).json(&yes).send().await.problem(404, "not_found");
    house.watch.advance(std::time::Duration::from_secs(601));
    house.post(&path).host(&token).json(&yes).send().await.problem(410, "confirmation_expired");
    assert!(house.orders.0.lock().unwrap().is_empty());
}
