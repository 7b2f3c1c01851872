//! The customer's button for a person, and what they say of answers and of the whole.

use super::house::House;
use patchbay_core::id::{ConversationId, StaffId};
use serde_json::json;

fn id(conversation: &str) -> ConversationId {
    ConversationId::parse(conversation.rsplit('/').next().unwrap()).unwrap()
}

#[tokio::test]
async fn the_button_asks_for_a_person_once() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let ask = || house.post(&format!("{conversation}/person")).visitor(&visitor);
    assert_eq!(ask().send().await.status, 202);
    let mut waits = false;
    for _ in 0..500 {
        waits = house.get(&conversation).visitor(&visitor).send().await.json()["state"] == "waiting";
        if waits {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(waits, "nobody handed over");
    assert_eq!(ask().send().await.status, 202, "asking again is no mistake");
    let stranger = house.visitor().await;
    house.post(&format!("{conversation}/person")).visitor(&stranger).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn an_answer_is_rated_with_a_thumb() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let answered = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Prefer", "wait=30");
    let turn = answered.json(&json!({ "text": "hello" })).send().await.json()["turn"].as_str().unwrap().to_owned();
    let rate = |body: serde_json::Value| house.post(&format!("{conversation}/ratings")).visitor(&visitor).json(&body);
    let thumb = json!({ "kind": "helpful", "turn": turn, "score": 0, "reason": "no address" });
    assert_eq!(rate(thumb).send().await.status, 201);
    for (body, field) in [
        (json!({ "kind": "stars", "score": 1 }), "/kind"),
        (json!({ "kind": "helpful", "score": 1 }), "/turn"),
        (json!({ "kind": "helpful", "turn": "x", "score": 1 }), "/turn"),
        (json!({ "kind": "helpful", "turn": turn, "score": 2 }), "/score"),
        (json!({ "kind": "helpful", "turn": turn, "score": 1.5 }), "/score"),
        (json!({ "kind": "helpful", "turn": turn, "score": -1 }), "/score"),
        (json!({ "kind": "helpful", "turn": turn, "score": 1, "reason": "x".repeat(1_001) }), "/reason"),
    ] {
        let answer = rate(body.clone()).send().await;
        assert_eq!(answer.status / 100, 4, "{body}");
        assert_eq!(answer.json()["field"], field, "{body}");
    }
}

#[tokio::test]
async fn the_whole_is_rated_when_it_was_asked_for() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let rate =
        |score: u8| house.post(&format!("{conversation}/ratings")).visitor(&visitor).json(&json!({ "kind": "csat", "score": score }));
    assert_eq!(rate(5).send().await.status, 409, "nobody asked");
    let ada = StaffId::parse("stf_ada").unwrap();
    house.service.take(&id(&conversation), &ada).await.unwrap();
    house.service.resolve(&id(&conversation), &ada).await.unwrap();
    assert_eq!(rate(6).send().await.json()["field"], "/score");
    assert_eq!(rate(5).send().await.status, 201);
    assert_eq!(rate(4).send().await.status, 409, "once");
}
