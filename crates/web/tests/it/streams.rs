//! Live streams: order, resuming, ends.

use super::client::Event;
use super::house::{House, SHOP, host_token};
use patchbay_web::Limits;
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_stream_tells_what_happens_in_order_and_by_name() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let mut live = house.get(&format!("{conversation}/events")).visitor(&visitor).follow().await.ok().unwrap();
    assert!(live.headers.iter().any(|(name, value)| name == "content-type" && value.starts_with("text/event-stream")));
    assert!(live.headers.contains(&("cache-control".to_owned(), "no-cache".to_owned())));
    house.post(&format!("{conversation}/messages")).visitor(&visitor).json(&json!({ "text": "hi\u{0}", "id": "c1" })).send().await;
    let events = live.until("closed").await;
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["message", "part", "closed"]);
    let message = &events[0].data;
    assert_eq!((&message["client"], &message["by"], &message["text"]), (&json!("c1"), &json!("customer"), &json!("hi\u{fffd}")));
    assert!(message["at"].as_str().unwrap().starts_with("2026-11-20T"));
    assert_eq!(events[2].data["status"], "answered");
    assert!(events.windows(2).all(|pair| pair[0].id < pair[1].id));

    house.say(&visitor, &conversation, "ask me").await;
    let question = live.until("question").await.pop().unwrap();
    assert_eq!(question.data["question"]["choices"][0], json!({ "value": "1", "label": "The first" }));
    assert_eq!(live.until("closed").await.pop().unwrap().data["status"], "asking");
}

#[tokio::test]
async fn reconnecting_leaves_no_gap_and_doubles_nothing() {
    let house =
        House::limited(Limits { messages: patchbay_web::Pace { every: Duration::from_millis(1), burst: 1000 }, ..Limits::default() }).await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    for n in 0..10 {
        let request = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Prefer", "wait=30");
        assert_eq!(request.json(&json!({ "text": format!("message {n}") })).send().await.status, 200);
    }
    let mut whole = house.get(&format!("{conversation}/events")).visitor(&visitor).follow().await.ok().unwrap();
    let mut expected = Vec::new();
    for _ in 0..10 {
        expected.extend(whole.until("closed").await);
    }
    let (mut seen, mut last): (Vec<Event>, Option<u64>) = (Vec::new(), None);
    while seen.len() < expected.len() {
        let request = house.get(&format!("{conversation}/events")).visitor(&visitor);
        let request = if let Some(last) = last { request.header("Last-Event-ID", last.to_string()) } else { request };
        let mut live = request.follow().await.ok().unwrap();
        for _ in 0..(seen.len() % 3 + 1).min(expected.len() - seen.len()) {
            let event = live.next().await.unwrap();
            last = event.id;
            seen.push(event);
        }
    }
    assert_eq!(seen, expected);
    let last = last.unwrap();
    let mut rest = house.get(&format!("{conversation}/events?after={last}")).visitor(&visitor).follow().await.ok().unwrap();
    house.say(&visitor, &conversation, "one more").await;
    assert_eq!(rest.next().await.unwrap().data["text"], "one more");
}

#[tokio::test]
async fn cursors_from_nowhere_are_refused() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    for cursor in ["99", "-1", "abc", "1.5", "99999999999999999999999"] {
        let request = house.get(&format!("{conversation}/events")).visitor(&visitor).header("Last-Event-ID", cursor);
        request.follow().await.err().unwrap().problem(400, "cursor_invalid");
        let request = house.get(&format!("{conversation}/events?after={cursor}")).visitor(&visitor);
        request.follow().await.err().unwrap().problem(400, "cursor_invalid");
    }
}

#[tokio::test]
async fn a_quiet_stream_says_that_it_is_alive() {
    let house = House::limited(Limits { heartbeat: Duration::from_millis(50), ..Limits::default() }).await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let mut live = house.get(&format!("{conversation}/events")).visitor(&visitor).follow().await.ok().unwrap();
    assert_eq!(live.line().await.unwrap(), ": heartbeat");
}

#[tokio::test]
async fn a_stream_ends_with_the_proof_behind_it() {
    let house = House::new().await;
    let token = host_token("mika");
    let conversation = house.post("/v1/conversations").host(&token).send().await.header("location").unwrap().to_owned();
    house.watch.advance(Duration::from_millis(3_599_500));
    let mut live = house.get(&format!("{conversation}/events")).host(&token).follow().await.ok().unwrap();
    assert_eq!(live.next().await, None);
}

#[tokio::test]
async fn foreign_pages_get_no_stream_and_full_houses_no_more() {
    let house = House::limited(Limits { streams: 1, ..Limits::default() }).await;
    let visitor = house.visitor().await;
    let path = format!("{}/events", house.conversation(&visitor).await);
    let foreign = house.get(&path).visitor(&visitor).header("Origin", "https://evil.example").follow().await;
    foreign.err().unwrap().problem(403, "origin_forbidden");
    let first = house.get(&path).visitor(&visitor).header("Origin", SHOP).follow().await.ok().unwrap();
    house.get(&path).visitor(&visitor).follow().await.err().unwrap().problem(503, "overloaded");
    drop(first);
    house.say(&visitor, path.trim_end_matches("/events"), "wake the dead connection").await;
    for _ in 0..200 {
        if house.get(&path).visitor(&visitor).follow().await.is_ok() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the place of a closed stream was never free again");
}
