//! How hard we lean on a backend: breaker, calls at a time, calls per second.

use crate::server::{Does, Server};
use crate::shop::{Setup, Shop, read, write};
use patchbay_connect::BreakerState;
use patchbay_core::declare::Limits;
use patchbay_core::port::CallOrder;
use std::time::{Duration, Instant};

#[tokio::test]
async fn five_failures_open_the_breaker_and_a_probe_closes_it() {
    let server = Server::answering(|_, number| if number < 5 { Does::Says(500, "{}") } else { Does::Says(200, "{}") }).await;
    let shop = Shop::at(&server);
    for _ in 0..5 {
        assert_eq!(shop.failure(write()).await.0, "unknown");
    }
    let failure = shop.call(write()).await.unwrap_err();
    assert_eq!((failure.outcome.as_str(), failure.detail.as_str()), ("breaker_open", "breaker_open"));
    assert!(failure.retry_after.is_some_and(|wait| wait <= Duration::from_secs(10)));
    assert_eq!(server.heard().len(), 5);
    assert!(shop.call(read()).await.is_ok(), "reads have a breaker of their own");
    assert!(!shop.connectors.health()[0].is_well());
    shop.clock.advance(Duration::from_secs(10));
    assert!(shop.call(write()).await.is_ok());
    assert_eq!(shop.connectors.health()[0].writes, BreakerState::Closed);
}

#[tokio::test]
async fn a_dropped_probe_does_not_keep_the_breaker_open() {
    let server = Server::answering(|_, number| match number {
        0..5 => Does::Says(500, "{}"),
        5 => Does::Hangs,
        _ => Does::Says(200, "{}"),
    })
    .await;
    let shop = Shop::at(&server);
    for _ in 0..5 {
        let _ = shop.call(write()).await;
    }
    shop.clock.advance(Duration::from_secs(10));
    assert!(tokio::time::timeout(Duration::from_millis(100), shop.call(write())).await.is_err());
    assert!(shop.call(write()).await.is_ok());
}

#[tokio::test]
async fn a_backends_refusals_do_not_open_the_breaker() {
    let server = Server::doing([Does::Says(422, r#"{"message": "no"}"#)]).await;
    let shop = Shop::at(&server);
    for _ in 0..20 {
        assert_eq!(shop.failure(write()).await.0, "refused");
    }
}

#[tokio::test]
async fn calls_at_a_time_are_limited() {
    let server = Server::doing([Does::SaysAfter(Duration::from_millis(60), 200, "{}")]).await;
    let shop = Shop::with(&server, Setup { limits: Limits { concurrency: 2, ..Limits::default() }, ..Setup::default() });
    let started = Instant::now();
    let answers = futures::future::join_all((0..6).map(|_| shop.call(read()))).await;
    assert!(answers.iter().all(Result::is_ok) && started.elapsed() >= Duration::from_millis(180));
    let hurried = |_| shop.call(CallOrder { within: Duration::from_millis(90), ..read() });
    let answers = futures::future::join_all((0..8).map(hurried)).await;
    let held: Vec<_> = answers.iter().filter_map(|answer| Some(answer.as_ref().err()?.outcome.as_str())).collect();
    assert!(held.contains(&"rate_limited"), "{held:?}");
}

#[tokio::test]
async fn calls_per_second_are_limited() {
    let server = Server::doing([Does::Says(200, "{}")]).await;
    let shop = Shop::with(&server, Setup { limits: Limits { per_second: Some(1), ..Limits::default() }, ..Setup::default() });
    let hurried = || shop.call(CallOrder { within: Duration::from_millis(100), ..read() });
    assert!(hurried().await.is_ok());
    let failure = hurried().await.unwrap_err();
    assert_eq!((failure.outcome.as_str(), failure.detail.as_str()), ("rate_limited", "own_limit: calls per second"));
    server.only();
}
