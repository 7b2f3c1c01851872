//! One client id, sent five times at once: one message, one reply.

use crate::events::Events;
use crate::failure::Failure;
use crate::http::{Answer, Client};
use crate::server::free_address;
use crate::town::{Town, text};
use serde_json::json;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

const TIMES: usize = 5;
/// Longer than a turn takes.
const REPLIED_WITHIN: Duration = Duration::from_secs(15);

pub(super) fn run(town: &Town, folder: &Path) -> Result<String, Failure> {
    let server = town.serve(&folder.join("once"), free_address()?)?;
    let (address, token) = (server.address, Town::token("mika"));
    let client = || Client::new(address).header("Authorization", &format!("Bearer {token}"));
    let conversation = text(&client().post("/v1/conversations", &json!({}))?.expect(201)?["id"]);
    let path = format!("/v1/conversations/{conversation}/messages");
    let send = || -> Result<Answer, Failure> { Ok(client().post(&path, &json!({ "text": "where is order 12345?", "id": "the-same" }))?) };
    let answers: Result<Vec<Answer>, Failure> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..TIMES).map(|_| scope.spawn(send)).collect();
        sent.into_iter().map(|sent| sent.join().map_err(|_| Failure::new("a sender panicked"))?).collect()
    });
    let answers = answers?;
    if let Some(odd) = answers.iter().find(|answer| !matches!(answer.status, 200 | 202)) {
        return Err(Failure::new(format!("  a repetition was answered with {}: {}", odd.status, odd.body)));
    }
    let ids: BTreeSet<String> = answers.iter().map(|answer| text(&answer.body["message"])).collect();
    let (messages, replies) = heard(Events::follow(address, &token, &conversation, 0)?)?;
    server.stop()?;
    if ids.len() == 1 && messages == 1 && replies == 1 {
        return Ok(format!("{TIMES} times acknowledged, one message, one reply"));
    }
    Err(Failure::new(format!("  {} ids in the receipts, {messages} messages, {replies} replies", ids.len())))
}

/// How many messages and replies a stream tells until it is quiet after the first reply.
fn heard(mut events: Events) -> Result<(u32, u32), Failure> {
    let (mut messages, mut replies) = (0, 0);
    let mut within = REPLIED_WITHIN;
    while let Some(event) = events.next(within)? {
        match event.kind.as_str() {
            "message" => messages += 1,
            "closed" => {
                replies += 1;
                within = Duration::from_secs(2);
            }
            _ => {}
        }
    }
    Ok((messages, replies))
}
