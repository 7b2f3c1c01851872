//! The lines: which conversations wait for people, by queue. Kept in memory, and rebuilt from the timers of those that wait.

use crate::Refused;
use patchbay_core::handoff::People;
use patchbay_core::id::ConversationId;
use patchbay_core::port::Log;
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Timestamp};
use patchbay_turn::Waiting;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

/// So many of the latest waits of a queue say how long people wait.
const LATELY: usize = 20;

/// A conversation in line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InLine {
    /// The queue.
    pub queue: String,
    /// Since when its customer waits.
    pub since: Timestamp,
    /// Whose it is: the customer, or the visitor nobody has proven to be one.
    pub who: String,
}

impl InLine {
    /// The place of a conversation that waits; none of one that does not.
    pub(crate) fn of(people: &People, session: &Session) -> Option<Self> {
        let waits = people.state == Some(ConversationState::Waiting);
        let open = people.open().filter(|open| waits && open.owner.is_none())?;
        Some(Self { queue: open.queue.clone(), since: open.wait_since, who: who(session) })
    }

    pub(crate) fn to_note(&self) -> String {
        serde_json::to_string(self).expect("invariant: names and a time always serialise")
    }
}

/// Whose a session is, for the lines.
pub(crate) fn who(session: &Session) -> String {
    session.customer.as_ref().map_or_else(|| session.visitor.to_string(), |customer| customer.id.to_string())
}

/// Everybody who waits, and how long people waited lately.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: HashMap<ConversationId, InLine>,
    queues: BTreeMap<String, u32>,
    people: HashMap<String, u32>,
    lately: BTreeMap<String, VecDeque<u64>>,
}

impl Lines {
    /// Everybody whose timer says that they wait.
    pub(crate) async fn load(log: &dyn Log) -> Result<Self, Refused> {
        let lines = Self::default();
        for timer in log.due_timers(Timestamp(i64::MAX), usize::MAX >> 1).await? {
            let Some(conversation) = timer.name.strip_prefix("wait/").and_then(ConversationId::parse) else { continue };
            match serde_json::from_str::<InLine>(&timer.note) {
                Ok(line) => lines.put(&conversation, Some(line), None),
                Err(error) => tracing::error!(timer = %timer.name, %error, "a waiting timer has an unreadable note"),
            }
        }
        Ok(lines)
    }

    /// A conversation waits from now on, or does not. `waited` is how long it did until somebody had it.
    pub(crate) fn put(&self, conversation: &ConversationId, line: Option<InLine>, waited: Option<u64>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let inner = &mut *inner;
        if let Some(gone) = inner.waiting.remove(conversation) {
            less(inner.queues.get_mut(&gone.queue));
            if inner.people.get_mut(&gone.who).is_some_and(|count| {
                less(Some(count));
                *count == 0
            }) {
                inner.people.remove(&gone.who);
            }
            if let Some(waited) = waited {
                let lately = inner.lately.entry(gone.queue).or_default();
                lately.push_back(waited);
                if lately.len() > LATELY {
                    lately.pop_front();
                }
            }
        }
        if let Some(line) = line {
            *inner.queues.entry(line.queue.clone()).or_default() += 1;
            *inner.people.entry(line.who.clone()).or_default() += 1;
            inner.waiting.insert(conversation.clone(), line);
        }
    }

    /// Who waits in each queue, and in how many other conversations this person does.
    pub(crate) fn standing(&self, conversation: &ConversationId, who: &str) -> (BTreeMap<String, Waiting>, u32) {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let own = inner.waiting.get(conversation);
        let queues = inner.queues.iter().map(|(name, people)| {
            let here = u32::from(own.is_some_and(|line| line.queue == *name));
            (name.clone(), Waiting { people: people.saturating_sub(here), lately_s: inner.lately.get(name).and_then(median) })
        });
        let elsewhere = inner.people.get(who).copied().unwrap_or(0).saturating_sub(u32::from(own.is_some_and(|line| line.who == who)));
        (queues.collect(), elsewhere)
    }

    /// The number of a conversation in its queue, from 1, by how long people wait; none when it does not wait.
    pub(crate) fn position(&self, conversation: &ConversationId) -> Option<(u32, Option<u64>)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let own = inner.waiting.get(conversation)?;
        let before =
            |(other, line): &(&ConversationId, &InLine)| line.queue == own.queue && (line.since, *other) < (own.since, conversation);
        let ahead = inner.waiting.iter().filter(before).count();
        Some((u32::try_from(ahead + 1).unwrap_or(u32::MAX), inner.lately.get(&own.queue).and_then(median)))
    }
}

fn less(count: Option<&mut u32>) {
    if let Some(count) = count {
        *count = count.saturating_sub(1);
    }
}

fn median(lately: &VecDeque<u64>) -> Option<u64> {
    let mut sorted: Vec<u64> = lately.iter().copied().collect();
    sorted.sort_unstable();
    sorted.get(sorted.len() / 2).copied()
}
