//! A live stream that is cut again and again while the conversation goes on: resumed by its last id, it has no gap and
//! nothing twice.

use super::{Dice, Kill};
use crate::events::Events;
use crate::failure::Failure;
use crate::http::Client;
use crate::server::free_address;
use crate::town::{Town, text};
use serde_json::json;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How much is said meanwhile, and how fast: customers have a pace.
const MESSAGES: usize = 30;
const PAUSE: Duration = Duration::from_millis(500);
/// A connection on which nothing comes for so long is cut all the same.
const CUT_AFTER: Duration = Duration::from_millis(200);
/// When nothing came for so long, there is nothing more.
const QUIET: Duration = Duration::from_secs(3);

pub(super) fn run(town: &Town, folder: &Path, kill: Kill) -> Result<String, Failure> {
    let server = town.serve(&folder.join("reconnect"), free_address()?)?;
    let (address, token) = (server.address, Town::token("mika"));
    let mut client = Client::new(address).header("Authorization", &format!("Bearer {token}")).header("Prefer", "wait=10");
    let conversation = text(&client.post("/v1/conversations", &json!({}))?.expect(201)?["id"]);
    let over = AtomicBool::new(false);
    let pieces = std::thread::scope(|scope| {
        scope.spawn(|| talk(&mut client, &conversation, &over));
        let pieces = follow_in_pieces(address, &token, &conversation, kill);
        over.store(true, Ordering::Relaxed);
        pieces
    })?;
    let last = pieces.last().copied().unwrap_or(0);
    let whole = up_to(Events::follow(address, &token, &conversation, 0)?, last)?;
    server.stop()?;
    if pieces == whole {
        return Ok(format!("{} reconnects, {} events, no gap, none twice", kill.reconnects, whole.len()));
    }
    Err(Failure::new(format!("  in pieces: {pieces:?}\n  in one go: {whole:?}")))
}

/// Says something every now and then until it is over.
fn talk(client: &mut Client, conversation: &str, over: &AtomicBool) {
    let path = format!("/v1/conversations/{conversation}/messages");
    for order in ["12345", "12288", "11902"].iter().cycle().take(MESSAGES) {
        if over.load(Ordering::Relaxed) || client.post(&path, &json!({ "text": format!("where is order {order}?") })).is_err() {
            return;
        }
        std::thread::sleep(PAUSE);
    }
}

/// The ids of what came over so many connections, each cut after at most two events.
fn follow_in_pieces(address: SocketAddr, token: &str, conversation: &str, kill: Kill) -> Result<Vec<u64>, Failure> {
    let mut dice = Dice::new(kill.seed);
    let mut ids = Vec::new();
    for _ in 0..kill.reconnects {
        let mut events = Events::follow(address, token, conversation, ids.last().copied().unwrap_or(0))?;
        for _ in 0..dice.below(3) {
            ids.extend(events.next(CUT_AFTER)?.and_then(|event| event.id));
        }
    }
    Ok(ids)
}

/// The ids of a stream from its beginning up to one.
fn up_to(mut events: Events, last: u64) -> Result<Vec<u64>, Failure> {
    let mut ids = Vec::new();
    while ids.last().is_none_or(|id| *id < last) {
        let Some(event) = events.next(QUIET)? else { break };
        ids.extend(event.id);
    }
    Ok(ids)
}
