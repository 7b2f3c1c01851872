//! Colleagues: who is there, who is away, and that nothing is offered to anybody who is.

use super::client::{Answer, Event, Events};
use super::house::{House, host_token};
use super::staff::Agent;
use patchbay_core::words::Role;
use serde_json::{Value, json};
use std::time::Duration;

/// The address of a new conversation of Mika's at the desk.
async fn opened(house: &House) -> String {
    let opened = house.post("/v1/conversations").host(&host_token("mika")).send().await;
    format!("/v1/desk/conversations/{}", opened.header("location").unwrap().trim_start_matches("/v1/conversations/"))
}

async fn follow(house: &House, agent: &Agent) -> Events {
    agent.get(house, "/v1/desk/events").follow().await.ok().unwrap()
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

async fn away(house: &House, agent: &Agent, away: bool) {
    let said = agent.post(house, "/v1/desk/availability").json(&json!({ "away": away })).send().await;
    assert_eq!(said.status, 204, "{}", said.text());
}

async fn pass(house: &House, by: &Agent, conversation: &str, to: &Agent) -> Answer {
    by.post(house, &format!("{conversation}/transfer")).json(&json!({ "to": to.id.as_str(), "note": "yours" })).send().await
}

async fn colleagues(house: &House, agent: &Agent) -> Value {
    let answer = agent.get(house, "/v1/desk/colleagues").send().await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Waits until a conversation's row looks like this: it is a view and follows the log a moment later.
async fn row_until(house: &House, agent: &Agent, conversation: &str, so: impl Fn(&Value) -> bool) {
    for _ in 0..1_500 {
        let answer = agent.get(house, conversation).send().await;
        if answer.status == 200 && so(&answer.json()["row"]) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to that: {}", agent.get(house, conversation).send().await.text());
}

fn offered_to(row: &Value) -> &Value {
    &row["offered_to"]["name"]
}

/// Waits until the list looks like this: name, standing, conversations in hand.
async fn until(house: &House, agent: &Agent, wanted: &[(&str, &str, u64)]) -> Value {
    let wanted: Vec<Value> = wanted.iter().map(|(name, standing, hand)| json!([name, standing, hand])).collect();
    for _ in 0..1_500 {
        let list = colleagues(house, agent).await;
        let shown = |one: &Value| json!([one["name"], one["standing"], one["conversations"]]);
        if list["data"].as_array().unwrap().iter().map(shown).collect::<Vec<_>>() == wanted {
            return list;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to {wanted:?}: {}", colleagues(house, agent).await);
}

#[tokio::test]
async fn everybody_who_works_at_the_desk_is_listed_with_how_they_stand() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent, Role::Lead]).await;
    let _omar = Agent::new(&house, "Omar", &[Role::Officer]).await;
    until(&house, &aiko, &[("Aiko", "offline", 0), ("Jun", "offline", 0)]).await;
    let (_here, there) = (follow(&house, &aiko).await, follow(&house, &jun).await);
    away(&house, &jun, true).await;
    assert_eq!(aiko.post(&house, &format!("{}/take", opened(&house).await)).send().await.status, 200);
    let list = until(&house, &aiko, &[("Aiko", "online", 1), ("Jun", "away", 0)]).await;
    assert_eq!(list["data"][1]["roles"], json!(["agent", "lead"]));
    assert_eq!(list["queues"], json!([{ "name": "default", "team": "support" }]));
    // A line that breaks is no absence; one that stays broken is.
    drop(there);
    until(&house, &aiko, &[("Aiko", "online", 1), ("Jun", "away", 0)]).await;
    for _ in 0..40 {
        // The server notices with its next heartbeat; then half a minute counts.
        house.watch.advance(Duration::from_secs(31));
        if colleagues(&house, &aiko).await["data"][1]["standing"] == "offline" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1_000)).await;
    }
    until(&house, &aiko, &[("Aiko", "online", 1), ("Jun", "offline", 0)]).await;
    house.get("/v1/desk/colleagues").send().await.problem(401, "staff_required");
}

