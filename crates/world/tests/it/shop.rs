//! The rules of the shop, on a small data folder of our own.

use std::path::Path;

use patchbay_world::{Fault, FaultKind, Retail, RetailError, RetailOptions, RunningRetail};
use serde_json::{Value, json};

use crate::client::{Reply, send};

struct Shop(RunningRetail);

impl Shop {
    async fn open() -> Self {
        let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/data");
        Self(Retail::start(RetailOptions::new(data)).await.unwrap())
    }

    async fn call(&self, method: &str, path: &str, body: Value) -> Reply {
        let url = format!("{}{}", self.0.url(), path.replace('#', "%23"));
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(method, &url, &[("x-api-key", "retail-shop-key")], &body).await.unwrap()
    }

    /// The result of a request that goes through.
    async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let reply = self.call(method, path, body).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()["result"].clone()
    }

    async fn refused(&self, method: &str, path: &str, body: Value, status: u16) {
        let reply = self.call(method, path, body.clone()).await;
        assert_eq!(reply.status, status, "{path} {body}: {}", reply.text());
        assert!(reply.json()["error"].is_string(), "{}", reply.text());
    }

    async fn gift_card(&self) -> String {
        self.done("GET", "/customers/ann_lee_1", Value::Null).await["payment_methods"]["gift_card_1"]["balance"].to_string()
    }
}

fn swap(old: &[&str], new: &[&str], method: &str) -> Value {
    json!({ "item_ids": old, "new_item_ids": new, "payment_method_id": method })
}

#[tokio::test]
async fn reads() {
    let shop = Shop::open().await;
    assert_eq!(shop.done("GET", "/customers/by-email?email=ann.lee%40EXAMPLE.com", Value::Null).await, "ann_lee_1");
    assert_eq!(shop.done("GET", "/customers/by-name?first_name=ann&last_name=LEE&zip=10001", Value::Null).await, "ann_lee_1");
    shop.refused("GET", "/customers/by-name?first_name=ann&last_name=lee&zip=1", Value::Null, 404).await;
    let order = shop.done("GET", "/orders/#W1", Value::Null).await;
    assert_eq!((&order["order_id"], &order["status"]), (&json!("#W1"), &json!("pending")));
    assert!(order.get("cancel_reason").is_none());
    shop.refused("GET", "/orders/#W9", Value::Null, 404).await;
    assert_eq!(shop.done("GET", "/products", Value::Null).await, json!({ "Lamp": "P2", "Mug": "P1" }));
    assert_eq!(shop.done("GET", "/products/P1", Value::Null).await["variants"]["13"]["available"], false);
    shop.refused("GET", "/products/11", Value::Null, 404).await;
    assert!(shop.done("GET", "/customers/ann_lee_1", Value::Null).await.get("user_id").is_none(), "only what the file holds");
    assert_eq!(shop.done("POST", "/calculations", json!({ "expression": "12.25 - 10.50" })).await, "1.75");
    shop.refused("POST", "/calculations", json!({ "expression": "exit()" }), 422).await;
    assert_eq!(shop.done("POST", "/handoffs", json!({ "summary": "wants a person" })).await, "Transfer successful");
    shop.done("POST", "/tools/think", json!({ "thought": "hm" })).await;
    let keyless = send("GET", &format!("{}/products", shop.0.url()), &[], "").await.unwrap();
    assert_eq!((keyless.status, keyless.json()["error"].is_string()), (401, true));
    assert!(shop.0.panel().ledger().entries().is_empty(), "nothing was changed");
}

