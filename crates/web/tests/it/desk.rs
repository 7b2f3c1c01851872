//! The desk: the queue, answering, notes, passing on, approving once, traces; and what bad input gets.

use super::house::{House, host_token};
use super::staff::Agent;
use patchbay_core::words::Role;
use serde_json::{Value, json};

/// A customer who is signed in and has said something.
async fn mika(house: &House, text: &str) -> String {
    let token = host_token("mika");
    let conversation = house.post("/v1/conversations").host(&token).send().await.header("location").unwrap().to_owned();
    say(house, &conversation, text).await;
    conversation.trim_start_matches("/v1/conversations/").to_owned()
}

async fn say(house: &House, conversation: &str, text: &str) {
    let messages = house.post(&format!("{conversation}/messages")).host(&host_token("mika")).header("Prefer", "wait=30");
    let answer = messages.json(&json!({ "text": text })).send().await;
    assert!(matches!(answer.status, 200 | 202), "{}", answer.text());
}

async fn post(house: &House, agent: &Agent, conversation: &str, what: &str, body: Value) -> super::client::Answer {
    agent.post(house, &format!("/v1/desk/conversations/{conversation}/{what}")).json(&body).send().await
}

async fn queue(house: &House, agent: &Agent, query: &str) -> Value {
    let answer = agent.get(house, &format!("/v1/desk/queue?{query}")).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Waits until the queue shows this many rows.
async fn until(house: &House, agent: &Agent, query: &str, rows: usize) -> Value {
    until_so(house, agent, query, |queue| queue["data"].as_array().unwrap().len() == rows).await
}

/// Waits until the queue looks like this: it is a view and follows the log a moment later.
async fn until_so(house: &House, agent: &Agent, query: &str, so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..500 {
        let queue = queue(house, agent, query).await;
        if so(&queue) {
            return queue;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("it did not come to that: {}", queue(house, agent, query).await);
}

#[tokio::test]
async fn a_conversation_is_taken_answered_noted_and_resolved() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    let conversation = mika(&house, "hello").await;
    let row = until_so(&house, &aiko, "list=bot", |queue| queue["data"][0]["last"]["text"] == "Hello.").await["data"][0].clone();
    assert_eq!((&row["conversation"], &row["level"]), (&json!(conversation), &json!("identified")));

    let taken = post(&house, &aiko, &conversation, "take", json!({})).await.json();
    assert_eq!((&taken["state"], &taken["owner"]["name"]), (&json!("open"), &json!("Aiko")));
    let late = post(&house, &jun, &conversation, "take", json!({})).await.problem(409, "already_taken");
    assert!(late["detail"].as_str().unwrap().contains(aiko.id.as_str()));
    post(&house, &jun, &conversation, "reply", json!({ "text": "me too" })).await.problem(409, "already_taken");

    let said = post(&house, &aiko, &conversation, "reply", json!({ "text": "Good day.", "client": "r1" })).await;
    assert_eq!(said.status, 201);
    let again = post(&house, &aiko, &conversation, "reply", json!({ "text": "Good day.", "client": "r1" })).await;
    assert_eq!((again.status, again.header("idempotent-replayed"), again.json()), (200, Some("true"), said.json()));
    post(&house, &aiko, &conversation, "reply", json!({ "text": "Other.", "client": "r1" })).await.problem(409, "idempotency_conflict");
    assert_eq!(post(&house, &aiko, &conversation, "note", json!({ "text": "Knows us.", "mentions": [jun.id.as_str()] })).await.status, 201);

    let whole = aiko.get(&house, &format!("/v1/desk/conversations/{conversation}")).send().await.json();
    let kinds: Vec<(&str, &str)> =
        whole["lines"].as_array().unwrap().iter().map(|line| (line["kind"].as_str().unwrap(), line["text"].as_str().unwrap())).collect();
    for line in [("message", "hello"), ("part", "Hello."), ("message", "Good day."), ("note", "Knows us.")] {
        assert!(kinds.contains(&line), "{line:?} in {kinds:?}");
    }
    assert_eq!(whole["brief"]["issue"], "“hello”");
    assert_eq!(whole["handoffs"][0]["by"]["name"], "Aiko");
    assert!(whole["may"].as_array().unwrap().contains(&json!("resolve")));
    // The customer reads the answer, never the note.
    let seen = house.get(&format!("/v1/conversations/{conversation}")).host(&host_token("mika")).send().await.text();
    assert!(seen.contains("Good day.") && !seen.contains("Knows us."));

    let resolved = post(&house, &aiko, &conversation, "resolve", json!({})).await.json();
    assert_eq!(resolved["state"], "resolved");
    assert_eq!(until(&house, &aiko, "list=resolved", 1).await["data"][0]["conversation"], json!(conversation));
    assert_eq!(post(&house, &aiko, &conversation, "reopen", json!({})).await.json()["state"], "open");
}

#[tokio::test]
async fn next_gives_each_agent_another_conversation_and_the_longest_wait_first() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    let mut waiting = Vec::new();
    for _ in 0..2 {
        let conversation = mika(&house, "hello").await;
        assert_eq!(post(&house, &aiko, &conversation, "take", json!({})).await.status, 200);
        let passed = post(&house, &aiko, &conversation, "transfer", json!({ "to": jun.id.as_str(), "note": "yours" })).await;
        assert_eq!(passed.json()["offered_to"]["name"], "Jun", "{}", passed.text());
        assert_eq!(post(&house, &jun, &conversation, "decline", json!({})).await.json()["offered_to"], Value::Null);
        waiting.push(conversation);
    }
    let order: Vec<Value> =
        until(&house, &aiko, "", 2).await["data"].as_array().unwrap().iter().map(|row| row["conversation"].clone()).collect();
    assert_eq!(order, [json!(waiting[0]), json!(waiting[1])]);
    let next = async |agent: &Agent| agent.post(&house, "/v1/desk/next").send().await.json()["conversation"].clone();
    let (one, other) = tokio::join!(next(&aiko), next(&jun));
    assert_ne!(one, other);
    assert!(order.contains(&one) && order.contains(&other));
    assert_eq!(next(&aiko).await, Value::Null);
    let mine = until_so(&house, &aiko, "list=mine", |queue| queue["counts"]["waiting"] == 0 && queue["counts"]["open"] == 2).await;
    let counts = mine["counts"].clone();
    assert_eq!((&counts["mine"], &counts["waiting"], &counts["open"], &counts["all"]), (&json!(1), &json!(0), &json!(2), &json!(2)));
}

#[tokio::test]
async fn the_queue_is_paged_without_gaps_and_searched() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let mut opened = Vec::new();
    for _ in 0..7 {
        opened.push(mika(&house, "hello").await);
    }
    until(&house, &aiko, "list=all", 7).await;
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let page = queue(&house, &aiko, &format!("list=all&limit=3{after}")).await;
        seen.extend(page["data"].as_array().unwrap().iter().map(|row| row["conversation"].as_str().unwrap().to_owned()));
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(seen, opened.iter().rev().cloned().collect::<Vec<_>>());
    // By the company's own id of the customer, by the end of an id, by nothing that is there.
    assert_eq!(queue(&house, &aiko, "list=all&q=mika").await["data"].as_array().unwrap().len(), 7);
    let end = &opened[3][opened[3].len() - 8..];
    assert_eq!(queue(&house, &aiko, &format!("list=all&q={end}")).await["data"][0]["conversation"], json!(opened[3]));
    assert_eq!(queue(&house, &aiko, "list=all&q=bob").await["data"], json!([]));
    assert_eq!(queue(&house, &aiko, "list=all&q=_").await["data"], json!([]), "wildcards mean nothing");
}

