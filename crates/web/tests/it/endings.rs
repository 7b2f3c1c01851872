//! The life of a conversation: resolved, reopened, closed, followed by another, merged, erased (row 25 of the promises).

use super::client::Answer;
use super::house::{House, NOW, SHARED, host_token, host_token_with};
use super::staff::Agent;
use patchbay_core::log::Subject;
use patchbay_core::words::Role;
use serde_json::{Value, json};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3600);

/// A customer whose sign-in is always fresh.
struct Mika<'h> {
    house: &'h House,
}

impl Mika<'_> {
    fn token(&self) -> String {
        let now = patchbay_core::Clock::now(&*self.house.watch).0 / 1000;
        host_token_with(&json!({ "sub": "mika", "aud": "patchbay", "iat": now - 10, "exp": now + 3600 }), SHARED)
    }

    async fn opens(&self) -> String {
        let opened = self.house.post("/v1/conversations").host(&self.token()).send().await;
        opened.json()["id"].as_str().unwrap().to_owned()
    }

    /// Says something; the answer, whatever it is.
    async fn says(&self, conversation: &str, text: &str, id: &str) -> Answer {
        let messages = self.house.post(&format!("/v1/conversations/{conversation}/messages")).host(&self.token());
        messages.header("Prefer", "wait=30").json(&json!({ "text": text, "id": id })).send().await
    }

    async fn reads(&self, conversation: &str) -> Value {
        self.house.get(&format!("/v1/conversations/{conversation}")).host(&self.token()).send().await.json()
    }
}

async fn post(house: &House, agent: &Agent, conversation: &str, what: &str, body: Value) -> Answer {
    agent.post(house, &format!("/v1/desk/conversations/{conversation}/{what}")).json(&body).send().await
}

