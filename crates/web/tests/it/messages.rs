//! Table B of the promises: messages.

use super::house::{House, host_token};
use patchbay_web::{Limits, Pace};
use serde_json::{Value, json};
use std::time::Duration;

async fn send(house: &House, visitor: &str, conversation: &str, body: &Value) -> super::client::Answer {
    house.post(&format!("{conversation}/messages")).visitor(visitor).json(body).send().await
}

#[tokio::test]
async fn a_message_is_acknowledged_answered_and_in_the_transcript() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let receipt = house.say(&visitor, &conversation, "hi").await;
    assert_eq!(receipt.status, 202);
    let receipt = receipt.json();
    assert!(receipt["message"].as_str().unwrap().starts_with("msg_"));
    assert!(receipt["seq"].as_u64().unwrap() >= 2);

    let request = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Prefer", "wait=30");
    let answer = request.json(&json!({ "text": "hello again" })).send().await;
    assert_eq!((answer.status, answer.header("preference-applied")), (200, Some("wait=30")), "{}", answer.text());
    let reply = answer.json();
    assert_eq!((&reply["status"], &reply["text"], &reply["parts"][0]["n"]), (&json!("answered"), &json!("Hello."), &json!(1)));

    let turn = house.get(&format!("{conversation}/turns/{}", reply["turn"].as_str().unwrap())).visitor(&visitor).send().await;
    assert_eq!((turn.status, turn.json()), (200, reply));
    let transcript = house.get(&conversation).visitor(&visitor).send().await.json();
    assert_eq!(
        (&transcript["state"], &transcript["lines"][0]["who"], &transcript["lines"][0]["text"]),
        (&json!("bot"), &json!("customer"), &json!("hi"))
    );
    house.get(&format!("{conversation}/turns/trn_none")).visitor(&visitor).send().await.problem(404, "not_found");
}

#[tokio::test]
async fn a_wait_that_is_too_short_ends_with_the_receipt() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let request = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Prefer", "wait=0");
    assert_eq!(request.json(&json!({ "text": "slow" })).send().await.status, 202);
}

#[tokio::test]
async fn what_says_nothing_or_too_much_is_refused() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    for text in ["", "  \n", "\u{200b}\u{feff}", "\u{2800}"] {
        house.say(&visitor, &conversation, text).await.problem(422, "message_empty");
    }
    let problem = house.say(&visitor, &conversation, &"x".repeat(100_000)).await.problem(422, "message_too_long");
    assert_eq!(problem["field"], "/text");
    assert!(problem["detail"].as_str().unwrap().contains("100000 characters"), "{problem}");
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(1_600);
    assert_eq!(house.say(&visitor, &conversation, &family).await.status, 202);
    house.say(&visitor, &conversation, &format!("a{}", "\u{301}".repeat(10_000))).await.problem(422, "message_too_long");
    let transcript = house.get(&conversation).visitor(&visitor).send().await.json();
    assert_eq!(transcript["lines"][0]["text"], json!(family), "nothing is split");
}

#[tokio::test]
async fn odd_characters_are_kept_and_shown() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    for (text, shown) in [
        ("a\u{0}b\u{1b}[31m\nc", "a\u{fffd}b\u{fffd}[31m\nc"),
        ("\u{202e}evil \u{e0041} аpple", "\u{202e}evil \u{e0041} аpple"),
        ("<script>alert(1)</script><svg onload=x>", "<script>alert(1)</script><svg onload=x>"),
    ] {
        assert_eq!(house.say(&visitor, &conversation, text).await.status, 202);
        let answer = house.get(&conversation).visitor(&visitor).send().await;
        assert_eq!(answer.header("content-type"), Some("application/json"));
        let lines = answer.json()["lines"].as_array().unwrap().clone();
        assert!(lines.iter().any(|line| line["text"] == shown), "{lines:?}");
    }
}

