//! A backend that does as it is told: answers, says garbage, breaks off, stays silent. It remembers what it heard.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) method: String,
    /// Path and query, still encoded.
    pub(crate) target: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// What the server does about a request.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// Answers with this status and JSON.
    Says(u16, &'static str),
    /// The same after a while.
    SaysAfter(Duration, u16, &'static str),
    /// The same with one more header.
    SaysWith(u16, &'static str, &'static str),
    /// Writes exactly this and closes.
    Raw(&'static str),
    /// Closes without a word.
    BreaksOff,
    /// Says nothing for a long time.
    Hangs,
    /// Begins an answer and never ends it.
    Endless,
}

/// A server with a script: the answers in order, the last one for ever.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Server {
    /// Starts a server that does these things one after another.
    pub(crate) async fn doing(script: impl Into<Vec<Does>>) -> Self {
        let script = script.into();
        Self::answering(move |_, number| script[number.min(script.len() - 1)].clone()).await
    }

    /// Starts a server that decides by the request and its number.
    pub(crate) async fn answering(decide: impl Fn(&Heard, usize) -> Does + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (log, decide) = (Arc::clone(&heard), Arc::new(decide));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (log, decide) = (Arc::clone(&log), Arc::clone(&decide));
                tokio::spawn(async move { serve(stream, &log, &*decide).await });
            }
        });
        Self { url, heard }
    }

    /// Everything heard so far.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// The only request heard.
    pub(crate) fn only(&self) -> Heard {
        let heard = self.heard();
        assert_eq!(heard.len(), 1, "{heard:#?}");
        heard[0].clone()
    }
}

async fn serve(mut stream: TcpStream, log: &Mutex<Vec<Heard>>, decide: &(dyn Fn(&Heard, usize) -> Does + Send + Sync)) -> Option<()> {
    loop {
        let heard = hear(&mut stream).await?;
        let number = {
            let mut log = log.lock().unwrap();
            log.push(heard.clone());
            log.len() - 1
        };
        match decide(&heard, number) {
            Does::Says(status, body) => say(&mut stream, status, "", body).await?,
            Does::SaysWith(status, header, body) => say(&mut stream, status, header, body).await?,
            Does::SaysAfter(wait, status, body) => {
                tokio::time::sleep(wait).await;
                say(&mut stream, status, "", body).await?;
            }
            Does::Raw(text) => return stream.write_all(text.as_bytes()).await.ok(),
            Does::BreaksOff => return None,
            Does::Hangs => tokio::time::sleep(Duration::from_secs(60)).await,
            Does::Endless => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await.ok()?;
                loop {
                    stream.write_all(b"10\r\n[[[[[[[[[[[[[[[[\r\n").await.ok()?;
                }
            }
        }
    }
}

async fn say(stream: &mut TcpStream, status: u16, header: &str, body: &str) -> Option<()> {
    let header = if header.is_empty() { String::new() } else { format!("{header}\r\n") };
    let text = format!("HTTP/1.1 {status} X\r\ncontent-type: application/json\r\n{header}content-length: {}\r\n\r\n{body}", body.len());
    stream.write_all(text.as_bytes()).await.ok()
}

async fn hear(stream: &mut TcpStream) -> Option<Heard> {
    let mut bytes = Vec::new();
    let head_ends = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..head_ends].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next()?.split(' ');
    let (method, target) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers: BTreeMap<_, _> = lines.filter_map(|line| line.split_once(": ")).map(|(n, v)| (n.to_lowercase(), v.to_owned())).collect();
    let length: usize = headers.get("content-length").map_or(0, |length| length.parse().unwrap());
    let mut body = bytes.split_off(head_ends + 4);
    while body.len() < length {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Heard { method, target, headers, body: String::from_utf8(body).unwrap() })
}
