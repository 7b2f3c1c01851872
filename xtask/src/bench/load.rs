//! Customers who ask over the public API and wait for the reply.

use crate::failure::Failure;
use crate::http::Client;
use crate::town::{Town, text};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// A customer with an open conversation.
pub(super) struct Customer {
    client: Client,
    conversation: String,
}

impl Customer {
    /// Opens a conversation.
    pub(super) fn open(address: SocketAddr, customer: &str) -> Result<Self, Failure> {
        let token = Town::token(customer);
        let mut client = Client::new(address).header("Authorization", &format!("Bearer {token}")).header("Prefer", "wait=20");
        let conversation = text(&client.post("/v1/conversations", &json!({}))?.expect(201)?["id"]);
        Ok(Self { client, conversation })
    }

    /// Says something and gives the whole reply.
    pub(super) fn ask(&mut self, words: &str) -> Result<Value, Failure> {
        self.client.post(&format!("/v1/conversations/{}/messages", self.conversation), &json!({ "text": words }))?.expect(200)
    }
}