#[tokio::test]
async fn cancelling_refunds_as_it_was_paid() {
    let shop = Shop::open().await;
    let why = json!({ "reason": "no longer needed" });
    shop.refused("POST", "/orders/#W1/cancel", json!({ "reason": "bored" }), 422).await;
    for order in ["#W3", "#W4"] {
        shop.refused("POST", &format!("/orders/{order}/cancel"), why.clone(), 422).await;
    }
    let order = shop.done("POST", "/orders/#W1/cancel", why.clone()).await;
    assert_eq!((&order["status"], &order["cancel_reason"]), (&json!("cancelled"), &json!("no longer needed")));
    let refund = &order["payment_history"][1];
    assert_eq!((&refund["transaction_type"], refund["amount"].to_string().as_str()), (&json!("refund"), "101.00"));
    assert_eq!(shop.gift_card().await, "151.00");
    shop.refused("POST", "/orders/#W1/cancel", why.clone(), 422).await;
    shop.done("POST", "/orders/#W2/cancel", why).await;
    assert_eq!(shop.gift_card().await, "151.00", "a credit card's refund takes its days elsewhere");

    let entries = shop.0.panel().ledger().effects();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].operation, "cancel_pending_order");
    assert_eq!(entries[0].arguments, json!({ "order_id": "#W1", "reason": "no longer needed" }));
    shop.0.panel().reset();
    assert_eq!(shop.gift_card().await, "50.00");
}

#[tokio::test]
async fn paying_another_way_happens_once() {
    let shop = Shop::open().await;
    let by = |method: &str| json!({ "payment_method_id": method });
    shop.refused("PUT", "/orders/#W2/payment", by("credit_card_1"), 422).await;
    shop.refused("PUT", "/orders/#W2/payment", by("paypal_2"), 422).await;
    shop.refused("PUT", "/orders/#W3/payment", by("paypal_1"), 422).await;
    let order = shop.done("PUT", "/orders/#W2/payment", by("gift_card_1")).await;
    assert_eq!((&order["status"], order["payment_history"].as_array().map(Vec::len)), (&json!("pending"), Some(3)));
    assert_eq!(shop.gift_card().await, "39.50");
    shop.refused("PUT", "/orders/#W2/payment", by("paypal_1"), 422).await;

    let cancelled = shop.done("POST", "/orders/#W2/cancel", json!({ "reason": "ordered by mistake" })).await;
    let last = cancelled["payment_history"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["payment_method_id"], last["amount"].to_string().as_str()), (&json!("gift_card_1"), "10.50"));
    assert_eq!(shop.gift_card().await, "50.00");

    shop.0.panel().reset();
    shop.done("PUT", "/orders/#W1/payment", by("paypal_1")).await;
    assert_eq!(shop.gift_card().await, "151.00", "the first method has its money back");
    shop.0.panel().reset();
    shop.done("PUT", "/orders/#W1/items", swap(&["11"], &["12"], "gift_card_1")).await;
    shop.refused("PUT", "/orders/#W1/payment", by("paypal_1"), 422).await;
}

