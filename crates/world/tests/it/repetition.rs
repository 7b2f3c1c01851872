//! Writes that come twice are done once, and the ledger tells effects from replays.

use patchbay_world::EntryKind;
use patchbay_world::ServiceName::{Billing, Orders};
use serde_json::json;

use crate::client::Company;

#[tokio::test]
async fn the_same_key_gets_the_first_answer_again() {
    let company = Company::start().await;
    let body = json!({ "reason": "ordered_by_mistake" });
    let key = [("idempotency-key", "op-1")];
    let first = company.try_call(Orders, "POST", "/orders/12345/cancel", &key, &body).await.unwrap();
    let second = company.try_call(Orders, "POST", "/orders/12345/cancel", &key, &body).await.unwrap();
    assert_eq!((first.status, second.status), (200, 200));
    assert_eq!(first.json(), second.json());
    assert_eq!((first.header("idempotent-replayed"), second.header("idempotent-replayed")), ("", "true"));

    let other = json!({ "reason": "too_slow" });
    let reused = company.try_call(Orders, "POST", "/orders/12345/cancel", &key, &other).await.unwrap();
    assert_eq!((reused.status, reused.code().as_str()), (409, "idempotency_key_reused"));

    let ledger = company.world.panel().ledger().entries();
    let kinds: Vec<_> = ledger.iter().map(|entry| (entry.number, entry.kind)).collect();
    assert_eq!(kinds, [(1, EntryKind::Effect), (2, EntryKind::Replay)]);
    let entry = &ledger[0];
    assert_eq!((entry.service, entry.operation, entry.object.as_str()), ("orders", "cancelOrder", "12345"));
    assert_eq!(entry.arguments, json!({ "order_id": "12345", "reason": "ordered_by_mistake" }));
    assert_eq!((entry.idempotency_key.as_deref(), entry.caller.as_str()), (Some("op-1"), "patchbay"));
}

#[tokio::test]
async fn a_refused_write_may_be_tried_again_with_its_key() {
    let company = Company::start().await;
    let key = [("idempotency-key", "op-2")];
    let bad = json!({ "instructions": "x".repeat(300) });
    let path = "/orders/12345/delivery-instructions";
    assert_eq!(company.try_call(Orders, "PUT", path, &key, &bad).await.unwrap().status, 422);
    let good = json!({ "instructions": "ring twice" });
    assert_eq!(company.try_call(Orders, "PUT", path, &key, &good).await.unwrap().status, 200);
    assert_eq!(company.effects(), ["changeDeliveryInstructions"]);
}

#[tokio::test]
async fn a_refund_is_keyed_by_its_argument() {
    let company = Company::start().await;
    let invoices = company.get(Billing, "/customers/mika/invoices").await.json()["invoices"].clone();
    let paid = invoices.as_array().unwrap().iter().find(|invoice| invoice["status"] == "paid").unwrap();
    let path = format!("/invoices/{}/refunds", paid["id"].as_str().unwrap());
    let refund = json!({ "amount": 2, "reason": "goodwill", "request_id": "r-1" });
    for _ in 0..3 {
        let reply = company.write(Billing, "POST", &path, refund.clone()).await;
        assert_eq!(reply.json()["invoice"]["refunded"].to_string(), "2.00");
    }
    assert_eq!(company.effects(), ["refundInvoice"]);
    assert_eq!(company.world.panel().ledger().entries().len(), 3);
}

#[tokio::test]
async fn fifty_at_once_are_one_effect() {
    let company = std::sync::Arc::new(Company::start().await);
    let calls = (0..50).map(|_| {
        let company = std::sync::Arc::clone(&company);
        async move {
            let body = json!({ "reason": "no_longer_needed" });
            company.try_call(Orders, "POST", "/orders/12345/cancel", &[("idempotency-key", "k")], &body).await.unwrap().status
        }
    });
    let statuses = futures::future::join_all(calls).await;
    assert!(statuses.iter().all(|status| *status == 200));
    assert_eq!(company.effects(), ["cancelOrder"]);
}
