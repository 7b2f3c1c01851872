//! The desk live: what happens is told in order, resumed without a gap, and only to whom it concerns.

use super::client::{Event, Events};
use super::house::{House, host_token};
use super::staff::Agent;
use patchbay_core::words::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn open(house: &House) -> String {
    let opened = house.post("/v1/conversations").host(&host_token("mika")).send().await;
    opened.header("location").unwrap().trim_start_matches("/v1/conversations/").to_owned()
}

async fn say(house: &House, conversation: &str, text: &str) {
    let path = format!("/v1/conversations/{conversation}/messages");
    let answer = house.post(&path).host(&host_token("mika")).header("Prefer", "wait=30").json(&json!({ "text": text })).send().await;
    assert!(matches!(answer.status, 200 | 202), "{}", answer.text());
}

async fn follow(house: &House, agent: &Agent, after: Option<u64>) -> Events {
    let request = agent.get(house, "/v1/desk/events");
    let request = if let Some(after) = after { request.header("Last-Event-ID", after.to_string()) } else { request };
    request.follow().await.ok().unwrap()
}

/// The next event that this holds of.
async fn find(live: &mut Events, wanted: impl Fn(&Event) -> bool) -> Event {
    loop {
        let event = live.next().await.expect("the stream goes on");
        if wanted(&event) {
            return event;
        }
    }
}

#[tokio::test]
async fn lines_rows_and_counts_arrive_as_things_happen() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let mut live = follow(&house, &aiko, None).await;
    let conversation = open(&house).await;
    say(&house, &conversation, "hello").await;
    let line = find(&mut live, |event| event.kind == "line").await;
    assert_eq!((&line.data["conversation"], &line.data["line"]["text"]), (&json!(conversation), &json!("hello")));
    let row = find(&mut live, |event| event.kind == "row" && event.data["last"]["text"] == "Hello.").await;
    assert_eq!(row.data["state"], "bot");
    let counts = find(&mut live, |event| event.kind == "counts" && event.data["bot"] == 1).await;
    assert_eq!(counts.data["all"], 1);
    let written =
        aiko.post(&house, &format!("/v1/desk/conversations/{conversation}/reply")).json(&json!({ "text": "Good day.", "client": "c9" }));
    assert_eq!(written.send().await.status, 201);
    let line = find(&mut live, |event| event.kind == "line" && event.data["line"]["text"] == "Good day.").await;
    assert_eq!((&line.data["line"]["staff"]["name"], &line.data["line"]["data"]["client"]), (&json!("Aiko"), &json!("c9")));
    let row = find(&mut live, |event| event.kind == "row" && event.data["owner"]["name"] == "Aiko").await;
    assert_eq!(row.data["state"], "open");
}

#[tokio::test]
async fn whoever_comes_back_misses_nothing_and_can_tell_what_came_twice() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let (one, other) = (open(&house).await, open(&house).await);
    let begin = follow(&house, &aiko, Some(0)).await.next().await.unwrap();
    assert_eq!((begin.kind.as_str(), begin.id), ("ping", Some(0)));
    for n in 0..6 {
        say(&house, if n % 2 == 0 { &one } else { &other }, &format!("message {n}")).await;
    }
    let key = |event: &Event| (event.data["conversation"].to_string(), event.data["line"]["seq"].as_u64());
    // Each visit reads a few events and is cut off wherever it is; the place is the last id that came.
    let (mut seen, mut last, mut cut) = (BTreeSet::new(), 0, 1);
    while seen.len() < 12 {
        let mut live = follow(&house, &aiko, Some(last)).await;
        for _ in 0..=cut {
            let event = live.next().await.unwrap();
            if event.kind == "line" {
                seen.insert(key(&event));
            }
            last = event.id.unwrap_or(last);
        }
        cut += 1;
    }
    let customers: BTreeSet<String> = [one, other].iter().map(|id| json!(id).to_string()).collect();
    assert!(seen.iter().all(|(conversation, seq)| customers.contains(conversation) && seq.is_some()));
}

