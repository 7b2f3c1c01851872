//! Answers kept under a cache rule, reads that share a call, and writes that end both.

use crate::server::{Does, Server};
use crate::shop::{Shop, order, read, write};
use patchbay_core::declare::CacheRule;
use patchbay_core::port::CallOrder;
use patchbay_core::words::FactClass;
use serde_json::json;
use std::time::Duration;

fn kept(order: CallOrder) -> CallOrder {
    let rule = CacheRule { class: FactClass::Live, ttl: Duration::from_secs(20), key: vec!["order_id".to_owned()] };
    CallOrder { cache: Some(rule), ..order }
}

#[tokio::test]
async fn an_answer_is_kept_as_long_as_its_rule_says() {
    let server = Server::doing([Does::Says(200, r#"{"n": 1}"#), Does::Says(200, r#"{"n": 2}"#)]).await;
    let shop = Shop::at(&server);
    let first = shop.call(kept(read())).await.unwrap();
    let second = shop.call(kept(read())).await.unwrap();
    assert_eq!((first.cached, second.cached), (false, true));
    assert_eq!((&second.body, second.fetched_at), (&first.body, first.fetched_at));
    assert_eq!(shop.call(read()).await.unwrap().body["n"].to_string(), "2", "without a rule the backend is asked");
    shop.clock.advance(Duration::from_secs(20));
    assert!(!shop.call(kept(read())).await.unwrap().cached);
    assert_eq!(shop.connectors.health()[0].cached, 1);
}

#[tokio::test]
async fn another_key_is_another_answer() {
    let server = Server::doing([Does::Says(200, "{}")]).await;
    let shop = Shop::at(&server);
    shop.call(kept(read())).await.unwrap();
    let other = order("getOrder", &json!({ "order_id": "#W2" }), false);
    assert!(!shop.call(kept(other)).await.unwrap().cached);
}

#[tokio::test]
async fn identical_reads_share_one_call() {
    let server = Server::doing([Does::SaysAfter(Duration::from_millis(50), 200, "{}")]).await;
    let shop = Shop::at(&server);
    let answers = futures::future::join_all((0..50).map(|_| shop.call(kept(read())))).await;
    assert!(answers.iter().all(Result::is_ok));
    server.only();
    assert_eq!(shop.connectors.health()[0].shared, 49);
}

#[tokio::test]
async fn a_shared_call_goes_on_when_the_first_caller_leaves() {
    let server = Server::doing([Does::SaysAfter(Duration::from_millis(100), 200, "{}")]).await;
    let shop = Shop::at(&server);
    let leaving = tokio::time::timeout(Duration::from_millis(30), shop.call(kept(read())));
    let (left, stayed) = tokio::join!(leaving, shop.call(kept(read())));
    assert!(left.is_err() && stayed.is_ok());
    server.only();
}

#[tokio::test]
async fn a_shared_call_that_runs_out_of_anothers_time_is_made_again() {
    let server = Server::answering(|_, number| if number == 0 { Does::Hangs } else { Does::Says(200, "{}") }).await;
    let shop = Shop::at(&server);
    let hurried = shop.call(CallOrder { within: Duration::from_millis(80), ..kept(read()) });
    let (hurried, patient) = tokio::join!(hurried, shop.call(kept(read())));
    assert_eq!(hurried.unwrap_err().outcome.as_str(), "timeout");
    assert!(patient.is_ok());
}

#[tokio::test]
async fn failures_are_not_kept() {
    let server = Server::doing([Does::Says(404, "{}"), Does::Says(200, "{}")]).await;
    let shop = Shop::at(&server);
    assert_eq!(shop.failure(kept(read())).await.0, "not_found");
    assert!(shop.call(kept(read())).await.is_ok());
}

#[tokio::test]
async fn a_write_ends_what_was_kept_about_its_object_and_nothing_else() {
    let server = Server::doing([Does::Says(200, "{}")]).await;
    let shop = Shop::at(&server);
    let other = || kept(order("getOrder", &json!({ "order_id": "#W2" }), false));
    shop.call(kept(read())).await.unwrap();
    shop.call(other()).await.unwrap();
    shop.call(write()).await.unwrap();
    assert!(shop.call(other()).await.unwrap().cached);
    assert!(!shop.call(kept(read())).await.unwrap().cached);
}

#[tokio::test]
async fn what_was_being_read_during_a_write_is_not_kept() {
    let slow = Does::SaysAfter(Duration::from_millis(80), 200, r#"{"status": "paid"}"#);
    let server = Server::answering(move |_, number| if number == 0 { slow.clone() } else { Does::Says(200, "{}") }).await;
    let shop = Shop::at(&server);
    let (before, _) = tokio::join!(shop.call(kept(read())), async {
        tokio::time::sleep(Duration::from_millis(20)).await;
        shop.call(write()).await.unwrap()
    });
    assert!(before.is_ok());
    assert!(!shop.call(kept(read())).await.unwrap().cached);
}
