//! Table D of the promises, as far as it is about who sends a request.

use super::house::{House, NOW, SHARED, host_token, host_token_with};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_bad_token_is_refused_in_one_way_and_the_visitor_keeps_the_chat() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let claims = json!({ "sub": "mika", "aud": "patchbay", "iat": NOW - 10, "exp": NOW + 60 });
    let with = |name: &str, value: serde_json::Value| {
        let mut claims = claims.clone();
        claims[name] = value;
        host_token_with(&claims, SHARED)
    };
    let unsigned = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtaWthIiwiYXVkIjoicGF0Y2hiYXkifQ.".to_owned();
    let wrong_key = host_token_with(&claims, "some other bytes that nobody shares");
    let bad =
        [with("exp", json!(NOW - 1)), with("aud", json!("other")), with("iat", json!(NOW - 90_000)), unsigned, wrong_key, "x".to_owned()];
    let mut details = std::collections::BTreeSet::new();
    for token in &bad {
        let answer = house.get(&conversation).visitor(&visitor).host(token).send().await;
        let problem = answer.problem(401, "identity_invalid");
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        details.insert(problem["detail"].as_str().unwrap().to_owned());
    }
    assert_eq!(details.len(), 1, "nothing tells how close a forgery came");
    house.get(&conversation).send().await.problem(401, "identity_invalid");
    house.get(&conversation).visitor("pv_forged.1.x").send().await.problem(401, "identity_invalid");
    house.get(&conversation).header("Authorization", "Basic eDp5").send().await.problem(401, "identity_invalid");
    house.get(&conversation).host(&visitor).send().await.problem(401, "identity_invalid");
    assert_eq!(house.get(&conversation).visitor(&visitor).send().await.status, 200);
}

#[tokio::test]
async fn a_browser_stays_one_visitor_and_a_customer_is_known_everywhere() {
    let house = House::new().await;
    let first = house.post("/v1/sessions").send().await.json();
    assert_eq!(first["level"], "anonymous");
    house.watch.advance(Duration::from_secs(60));
    let renewed = house.post("/v1/sessions").visitor(first["token"].as_str().unwrap()).body("").send().await.json();
    assert_eq!(renewed["visitor"], first["visitor"]);
    assert_ne!(renewed["expires"], first["expires"]);

    let mika = host_token("mika");
    assert_eq!(house.post("/v1/sessions").host(&mika).send().await.json()["level"], "identified");
    let conversation = house.post("/v1/conversations").host(&mika).send().await.header("location").unwrap().to_owned();
    let left_behind = house.post("/v1/sessions").host(&mika).send().await.json()["token"].as_str().unwrap().to_owned();
    house.get(&conversation).visitor(&left_behind).send().await.problem(404, "not_found");
    let other_browser = house.visitor().await;
    assert_eq!(house.get(&conversation).host(&mika).visitor(&other_browser).send().await.status, 200);
    house.get(&conversation).visitor(&other_browser).send().await.problem(404, "not_found");

    house.watch.advance(Duration::from_secs(25 * 3600));
    house.post("/v1/sessions").visitor(first["token"].as_str().unwrap()).send().await.problem(401, "identity_invalid");
}

#[tokio::test]
async fn another_customer_in_the_same_browser_is_a_mismatch() {
    let house = House::new().await;
    let browser = house.visitor().await;
    let (mika, bob) = (host_token("mika"), host_token("bob"));
    let opened = house.post("/v1/conversations").visitor(&browser).host(&mika).send().await;
    let conversation = opened.header("location").unwrap().to_owned();
    house.get(&conversation).visitor(&browser).host(&bob).send().await.problem(403, "identity_mismatch");
    house
        .post(&format!("{conversation}/messages"))
        .visitor(&browser)
        .host(&bob)
        .json(&json!({ "text": "a" }))
        .send()
        .await
        .problem(403, "identity_mismatch");
    let stream = house.get(&format!("{conversation}/events")).visitor(&browser).host(&bob).follow().await;
    stream.err().unwrap().problem(403, "identity_mismatch");
    house.get(&conversation).host(&bob).send().await.problem(404, "not_found");
}
