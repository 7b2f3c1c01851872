//! Canned replies through real sockets: who is offered which, live values with their sources, and what is not known stays open.

use super::client::Answer;
use super::house::{House, NOW, SHARED, host_token};
use super::staff::Agent;
use patchbay_config::{Memory, load_from};
use patchbay_core::Timestamp;
use patchbay_core::port::{Backends, CallFailure, CallOrder, Later, RawAnswer};
use patchbay_core::words::{CallOutcome, Role};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// A shop's system: Mika has some orders, 99999 is Bob's. It can be out of order.
struct Shop {
    mikas: Vec<&'static str>,
    down: AtomicBool,
    asked: Mutex<Vec<String>>,
}

impl Shop {
    fn answer(&self, order: &CallOrder) -> Value {
        let id = order.args.get("order_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        match order.operation.as_str() {
            "profile" => json!({ "customer": "mika", "name": "Mika" }),
            "orders" => {
                let orders: Vec<Value> = self.mikas.iter().map(|id| json!({ "id": id, "title": format!("Thing {id}") })).collect();
                json!({ "customer": "mika", "orders": orders })
            }
            _ => {
                let whose = if id == "99999" { "bob" } else { "mika" };
                let eta = (id != "12288").then_some("2026-11-24");
                json!({ "customer": whose, "id": id, "status": "on its way", "eta": eta, "total": 59.90, "margin": "a secret" })
            }
        }
    }
}

impl Backends for Shop {
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>> {
        self.asked.lock().unwrap().push(order.operation.clone());
        let down = self.down.load(Ordering::SeqCst) && order.operation == "order";
        let answer = RawAnswer { body: self.answer(&order), fetched_at: Timestamp(NOW * 1000), ms: 1, cached: false };
        let failure =
            CallFailure { outcome: CallOutcome::Unreachable, detail: "nobody answers".to_owned(), message: None, retry_after: None, ms: 1 };
        Box::pin(async move { if down { Err(failure) } else { Ok(answer) } })
    }
}

struct Desk {
    house: House,
    shop: Arc<Shop>,
    aiko: Agent,
    lena: Agent,
    conversation: String,
}

