//! What protects browsers, the house itself, and those who wait.

use super::house::{House, SHOP};
use patchbay_store::Options;
use patchbay_web::{Limits, Pace};
use serde_json::json;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[tokio::test]
async fn pages_may_load_nothing_inline_and_only_known_pages_may_frame_the_widget() {
    let house = House::new().await;
    let widget = house.get("/widget/panel.html").send().await;
    let policy = widget.header("content-security-policy").unwrap();
    assert!(policy.contains("frame-ancestors 'self' https://shop.example") && policy.contains("default-src 'none'"), "{policy}");
    let demo = house.get("/demo").send().await;
    let policy = demo.header("content-security-policy").unwrap();
    assert!(policy.ends_with("frame-ancestors 'self'") && !policy.contains("unsafe"), "{policy}");
    let api = house.post("/v1/sessions").send().await;
    assert_eq!(api.header("content-security-policy"), Some("default-src 'none'; frame-ancestors 'none'"));
    for answer in [&widget, &demo, &api] {
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(answer.header("patchbay-request-id").unwrap().starts_with("req_"));
    }
}

#[tokio::test]
async fn only_configured_pages_may_call() {
    let house = House::new().await;
    let preflight = |origin: &'static str| {
        house.request("OPTIONS", "/v1/sessions").header("Origin", origin).header("Access-Control-Request-Method", "POST").send()
    };
    let allowed = preflight(SHOP).await;
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (204, Some(SHOP)));
    assert!(allowed.header("access-control-allow-headers").unwrap().contains("patchbay-visitor"));
    assert_eq!(allowed.header("access-control-allow-credentials"), None);
    let refused = preflight("https://evil.example").await;
    refused.problem(403, "origin_forbidden");
    assert_eq!(refused.header("access-control-allow-origin"), None);

    let called = house.post("/v1/sessions").header("Origin", SHOP).send().await;
    assert_eq!((called.status, called.header("access-control-allow-origin"), called.header("vary")), (201, Some(SHOP), Some("origin")));
    for origin in ["https://evil.example", "null", "https://shop.example.evil.example"] {
        house.post("/v1/sessions").header("Origin", origin).send().await.problem(403, "origin_forbidden");
    }
    // A refused call from a known page can be read by that page.
    let problem = house.post("/v1/conversations").header("Origin", SHOP).send().await;
    problem.problem(401, "identity_invalid");
    assert_eq!(problem.header("access-control-allow-origin"), Some(SHOP));
}

#[tokio::test]
async fn behind_a_proxy_the_address_it_saw_counts() {
    let pace = Pace { every: Duration::from_secs(600), burst: 1 };
    let house = House::limited(Limits { visitors: pace, behind_proxy: true, ..Limits::default() }).await;
    let from = |address: &'static str| house.post("/v1/sessions").header("X-Forwarded-For", address).send();
    assert_eq!(from("203.0.113.7").await.status, 201);
    assert_eq!(from("203.0.113.7, 2001:db8::1").await.status, 201);
    from("198.51.100.9, 203.0.113.7").await.problem(429, "rate_limited");
}

/// Where the log lines of all tests of this program go: one subscriber for every thread, because what a single thread
/// listens to depends on which thread met a place of the code first.
static LOG: Mutex<Vec<u8>> = Mutex::new(Vec::new());

struct Page;

impl std::io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_request_is_one_line_of_the_log_without_personal_text() {
    let subscriber = tracing_subscriber::fmt().json().with_writer(|| Page).finish();
    tracing::subscriber::set_global_default(subscriber).expect("only this test listens");
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let said = house.say(&visitor, &conversation, "my name is Mika Tanaka").await;
    let lost = house.get("/v1/mika-tanaka?mail=mika@shop.example").header("User-Agent", "Mika").send().await;
    let foreign = house.get(&conversation).host("not.a.token").send().await;
    let log = String::from_utf8(LOG.lock().unwrap().clone()).unwrap();
    let of = |answer: &super::client::Answer| {
        let id = answer.header("patchbay-request-id").unwrap();
        log.lines().filter(|line| line.contains(id)).collect::<Vec<_>>()
    };
    let lines = of(&said);
    assert_eq!(lines.len(), 1, "{log}");
    assert!(lines[0].contains("/v1/conversations/{conversation}/messages") && lines[0].contains("\"status\":202"), "{log}");
    assert!(log.contains("a part is not base64url"), "the exact reason is for the log: {log}");
    let ours = [lines, of(&lost), of(&foreign)].concat();
    for private in ["Mika", "mika"] {
        assert!(ours.iter().all(|line| !line.contains(private)), "{private}: {ours:?}");
    }
    for private in ["my name is", "mika-tanaka", "mika@shop.example", visitor.as_str(), conversation.as_str(), "not.a.token"] {
        assert!(!log.contains(private), "{private}: {log}");
    }
}

