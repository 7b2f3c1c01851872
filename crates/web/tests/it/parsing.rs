//! Table A of the promises: HTTP and parsing.

use super::client::raw;
use super::house::House;
use flate2::Compression;
use flate2::write::GzEncoder;
use patchbay_web::Limits;
use serde_json::json;
use std::io::Write;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Posts these bytes as a message, as JSON.
async fn posted(house: &House, body: impl Into<Vec<u8>>) -> super::client::Answer {
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let request = house.post(&format!("{conversation}/messages")).visitor(&visitor);
    request.header("Content-Type", "application/json; charset=utf-8").body(body).send().await
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn bodies_that_are_no_good_json_are_refused_by_name() {
    let house = House::new().await;
    for (body, code) in [
        (&b""[..], "body_empty"),
        (b"{\"text\": \"hel", "json_invalid"),
        (b"{\"text\": 1e400}", "number_out_of_range"),
        (b"{\"text\": NaN}", "number_out_of_range"),
        (b"{\"text\": \"a\", \"text\": \"b\"}", "json_duplicate_key"),
        (b"{\"text\": \"a\xff\"}", "text_not_utf8"),
        (b"{\"text\": \"\\ud800\"}", "text_not_utf8"),
        (b"{\"text\": \"a\", \"amount\": 0.30000000000000004}", "field_unknown"),
        (b"{\"text\": 7}", "field_invalid"),
        (b"{}", "field_missing"),
        (b"[]", "field_invalid"),
        (b"null", "field_invalid"),
    ] {
        posted(&house, body).await.problem(400, code);
    }
    posted(&house, "[".repeat(10_000)).await.problem(400, "json_too_deep");
    let cut = posted(&house, "{\n\"text\": \"hel").await.problem(400, "json_invalid");
    assert!(cut["detail"].as_str().unwrap().contains("line 2, column 13"), "{cut}");
    let unknown = posted(&house, r#"{"text": "a", "txet": "b"}"#).await.problem(400, "field_unknown");
    assert_eq!(unknown["field"], "/txet");
    assert_eq!(unknown["errors"][0]["pointer"], "/txet");
    assert!(unknown["detail"].as_str().unwrap().contains("text, id, picked"));
}

#[tokio::test]
async fn bodies_over_the_limit_are_cut_off_with_and_without_a_length() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let path = format!("{}/messages", house.conversation(&visitor).await);
    let large = format!("{{\"text\": \"{}\"}}", "a".repeat(2 << 20));
    let answer = posted(&house, large.clone()).await;
    answer.problem(413, "body_too_large");
    assert!(answer.closed);

    let mut chunked =
        format!("POST {path} HTTP/1.1\r\nHost: t\r\nPatchbay-Visitor: {visitor}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
            .into_bytes();
    for chunk in large.as_bytes().chunks(64 * 1024) {
        chunked.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
        chunked.extend(chunk);
        chunked.extend(b"\r\n");
    }
    let answer = raw(house.address, &chunked).await;
    answer.problem(413, "body_too_large");
    assert!(answer.closed);

    // Only announced: refused before a byte of it comes.
    let announced = format!(
        "POST {path} HTTP/1.1\r\nHost: t\r\nPatchbay-Visitor: {visitor}\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n\r\n"
    );
    raw(house.address, announced.as_bytes()).await.problem(413, "body_too_large");
}

#[tokio::test]
async fn packed_bodies_are_read_and_bombs_are_not() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let path = format!("{}/messages", house.conversation(&visitor).await);
    let send = |body: Vec<u8>| {
        let request = house.post(&path).visitor(&visitor).header("Content-Type", "application/json");
        request.header("Content-Encoding", "gzip").body(body).send()
    };
    assert_eq!(send(packed(br#"{"text": "hello"}"#)).await.status, 202);
    let bomb = packed(&vec![b' '; 600 << 20 >> 3]);
    assert!(bomb.len() < 1 << 20);
    send(bomb).await.problem(413, "body_too_large_decompressed");
    send(b"not gzip".to_vec()).await.problem(400, "json_invalid");
}

#[tokio::test]
async fn other_types_and_encodings_are_refused_with_what_is_accepted() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let path = format!("{}/messages", house.conversation(&visitor).await);
    let send =
        |name: &'static str, value: &'static str| house.post(&path).visitor(&visitor).header(name, value).body("{\"text\": \"a\"}").send();
    for (name, value) in [
        ("Content-Type", "text/plain"),
        ("Content-Type", "application/x-www-form-urlencoded"),
        ("Content-Type", "application/json; charset=latin1"),
        ("Content-Type", "application/jsonx"),
        ("Content-Encoding", "br"),
        ("X-Nothing", "no type at all"),
    ] {
        let problem = send(name, value).await.problem(415, "content_type_unsupported");
        assert!(problem["detail"].as_str().unwrap().contains("application/json"), "{problem}");
    }
    assert_eq!(send("Content-Type", "APPLICATION/JSON ;charset=UTF-8").await.status, 202);
}

#[tokio::test]
async fn heads_that_are_too_large_get_431_even_while_they_are_being_sent() {
    let house = House::new().await;
    let large = format!("GET /healthz HTTP/1.1\r\nHost: t\r\nX-Large: {}\r\n\r\n", "a".repeat(1 << 20));
    let many = format!("GET /healthz HTTP/1.1\r\nHost: t\r\n{}\r\n", "X-A: b\r\n".repeat(10_000));
    for head in [large, many] {
        let answer = raw(house.address, head.as_bytes()).await;
        assert_eq!(answer.status, 431);
        assert!(answer.closed);
    }
    assert_eq!(house.get("/healthz").send().await.status, 200);
}

#[tokio::test]
async fn contradicting_lengths_never_leave_a_second_request_behind() {
    let house = House::new().await;
    let hidden = "GET /healthz HTTP/1.1\r\nHost: t\r\n\r\n";
    for lengths in [
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Content-Length: +5\r\n",
    ] {
        let request = format!("POST /v1/sessions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n{lengths}\r\n0\r\n\r\n{hidden}");
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut all = String::new();
        tokio::time::timeout(Duration::from_secs(5), stream.read_to_string(&mut all)).await.expect("it is closed").unwrap();
        assert_eq!(all.matches("HTTP/1.1 ").count(), 1, "{lengths}: {all}");
    }
}

#[tokio::test]
async fn odd_paths_lead_nowhere() {
    let house = House::new().await;
    for path in [
        "/widget/../healthz",
        "/widget/%2e%2e/healthz",
        "/widget/%252e%252e/healthz",
        "/widget/..%2fhealthz",
        "/widget/..\\healthz",
        "/v1/./sessions",
        "//healthz",
        "/widget/a%00b",
        "/v1/conversations/%ff",
        "/v1/conversations/cnv_x/messages/",
        "/nothing",
        "/",
    ] {
        house.get(path).send().await.problem(404, "not_found");
    }
}

#[tokio::test]
async fn wrong_methods_are_told_the_right_ones() {
    let house = House::new().await;
    for (method, path, allowed) in
        [("GET", "/v1/sessions", "POST"), ("DELETE", "/v1/conversations/cnv_x", "GET,HEAD"), ("PUT", "/healthz", "GET,HEAD")]
    {
        let answer = house.request(method, path).send().await;
        answer.problem(405, "method_not_allowed");
        assert_eq!(answer.header("allow"), Some(allowed));
    }
    let head = house.request("HEAD", "/v1/sessions").send().await;
    assert_eq!((head.status, head.header("allow")), (405, Some("POST")));
}

#[tokio::test]
async fn a_body_that_drips_is_cut_off() {
    let house = House::limited(Limits { body_within: Duration::from_millis(300), ..Limits::default() }).await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let head = "POST /v1/sessions HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let (mut reader, mut writer) = stream.into_split();
    let dripping = tokio::spawn(async move {
        while writer.write_all(b" ").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    let mut all = String::new();
    let _ = tokio::time::timeout(Duration::from_secs(20), reader.read_to_string(&mut all)).await.expect("it is closed");
    dripping.abort();
    assert!(all.starts_with("HTTP/1.1 408 ") && all.contains("request_timeout"), "{all}");
}

#[tokio::test]
async fn a_head_that_drips_is_cut_off() {
    let house = House::limited(Limits { head_within: Duration::from_millis(200), ..Limits::default() }).await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHo").await.unwrap();
    let mut all = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all)).await.expect("it is closed").unwrap();
}

#[tokio::test]
async fn only_known_versions_are_served() {
    let house = House::new().await;
    assert_eq!(house.post("/v1/sessions").header("Patchbay-Version", "1").send().await.status, 201);
    let problem = house.post("/v1/sessions").header("Patchbay-Version", "2").send().await.problem(400, "version_unsupported");
    assert!(problem["detail"].as_str().unwrap().contains("Supported versions: 1."));
}

#[tokio::test]
async fn keys_in_addresses_are_refused() {
    let house = House::new().await;
    for query in ["token=abc", "API_KEY=abc", "access_token=x", "x=pv_abc", "x=eyJhbGciOiJIUzI1NiJ9.e30.x"] {
        house.post(&format!("/v1/sessions?{query}")).send().await.problem(400, "key_in_url");
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_nobodys_message() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = house.conversation(&visitor).await;
    let mut stream = TcpStream::connect(house.address).await.unwrap();
    let head = format!(
        "POST {conversation}/messages HTTP/1.1\r\nHost: t\r\nPatchbay-Visitor: {visitor}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{}",
        json!({ "text": "half" })
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    drop(stream);
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(house.get(&conversation).visitor(&visitor).send().await.json()["lines"], json!([]));
}

#[tokio::test]
async fn no_first_line_is_worth_a_failure_of_ours() {
    let house = House::new().await;
    for line in [
        "\0\0\0\0",
        "GET",
        "GET / HTTP/9.9",
        "PRI * HTTP/2.0",
        "CONNECT elsewhere.example:443 HTTP/1.1",
        "OPTIONS * HTTP/1.1",
        "GET http://elsewhere.example/healthz HTTP/1.1",
        "GET /healthz HTTP/1.1\r\nno colon here",
        "GET /healthz HTTP/1.1\r\nX-A: a\r\n folded",
        "G\u{e9}T /healthz HTTP/1.1",
        "TRACE /healthz HTTP/1.1",
        "POST /v1/sessions HTTP/1.1\r\nAuthorization: Bearer \u{e9}",
        "POST /v1/sessions HTTP/1.1\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b",
    ] {
        let mut stream = TcpStream::connect(house.address).await.unwrap();
        stream.write_all(format!("{line}\r\nConnection: close\r\n\r\n").as_bytes()).await.unwrap();
        let mut all = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all)).await.expect("it is closed");
        assert!(!all.starts_with(b"HTTP/1.1 5"), "{line}: {}", String::from_utf8_lossy(&all));
    }
    assert_eq!(house.get("/healthz").send().await.status, 200);
}