#[tokio::test]
async fn bad_input_gets_a_clear_error_at_every_door() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent, Role::Engineer]).await;
    let conversation = mika(&house, "hello").await;
    until(&house, &aiko, "list=all", 1).await;
    let at = |what: &str| format!("/v1/desk/conversations/{conversation}/{what}");
    for (text, status, code) in [(" \u{200b}".to_owned(), 422, "message_empty"), ("a".repeat(8_001), 422, "message_too_long")] {
        for what in ["reply", "note"] {
            post(&house, &aiko, &conversation, what, json!({ "text": text })).await.problem(status, code);
        }
        post(&house, &aiko, &conversation, "hand-back", json!({ "note": text })).await.problem(status, code);
    }
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(1_600);
    assert_eq!(post(&house, &aiko, &conversation, "reply", json!({ "text": family })).await.status, 201, "8,000 scalar values");
    post(&house, &aiko, &conversation, "reply", json!({ "text": "x", "client": "i".repeat(256) }))
        .await
        .problem(400, "idempotency_key_invalid");
    post(&house, &aiko, &conversation, "reply", json!({ "text": "x", "colour": "red" })).await.problem(400, "field_unknown");
    post(&house, &aiko, &conversation, "reply", json!({ "text": 7 })).await.problem(400, "field_invalid");
    post(&house, &aiko, &conversation, "snooze", json!({ "until": "tomorrow" })).await.problem(400, "field_invalid");
    post(&house, &aiko, &conversation, "transfer", json!({ "note": "x" })).await.problem(400, "field_missing");
    post(&house, &aiko, &conversation, "transfer", json!({ "to": "stf_nobody", "note": "x" })).await.problem(400, "field_invalid");
    post(&house, &aiko, &conversation, "transfer", json!({ "queue": "nowhere", "note": "x" })).await.problem(422, "queue_unknown");
    aiko.post(&house, &at("take")).header("Content-Type", "text/plain").body("x").send().await.problem(415, "content_type_unsupported");
    for missing in ["cnv_nobody", "nonsense", "cnv_a'b"] {
        aiko.get(&house, &format!("/v1/desk/conversations/{missing}")).send().await.problem(404, "not_found");
        post(&house, &aiko, missing, "take", json!({})).await.problem(404, "not_found");
        aiko.get(&house, &format!("/v1/desk/conversations/{conversation}/turns/{missing}/trace")).send().await.problem(404, "not_found");
    }
    for query in ["list=nonsense", "limit=0", "limit=1000", "limit=x", "colour=red"] {
        let answer = aiko.get(&house, &format!("/v1/desk/queue?{query}")).send().await;
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
    }
    for cursor in ["x", "1_2_3", "1_2_3_4_5", "-", "99999999999999999999_1_1_1"] {
        aiko.get(&house, &format!("/v1/desk/queue?after={cursor}")).send().await.problem(400, "cursor_invalid");
    }
    for cursor in ["-1", "abc", "999999999", "99999999999999999999999"] {
        aiko.get(&house, "/v1/desk/events").header("Last-Event-ID", cursor).send().await.problem(400, "cursor_invalid");
    }
    aiko.get(&house, "/v1/desk/traces?after=x").send().await.problem(400, "cursor_invalid");
}