#[tokio::test]
async fn one_id_is_one_message_however_often_it_is_sent() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let body = json!({ "text": "hello", "id": "one" });
    let answers = futures::future::join_all((0..5).map(|_| send(&house, &visitor, &conversation, &body))).await;
    let messages: std::collections::BTreeSet<_> =
        answers.iter().map(|answer| answer.json()["message"].as_str().unwrap().to_owned()).collect();
    assert_eq!(messages.len(), 1);
    let first = answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count();
    assert_eq!(first, 1);
    for answer in &answers {
        let replayed = answer.header("idempotent-replayed") == Some("true");
        assert_eq!(answer.status, if replayed { 200 } else { 202 });
        assert_eq!(answer.json(), answers[0].json());
    }

    let by_header = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Idempotency-Key", "one");
    assert_eq!(by_header.json(&json!({ "text": "hello" })).send().await.header("idempotent-replayed"), Some("true"));
    send(&house, &visitor, &conversation, &json!({ "text": "other", "id": "one" })).await.problem(409, "idempotency_conflict");
    let lines = house.get(&conversation).visitor(&visitor).send().await.json()["lines"].clone();
    assert_eq!(lines.as_array().unwrap().iter().filter(|line| line["who"] == "customer").count(), 1);
}

#[tokio::test]
async fn ids_have_bounds() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    assert_eq!(send(&house, &visitor, &conversation, &json!({ "text": "a", "id": "é".repeat(255) })).await.status, 202);
    for id in ["é".repeat(256), String::new(), "a\u{0}".to_owned()] {
        send(&house, &visitor, &conversation, &json!({ "text": "a", "id": id })).await.problem(400, "idempotency_key_invalid");
    }
    let both = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Idempotency-Key", "x");
    both.json(&json!({ "text": "a", "id": "y" })).send().await.problem(400, "idempotency_key_invalid");
    let long = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Idempotency-Key", "x".repeat(256));
    long.json(&json!({ "text": "a" })).send().await.problem(400, "idempotency_key_invalid");
}

#[tokio::test]
async fn a_flood_is_slowed_down_and_what_was_accepted_stays() {
    let house = House::limited(Limits { messages: Pace { every: Duration::from_secs(60), burst: 5 }, ..Limits::default() }).await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let mut accepted = 0;
    for n in 0..20 {
        let answer = house.say(&visitor, &conversation, &format!("message {n}")).await;
        if answer.status == 202 {
            accepted += 1;
        } else {
            answer.problem(429, "rate_limited");
            let wait: u64 = answer.header("retry-after").unwrap().parse().unwrap();
            assert!((30..=60).contains(&wait), "{wait}");
        }
    }
    assert_eq!(accepted, 4, "and the opening");
    let lines = house.get(&conversation).visitor(&visitor).send().await.json()["lines"].clone();
    assert_eq!(lines.as_array().unwrap().iter().filter(|line| line["who"] == "customer").count(), accepted);
    house.watch.advance(Duration::from_secs(60));
    assert_eq!(house.say(&visitor, &conversation, "later").await.status, 202);

    // A customer cannot widen the pace with more browsers.
    let token = host_token("mika");
    let mut refused = 0;
    for _ in 0..8 {
        let answer = house.post("/v1/conversations").host(&token).visitor(&house.visitor().await).send().await;
        refused += u32::from(answer.status == 429);
    }
    assert_eq!(refused, 3);
}

#[tokio::test]
async fn foreign_and_missing_conversations_look_the_same() {
    let house = House::new().await;
    let (mine, theirs) = (house.visitor().await, house.visitor().await);
    let foreign = house.conversation(&theirs).await;
    let masked = |mut problem: Value| {
        problem["request_id"] = json!("-");
        problem
    };
    for (method, rest) in [("GET", ""), ("POST", "/messages"), ("GET", "/events"), ("GET", "/turns/trn_x"), ("POST", "/actions/act_x")] {
        let body = if rest == "/messages" { json!({ "text": "a" }) } else { json!({ "decision": "yes", "digest": "d" }) };
        let mut seen = Vec::new();
        for conversation in [foreign.as_str(), "/v1/conversations/cnv_missing", "/v1/conversations/nonsense"] {
            let request = house.request(method, &format!("{conversation}{rest}")).visitor(&mine);
            let request = if method == "POST" { request.json(&body) } else { request };
            seen.push(masked(request.send().await.problem(404, "not_found")));
        }
        assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{method} {rest}: {seen:?}");
    }
}
