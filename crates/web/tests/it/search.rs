//! Looking through what was said at the desk: words, phrases, filters, going on, who may.

use super::house::{House, host_token};
use super::staff::Agent;
use patchbay_core::log::Subject;
use patchbay_core::words::Role;
use serde_json::{Value, json};
use std::time::Duration;

struct Words {
    house: House,
    lead: Agent,
    mikas: String,
    bobs: String,
}

impl Words {
    /// Mika and Bob have said something.
    async fn new() -> Self {
        let house = House::new().await;
        let lead = Agent::new(&house, "Aiko", &[Role::Lead]).await;
        let opens = async |customer: &str, texts: &[&str]| {
            let opened = house.post("/v1/conversations").host(&host_token(customer)).send().await;
            let path = opened.header("location").unwrap().to_owned();
            for text in texts {
                let messages = house.post(&format!("{path}/messages")).host(&host_token(customer)).header("Prefer", "wait=30");
                assert_eq!(messages.json(&json!({ "text": text })).send().await.status, 200);
            }
            path.trim_start_matches("/v1/conversations/").to_owned()
        };
        let mikas = opens("mika", &["Good day. My Café order is late! What now?", "it is far too late"]).await;
        let bobs = opens("bob", &["is the cafe open late?", "cancel it"]).await;
        let words = Self { house, lead, mikas, bobs };
        // Views follow the log a moment later.
        words.until("", |found| found["data"].as_array().unwrap().len() >= 8).await;
        words
    }

    async fn finds(&self, query: &str) -> Value {
        let answer = self.lead.get(&self.house, &format!("/v1/desk/search?{query}")).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    async fn until(&self, query: &str, so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..1_500 {
            let found = self.finds(query).await;
            if so(&found) {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("it was not found: {}", self.finds(query).await);
    }

    /// The conversations in which something is found, newest words first.
    async fn where_is(&self, query: &str) -> Vec<String> {
        let found = self.finds(query).await;
        found["data"].as_array().unwrap().iter().map(|hit| hit["conversation"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn words_are_found_newest_first_whatever_their_case_and_accents() {
    let words = Words::new().await;
    let found = words.finds("q=LATE%20cafe").await;
    let hits = found["data"].as_array().unwrap();
    assert_eq!(hits.len(), 2, "{found}");
    assert_eq!((&hits[0]["conversation"], &hits[1]["conversation"]), (&json!(words.bobs), &json!(words.mikas)));
    assert_eq!(
        (&hits[1]["text"], &hits[1]["marks"], &hits[1]["cut"]),
        (&json!("My Café order is late!"), &json!([[3, 7], [17, 21]]), &json!(true))
    );
    assert_eq!((&hits[1]["who"], &hits[1]["channel"]), (&json!("customer"), &json!("web")), "{}", hits[1]);
    assert_eq!((&found["searched"]["done"], &found["next"]), (&json!(true), &Value::Null));
    assert!(found["searched"]["messages"].as_u64().unwrap() >= 8 && !found["searched"]["back_to"].is_null());
    assert_eq!(words.where_is("q=%22far%20too%20late%22").await, std::slice::from_ref(&words.mikas));
    assert_eq!(words.where_is("q=%22too%20far%22").await, Vec::<String>::new());
    assert_eq!(words.where_is("q=afe").await, Vec::<String>::new(), "words begin where they begin");
}

#[tokio::test]
async fn filters_narrow_and_a_look_goes_on_where_the_one_before_ended() {
    let words = Words::new().await;
    for (query, hits) in [
        ("who=customer", 4),
        ("who=customer&q=late", 3),
        ("who=agent", 0),
        ("channel=web&who=customer", 4),
        ("channel=mail", 0),
        ("from=2026-11-20&to=2026-11-20&who=customer", 4),
        ("to=2026-11-19", 0),
        ("from=2026-11-21", 0),
        ("reason=frustrated", 0),
        ("topic=cancel_order", 0),
        ("feeling_below=-999", 0),
        ("outcome=verified", 0),
    ] {
        assert_eq!(words.where_is(query).await.len(), hits, "{query}");
    }
    // One at a time is everything, once and in the same order.
    let all: Vec<Value> = words.finds("").await["data"].as_array().unwrap().clone();
    let (mut seen, mut after) = (Vec::new(), String::new());
    loop {
        let found = words.finds(&format!("limit=1&after={after}")).await;
        seen.extend(found["data"].as_array().unwrap().iter().cloned());
        match found["next"].as_str() {
            Some(next) => after = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(seen, all);
}

#[tokio::test]
async fn what_cannot_be_looked_for_says_so_and_only_some_may_look() {
    let words = Words::new().await;
    let look = async |agent: &Agent, query: &str| agent.get(&words.house, &format!("/v1/desk/search?{query}")).send().await;
    for query in ["from=yesterday", "outcome=good", "who=everybody", "feeling_below=-2000", "limit=0", &format!("q={}", "x".repeat(201))] {
        look(&words.lead, query).await.problem(400, "field_invalid");
    }
    look(&words.lead, "after=x").await.problem(400, "cursor_invalid");
    look(&words.lead, "words=late").await.problem(400, "field_unknown");
    let admin = Agent::new(&words.house, "Ada", &[Role::Admin]).await;
    look(&admin, "q=late").await.problem(403, "role_missing");
    for (name, role) in [("Eni", Role::Engineer), ("Omar", Role::Officer), ("Jun", Role::Agent)] {
        let member = Agent::new(&words.house, name, &[role]).await;
        assert_eq!(look(&member, "q=late").await.status, 200, "{name}");
    }
    words.house.get("/v1/desk/search?q=late").send().await.problem(401, "staff_required");
}

#[tokio::test]
async fn what_was_forgotten_is_found_by_nobody() {
    let words = Words::new().await;
    assert_eq!(words.where_is("q=late").await.len(), 3);
    words.house.log.forget(Subject(words.house.pseudonym("mika"))).await.unwrap();
    assert_eq!(words.where_is("q=late").await, std::slice::from_ref(&words.bobs));
}