#[tokio::test]
async fn a_restarted_browser_is_told_from_the_log_what_it_missed() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let conversation = open(&house).await;
    say(&house, &conversation, "before anybody looked").await;
    let queue = loop {
        let queue = aiko.get(&house, "/v1/desk/queue?list=bot").send().await.json();
        if queue["data"][0]["last"]["text"] == "Hello." {
            // Once more: this page's place is surely behind what it shows.
            break aiko.get(&house, "/v1/desk/queue?list=bot").send().await.json();
        }
    };
    // From the very beginning, which no feed has told yet.
    let mut live = follow(&house, &aiko, Some(0)).await;
    find(&mut live, |event| event.data["line"]["text"] == "before anybody looked").await;
    // From the page of the queue on: only what came after it.
    let mut live = follow(&house, &aiko, queue["position"].as_u64()).await;
    say(&house, &conversation, "after the page").await;
    let line = find(&mut live, |event| event.kind == "line").await;
    assert_eq!(line.data["line"]["text"], "after the page");
}

#[tokio::test]
async fn the_bell_rings_for_whom_it_is_meant() {
    let house = House::new().await;
    let [aiko, jun, mei] = [
        Agent::new(&house, "Aiko", &[Role::Agent]).await,
        Agent::new(&house, "Jun", &[Role::Agent]).await,
        Agent::new(&house, "Mei", &[Role::Agent]).await,
    ];
    let conversation = open(&house).await;
    say(&house, &conversation, "hello").await;
    let (mut jun_hears, mut mei_hears) = (follow(&house, &jun, None).await, follow(&house, &mei, None).await);
    let at = |what: &str| format!("/v1/desk/conversations/{conversation}/{what}");
    assert_eq!(aiko.post(&house, &at("take")).send().await.status, 200);
    let on = json!({ "to": jun.id.as_str(), "note": "you know them" });
    assert_eq!(aiko.post(&house, &at("transfer")).json(&on).send().await.status, 200);
    let bell = find(&mut jun_hears, |event| event.kind == "bell").await;
    assert_eq!(bell.data, json!({ "conversation": conversation, "reason": "passed" }));
    assert_eq!(jun.post(&house, &at("decline")).send().await.status, 200);
    // Mei hears nothing of what was Jun's alone; that it is everybody's now, she does.
    let bell = find(&mut mei_hears, |event| event.kind == "bell").await;
    assert_eq!(bell.data["reason"], "not_accepted");
}

#[tokio::test]
async fn presence_is_told_and_lapses() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    let conversation = open(&house).await;
    say(&house, &conversation, "hello").await;
    let mut live = follow(&house, &aiko, None).await;
    let here = json!({ "conversation": conversation, "typing": true });
    assert_eq!(jun.post(&house, "/v1/desk/presence").json(&here).send().await.status, 204);
    let told = find(&mut live, |event| event.kind == "presence").await;
    let person = json!([{ "id": jun.id.as_str(), "name": "Jun" }]);
    assert_eq!(told.data, json!({ "conversation": conversation, "viewing": person, "typing": person }));
    // What they write is seen while they write it; what no message could hold is refused.
    let here = json!({ "conversation": conversation, "typing": true, "draft": "Good morn" });
    assert_eq!(jun.post(&house, "/v1/desk/presence").json(&here).send().await.status, 204);
    let told = find(&mut live, |event| event.kind == "presence").await;
    assert_eq!(told.data["typing"], json!([{ "id": jun.id.as_str(), "name": "Jun", "draft": "Good morn" }]));
    let long = json!({ "conversation": conversation, "typing": true, "draft": "x".repeat(8_001) });
    jun.post(&house, "/v1/desk/presence").json(&long).send().await.problem(422, "message_too_long");
    let viewing = async || aiko.get(&house, "/v1/desk/queue?list=bot").send().await.json()["data"][0]["viewing"].clone();
    // The list is a view and follows the log a moment later.
    for _ in 0..1_500 {
        if viewing().await == person {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(viewing().await, person);
    house.watch.advance(std::time::Duration::from_secs(31));
    assert_eq!(viewing().await, json!([]));
    let wrong = json!({ "conversation": "nonsense", "typing": true });
    jun.post(&house, "/v1/desk/presence").json(&wrong).send().await.problem(404, "not_found");
    assert_eq!(
        jun.post(&house, "/v1/desk/presence").json(&json!({ "conversation": Value::Null, "typing": false })).send().await.status,
        204
    );
}

#[tokio::test]
async fn a_quiet_stream_says_that_all_is_well() {
    let limits = patchbay_web::Limits { heartbeat: std::time::Duration::from_millis(50), ..patchbay_web::Limits::default() };
    let house = House::limited(limits).await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let mut live = follow(&house, &aiko, None).await;
    for _ in 0..3 {
        let ping = find(&mut live, |event| event.kind == "ping").await;
        assert!(ping.id.is_some(), "whoever hears it can resume there");
    }
}
