//! One customer's visit while the process may die at any moment: what was sent, and what was acknowledged.

use crate::http::Client;
use crate::town::{Town, text};
use serde_json::json;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// More messages one visit does not send: customers have a pace.
const MESSAGES: u32 = 12;
/// Between two messages of one customer.
const PAUSE: Duration = Duration::from_millis(25);

/// What a customer came for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// Asks again and again, without waiting for answers.
    Ask,
    /// Cancels the order and says yes to the card.
    Cancel,
}

/// A yes that was sent.
#[derive(Debug, Clone)]
pub(super) struct Yes {
    /// The proposed write.
    pub(super) action: String,
    /// Was it acknowledged?
    pub(super) acknowledged: bool,
}

/// What is known of a visit from outside.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) token: String,
    pub(super) conversation: String,
    pub(super) order: String,
    /// Client ids of the messages that were acknowledged.
    pub(super) acknowledged: Vec<String>,
    pub(super) yes: Option<Yes>,
    /// Answers that no customer should get.
    pub(super) odd: Vec<String>,
}

impl Visit {
    /// Goes on until the errand is done or the process dies. `None`: it died before a conversation was open.
    pub(super) fn make(address: SocketAddr, customer: &str, order: &str, errand: Errand, name: &str) -> Option<Self> {
        let token = Town::token(customer);
        let connect = || Client::new(address).header("Authorization", &format!("Bearer {token}"));
        let mut client = connect();
        let opened = client.post("/v1/conversations", &json!({})).ok()?;
        let mut visit = Self {
            token: token.clone(),
            conversation: text(&opened.body["id"]),
            order: order.to_owned(),
            acknowledged: Vec::new(),
            yes: None,
            odd: Vec::new(),
        };
        if opened.status != 201 {
            visit.odd.push(format!("opening a conversation: {} {}", opened.status, opened.body));
            return Some(visit);
        }
        // The error is the kill; what counts is what was acknowledged before.
        let _ = match errand {
            Errand::Ask => visit.ask(&mut client, name),
            Errand::Cancel => visit.cancel(&mut connect().header("Prefer", "wait=10"), &mut client, name),
        };
        Some(visit)
    }

    fn ask(&mut self, client: &mut Client, name: &str) -> io::Result<()> {
        for number in 0..MESSAGES {
            self.say(client, &format!("{name}-{number}"), &format!("where is order {}?", self.order))?;
            std::thread::sleep(PAUSE);
        }
        Ok(())
    }

    /// Waits for the card, but not for what comes of the yes: the kill shall meet the write.
    fn cancel(&mut self, waiting: &mut Client, client: &mut Client, name: &str) -> io::Result<()> {
        let mut words = format!("cancel order {}, it is no longer needed", self.order);
        for number in 0..3 {
            let reply = self.say(waiting, &format!("{name}-{number}"), &words)?;
            if reply["status"] == "proposing" {
                return self.confirm(client, &reply["proposal"]);
            }
            words = "no longer needed".to_owned();
        }
        self.odd.push(format!("cancelling order {} never came to a proposal", self.order));
        Ok(())
    }

    fn confirm(&mut self, client: &mut Client, proposal: &serde_json::Value) -> io::Result<()> {
        let action = text(&proposal["id"]);
        let path = format!("/v1/conversations/{}/actions/{action}", self.conversation);
        self.yes = Some(Yes { action: action.clone(), acknowledged: false });
        let answer = client.post(&path, &json!({ "decision": "yes", "digest": proposal["digest"] }))?;
        let acknowledged = matches!(answer.status, 200 | 202);
        if !acknowledged {
            self.odd.push(format!("yes to {action}: {} {}", answer.status, answer.body));
        }
        self.yes = Some(Yes { action, acknowledged });
        Ok(())
    }

    /// Says something under a client id; the reply, where it was waited for.
    fn say(&mut self, client: &mut Client, id: &str, words: &str) -> io::Result<serde_json::Value> {
        let path = format!("/v1/conversations/{}/messages", self.conversation);
        let answer = client.post(&path, &json!({ "text": words, "id": id }))?;
        match answer.status {
            200 | 202 => self.acknowledged.push(id.to_owned()),
            // Not accepted, and said so: nothing to hold anybody to.
            429 | 503 => {}
            status => self.odd.push(format!("message {id}: {status} {}", answer.body)),
        }
        Ok(answer.body)
    }
}
