//! One conversation over the public HTTP API.

use super::company::{Company, token};
use crate::failure::Failure;
use crate::http::Client;
use serde_json::{Value, json};
use std::time::Duration;

/// How long a reply is waited for, as the API is asked to.
const WAIT: &str = "wait=30";
/// A customer whom the pacing slows down tries again, this often.
const TRIES: u32 = 20;

/// An open conversation.
pub(crate) struct Chat {
    client: Client,
    messages: String,
}

impl Chat {
    /// Opens one: as this customer, signed in by the shop, or as an anonymous visitor.
    pub(crate) fn open(company: &Company, customer: Option<&str>) -> Result<Self, Failure> {
        let client = Client::new(company.address()).header("Prefer", WAIT);
        let client = match customer {
            Some(customer) => client.header("Authorization", &format!("Bearer {}", token(customer)?)),
            None => {
                let mut gate = Self { client: Client::new(company.address()), messages: String::new() };
                let pass = gate.post("/v1/sessions", &json!({}))?;
                client.header("Patchbay-Visitor", pass["token"].as_str().unwrap_or_default())
            }
        };
        let mut chat = Self { client, messages: String::new() };
        let opened = chat.post("/v1/conversations", &json!({}))?;
        let id = opened["id"].as_str().ok_or_else(|| Failure::new(format!("no conversation was opened: {opened}")))?;
        chat.messages = format!("/v1/conversations/{id}/messages");
        Ok(chat)
    }

    /// Says something and waits for the reply object.
    pub(crate) fn say(&mut self, text: &str) -> Result<Value, Failure> {
        let messages = self.messages.clone();
        let reply = self.post(&messages, &json!({ "text": text }))?;
        if reply["status"].is_string() { Ok(reply) } else { Err(Failure::new(format!("no reply in time to '{text}': {reply}"))) }
    }

    fn post(&mut self, path: &str, body: &Value) -> Result<Value, Failure> {
        for _ in 0..TRIES {
            let answer = self.client.post(path, body)?;
            match answer.status {
                200..=299 => return Ok(answer.body),
                429 => std::thread::sleep(Duration::from_secs(1)),
                status => return Err(Failure::new(format!("POST {path} answered {status}: {}", answer.body))),
            }
        }
        Err(Failure::new(format!("POST {path} was paced for too long")))
    }
}
