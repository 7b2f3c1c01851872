//! A caller of the company: one connection per request, the right credential for each service.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::{HeaderMap, Request, Uri};
use hyper_util::rt::TokioIo;
use patchbay_world::{Claims, Clock, Credentials, Running, ServiceName, World, WorldOptions, mint};
use serde_json::Value;
use tokio::net::TcpStream;

/// An answer, read to its end.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// No answer: the connection ended before one was complete.
#[derive(Debug)]
pub struct NoReply(#[expect(dead_code, reason = "shown by a failing test")] String);

impl NoReply {
    fn because(error: impl fmt::Display) -> Self {
        Self(error.to_string())
    }
}

impl Reply {
    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The code of a refusal.
    pub fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Sends one request and reads the answer.
pub async fn send(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> Result<Reply, NoReply> {
    let uri: Uri = url.parse().unwrap();
    let authority = uri.authority().unwrap().as_str();
    let stream = TcpStream::connect(authority).await.map_err(NoReply::because)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(NoReply::because)?;
    let driver = tokio::spawn(connection);
    let mut request = Request::builder().method(method).uri(uri.path_and_query().unwrap().as_str()).header("host", authority);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Full::new(Bytes::copy_from_slice(body.as_bytes()))).unwrap();
    let (parts, body) = sender.send_request(request).await.map_err(NoReply::because)?.into_parts();
    let body = body.collect().await.map_err(NoReply::because)?.to_bytes();
    driver.abort();
    Ok(Reply { status: parts.status.as_u16(), headers: parts.headers, body })
}

/// A company and somebody who may call all of it.
pub struct Company {
    pub world: Running,
    clock: Clock,
}

impl Company {
    /// The company of 20 November 2026, ten o'clock.
    pub async fn start() -> Self {
        let clock = Clock::starting_at("2026-11-20T10:00:00Z".parse().unwrap());
        let world = World::start(WorldOptions::with_clock(clock.clone())).await.unwrap();
        Self { world, clock }
    }

    /// The value of `Authorization` or the key header, by its name.
    pub async fn credential(&self, service: ServiceName) -> (&'static str, String) {
        match &self.world.endpoint(service).credentials {
            Credentials::ApiKey { header, key } => (header, key.clone()),
            Credentials::Basic { user, password } => {
                ("authorization", format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}"))))
            }
            Credentials::Bearer { token } => ("authorization", format!("Bearer {token}")),
            Credentials::Jwt { secret, issuer, audience } => {
                let exp = self.clock.now().as_second() + 60;
                let claims = Claims { iss: (*issuer).to_owned(), aud: (*audience).to_owned(), exp };
                ("authorization", format!("Bearer {}", mint(&claims, secret)))
            }
            Credentials::OAuth { .. } => ("authorization", format!("Bearer {}", self.token("orders.read orders.write").await)),
        }
    }

    /// A fresh token of the order system.
    pub async fn token(&self, scope: &str) -> String {
        let Credentials::OAuth { token_url, client_id, client_secret, .. } = &self.world.endpoint(ServiceName::Orders).credentials else {
            panic!("orders want OAuth");
        };
        let scope = scope.replace(' ', "+");
        let form = format!("grant_type=client_credentials&client_id={client_id}&client_secret={client_secret}&scope={scope}");
        let reply = send("POST", token_url, &[("content-type", "application/x-www-form-urlencoded")], &form).await.unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub async fn try_call(
        &self,
        service: ServiceName,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &Value,
    ) -> Result<Reply, NoReply> {
        let (name, value) = self.credential(service).await;
        let mut all = vec![(name, value.as_str())];
        all.extend_from_slice(headers);
        let body = if body.is_null() { String::new() } else { body.to_string() };
        send(method, &format!("{}{path}", self.world.endpoint(service).url), &all, &body).await
    }

    pub async fn get(&self, service: ServiceName, path: &str) -> Reply {
        self.try_call(service, "GET", path, &[], &Value::Null).await.unwrap()
    }

    pub async fn write(&self, service: ServiceName, method: &str, path: &str, body: Value) -> Reply {
        self.try_call(service, method, path, &[], &body).await.unwrap()
    }

    /// The operations that had an effect so far.
    pub fn effects(&self) -> Vec<&'static str> {
        self.world.panel().ledger().effects().iter().map(|entry| entry.operation).collect()
    }
}
