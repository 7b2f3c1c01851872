//! From arguments to the wire and back.

use crate::server::{Does, Server};
use crate::shop::{Setup, Shop, document, keyed_write, order, read, write};
use patchbay_core::declare::Idempotency;
use serde_json::json;
use std::sync::Arc;

async fn said(body: &'static str) -> Server {
    Server::doing([Does::Says(200, body)]).await
}

#[tokio::test]
async fn an_answer_keeps_its_decimals_and_its_time() {
    let server = said(r#"{"id": "W1", "total": 59.90}"#).await;
    let answer = Shop::at(&server).call(read()).await.unwrap();
    assert_eq!(answer.body["total"].to_string(), "59.90");
    assert!(!answer.cached && answer.fetched_at.0 >= 1_800_000_000_000);
    assert_eq!(server.only().target, "/api/orders/%23W1");
    assert_eq!(server.only().headers["accept"], "application/json");
}

#[tokio::test]
async fn arguments_go_where_the_document_puts_them() {
    let server = said("[]").await;
    let args = json!({ "status": ["paid", "in transit"], "page": { "size": 5 }, "X-Trace": "t1", "session": "s;1" });
    Shop::at(&server).call(order("listOrders", &args, false)).await.unwrap();
    let heard = server.only();
    assert_eq!(heard.target, "/api/orders?status=paid&status=in%20transit&page%5Bsize%5D=5");
    assert_eq!((heard.headers["x-trace"].as_str(), heard.headers["cookie"].as_str()), ("t1", "session=s%3B1"));
}

#[tokio::test]
async fn bodies_are_json_or_forms_as_declared() {
    let server = said("{}").await;
    let shop = Shop::at(&server);
    let items = json!({ "order_id": "7", "items": [{ "id": "a", "price": 10.50 }], "note": null });
    shop.call(order("changeOrder", &items, true)).await.unwrap();
    shop.call(order("charge", &json!({ "amount": 5, "card": { "holder": "Mika & Co" } }), true)).await.unwrap();
    let [json, form] = <[_; 2]>::try_from(server.heard()).unwrap();
    assert_eq!((json.method.as_str(), json.target.as_str()), ("PATCH", "/api/orders/7"));
    assert_eq!(json.body, r#"{"items":[{"id":"a","price":10.5}],"note":null}"#);
    assert_eq!(json.headers["content-type"], "application/json");
    assert_eq!(form.body, "amount=5&card%5Bholder%5D=Mika%20%26%20Co");
    assert_eq!(form.headers["content-type"], "application/x-www-form-urlencoded");
}

#[tokio::test]
async fn what_does_not_fit_is_invalid_before_anything_is_sent() {
    let server = said("{}").await;
    let shop = Shop::at(&server);
    for (operation, args, detail) in [
        ("getOrder", json!({}), "the argument 'order_id' is missing"),
        ("getOrder", json!({ "order_id": null }), "the argument 'order_id' is missing"),
        ("getOrder", json!({ "order_id": "1", "admin": true }), "there is no argument 'admin'"),
        ("getOrder", json!({ "order_id": "" }), "the argument 'order_id' is empty, but stands in the path"),
        ("getOrder", json!({ "order_id": ".." }), "the argument 'order_id' would lead to another path"),
        ("listOrders", json!({ "X-Trace": "a\r\nhost: evil" }), "the argument 'X-Trace' cannot stand in a header"),
        ("dropTables", json!({}), "no operation 'dropTables'"),
    ] {
        assert_eq!(shop.failure(order(operation, &args, false)).await, ("invalid", detail.to_owned()));
    }
    assert!(server.heard().is_empty());
}

#[tokio::test]
async fn no_value_in_a_path_reaches_another_path() {
    let server = said("{}").await;
    let shop = Shop::at(&server);
    let tricks =
        ["../admin", "..%2fadmin", "%2e%2e/admin", "a/../../admin", "\\..\\admin", "1?x=1", "1#x", "1;v=2", "http://evil/", "@evil", "é"];
    for trick in tricks {
        shop.call(order("getOrder", &json!({ "order_id": trick }), false)).await.unwrap();
    }
    for heard in server.heard() {
        let rest = heard.target.strip_prefix("/api/orders/").unwrap();
        assert!(!rest.contains(['/', '?', '#', '\\', ';']), "{}", heard.target);
    }
}

#[tokio::test]
async fn the_idempotency_key_goes_where_the_backend_looks_for_it() {
    let server = said("{}").await;
    let shop = Shop::at(&server);
    shop.call(keyed_write()).await.unwrap();
    let in_argument = Some((Idempotency::Argument("reason".to_owned()), "act_2".to_owned()));
    shop.call(patchbay_core::port::CallOrder { idempotency: in_argument, ..write() }).await.unwrap();
    let heard = server.heard();
    assert_eq!(heard[0].headers["idempotency-key"], "act_1");
    assert_eq!(heard[1].body, r#"{"reason":"act_2"}"#);
}

#[tokio::test]
async fn the_root_is_the_useful_part_and_an_empty_answer_is_nothing() {
    let server = Server::doing([Does::Says(200, r#"{"result": {"id": 1}}"#), Does::Says(204, "")]).await;
    let shop = Shop::with(&server, Setup { root: Some("$.result"), ..Setup::default() });
    assert_eq!(shop.call(read()).await.unwrap().body, json!({ "id": 1 }));
    let server = Server::doing([Does::Says(204, "")]).await;
    assert_eq!(Shop::at(&server).call(write()).await.unwrap().body, json!(null));
}

#[tokio::test]
async fn a_document_alone_cannot_lead_into_the_house() {
    let with_server = |url: &str| {
        let mut document = document();
        document["servers"] = json!([{ "url": url }]);
        Shop::try_with(None, Setup { document, ..Setup::default() }).map(|_| ())
    };
    assert_eq!(with_server("https://api.vendor.example/v1"), Ok(()));
    for private in ["http://localhost:9000", "http://169.254.169.254/", "/api/v1"] {
        let refused = with_server(private).unwrap_err();
        assert!(refused.contains("base_url"), "{refused}");
    }
}

#[tokio::test]
async fn many_calls_at_once_all_come_back() {
    let server = said(r#"{"id": 1}"#).await;
    let shop = Arc::new(Shop::at(&server));
    let calls = (0..100).map(|_| shop.call(read()));
    assert!(futures::future::join_all(calls).await.iter().all(Result::is_ok));
    let health = &shop.connectors.health()[0];
    assert_eq!((health.outcomes["ok"], health.is_well()), (100, true));
    assert!(health.p95_ms >= health.p50_ms);
}
