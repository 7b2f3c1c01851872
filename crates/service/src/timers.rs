//! Durable timers: turns a crash left open, and writes whose effect is not known.

use crate::actor::Command;
use crate::desk::Watch;
use crate::{Service, files};
use patchbay_core::Timestamp;
use patchbay_core::id::{ActionId, ConversationId};
use patchbay_core::log::{DueTimer, TimerChange};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::time::Duration;

/// How often due timers are looked for.
const EVERY: Duration = Duration::from_millis(500);
/// A timer that is still there after this long is woken for again: whoever was woken could not do it.
const AGAIN: Duration = Duration::from_secs(30);
/// How many are taken at a time.
const AT_ONCE: usize = 256;
/// How often files are looked for that nobody sent.
const SWEEP_EVERY: Duration = Duration::from_secs(30 * 60);
/// An open turn is looked after when it is older than any turn gets by itself.
pub(crate) const TURN_WATCH: Duration = Duration::from_secs(30);

/// What a settling timer notes.
#[derive(Debug, Serialize, Deserialize)]
struct SettleNote {
    conversation: ConversationId,
    action: ActionId,
    attempt: u32,
}

/// The name of the timer that watches a conversation's open turn.
pub(crate) fn turn_timer(conversation: &ConversationId) -> String {
    format!("turn/{conversation}")
}

/// The name of the timer that looks after a write.
pub(crate) fn settle_timer(action: &ActionId) -> String {
    format!("settle/{action}")
}

/// Sets the watch over a conversation's open turn.
pub(crate) fn watch_turn(conversation: &ConversationId, now: Timestamp) -> TimerChange {
    TimerChange::Set { name: turn_timer(conversation), due: now.plus(TURN_WATCH), note: String::new() }
}

/// Sets the timer that looks after a write.
pub(crate) fn settle_at(conversation: &ConversationId, action: &ActionId, due: Timestamp, attempt: u32) -> TimerChange {
    let note = SettleNote { conversation: conversation.clone(), action: action.clone(), attempt };
    let note = serde_json::to_string(&note).expect("invariant: ids and a number always serialise");
    TimerChange::Set { name: settle_timer(action), due, note }
}

/// Wakes what is due, until the driver stops. The first look takes every turn that was open when the process ended.
pub(crate) async fn run(service: Service) {
    let mut stop = service.0.stop.subscribe();
    let mut first = true;
    let mut swept: Option<Timestamp> = None;
    let mut woken: HashMap<(String, Timestamp), Timestamp> = HashMap::new();
    loop {
        let now = service.0.parts.clock.now();
        if swept.is_none_or(|swept| now.since(swept) >= SWEEP_EVERY) {
            swept = Some(now);
            tokio::spawn(files::sweep(service.clone()));
        }
        let until = if first { now.plus(TURN_WATCH) } else { now };
        match service.0.parts.log.due_timers(until, if first { usize::MAX >> 1 } else { AT_ONCE }).await {
            Ok(due) => {
                woken.retain(|(name, _), at| now.since(*at) < AGAIN && due.iter().any(|timer| timer.name == *name));
                let late = |timer: &DueTimer| timer.due <= now || timer.name.starts_with("turn/");
                for timer in due.iter().filter(|timer| late(timer)) {
                    // A timer stays in the log until its turn clears it: it is not woken for at every look.
                    woken.entry((timer.name.clone(), timer.due)).or_insert_with(|| {
                        wake(&service, timer);
                        now
                    });
                }
                first = false;
            }
            Err(error) => tracing::warn!(%error, "timers cannot be read; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(EVERY) => {}
            stopped = stop.wait_for(|stop| *stop) => { let _ = stopped; return; }
        }
    }
}

fn wake(service: &Service, timer: &DueTimer) {
    match timer.name.split_once('/') {
        Some(("turn", conversation)) => {
            if let Some(conversation) = ConversationId::parse(conversation) {
                service.tell(&conversation, Command::Wake);
            }
        }
        Some(("settle", _)) => match serde_json::from_str::<SettleNote>(&timer.note) {
            Ok(SettleNote { conversation, action, attempt }) => {
                service.tell(&conversation, Command::Settle { action, attempt });
            }
            Err(error) => tracing::error!(timer = %timer.name, %error, "a settling timer has an unreadable note"),
        },
        Some((word, conversation)) if Watch::parse(word).is_some() => {
            if let (Some(watch), Some(conversation)) = (Watch::parse(word), ConversationId::parse(conversation)) {
                service.tell(&conversation, Command::Watched(watch));
            }
        }
        _ => tracing::warn!(timer = %timer.name, "nobody knows this timer"),
    }
}