#[tokio::test]
async fn a_panic_is_one_failed_request() {
    let house = House::new().await;
    let problem = house.get("/demo/panic").send().await.problem(500, "internal");
    assert!(!problem.to_string().contains("roof"));
    assert_eq!(house.get("/healthz").send().await.status, 200);
}

#[tokio::test]
async fn what_is_too_much_is_turned_away() {
    let house =
        House::limited(Limits { requests: 1, visitors: Pace { every: Duration::from_secs(600), burst: 3 }, ..Limits::default() }).await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let mut live = house.get(&format!("{conversation}/events")).visitor(&visitor).follow().await.ok().unwrap();
    let waiting = house
        .post(&format!("{conversation}/messages"))
        .visitor(&visitor)
        .header("Prefer", "wait=30")
        .json(&json!({ "text": "slow" }))
        .send();
    let (waiting, turned_away) = tokio::join!(waiting, async {
        live.next().await.expect("the message, while its answer is being waited for");
        house.get(&conversation).visitor(&visitor).send().await
    });
    assert_eq!(waiting.status, 200);
    turned_away.problem(503, "overloaded");
    assert_eq!(turned_away.header("retry-after"), Some("1"));

    house.visitor().await;
    house.visitor().await;
    let flooded = house.post("/v1/sessions").send().await;
    flooded.problem(429, "rate_limited");
    let wait: u64 = flooded.header("retry-after").unwrap().parse().unwrap();
    assert!((500..=600).contains(&wait), "{wait}");
}

static FULL: AtomicBool = AtomicBool::new(false);

#[tokio::test]
async fn a_full_disk_refuses_and_recovers_by_itself() {
    let free_space = |_: &std::path::Path| Ok(if FULL.load(Ordering::Relaxed) { 0 } else { 1 << 40 });
    let house = House::with(Limits::default(), Options { free_space, ..Options::default() }).await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    FULL.store(true, Ordering::Relaxed);
    let deadline = Instant::now() + Duration::from_secs(15);
    let mut full = house.say(&visitor, &conversation, "is there room").await;
    while full.status == 202 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(200)).await;
        full = house.say(&visitor, &conversation, "is there room").await;
    }
    full.problem(507, "storage_full");
    assert_eq!(house.get(&conversation).visitor(&visitor).send().await.status, 200, "reading goes on");
    FULL.store(false, Ordering::Relaxed);
    let mut again = house.say(&visitor, &conversation, "now there is").await;
    while again.status != 202 && Instant::now() < deadline + Duration::from_secs(15) {
        tokio::time::sleep(Duration::from_millis(200)).await;
        again = house.say(&visitor, &conversation, "now there is").await;
    }
    assert_eq!(again.status, 202);
}

#[tokio::test]
async fn going_down_ends_streams_and_finishes_requests() {
    let mut house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let mut live = house.get(&format!("{conversation}/events")).visitor(&visitor).follow().await.ok().unwrap();
    let pending = house
        .post(&format!("{conversation}/messages"))
        .visitor(&visitor)
        .header("Prefer", "wait=30")
        .json(&json!({ "text": "slow" }))
        .send();
    let pending = tokio::spawn(pending);
    live.next().await.expect("the message, while its answer is being waited for");
    let started = Instant::now();
    house.ask_to_close();
    while live.next().await.is_some() {}
    assert_eq!(pending.await.unwrap().status, 200);
    assert!(TcpStream::connect(house.address).await.is_err());
    house.wait().await;
    assert!(started.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn a_connection_serves_many_requests_without_waiting() {
    let house = House::new().await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let mut fastest = Duration::MAX;
    for _ in 0..20 {
        let asked = Instant::now();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n").await.unwrap();
        let mut buffer = [0; 4096];
        let length = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200 "));
        fastest = fastest.min(asked.elapsed());
    }
    assert!(fastest < Duration::from_millis(35), "delayed acknowledgements would take 40 ms each, {fastest:?} is the fastest");
}
