//! A small HTTP client that sends exactly what it is told, well-formed or not.

use serde_json::Value;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::TcpStream;

/// Nothing in these tests takes longer.
const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Did the server close the connection by itself?
    pub(crate) closed: bool,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    /// Asserts that this is a complete problem with this status and code, and returns it.
    #[track_caller]
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        let json = self.json();
        assert_eq!((self.status, json["code"].as_str()), (status, Some(code)), "{json}");
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        assert_eq!(json["status"], status);
        assert_eq!(json["type"], format!("{}/problems/{code}", super::house::PUBLIC_URL));
        assert_eq!(json["request_id"].as_str(), self.header("patchbay-request-id"));
        for part in ["title", "detail"] {
            assert!(json[part].as_str().is_some_and(|text| !text.is_empty()), "{json}");
        }
        for leak in ["panicked", ".rs:", "/tmp", "sqlite", "SELECT"] {
            assert!(!json.to_string().contains(leak), "{json}");
        }
        json
    }
}

/// A request being put together.
pub(crate) struct Request {
    address: SocketAddr,
    method: &'static str,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
}

impl Request {
    pub(crate) fn new(address: SocketAddr, method: &'static str, path: &str) -> Self {
        Self { address, method, path: path.to_owned(), headers: Vec::new(), body: None }
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn visitor(self, token: &str) -> Self {
        self.header("Patchbay-Visitor", token)
    }

    pub(crate) fn host(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = Some(bytes.into());
        self
    }

    pub(crate) fn json(self, value: &Value) -> Self {
        self.header("Content-Type", "application/json").body(value.to_string())
    }

    fn bytes(&self, version: &str) -> Vec<u8> {
        let mut head = format!("{} {} {version}\r\nHost: test\r\n", self.method, self.path);
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        let named = |name: &str| self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if let Some(body) = &self.body
            && !named("content-length")
            && !named("transfer-encoding")
        {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        let mut bytes = (head + "\r\n").into_bytes();
        bytes.extend(self.body.iter().flatten());
        bytes
    }

    pub(crate) async fn send(self) -> Answer {
        raw(self.address, &self.bytes("HTTP/1.1")).await
    }

    /// Follows a stream of events; an answer that is none is returned as such.
    pub(crate) async fn follow(self) -> Result<Events, Answer> {
        // HTTP/1.0, so that the stream comes plain and not in chunks.
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(&self.bytes("HTTP/1.0")).await.unwrap();
        let mut reader = BufReader::new(stream);
        let (status, headers) = head(&mut reader).await.expect("an answer");
        if status != 200 {
            let mut body = Vec::new();
            reader.read_to_end(&mut body).await.unwrap();
            return Err(Answer { status, headers, body, closed: true });
        }
        Ok(Events { lines: reader.lines(), headers })
    }
}

/// A stream of events being read.
pub(crate) struct Events {
    lines: Lines<BufReader<TcpStream>>,
    pub(crate) headers: Vec<(String, String)>,
}

/// One event as it came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    pub(crate) id: Option<u64>,
    pub(crate) kind: String,
    pub(crate) data: Value,
}

impl Events {
    /// The next event; `None` at the end of the stream.
    pub(crate) async fn next(&mut self) -> Option<Event> {
        let mut event = Event { id: None, kind: String::new(), data: Value::Null };
        loop {
            let line = self.line().await?;
            match line.split_once(": ") {
                Some(("id", id)) => event.id = Some(id.parse().unwrap()),
                Some(("event", kind)) => kind.clone_into(&mut event.kind),
                Some(("data", data)) => event.data = serde_json::from_str(data).unwrap(),
                _ if line.is_empty() && !event.kind.is_empty() => return Some(event),
                _ => {}
            }
        }
    }

    /// The events up to and with the first of this kind.
    pub(crate) async fn until(&mut self, kind: &str) -> Vec<Event> {
        let mut events = Vec::new();
        loop {
            let event = self.next().await.expect("the stream goes on");
            events.push(event.clone());
            if event.kind == kind {
                return events;
            }
        }
    }

    /// The next line, comments included.
    pub(crate) async fn line(&mut self) -> Option<String> {
        tokio::time::timeout(PATIENCE, self.lines.next_line()).await.expect("something comes in time").ok()?
    }
}

/// Sends these bytes and reads one answer. What the server does not want to read any more is nobody's failure.
pub(crate) async fn raw(address: SocketAddr, bytes: &[u8]) -> Answer {
    let stream = TcpStream::connect(address).await.unwrap();
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let writing = async {
        let _ = writer.write_all(bytes).await;
        std::future::pending::<()>().await;
    };
    let reading = async {
        let (status, headers) = head(&mut reader).await.expect("an answer");
        let mut answer = Answer { status, headers, body: Vec::new(), closed: false };
        let length = answer.header("content-length").map_or(0, |length| length.parse().unwrap());
        answer.body.resize(length, 0);
        if !bytes.starts_with(b"HEAD") {
            reader.read_exact(&mut answer.body).await.unwrap();
        }
        // An error of ours says whether it closes; hyper's own 431 does not say, but does.
        if answer.header("connection") == Some("close") || status == 431 {
            answer.closed = matches!(reader.read(&mut [0]).await, Ok(0) | Err(_));
        }
        answer
    };
    tokio::select! {
        () = writing => unreachable!("writing never ends"),
        answer = tokio::time::timeout(PATIENCE, reading) => answer.expect("an answer in time"),
    }
}

async fn head<R: tokio::io::AsyncBufRead + Unpin>(reader: &mut R) -> Option<(u16, Vec<(String, String)>)> {
    let mut line = String::new();
    reader.read_line(&mut line).await.ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { return Some((status, headers)) };
        headers.push((name.to_owned(), value.to_owned()));
    }
}
