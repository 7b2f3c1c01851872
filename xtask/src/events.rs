//! A conversation's live stream (Server-Sent Events), followed from any place.

use crate::failure::Failure;
use crate::http::{read_line, read_status};
use serde_json::Value;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// One event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Event {
    /// Its place in the conversation; none for what is not sent again.
    pub(crate) id: Option<u64>,
    /// Its kind, such as `message`.
    pub(crate) kind: String,
    /// Its fields.
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Events {
    stream: BufReader<TcpStream>,
    /// The beginning of a line whose end has not come yet.
    begun: Vec<u8>,
    next: Event,
}

impl Events {
    /// Opens the stream of a conversation after a place; 0 is the beginning.
    pub(crate) fn follow(address: SocketAddr, token: &str, conversation: &str, after: u64) -> Result<Self, Failure> {
        let headers = format!("Authorization: Bearer {token}\r\nLast-Event-ID: {after}\r\n");
        Self::open(address, &format!("/v1/conversations/{conversation}/events"), &headers)
    }

    /// Opens a stream at this path, with these headers, each with its end.
    pub(crate) fn open(address: SocketAddr, path: &str, headers: &str) -> Result<Self, Failure> {
        let mut stream = BufReader::new(TcpStream::connect(address)?);
        stream.get_mut().set_read_timeout(Some(Duration::from_secs(10)))?;
        // HTTP/1.0, so that the events come as they are and not in chunks.
        let head = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n{headers}\r\n");
        stream.get_mut().write_all(head.as_bytes())?;
        let status = read_status(&mut stream)?;
        while !read_line(&mut stream)?.is_empty() {}
        if status != 200 {
            return Err(Failure::new(format!("the stream at {path} was answered with {status}")));
        }
        Ok(Self { stream, begun: Vec::new(), next: blank() })
    }

    /// The next event, or `None` when none came within this time. The end of the stream is an error.
    pub(crate) fn next(&mut self, within: Duration) -> Result<Option<Event>, Failure> {
        let until = Instant::now() + within;
        loop {
            let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
            self.stream.get_mut().set_read_timeout(Some(left))?;
            match self.stream.read_until(b'\n', &mut self.begun) {
                Ok(0) => return Err(Failure::new("the stream was closed")),
                Ok(_) if self.begun.ends_with(b"\n") => {
                    let line = String::from_utf8(std::mem::take(&mut self.begun))?;
                    if let Some(event) = self.take(line.trim_end())? {
                        return Ok(Some(event));
                    }
                }
                Ok(_) => {}
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => return Ok(None),
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Takes a line in; an empty one completes an event.
    fn take(&mut self, line: &str) -> Result<Option<Event>, Failure> {
        match line.split_once(':') {
            Some(("id", id)) => self.next.id = Some(id.trim().parse()?),
            Some(("event", kind)) => kind.trim().clone_into(&mut self.next.kind),
            Some(("data", data)) => self.next.data = serde_json::from_str(data)?,
            None if line.is_empty() && !self.next.kind.is_empty() => return Ok(Some(std::mem::replace(&mut self.next, blank()))),
            _ => {}
        }
        Ok(None)
    }
}

fn blank() -> Event {
    Event { id: None, kind: String::new(), data: Value::Null }
}