#[tokio::test]
async fn items_are_modified_once_and_within_their_product() {
    let shop = Shop::open().await;
    for (old, new, method, why) in [
        (vec!["11"], vec!["11"], "gift_card_1", "the same item"),
        (vec!["11"], vec!["13"], "gift_card_1", "not available"),
        (vec!["11"], vec!["22"], "gift_card_1", "another product"),
        (vec!["11"], vec!["14"], "gift_card_1", "the gift card is too small"),
        (vec!["11"], vec!["12"], "paypal_2", "somebody else's method"),
        (vec!["11"], vec!["12", "12"], "gift_card_1", "lengths differ"),
        (vec!["11", "11", "11"], vec!["12", "12", "12"], "gift_card_1", "more than were ordered"),
        (vec![], vec![], "gift_card_1", "nothing at all"),
    ] {
        let reply = shop.call("PUT", "/orders/#W1/items", swap(&old, &new, method)).await;
        assert_eq!(reply.status, 422, "{why}: {}", reply.text());
    }
    let order = shop.done("PUT", "/orders/#W1/items", swap(&["11", "11"], &["12", "14"], "credit_card_1")).await;
    assert_eq!(order["status"], "pending (item modified)");
    let ids: Vec<_> = order["items"].as_array().unwrap().iter().map(|item| item["item_id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["12", "14", "21"]);
    let paid = &order["payment_history"][1];
    assert_eq!((&paid["transaction_type"], paid["amount"].to_string().as_str()), (&json!("payment"), "291.25"));
    shop.refused("PUT", "/orders/#W1/items", swap(&["12"], &["11"], "credit_card_1"), 422).await;
    shop.refused("POST", "/orders/#W1/cancel", json!({ "reason": "no longer needed" }), 422).await;
}

#[tokio::test]
async fn returns_go_to_the_original_method_or_a_gift_card() {
    let shop = Shop::open().await;
    let back = |items: &[&str], method: &str| json!({ "item_ids": items, "payment_method_id": method });
    shop.refused("POST", "/orders/#W3/return", back(&["11"], "paypal_1"), 422).await;
    shop.refused("POST", "/orders/#W3/return", back(&["22"], "gift_card_1"), 422).await;
    shop.refused("POST", "/orders/#W1/return", back(&["11"], "gift_card_1"), 422).await;
    let order = shop.done("POST", "/orders/#W3/return", back(&["21", "11"], "gift_card_1")).await;
    assert_eq!((&order["status"], &order["return_items"]), (&json!("return requested"), &json!(["11", "21"])));
    assert_eq!(shop.gift_card().await, "50.00", "nothing is refunded before it came back");
    shop.refused("POST", "/orders/#W3/return", back(&["11"], "gift_card_1"), 422).await;
    shop.0.panel().reset();
    shop.done("POST", "/orders/#W3/return", back(&["11"], "credit_card_1")).await;
}

#[tokio::test]
async fn exchanges_note_the_difference() {
    let shop = Shop::open().await;
    shop.refused("POST", "/orders/#W2/exchange", swap(&["11"], &["12"], "paypal_1"), 422).await;
    shop.refused("POST", "/orders/#W3/exchange", swap(&["11"], &["14"], "gift_card_1"), 422).await;
    let order = shop.done("POST", "/orders/#W3/exchange", swap(&["11", "21"], &["12", "22"], "gift_card_1")).await;
    assert_eq!((&order["status"], order["exchange_price_difference"].to_string().as_str()), (&json!("exchange requested"), "7.25"));
    assert_eq!(order["items"][0]["item_id"], "11", "until it came back the order is as it was");
    assert_eq!(shop.gift_card().await, "50.00");
}

#[tokio::test]
async fn addresses_change_for_people_and_pending_orders() {
    let shop = Shop::open().await;
    let address = json!({
        "address1": "2 High Road", "address2": "Apt 3", "city": "Reno", "state": "NV", "country": "USA", "zip": "89501",
    });
    assert_eq!(shop.done("PUT", "/orders/#W1/address", address.clone()).await["address"], address);
    shop.refused("PUT", "/orders/#W3/address", address.clone(), 422).await;
    assert_eq!(shop.done("PUT", "/customers/ann_lee_1/address", address.clone()).await["address"], address);
    shop.refused("PUT", "/customers/nobody/address", address.clone(), 404).await;
    shop.refused("PUT", "/orders/#W1/address", json!({ "zip": "1" }), 400).await;
    let mut kwargs = address;
    kwargs["user_id"] = json!("ann_lee_1");
    assert_eq!(shop.0.panel().ledger().effects()[1].arguments, kwargs);
}

#[tokio::test]
async fn shops_are_apart_and_take_faults() {
    let (one, two) = (Shop::open().await, Shop::open().await);
    one.done("POST", "/orders/#W1/cancel", json!({ "reason": "no longer needed" })).await;
    assert_eq!(two.done("GET", "/orders/#W1", Value::Null).await["status"], "pending");

    one.0.panel().faults().place(Fault::of("retail", FaultKind::ForeignRecord).operation("get_order_details").calls(1)).unwrap();
    assert_eq!(one.done("GET", "/orders/#W1", Value::Null).await["user_id"], "joe_ray_2");
    one.0.panel().faults().place(Fault::of("retail", FaultKind::Error { status: 503, percent: 100 }).calls(1)).unwrap();
    one.refused("GET", "/orders/#W1", Value::Null, 503).await;
}

#[tokio::test]
async fn a_folder_without_a_shop_is_named() {
    let error = Retail::start(RetailOptions::new("/nowhere")).await.unwrap_err();
    assert!(matches!(error, RetailError::File { .. }));
    assert!(error.to_string().contains("/nowhere/retail/db.json"), "{error}");
}