#[tokio::test]
async fn words_are_shown_as_they_are_and_hidden_characters_are_visible() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let words = "<script>alert(1)</script> \u{202e}abc \u{e0041} a\u{0}b";
    let conversation = mika(&house, words).await;
    let whole = until(&house, &aiko, "list=all", 1).await;
    assert_eq!(whole["data"].as_array().unwrap().len(), 1);
    let whole = aiko.get(&house, &format!("/v1/desk/conversations/{conversation}")).send().await;
    assert_eq!(whole.header("content-type"), Some("application/json"));
    // Stored as it is; only control characters are replaced, so that nothing is cut short.
    assert_eq!(whole.json()["lines"][0]["text"], words.replace('\u{0}', "\u{fffd}"));
}

#[tokio::test]
async fn an_agent_who_writes_too_fast_is_slowed_and_nobody_else() {
    let limits = patchbay_web::Limits {
        desk: patchbay_web::Pace { every: std::time::Duration::from_secs(3600), burst: 3 },
        ..patchbay_web::Limits::default()
    };
    let house = House::limited(limits).await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    let conversation = mika(&house, "hello").await;
    for n in 0..3 {
        assert_eq!(post(&house, &aiko, &conversation, "note", json!({ "text": format!("note {n}") })).await.status, 201);
    }
    let slowed = post(&house, &aiko, &conversation, "note", json!({ "text": "note 4" })).await;
    slowed.problem(429, "rate_limited");
    assert!(slowed.header("retry-after").is_some());
    assert_eq!(post(&house, &jun, &conversation, "note", json!({ "text": "mine" })).await.status, 201);
}

