//! A small HTTP/1.1 client for this machine: one connection, kept open, JSON in and out.

use crate::failure::Failure;
use serde_json::Value;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Longer than any answer takes, also one that was waited for.
const PATIENCE: Duration = Duration::from_secs(40);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// The body; null where it is no JSON.
    pub(crate) body: Value,
}

impl Answer {
    /// The body of an answer with this status; anything else fails with what the server said.
    pub(crate) fn expect(self, status: u16) -> Result<Value, Failure> {
        if self.status == status {
            Ok(self.body)
        } else {
            Err(Failure::new(format!("expected {status}, got {}: {}", self.status, self.body)))
        }
    }
}

/// One connection to one server.
pub(crate) struct Client {
    address: SocketAddr,
    /// Sent with every request, each line with its end.
    headers: String,
    kept: Option<BufReader<TcpStream>>,
    /// The name and value of the last cookie an answer set.
    cookie: Option<String>,
}

impl Client {
    /// A client of this server that has not connected yet.
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, headers: String::new(), kept: None, cookie: None }
    }

    /// With a header in every request.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push_str(&format!("{name}: {value}\r\n"));
        self
    }

    /// Reads something.
    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// Sends JSON.
    pub(crate) fn post(&mut self, path: &str, body: &Value) -> io::Result<Answer> {
        self.send(&format!("POST {path} HTTP/1.1\r\nContent-Type: application/json\r\n"), &body.to_string())
    }

    /// Sends JSON, and gives the cookie that came back with 200.
    pub(crate) fn post_for_cookie(&mut self, path: &str, body: &Value) -> Result<Option<String>, Failure> {
        let answer = self.post(path, body)?;
        let cookie = self.cookie.take();
        answer.expect(200).map(|_| cookie)
    }

    /// Sends a form that is encoded already.
    pub(crate) fn post_form(&mut self, path: &str, body: &str) -> io::Result<Answer> {
        self.send(&format!("POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"), body)
    }

    /// An error means that nobody knows whether the request arrived.
    fn send(&mut self, head: &str, body: &str) -> io::Result<Answer> {
        let mut stream = match self.kept.take() {
            Some(stream) => stream,
            None => connect(self.address)?,
        };
        let rest = format!("Host: {}\r\nContent-Length: {}\r\n{}\r\n{body}", self.address, body.len(), self.headers);
        stream.get_mut().write_all((head.to_owned() + &rest).as_bytes())?;
        let (status, length, close, cookie) = read_head(&mut stream)?;
        self.cookie = cookie;
        let mut bytes = vec![0; length];
        stream.read_exact(&mut bytes)?;
        if !close {
            self.kept = Some(stream);
        }
        Ok(Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) })
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    Ok(BufReader::new(stream))
}

/// Status, length of the body, whether the connection ends with it, and the cookie that is set.
fn read_head(stream: &mut impl BufRead) -> io::Result<(u16, usize, bool, Option<String>)> {
    let status = read_status(stream)?;
    let (mut length, mut close, mut cookie) = (0, false, None);
    loop {
        let line = read_line(stream)?;
        let Some((name, value)) = line.split_once(':') else { return Ok((status, length, close, cookie)) };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().map_err(|_| cut("a length that is no number"))?,
            "transfer-encoding" => return Err(cut("an answer in chunks; this client reads only answers with a length")),
            "set-cookie" => cookie = value.split(';').next().map(|pair| pair.trim().to_owned()),
            "connection" => close = value.trim().eq_ignore_ascii_case("close"),
            _ => {}
        }
    }
}

/// The status of an answer's first line.
pub(crate) fn read_status(stream: &mut impl BufRead) -> io::Result<u16> {
    let line = read_line(stream)?;
    line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(|| cut("no status line"))
}

/// One line of a head, without its end; the end of the connection is an error.
pub(crate) fn read_line(stream: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        return Err(cut("the connection was closed"));
    }
    Ok(line.trim_end().to_owned())
}

fn cut(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, what.to_owned())
}
