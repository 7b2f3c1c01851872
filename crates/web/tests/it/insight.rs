//! The figures over HTTP: for leads, over conversations that have ended, each with the conversations behind it.

use super::house::House;
use super::staff::Agent;
use patchbay_core::words::Role;
use serde_json::{Value, json};
use std::time::Duration;

const ALL: &str = "/v1/insight/figures?from=2026-11-20&to=2026-11-21";

/// The figures, once they say this of themselves.
async fn until(house: &House, lead: &Agent, path: &str, done: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..500 {
        let answer = lead.get(house, path).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        if done(&answer.json()) {
            return answer.json();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it did not come to that: {}", lead.get(house, path).send().await.text());
}

fn figure<'a>(figures: &'a Value, name: &str) -> &'a Value {
    figures["figures"].as_array().unwrap().iter().find(|figure| figure["name"] == name).unwrap()
}

#[tokio::test]
async fn a_conversation_counts_once_it_has_ended_and_stands_behind_its_number() {
    let house = House::new().await;
    let lead = Agent::new(&house, "Lena", &[Role::Lead]).await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let messages = house.post(&format!("{conversation}/messages")).visitor(&visitor).header("Prefer", "wait=30");
    assert_eq!(messages.json(&json!({ "text": "hello" })).send().await.status, 200, "it is answered before it ends");

    let running = until(&house, &lead, ALL, |figures| figures["running"] == 1).await;
    assert_eq!((&figure(&running, "conversations")["n"], &figure(&running, "escalated")["value"]), (&json!(0), &Value::Null));

    house.watch.advance(Duration::from_secs(3 * 3600));
    let ended = |figures: &Value| figures["running"] == 0 && figure(figures, "outcomes")["parts"][0]["name"] == "unassisted";
    let figures = until(&house, &lead, ALL, ended).await;
    let unassisted = figure(&figures, "outcomes")["parts"].as_array().unwrap()[0].clone();
    assert_eq!((&unassisted["name"], &unassisted["count"], &unassisted["few"]), (&json!("unassisted"), &json!(1), &json!(true)));
    assert_eq!(figure(&figures, "durable")["n"], 0, "that it lasted can be said after 72 hours only");

    let rows = lead.get(&house, "/v1/insight/figures/outcomes/rows?part=unassisted&from=2026-11-20").send().await.json();
    assert_eq!((rows["data"].as_array().unwrap().len(), &rows["next"]), (1, &Value::Null));
    assert_eq!(rows["data"][0]["conversation"], conversation.trim_start_matches("/v1/conversations/"));
    let none = lead.get(&house, "/v1/insight/figures/verified/rows?from=2026-11-20").send().await.json();
    assert_eq!(none["data"], json!([]));

    let split = until(&house, &lead, &format!("{ALL}&by=channel"), |figures| figures["split"][0]["n"] == 1).await;
    assert_eq!((&split["split"][0]["name"], &split["split"][0]["n"]), (&json!("web"), &json!(1)));
}

#[tokio::test]
async fn figures_are_for_leads_and_defined_in_one_place() {
    let house = House::new().await;
    let agent = Agent::new(&house, "Aiko", &[Role::Agent]).await;
    let lead = Agent::new(&house, "Lena", &[Role::Lead]).await;
    for path in ["/v1/insight/figures", "/v1/insight/figures/csat/rows", "/v1/insight/definitions"] {
        house.get(path).send().await.problem(401, "staff_required");
        agent.get(&house, path).send().await.problem(403, "role_missing");
    }
    let dictionary = lead.get(&house, "/v1/insight/definitions").send().await.json();
    let names: Vec<&Value> = dictionary["data"].as_array().unwrap().iter().map(|entry| &entry["name"]).collect();
    let figures = until(&house, &lead, "/v1/insight/figures", |_| true).await;
    let shown: Vec<&Value> = figures["figures"].as_array().unwrap().iter().map(|figure| &figure["name"]).collect();
    assert_eq!(shown, names, "every number shown is in the dictionary, and the other way round");
}

#[tokio::test]
async fn what_cannot_be_meant_is_refused_in_words() {
    let house = House::new().await;
    let lead = Agent::new(&house, "Lena", &[Role::Lead]).await;
    let refused = async |query: &str, code: &str| {
        let status = if code == "not_found" { 404 } else { 400 };
        lead.get(&house, &format!("/v1/insight/figures{query}")).send().await.problem(status, code)["detail"].clone()
    };
    assert_eq!(refused("?from=soon", "field_invalid").await, "'soon' is no day like 2026-11-20");
    assert_eq!(refused("?by=mood", "field_invalid").await, "nothing is split by 'mood': write channel, language or topic");
    refused("?form=2026-11-20", "field_unknown").await;
    refused("/happiness/rows", "not_found").await;
    refused("/csat/rows?limit=0", "field_invalid").await;
}