#[tokio::test]
async fn a_trace_tells_every_step_and_its_content_to_engineers_alone() {
    let house = House::new().await;
    let engineer = Agent::new(&house, "Ena", &[Role::Engineer]).await;
    let lead = Agent::new(&house, "Lena", &[Role::Lead]).await;
    let conversation = mika(&house, "cancel it").await;
    let open = house.get(&format!("/v1/conversations/{conversation}")).host(&host_token("mika")).send().await.json();
    let proposal = open["proposal"].clone();
    let decide = format!("/v1/conversations/{conversation}/actions/{}", proposal["id"].as_str().unwrap());
    let yes = json!({ "decision": "yes", "digest": proposal["digest"] });
    assert_eq!(house.post(&decide).host(&host_token("mika")).header("Prefer", "wait=30").json(&yes).send().await.status, 200);

    let mut turns = Value::Null;
    for _ in 0..500 {
        turns = engineer.get(&house, "/v1/desk/traces").send().await.json()["data"].clone();
        if turns.as_array().unwrap().len() == 2 && turns[0]["status"] == "done" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!((&turns[0]["status"], &turns[1]["status"], &turns[1]["text"]), (&json!("done"), &json!("proposing"), &json!("cancel it")));
    let path = |turn: &Value| format!("/v1/desk/conversations/{conversation}/turns/{}/trace", turn["turn"].as_str().unwrap());
    let asked = engineer.get(&house, &path(&turns[1])).send().await.json();
    let done = engineer.get(&house, &path(&turns[0])).send().await.json();
    let kinds =
        |trace: &Value| trace["spans"].as_array().unwrap().iter().map(|span| span["kind"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert!(kinds(&asked).contains(&"confirm".to_owned()), "{asked}");
    for kind in ["confirm", "gate", "call", "verify", "mind", "say"] {
        assert!(kinds(&done).contains(&kind.to_owned()), "{kind} in {done}");
    }
    assert_eq!((&done["cause"], &done["status"], &done["content"]), (&json!("confirmed"), &json!("done"), &json!(true)));
    let call = done["spans"].as_array().unwrap().iter().find(|span| span["kind"] == "call").unwrap();
    assert_eq!(
        (&call["name"], &call["outcome"], &call["detail"]["args"]["order_id"]),
        (&json!("cancel_order"), &json!("ok"), &json!("12345"))
    );
    assert_eq!(call["detail"]["allow"], "always");

    let seen = lead.get(&house, &path(&turns[0])).send().await;
    assert_eq!(seen.json()["content"], false);
    for hidden in ["12345", "It is cancelled."] {
        assert!(!seen.text().contains(hidden), "{}", seen.text());
    }
    assert_eq!(kinds(&seen.json()), kinds(&done), "the steps are the same");
}

#[tokio::test]
async fn engineers_copy_a_conversation_as_a_test_and_nobody_else_does() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let address = format!("/v1/desk/conversations/{}/as-test", conversation.rsplit('/').next().unwrap());
    let engineer = Agent::new(&house, "Eli", &[Role::Engineer]).await;
    engineer.get(&house, &address).send().await.problem(409, "nothing_to_copy");
    house.say(&visitor, &conversation, "hello").await;
    let copied = engineer.get(&house, &address).send().await;
    assert_eq!((copied.status, copied.header("content-type")), (200, Some("text/yaml; charset=utf-8")));
    assert!(copied.text().starts_with("- test:"), "{}", copied.text());
    let agent = Agent::new(&house, "Aiko", &[Role::Agent, Role::Lead]).await;
    agent.get(&house, &address).send().await.problem(403, "role_missing");
}
