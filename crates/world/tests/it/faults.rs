//! Every fault does what it says, and only where it was asked to.

use std::time::{Duration, Instant};

use patchbay_world::ServiceName::{Crm, Orders};
use patchbay_world::{Fault, FaultKind, Garbage};
use serde_json::{Value, json};

use crate::client::{Company, Reply};

const ORDER: &str = "/orders/12345";

async fn struck(kind: FaultKind) -> (Company, Reply) {
    let company = Company::start().await;
    company.world.panel().faults().place(Fault::of("orders", kind).operation("getOrder").calls(1)).unwrap();
    let reply = company.get(Orders, ORDER).await;
    assert_eq!(company.get(Orders, ORDER).await.json()["id"], "12345", "one call was struck, the next is healthy");
    (company, reply)
}

#[tokio::test]
async fn delay() {
    let started = Instant::now();
    let (_company, reply) = struck(FaultKind::Delay { ms: 120 }).await;
    assert_eq!(reply.status, 200);
    assert!(started.elapsed() >= Duration::from_millis(120));
}

#[tokio::test]
async fn errors_come_in_the_same_share_and_order_every_time() {
    let run = async || {
        let company = Company::start().await;
        company.world.panel().faults().place(Fault::of("crm", FaultKind::Error { status: 503, percent: 40 })).unwrap();
        let mut statuses = Vec::new();
        for _ in 0..30 {
            statuses.push(company.get(Crm, "/customers/mika").await.status);
        }
        statuses
    };
    let statuses = run().await;
    assert_eq!(statuses, run().await);
    assert!(statuses.contains(&200) && statuses.contains(&503));
}

#[tokio::test]
async fn rate_limited() {
    let (_company, reply) = struck(FaultKind::RateLimited { retry_after_s: 3_600 }).await;
    assert_eq!((reply.status, reply.header("retry-after"), reply.code().as_str()), (429, "3600", "rate_limited"));
}

#[tokio::test]
async fn stale_read() {
    let company = Company::start().await;
    company.world.panel().faults().place(Fault::of("orders", FaultKind::StaleRead)).unwrap();
    company.write(Orders, "POST", "/orders/12345/cancel", json!({ "reason": "too_slow" })).await;
    assert_eq!(company.get(Orders, ORDER).await.json()["status"], "paid");
    company.world.panel().faults().clear();
    assert_eq!(company.get(Orders, ORDER).await.json()["status"], "cancelled");
}

#[tokio::test]
async fn commit_then_drop() {
    let company = Company::start().await;
    company.world.panel().faults().place(Fault::of("orders", FaultKind::CommitThenDrop).operation("cancelOrder").calls(1)).unwrap();
    let key = [("idempotency-key", "k")];
    let body = json!({ "reason": "too_slow" });
    let lost = company.try_call(Orders, "POST", "/orders/12345/cancel", &key, &body).await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(company.effects(), ["cancelOrder"]);
    let again = company.try_call(Orders, "POST", "/orders/12345/cancel", &key, &body).await.unwrap();
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(company.effects(), ["cancelOrder"]);
}

#[tokio::test]
async fn garbage() {
    let (_company, page) = struck(FaultKind::Garbage(Garbage::Html)).await;
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    let (_company, cut) = struck(FaultKind::Garbage(Garbage::CutJson)).await;
    assert_eq!((cut.status, cut.header("content-type")), (200, "application/json"));
    assert!(cut.text().starts_with(r#"{"id":"12345""#));
    assert!(serde_json::from_slice::<Value>(&cut.body).is_err());
}

#[tokio::test]
async fn hang() {
    let company = Company::start().await;
    company.world.panel().faults().place(Fault::of("orders", FaultKind::Hang).path("/orders/12345").calls(1)).unwrap();
    let asked = tokio::time::timeout(Duration::from_millis(200), company.get(Orders, ORDER)).await;
    assert!(asked.is_err(), "no answer");
    assert_eq!(company.get(Orders, ORDER).await.status, 200);
    company.world.stop().await;
}

#[tokio::test]
async fn too_large() {
    let (_company, reply) = struck(FaultKind::TooLarge { bytes: 3 * 1024 * 1024 }).await;
    assert!(reply.body.len() >= 3 * 1024 * 1024);
    assert_eq!(reply.header("content-length"), "", "it does not say how large");
    assert!(reply.json()["filler"].is_string());
}

#[tokio::test]
async fn redirect() {
    let (_company, reply) = struck(FaultKind::Redirect { to: "http://127.0.0.1:9/private".to_owned() }).await;
    assert_eq!((reply.status, reply.header("location")), (302, "http://127.0.0.1:9/private"));
}

#[tokio::test]
async fn changed_answers() {
    let field = |name: &str| name.to_owned();
    let (_company, reply) = struck(FaultKind::WrongType { field: field("price") }).await;
    assert!(reply.json()["items"][0]["price"].as_str().unwrap().starts_with("about "), "{}", reply.text());
    let (_company, reply) = struck(FaultKind::MissingField { field: field("status") }).await;
    assert!(reply.json().get("status").is_none() && reply.json().get("id").is_some());
    let (_company, reply) = struck(FaultKind::ChangedField { field: field("status"), value: json!("teleported") }).await;
    assert_eq!(reply.json()["status"], "teleported");
    let (_company, reply) = struck(FaultKind::ChangedField { field: field("customer_id"), value: Value::Null }).await;
    assert!(reply.json()["customer_id"].is_null());
    let (_company, reply) = struck(FaultKind::AsList).await;
    assert_eq!(reply.json().as_array().map(Vec::len), Some(2));

    let company = Company::start().await;
    company.world.panel().faults().place(Fault::of("crm", FaultKind::MissingField { field: field("email") })).unwrap();
    let inside = company.get(Crm, "/customers/mika").await.json();
    assert!(inside["result"].get("email").is_none() && inside["result"]["id"] == "mika", "inside the envelope: {inside}");
}

#[tokio::test]
async fn foreign_record() {
    let (company, reply) = struck(FaultKind::ForeignRecord).await;
    assert_eq!(reply.status, 200);
    assert_ne!(reply.json()["customer_id"], "mika");
    company.world.panel().faults().place(Fault::of("crm", FaultKind::ForeignRecord)).unwrap();
    assert_ne!(company.get(Crm, "/customers/mika").await.json()["result"]["id"], "mika");
}

#[tokio::test]
async fn faults_add_up_and_spare_documents_and_tokens() {
    let company = Company::start().await;
    let faults = company.world.panel().faults();
    faults.place(Fault::of("orders", FaultKind::Delay { ms: 50 })).unwrap();
    faults.place(Fault::of("orders", FaultKind::Error { status: 500, percent: 100 })).unwrap();
    let started = Instant::now();
    assert_eq!(company.get(Orders, ORDER).await.status, 500, "the token could still be fetched");
    assert!(started.elapsed() >= Duration::from_millis(50));
    assert_eq!(company.get(Orders, "/openapi.json").await.status, 200);
    assert_eq!(company.get(Crm, "/customers/mika").await.status, 200);
}
