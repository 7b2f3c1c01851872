//! Every way a backend can fail, as the word it becomes: for reads, and for writes that must never be taken for done or undone.

use crate::server::{Does, Server};
use crate::shop::{Setup, Shop, keyed_write, read, write};
use patchbay_core::declare::Limits;
use patchbay_core::port::CallOrder;
use std::time::{Duration, Instant};

const HTML: &str = "HTTP/1.1 200 OK\r\ncontent-length: 21\r\n\r\n<html>so sorry</html>";
const CUT: &str = "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"id\": ";
const REDIRECT: &str = "HTTP/1.1 307 X\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n";

/// With a short deadline where nothing would come anyway.
fn facing(does: &Does, order: CallOrder) -> CallOrder {
    let within = if matches!(does, Does::Hangs) { Duration::from_millis(150) } else { order.within };
    CallOrder { within, ..order }
}

#[tokio::test]
async fn each_failure_has_its_word() {
    let large = Limits { answer_bytes: 10_000, ..Limits::default() };
    let refusal = r#"{"error": {"message": "Too late."}}"#;
    // What it does; what a read becomes; what a write becomes; the detail.
    let cases = [
        (Does::Says(404, "{}"), "not_found", "not_found", "backend_error: 404"),
        (Does::Says(422, refusal), "invalid", "refused", "backend_error: 422"),
        (Does::Says(400, refusal), "invalid", "refused", "backend_error: 400"),
        (Does::Says(400, "{}"), "invalid", "invalid", "backend_error: 400"),
        (Does::Says(409, refusal), "refused", "refused", "backend_error: 409"),
        (Does::Says(401, "{}"), "unreachable", "unreachable", "backend_unauthorised: 401"),
        (Does::Says(403, "{}"), "unreachable", "unreachable", "backend_unauthorised: 403"),
        (Does::Says(429, "{}"), "rate_limited", "rate_limited", "backend_rate_limited"),
        (Does::Says(500, "{}"), "unreachable", "unknown", "backend_error: 500"),
        (Does::Says(503, "<html>"), "unreachable", "unknown", "backend_error: 503"),
        (Does::Raw(HTML), "bad_answer", "unknown", "backend_bad_answer: html"),
        (Does::Raw(CUT), "bad_answer", "unknown", "backend_bad_answer: cut"),
        (Does::Raw("SSH-2.0-x\r\n"), "bad_answer", "unknown", "backend_bad_answer: bad_http"),
        (Does::Raw(REDIRECT), "bad_answer", "unknown", "backend_bad_answer: redirect_refused"),
        (Does::BreaksOff, "unreachable", "unknown", "backend_unreachable: reset"),
        (Does::Hangs, "timeout", "unknown", "backend_timeout"),
        (Does::Endless, "too_large", "unknown", "backend_answer_too_large"),
    ];
    for (does, as_read, as_write, detail) in cases {
        let server = Server::doing([does.clone()]).await;
        let shop = Shop::with(&server, Setup { limits: large.clone(), ..Setup::default() });
        assert_eq!(shop.failure(facing(&does, read())).await, (as_read, detail.to_owned()), "read: {does:?}");
        assert_eq!(shop.failure(facing(&does, write())).await, (as_write, detail.to_owned()), "write: {does:?}");
    }
}

#[tokio::test]
async fn a_write_that_surely_never_left_is_not_unknown() {
    let shop = Shop::try_with(Some("http://127.0.0.1:9/".to_owned()), Setup::default()).unwrap();
    assert_eq!(shop.failure(write()).await, ("unreachable", "backend_unreachable: refused".to_owned()));
}

#[tokio::test]
async fn a_refusal_brings_the_backends_words() {
    let server = Server::doing([Does::Says(422, r#"{"detail": "Order is already shipped."}"#)]).await;
    let failure = Shop::at(&server).call(write()).await.unwrap_err();
    assert_eq!(failure.message.as_deref(), Some("Order is already shipped."));
}

#[tokio::test]
async fn reads_are_tried_again_and_so_are_writes_with_a_key() {
    for order in [read(), keyed_write()] {
        let server = Server::doing([Does::BreaksOff, Does::Says(503, "{}"), Does::Says(200, "{}")]).await;
        let shop = Shop::at(&server);
        assert!(shop.call(order).await.is_ok());
        let heard = server.heard();
        assert_eq!(heard.len(), 3);
        assert!(heard.iter().all(|each| each.headers.get("idempotency-key") == heard[0].headers.get("idempotency-key")));
        assert_eq!(shop.connectors.health()[0].repeats, 2);
    }
}

#[tokio::test]
async fn a_write_without_a_key_is_sent_once_whatever_happens() {
    for does in [Does::BreaksOff, Does::Says(503, "{}"), Does::Says(429, "{}"), Does::Hangs, Does::Raw(CUT)] {
        let server = Server::doing([does.clone()]).await;
        let _ = Shop::at(&server).call(facing(&does, write())).await.unwrap_err();
        server.only();
    }
}

#[tokio::test]
async fn a_keyed_write_that_may_have_been_done_stays_unknown_until_a_good_answer() {
    let server = Server::doing([Does::BreaksOff, Does::Says(409, "{}")]).await;
    assert_eq!(Shop::at(&server).failure(keyed_write()).await.0, "unknown");
    let server = Server::doing([Does::Says(409, "{}")]).await;
    assert_eq!(Shop::at(&server).failure(keyed_write()).await.0, "refused");
}

#[tokio::test]
async fn no_attempt_outlives_the_deadline() {
    let server = Server::doing([Does::Says(503, "{}"), Does::Hangs]).await;
    let started = Instant::now();
    assert_eq!(Shop::at(&server).failure(CallOrder { within: Duration::from_millis(300), ..read() }).await.0, "timeout");
    assert!(started.elapsed() < Duration::from_secs(20), "it hung for a minute");
}

#[tokio::test]
async fn a_wait_that_fits_is_kept_and_one_that_does_not_is_passed_on() {
    let server = Server::doing([Does::SaysWith(429, "retry-after: 1", "{}"), Does::Says(200, "{}")]).await;
    let started = Instant::now();
    assert!(Shop::at(&server).call(read()).await.is_ok());
    assert!(started.elapsed() >= Duration::from_secs(1));

    let server = Server::doing([Does::SaysWith(429, "retry-after: 3600", "{}"), Does::Says(200, "{}")]).await;
    let shop = Shop::at(&server);
    let started = Instant::now();
    let failure = shop.call(read()).await.unwrap_err();
    assert_eq!((failure.outcome.as_str(), failure.retry_after), ("rate_limited", Some(Duration::from_secs(3600))));
    let again = shop.call(write()).await.unwrap_err();
    assert_eq!(again.outcome.as_str(), "rate_limited");
    assert!(started.elapsed() < Duration::from_secs(60), "it waited for an hour");
    server.only();
    shop.clock.advance(Duration::from_secs(3600));
    assert!(shop.call(read()).await.is_ok());
}

#[tokio::test]
async fn a_missing_root_is_a_mismatch_that_names_it() {
    let server = Server::doing([Does::Says(200, r#"{"data": 1}"#)]).await;
    let shop = Shop::with(&server, Setup { root: Some("$.result"), ..Setup::default() });
    assert_eq!(shop.failure(read()).await, ("bad_answer", "backend_schema_mismatch: $.result".to_owned()));
}
