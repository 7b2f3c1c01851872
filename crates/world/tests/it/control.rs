//! The control door: ledger, reset, faults and clock.

use patchbay_world::ServiceName::Orders;
use patchbay_world::{Clock, World, WorldOptions};
use serde_json::{Value, json};

use crate::client::{Company, Reply, send};

async fn control(company: &Company, method: &str, path: &str, body: &str) -> Reply {
    send(method, &format!("{}/_control/{path}", company.world.control_url()), &[], body).await.unwrap()
}

#[tokio::test]
async fn shows_the_ledger_and_goes_back_to_the_seed() {
    let company = Company::start().await;
    let before = company.get(Orders, "/orders/12345").await.json();
    company.write(Orders, "POST", "/orders/12345/cancel", json!({ "reason": "too_slow" })).await;
    company.write(Orders, "PUT", "/orders/12288/delivery-instructions", json!({ "instructions": "ring" })).await;
    let ledger = control(&company, "GET", "ledger", "").await.json();
    assert_eq!(ledger["entries"].as_array().map(Vec::len), Some(2));
    assert_eq!(ledger["entries"][0]["operation"], "cancelOrder");
    let later = control(&company, "GET", "ledger?after=1", "").await.json();
    assert_eq!(later["entries"][0]["number"], 2);

    assert_eq!(control(&company, "POST", "reset", "").await.status, 204);
    assert_eq!(company.get(Orders, "/orders/12345").await.json(), before);
    assert_eq!(control(&company, "GET", "ledger", "").await.json(), json!({ "entries": [] }));
}

#[tokio::test]
async fn sets_lists_and_removes_faults() {
    let company = Company::start().await;
    let fault = r#"{"service":"orders","operation":"getOrder","calls":2,"kind":{"error":{"status":503,"percent":100}}}"#;
    let id = control(&company, "POST", "faults", fault).await.json()["id"].to_string();
    assert_eq!(company.get(Orders, "/orders/12345").await.status, 503);
    let listed = control(&company, "GET", "faults", "").await.json();
    assert_eq!(listed["faults"][0]["fault"]["calls"], 1);
    assert_eq!(control(&company, "DELETE", &format!("faults/{id}"), "").await.status, 204);
    assert_eq!(company.get(Orders, "/orders/12345").await.status, 200);
    assert_eq!(control(&company, "DELETE", "faults/99", "").await.status, 404);

    control(&company, "POST", "faults", r#"{"kind":"hang"}"#).await;
    assert_eq!(control(&company, "DELETE", "faults", "").await.status, 204);
    assert_eq!(control(&company, "GET", "faults", "").await.json(), json!({ "faults": [] }));
    for wrong in [r#"{"kind":"explode"}"#, r#"{"kind":"hang","servcie":"orders"}"#, "{}"] {
        assert_eq!(control(&company, "POST", "faults", wrong).await.status, 400, "{wrong}");
    }
    let typo = control(&company, "POST", "faults", r#"{"service":"order","kind":"hang"}"#).await;
    assert_eq!((typo.status, typo.code().as_str()), (422, "fault_invalid"));
}

#[tokio::test]
async fn moves_the_clock() {
    let company = Company::start().await;
    let now = control(&company, "POST", "clock", r#"{"advance_ms":3600000}"#).await.json()["now"].clone();
    assert!(now.as_str().unwrap().starts_with("2026-11-20T11:00"), "{now}");
}

#[tokio::test]
async fn stops_gently_and_starts_again_on_the_ports_it_prefers() {
    let clock = Clock::starting_at("2026-11-20T10:00:00Z".parse().unwrap());
    let first = World::start(WorldOptions::with_clock(clock.clone())).await.unwrap();
    let url = first.endpoint(Orders).url.clone();
    let taken: u16 = url.rsplit_once(':').unwrap().1.parse().unwrap();
    let prefers_taken = WorldOptions { control_port: Some(taken), ..WorldOptions::with_clock(clock) };
    let second = World::start(prefers_taken.clone()).await.unwrap();
    assert_ne!(second.control_url(), url, "a taken port becomes a free one");
    first.stop().await;
    assert!(send("GET", &format!("{url}/openapi.json"), &[], "").await.is_err());
    let third = World::start(prefers_taken).await.unwrap();
    assert_eq!(third.control_url(), url);
}

#[tokio::test]
async fn two_worlds_of_the_same_day_are_the_same() {
    let (one, two) = (Company::start().await, Company::start().await);
    let read = async |company: &Company| -> Value { company.get(Orders, "/orders/12288").await.json() };
    assert_eq!(read(&one).await, read(&two).await);
}
