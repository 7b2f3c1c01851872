//! Looks at a visit from outside, after the process came back: is everything there once, is every turn closed, do the words
//! about a write agree with what the order system did?

use super::visit::Visit;
use crate::events::{Event, Events};
use crate::failure::Failure;
use crate::town::{Town, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A turn takes 8 s at most; a write whose end is not known is settled within 60 s.
const SETTLED_WITHIN: Duration = Duration::from_secs(75);
/// When nothing more comes for so long after everything expected has come, nothing will.
const QUIET: Duration = Duration::from_millis(500);

/// A conversation as its stream tells it.
#[derive(Debug, Default)]
struct Told {
    /// How often each client id was there.
    messages: BTreeMap<String, u32>,
    /// Was anything said since a turn was closed?
    open: bool,
    /// A person has the conversation: the bot is silent, and messages open no turn.
    handed_over: bool,
    /// The last state of each write.
    actions: BTreeMap<String, String>,
}

impl Told {
    fn take(&mut self, event: &Event) {
        match event.kind.as_str() {
            "message" => {
                *self.messages.entry(text(&event.data["client"])).or_default() += 1;
                self.open = !self.handed_over;
            }
            "action" => {
                let state = text(&event.data["state"]);
                // A yes is answered by a turn of its own; what is settled later needs none.
                self.open |= state == "confirmed";
                self.actions.insert(text(&event.data["action"]), state);
            }
            "closed" | "cut" => self.open = false,
            "state" => self.handed_over = event.data["state"] != "bot",
            _ => {}
        }
    }

    fn settled(&self, visit: &Visit) -> bool {
        let there = visit.acknowledged.iter().all(|id| self.messages.contains_key(id));
        let ended = |state: &String| ["done", "failed", "unknown", "cancelled"].contains(&state.as_str());
        let acted = visit.yes.iter().filter(|yes| yes.acknowledged).all(|yes| self.actions.get(&yes.action).is_some_and(ended));
        there && acted && !self.open && self.actions.values().all(ended)
    }
}

/// Everything that is wrong with a visit.
pub(super) fn visit(address: SocketAddr, visit: &Visit, town: &Town) -> Result<Vec<String>, Failure> {
    let told = read(address, visit)?;
    let place = |what: String| format!("{}: {what}", visit.conversation);
    let mut wrong: Vec<String> = visit.odd.iter().cloned().map(place).collect();
    let lost = visit.acknowledged.iter().filter(|id| !told.messages.contains_key(*id));
    wrong.extend(lost.map(|id| place(format!("message {id} was acknowledged and is lost"))));
    let doubled = told.messages.iter().filter(|(id, times)| !id.is_empty() && **times > 1);
    wrong.extend(doubled.map(|(id, times)| place(format!("message {id} is there {times} times"))));
    if told.open {
        wrong.push(place(format!("the last turn was not closed within {} s", SETTLED_WITHIN.as_secs())));
    }
    wrong.extend(write(visit, &told, &town.effects()?).map(place));
    Ok(wrong)
}

fn read(address: SocketAddr, visit: &Visit) -> Result<Told, Failure> {
    let mut events = Events::follow(address, &visit.token, &visit.conversation, 0)?;
    let mut told = Told::default();
    let began = Instant::now();
    while began.elapsed() < SETTLED_WITHIN {
        match events.next(QUIET)? {
            Some(event) => told.take(&event),
            None if told.settled(visit) => break,
            None => {}
        }
    }
    Ok(told)
}

/// What is wrong between the order system's ledger and what was said about the write.
fn write(visit: &Visit, told: &Told, effects: &[Value]) -> Option<String> {
    let order = &visit.order;
    let times = effects.iter().filter(|effect| effect["operation"] == "cancelOrder" && effect["object"] == order.as_str()).count();
    let Some(yes) = &visit.yes else {
        return None;
    };
    let state = told.actions.get(&yes.action).map(String::as_str);
    match (state, times) {
        (_, 2..) => Some(format!("order {order} was cancelled {times} times")),
        (Some("done"), 0) => Some(format!("{} is said to be done, but order {order} was not cancelled", yes.action)),
        (Some("failed" | "cancelled"), 1) => Some(format!("{} is said not to have happened, but order {order} was cancelled", yes.action)),
        (Some("done" | "failed" | "unknown" | "cancelled"), _) => None,
        // A yes that was never acknowledged may never have arrived.
        (None, 0) if !yes.acknowledged => None,
        (state, _) => Some(format!("{} is left {}", yes.action, state.unwrap_or("without a word"))),
    }
}