/// Waits until the desk shows a conversation like this: views follow the log a moment later.
async fn shown(house: &House, agent: &Agent, conversation: &str, so: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1_500 {
        let whole = agent.get(house, &format!("/v1/desk/conversations/{conversation}")).send().await.json();
        if so(&whole) {
            return whole;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the desk does not show it: {}", agent.get(house, &format!("/v1/desk/conversations/{conversation}")).send().await.text());
}

#[tokio::test]
async fn a_resolved_conversation_reopens_for_a_while_and_is_followed_by_another_then() {
    let house = House::new().await;
    let mika = Mika { house: &house };
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let conversation = mika.opens().await;
    assert_eq!(mika.says(&conversation, "hello", "m1").await.status, 200);
    assert_eq!(post(&house, &aiko, &conversation, "resolve", json!({})).await.status, 200);
    house.watch.advance(71 * HOUR);
    assert_eq!(mika.says(&conversation, "one more thing", "m2").await.json()["status"], "answered");
    assert_eq!(mika.reads(&conversation).await["state"], "bot");

    let aiko = Agent::new(&house, "Aiko again", &[Role::Agent]).await;
    assert_eq!(post(&house, &aiko, &conversation, "resolve", json!({})).await.status, 200);
    house.watch.advance(72 * HOUR);
    let problem = mika.says(&conversation, "and now?", "m3").await.problem(409, "conversation_closed");
    let successor = problem["successor"].as_str().unwrap().to_owned();
    assert_ne!(successor, conversation);
    // What was accepted before is still answered in the same way, and nothing else is taken.
    let replayed = mika.says(&conversation, "one more thing", "m2").await;
    assert_eq!((replayed.status, replayed.header("idempotent-replayed")), (200, Some("true")));
    let person = house.post(&format!("/v1/conversations/{conversation}/person")).host(&mika.token()).send().await;
    assert_eq!(person.problem(409, "conversation_closed")["successor"], json!(successor), "one follows, not two");

    assert_eq!(mika.says(&successor, "and now?", "m3").await.json()["status"], "answered");
    assert_eq!(mika.reads(&conversation).await["ended"], json!({ "why": "closed", "successor": successor }));
    let followed = mika.reads(&successor).await;
    assert_eq!((&followed["earlier"], &followed["ended"]), (&json!(conversation), &Value::Null));
    house.get(&format!("/v1/conversations/{successor}")).host(&host_token("bob")).send().await;

    let aiko = Agent::new(&house, "Aiko for the third time", &[Role::Agent]).await;
    let whole = shown(&house, &aiko, &conversation, |whole| whole["row"]["closed"] == true).await;
    assert_eq!((&whole["row"]["successor"], &whole["may"]), (&json!(successor), &json!(["note"])));
    for (what, body) in [("reply", json!({ "text": "Hello?" })), ("reopen", json!({})), ("take", json!({}))] {
        let late = post(&house, &aiko, &conversation, what, body).await.problem(409, "conversation_closed");
        assert_eq!(late["successor"], json!(successor), "{what}");
    }
    assert_eq!(post(&house, &aiko, &conversation, "note", json!({ "text": "called back" })).await.status, 201);
    shown(&house, &aiko, &successor, |whole| whole["row"]["earlier"] == json!(conversation)).await;
}

#[tokio::test]
async fn a_conversation_closes_by_itself_and_tells_whoever_follows_it() {
    let house = House::new().await;
    let mika = Mika { house: &house };
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let conversation = mika.opens().await;
    mika.says(&conversation, "hello", "m1").await;
    assert_eq!(post(&house, &aiko, &conversation, "resolve", json!({})).await.status, 200);
    house.watch.advance(72 * HOUR);
    let events = house.get(&format!("/v1/conversations/{conversation}/events")).host(&mika.token()).follow().await.ok().unwrap();
    let mut live = events;
    let ended = live.until("ended").await.pop().unwrap();
    assert_eq!((&ended.data["why"], &ended.data["successor"]), (&json!("closed"), &Value::Null));
    assert!(ended.id.is_some());
    let problem = mika.says(&conversation, "hello again", "m2").await.problem(409, "conversation_closed");
    let ended = live.until("ended").await.pop().unwrap();
    assert_eq!(ended.data["successor"], problem["successor"]);
    // To anybody else there is no such conversation, closed or not.
    let bob = host_token_with(&json!({ "sub": "bob", "aud": "patchbay", "iat": NOW + 72 * 3600, "exp": NOW + 80 * 3600 }), SHARED);
    let other = house.post(&format!("/v1/conversations/{conversation}/messages")).host(&bob).json(&json!({ "text": "hi" })).send().await;
    assert_eq!(other.problem(404, "not_found").get("successor"), None);
}

#[tokio::test]
async fn whoever_was_forgotten_finds_their_conversation_erased() {
    let house = House::new().await;
    let mika = Mika { house: &house };
    let conversation = mika.opens().await;
    assert_eq!(mika.says(&conversation, "hello", "m1").await.status, 200);
    let row = mika.reads(&conversation).await;
    assert_eq!(row["lines"][0]["text"], "hello");
    house.log.forget(Subject(house.pseudonym("mika"))).await.unwrap();
    mika.says(&conversation, "are you there?", "m2").await.problem(410, "conversation_erased");
    let next = mika.opens().await;
    assert_eq!(mika.says(&next, "hello", "m1").await.status, 200);
}

#[tokio::test]
async fn two_conversations_become_one_at_the_desk_and_two_again() {
    let house = House::new().await;
    let mika = Mika { house: &house };
    let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let (one, other) = (mika.opens().await, mika.opens().await);
    mika.says(&one, "first thing", "m1").await;
    mika.says(&other, "second thing", "m2").await;
    let waits = house.post(&format!("/v1/conversations/{one}/person")).host(&mika.token()).send().await;
    assert!(waits.status < 300, "{}", waits.text());
    let before = shown(&house, &aiko, &one, |whole| whole["row"]["state"] == "waiting").await;
    assert!(before["may"].as_array().unwrap().contains(&json!("merge")));
    let mut live = house.get(&format!("/v1/conversations/{one}/events")).host(&mika.token()).follow().await.ok().unwrap();

    let row = post(&house, &aiko, &one, "merge", json!({ "into": other })).await;
    assert_eq!((row.status, &row.json()["merged_into"]), (200, &json!(other)), "{}", row.text());
    let ended = live.until("ended").await.pop().unwrap();
    assert_eq!((&ended.data["why"], &ended.data["successor"]), (&json!("merged"), &json!(other)));
    assert_eq!(mika.says(&one, "hello?", "m3").await.problem(409, "conversation_closed")["successor"], json!(other));
    let whole = shown(&house, &aiko, &other, |whole| whole["merged"].as_array().is_some_and(|merged| merged.len() == 1)).await;
    let merged = &whole["merged"][0];
    assert_eq!((&merged["conversation"], &merged["by"]["name"]), (&json!(one), &json!("Aiko")));
    assert_eq!(merged["lines"][0]["text"], "first thing", "both histories can be read as one: {merged}");
    let queue = aiko.get(&house, "/v1/desk/queue?list=waiting").send().await.json();
    assert_eq!((queue["data"].as_array().unwrap().len(), &queue["counts"]["waiting"]), (0, &json!(0)), "nobody waits in it: {queue}");
    let whole = shown(&house, &aiko, &one, |whole| whole["may"] == json!(["note", "unmerge"])).await;
    assert_eq!(whole["row"]["state"], "waiting", "it stays what it was");
    post(&house, &aiko, &one, "take", json!({})).await.problem(409, "conversation_closed");

    let row = post(&house, &aiko, &one, "unmerge", json!({})).await.json();
    assert_eq!((&row["merged_into"], &row["state"], &row["wait_since"]), (&Value::Null, &json!("waiting"), &before["row"]["wait_since"]));
    assert_eq!(live.until("state").await.pop().unwrap().data["state"], "waiting");
    let queue = aiko.get(&house, "/v1/desk/queue?list=waiting").send().await.json();
    assert_eq!(queue["data"][0]["conversation"], json!(one));
    post(&house, &aiko, &one, "unmerge", json!({})).await.problem(409, "not_merged");
    assert!(mika.says(&one, "hello?", "m4").await.status < 300);

    // Somebody else's is answered like none, whichever side it stands on.
    let bobs = house.post("/v1/conversations").host(&host_token("bob")).send().await.json()["id"].as_str().unwrap().to_owned();
    let foreign = post(&house, &aiko, &one, "merge", json!({ "into": bobs })).await.problem(404, "not_found");
    let unknown = post(&house, &aiko, &one, "merge", json!({ "into": "cnv_00000000000000000000000000" })).await.problem(404, "not_found");
    assert_eq!(foreign["detail"], unknown["detail"]);
    post(&house, &aiko, &bobs, "merge", json!({ "into": one })).await.problem(404, "not_found");
    post(&house, &aiko, &one, "merge", json!({ "into": one })).await.problem(400, "field_invalid");
}
