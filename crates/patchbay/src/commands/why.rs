//! `patchbay why`: why a conversation went to people, decided again from what was stored.

use crate::cli::Why;
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use patchbay_core::event::Recorded;
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_core::port::Log;
use patchbay_service::Decision;

pub(crate) async fn run(why: Why) -> Result<(), Failure> {
    let id = ConversationId::parse(&why.conversation)
        .ok_or_else(|| Failure::new(Exit::Usage, format!("'{}' is no conversation; they look like cnv_01k…", why.conversation)))?;
    let ready = Ready::of(&why.configured)?;
    let log = crate::running::open_log(&ready)?;
    let events = whole(&*log, &id).await;
    log.close().await;
    let events = events?;
    if events.is_empty() {
        return Err(Failure::new(Exit::CheckFailed, format!("there is no conversation {id} in this data folder")));
    }
    let decisions = patchbay_service::explain(&events, &ready.house.digest);
    if why.json {
        let shown: Vec<serde_json::Value> = decisions.iter().map(json).collect();
        println!("{}", serde_json::to_string_pretty(&shown).expect("invariant: JSON always serialises"));
    } else if decisions.is_empty() {
        println!("Nothing handed this conversation over.");
    } else {
        decisions.iter().for_each(print);
    }
    Ok(())
}

async fn whole(log: &dyn Log, id: &ConversationId) -> Result<Vec<Recorded>, Failure> {
    let mut events: Vec<Recorded> = Vec::new();
    loop {
        let after = events.last().map_or(0, |event| event.seq);
        let page = log.read_stream(StreamId::conversation(id), after, 500).await.map_err(Failure::storage)?;
        if page.is_empty() {
            return Ok(events);
        }
        events.extend(page);
    }
}

/// A decision as programs read it: times as on every other wire.
fn json(why: &patchbay_service::Why) -> serde_json::Value {
    let mut shown = serde_json::to_value(why).expect("invariant: words always serialise");
    shown["at"] = why.at.to_string().into();
    shown
}

fn print(why: &patchbay_service::Why) {
    let decided = if why.decision == Decision::Offered { "  (a person was offered)" } else { "" };
    println!("{}  {}{decided}", why.at, why.reason);
    if let Some(rule) = &why.rule {
        println!("  rule       {rule}");
    }
    for (name, value) in &why.evidence {
        println!("  saw        {name} = {value}");
    }
    if let Some(config) = &why.config {
        let current = if why.current { "in force now" } else { "not the one in force now" };
        println!("  rules of   {} ({current})", config.get(..8).unwrap_or(config));
    }
    println!("  again      {}: {}", if why.reproduced { "the same decision" } else { "NOT the same decision" }, why.basis);
}