impl Desk {
    /// A shop where Mika has these orders and has said this, in this language.
    async fn new(orders: &[&'static str], language: &str, said: &str) -> Self {
        let files = Memory::new([("shop.yaml", include_str!("canned.yaml")), ("shop.json", "{}")]);
        let loaded =
            load_from(Path::new("shop.yaml"), &files, &|_| Some(SHARED.to_owned())).unwrap_or_else(|problems| panic!("{problems}"));
        let shop = Arc::new(Shop { mikas: orders.to_vec(), down: AtomicBool::new(false), asked: Mutex::default() });
        let house = House::of(loaded.company, shop.clone()).await;
        let aiko = Agent::new(&house, "Aiko", &[Role::Agent]).await;
        let lena = Agent::new(&house, "Lena", &[Role::Agent, Role::Lead]).await;
        let mika = host_token("mika");
        let opened = house.post("/v1/conversations").host(&mika).json(&json!({ "language": language })).send().await;
        let address = opened.header("location").unwrap_or_else(|| panic!("{}", opened.text())).to_owned();
        let message = house.post(&format!("{address}/messages")).host(&mika).header("Prefer", "wait=10").json(&json!({ "text": said }));
        let answer = message.send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        Self { house, shop, aiko, lena, conversation: address.trim_start_matches("/v1/conversations/").to_owned() }
    }

    fn at(&self, rest: &str) -> String {
        format!("/v1/desk/conversations/{}/{rest}", self.conversation)
    }

    async fn offered(&self, agent: &Agent, query: &str) -> Vec<String> {
        let answer = agent.get(&self.house, &self.at(&format!("replies{query}"))).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["data"].as_array().unwrap().iter().map(|one| one["shortcode"].as_str().unwrap().to_owned()).collect()
    }

    async fn post(&self, what: &str, body: Value) -> Answer {
        self.aiko.post(&self.house, &self.at(what)).json(&body).send().await
    }

    /// A reply as it is filled in for Aiko.
    async fn filled(&self, shortcode: &str, body: Value) -> Value {
        let answer = self.post(&format!("replies/{shortcode}"), body).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    fn asked(&self, operation: &str) -> usize {
        self.shop.asked.lock().unwrap().iter().filter(|one| *one == operation).count()
    }
}

#[tokio::test]
async fn only_replies_for_this_queue_and_this_person_are_offered() {
    let desk = Desk::new(&["12345"], "en", "hello").await;
    assert_eq!(desk.offered(&desk.aiko, "").await, ["eta", "note", "status"]);
    assert_eq!(desk.offered(&desk.lena, "").await, ["eta", "goodwill", "note", "status"]);
    assert_eq!(desk.offered(&desk.aiko, "?q=sta").await, ["status"]);
    // Titles and words are looked through as well; a shortcode that begins so comes first.
    assert_eq!(desk.offered(&desk.aiko, "?q=COMES").await, ["eta"]);
    assert_eq!(desk.offered(&desk.aiko, "?q=note").await, ["note"]);
    assert_eq!(desk.offered(&desk.aiko, "?q=nothing%20like%20it").await, Vec::<String>::new());
    let first = desk.aiko.get(&desk.house, &desk.at("replies?q=status")).send().await.json()["data"][0].clone();
    assert_eq!(first, json!({ "shortcode": "status", "title": "How far it is", "preview": "It is ⟦order status⟧." }));
    // What is not offered cannot be had by name either.
    desk.post("replies/goodwill", json!({})).await.problem(404, "not_found");
    desk.post("replies/apology", json!({})).await.problem(404, "not_found");
    desk.post("replies/nonsense", json!({})).await.problem(404, "not_found");
    desk.aiko.get(&desk.house, &desk.at("replies?colour=red")).send().await.problem(400, "field_unknown");
    assert_eq!(desk.asked("order"), 0, "a list asks no system");
    // A conversation that was passed to the other queue has that queue's replies.
    let passed = desk.post("transfer", json!({ "queue": "seniors", "note": "an apology is due" })).await;
    assert_eq!(passed.status, 200, "{}", passed.text());
    assert_eq!(desk.offered(&desk.aiko, "").await, ["apology", "eta", "note", "status"]);
}

#[tokio::test]
async fn values_are_read_live_with_their_source_and_stand_in_the_log() {
    let desk = Desk::new(&["12345"], "en", "do order order_id=12345").await;
    let before = desk.asked("order");
    let filled = desk.filled("eta", json!({})).await;
    assert_eq!(filled["text"], "Hello Mika, order 12345 (€59.90) comes on 24 November. Aiko, Example Shop");
    assert_eq!((&filled["open"], &filled["choices"], &filled["about"]), (&json!([]), &json!([]), &json!({ "order_id": "12345" })));
    let eta = filled["values"].as_array().unwrap().iter().find(|value| value["name"] == "order.eta").unwrap().clone();
    assert_eq!(
        eta,
        json!({ "name": "order.eta", "label": "Eta", "text": "24 November", "source": "shop", "fetched_at": "2026-11-20T14:00:00.000Z" })
    );
    let agent = filled["values"].as_array().unwrap().iter().find(|value| value["name"] == "agent.name").unwrap().clone();
    assert_eq!(agent["source"], Value::Null);
    assert_eq!(desk.asked("order"), before + 1, "it was read now, once for all its values");
    assert!(!filled.to_string().contains("a secret"), "what is not selected cannot be had");
    // The reading is on record like every other, and the customer has heard nothing of it.
    let cards = desk.aiko.get(&desk.house, &desk.at("cards")).send().await.json();
    assert!(cards["data"].as_array().unwrap().iter().any(|card| card["tool"] == "order"), "{cards}");
    let seen = desk.house.get(&format!("/v1/conversations/{}", desk.conversation)).host(&host_token("mika")).send().await.text();
    assert!(!seen.contains("24 November"), "nothing sends a reply by itself");
}

#[tokio::test]
async fn the_words_are_in_the_customers_language() {
    let desk = Desk::new(&["12345"], "de-AT", "do order order_id=12345").await;
    let filled = desk.filled("eta", json!({})).await;
    assert_eq!((&filled["language"], &filled["text"]), (&json!("de"), &json!("Hallo Mika, Ihre Bestellung 12345 kommt am 2026-11-24.")));
}

#[tokio::test]
async fn where_several_orders_could_be_meant_the_agent_chooses() {
    let desk = Desk::new(&["12345", "12288"], "en", "hello").await;
    let filled = desk.filled("status", json!({})).await;
    assert_eq!(filled["text"], "It is ⟦order status⟧.");
    assert_eq!((&filled["open"][0]["mark"], &filled["open"][0]["why"]), (&json!("⟦order status⟧"), &json!("several")));
    let options = json!([{ "value": "12345", "label": "12345 · Thing 12345" }, { "value": "12288", "label": "12288 · Thing 12288" }]);
    assert_eq!(filled["choices"], json!([{ "arg": "order_id", "label": "Order id", "options": options }]));
    assert_eq!(desk.asked("order"), 0, "none was guessed");
    let chosen = desk.filled("status", json!({ "with": { "order_id": "12288" } })).await;
    assert_eq!((&chosen["text"], &chosen["about"]), (&json!("It is on its way."), &json!({ "order_id": "12288" })));
    // From now on the conversation speaks of that one. It has no date, and says so.
    let eta = desk.filled("eta", json!({})).await;
    assert!(eta["text"].as_str().unwrap().contains("order 12288 (€59.90) comes on ⟦order eta⟧."), "{eta}");
    assert_eq!(eta["open"][0]["why"], "absent");
}

#[tokio::test]
async fn somebody_elses_record_looks_like_none_and_identity_cannot_be_chosen() {
    let desk = Desk::new(&["12345", "12288"], "en", "hello").await;
    let foreign = desk.filled("status", json!({ "with": { "order_id": "99999" } })).await;
    assert_eq!((&foreign["text"], &foreign["open"][0]["why"]), (&json!("It is ⟦order status⟧."), &json!("not_found")));
    let unasked = desk.post("replies/status", json!({ "with": { "customer": "bob" } })).await.problem(400, "field_invalid");
    assert!(unasked["detail"].as_str().unwrap().contains("it asks for order_id"), "{unasked}");
    desk.post("replies/status", json!({ "customer": "bob" })).await.problem(400, "field_unknown");
    // What takes more proof than the customer has given stays open.
    let note = desk.filled("note", json!({})).await;
    assert_eq!((&note["text"], &note["open"][0]["why"]), (&json!("It says: ⟦secret note words⟧"), &json!("needs_step_up")));
    assert_eq!(desk.asked("note"), 0);
}

#[tokio::test]
async fn a_system_that_is_down_leaves_a_mark_and_a_mark_is_never_sent() {
    let desk = Desk::new(&["12345"], "en", "hello").await;
    desk.shop.down.store(true, Ordering::SeqCst);
    let filled = desk.filled("eta", json!({})).await;
    let text = filled["text"].as_str().unwrap();
    assert_eq!(text, "Hello Mika, order ⟦order id⟧ (⟦order total⟧) comes on ⟦order eta⟧. Aiko, Example Shop");
    assert_eq!(filled["open"].as_array().unwrap().len(), 3);
    assert_eq!((&filled["open"][0]["why"], &filled["open"][0]["name"]), (&json!("unreachable"), &json!("order.id")));
    let refused = desk.post("reply", json!({ "text": text })).await.problem(400, "field_invalid");
    assert!(refused["detail"].as_str().unwrap().contains("⟦order id⟧"), "{refused}");
    let seen = desk.house.get(&format!("/v1/conversations/{}", desk.conversation)).host(&host_token("mika")).send().await.text();
    assert!(!seen.contains('⟦'));
    // In a note it may stand, and once it is found out the reply goes.
    assert_eq!(desk.post("note", json!({ "text": text })).await.status, 201);
    desk.shop.down.store(false, Ordering::SeqCst);
    let again = desk.filled("eta", json!({})).await["text"].as_str().unwrap().to_owned();
    assert_eq!(desk.post("reply", json!({ "text": again })).await.status, 201);
}