#[tokio::test]
async fn nothing_is_offered_to_somebody_who_is_away() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    let (first, second) = (opened(&house).await, opened(&house).await);
    assert_eq!(pass(&house, &aiko, &first, &jun).await.status, 200);
    row_until(&house, &aiko, &first, |row| offered_to(row) == "Jun").await;
    // What is offered already goes back to its queue.
    away(&house, &jun, true).await;
    row_until(&house, &aiko, &first, |row| row["offered_to"].is_null() && row["state"] == "waiting").await;
    let refused = pass(&house, &aiko, &second, &jun).await.problem(409, "away");
    assert!(refused["detail"].as_str().unwrap().contains("Jun is away"), "{refused}");
    let handoffs = aiko.get(&house, &second).send().await.json()["handoffs"].clone();
    assert_eq!(handoffs, json!([]), "nothing was passed on");
    let next = jun.post(&house, "/v1/desk/next").send().await.problem(409, "away");
    assert!(next["detail"].as_str().unwrap().contains("Come back"), "{next}");
    assert_eq!(jun.get(&house, "/v1/staff/me").send().await.json()["away"], true);
    // Back again, at another screen of theirs or this one.
    away(&house, &jun, false).await;
    assert_eq!(pass(&house, &aiko, &second, &jun).await.status, 200);
    row_until(&house, &aiko, &second, |row| offered_to(row) == "Jun").await;
    assert_eq!(jun.post(&house, "/v1/desk/next").send().await.status, 200);
    jun.post(&house, "/v1/desk/availability").json(&json!({})).send().await.problem(400, "field_missing");
}

#[tokio::test]
async fn going_away_while_something_is_offered_never_leaves_an_offer() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    for _ in 0..6 {
        let conversation = opened(&house).await;
        let name = conversation.rsplit('/').next().unwrap();
        away(&house, &jun, false).await;
        let (passed, ()) = tokio::join!(pass(&house, &aiko, &conversation, &jun), away(&house, &jun, true));
        assert!(matches!(passed.status, 200 | 409), "{}", passed.text());
        // Read from the log, not from a view: the offer has ended, or there never was one.
        let whole = house.service.case(&patchbay_core::id::ConversationId::parse(name).unwrap()).await.unwrap();
        assert_eq!(whole.offered_to, None, "{}", passed.text());
    }
}

#[tokio::test]
async fn all_screens_of_somebody_hear_it_and_an_away_one_hears_no_bell() {
    let house = House::new().await;
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let jun = Agent::new(&house, "Jun", &[Role::Agent]).await;
    let (mut one, mut other) = (follow(&house, &jun).await, follow(&house, &jun).await);
    for live in [&mut one, &mut other] {
        assert_eq!(find(live, |event| event.kind == "availability").await.data["away"], false);
    }
    away(&house, &jun, true).await;
    for live in [&mut one, &mut other] {
        assert_eq!(find(live, |event| event.kind == "availability").await.data["away"], true);
    }
    let conversation = opened(&house).await;
    let offer = json!({ "queue": "default", "note": "for anybody" });
    let passed = aiko.post(&house, &format!("{conversation}/transfer")).json(&offer).send().await;
    assert_eq!(passed.status, 200, "{}", passed.text());
    // The row is told, and the bell that stands beside it for everybody else is not: the next thing that rings is after coming back.
    find(&mut one, |event| {
        assert_ne!(event.kind, "bell");
        event.kind == "row" && event.data["state"] == "waiting"
    })
    .await;
    away(&house, &jun, false).await;
    find(&mut one, |event| {
        assert_ne!(event.kind, "bell");
        event.kind == "availability"
    })
    .await;
    let again = opened(&house).await;
    assert_eq!(aiko.post(&house, &format!("{again}/transfer")).json(&offer).send().await.status, 200);
    find(&mut one, |event| event.kind == "bell").await;
}
