//! Opening and reading conversations.

use super::house::House;
use serde_json::json;

#[tokio::test]
async fn a_conversation_is_opened_in_a_language() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let opened = house.post("/v1/conversations").visitor(&visitor).json(&json!({ "language": "pt-BR" })).send().await;
    assert_eq!(opened.status, 201);
    let body = opened.json();
    assert_eq!((&body["state"], &body["language"]), (&json!("bot"), &json!("pt-BR")));
    assert_eq!(opened.header("location").unwrap(), format!("/v1/conversations/{}", body["id"].as_str().unwrap()));
    assert_eq!(opened.header("cache-control"), Some("no-store"));
    let default = house.post("/v1/conversations").visitor(&visitor).send().await.json();
    assert_eq!(default["language"], "en");
    for language in ["", "e", "en_US", "<b>", "en-", "x".repeat(40).as_str()] {
        let answer = house.post("/v1/conversations").visitor(&visitor).json(&json!({ "language": language })).send().await;
        assert_eq!(answer.problem(400, "field_invalid")["field"], "/language", "{language}");
    }
}

#[tokio::test]
async fn the_bot_is_silent_once_a_person_has_it() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let id = patchbay_core::id::ConversationId::parse(conversation.rsplit('/').next().unwrap()).unwrap();
    let ada = patchbay_core::id::StaffId::parse("stf_ada").unwrap();
    house.service.take(&id, &ada).await.unwrap();
    assert_eq!(house.get(&conversation).visitor(&visitor).send().await.json()["state"], "open");
    let request = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Prefer", "wait=1");
    assert_eq!(request.json(&json!({ "text": "hello?" })).send().await.status, 202);
    let lines = house.get(&conversation).visitor(&visitor).send().await.json()["lines"].clone();
    assert_eq!(lines.as_array().unwrap().len(), 1);
}
