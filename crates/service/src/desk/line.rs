//! The lines: which conversations wait for people, by queue, and how long people waited lately. Kept in memory; rebuilt from the timers
//! of those that wait and the streams of the queues.

use crate::{Refused, Service};
use patchbay_core::declare::{Queue, QueueOrder};
use patchbay_core::event::{Event, Recorded};
use patchbay_core::handoff::{People, Place, urgency};
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_core::port::Log;
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Timestamp};
use patchbay_turn::{House, Lately, Waiting};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// So many of the latest waits of a queue say how long people wait.
const LATELY: usize = 20;
/// Fewer waits than this say nothing.
const ENOUGH: usize = 5;
/// Waits that ended longer ago than this are not "lately" any more.
const STALE: Duration = Duration::from_secs(7 * 24 * 3600);

/// A conversation in line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InLine {
    /// The queue.
    pub queue: String,
    /// Since when its customer waits.
    pub since: Timestamp,
    /// Whose it is: the customer, or the visitor nobody has proven to be one.
    pub who: String,
    /// What comes before how long they wait, in a queue that is ordered by feeling: the minute they are due, and how upset they sound.
    #[serde(default)]
    pub pressing: Option<(i64, i64)>,
}

impl InLine {
    /// The place of a conversation that waits; none of one that does not.
    pub(crate) fn of(people: &People, session: &Session, house: &House) -> Option<Self> {
        let waits = people.state == Some(ConversationState::Waiting) && !people.ending.is_over();
        let open = people.open().filter(|open| waits && open.owner.is_none())?;
        let order = house.queue_named(&open.queue).unwrap_or_default().order;
        let pressing = (order == QueueOrder::Feeling).then(|| {
            let (minute, calm, _) = urgency::place(order, urgency::calm(people.feeling), open.wait_since, open.due);
            (minute, calm)
        });
        Some(Self { queue: open.queue.clone(), since: open.wait_since, who: who(session), pressing })
    }

    /// Its place among those of its queue.
    fn key(&self, conversation: &ConversationId) -> Key {
        (self.pressing.unwrap_or_default(), self.since, conversation.clone())
    }

    pub(crate) fn to_note(&self) -> String {
        serde_json::to_string(self).expect("invariant: names and a time always serialise")
    }
}

/// What comes before how long somebody waits who is this calm.
fn pressing(queue: &Queue, calm: i64, since: Timestamp) -> (i64, i64) {
    if queue.order != QueueOrder::Feeling {
        return (0, 0);
    }
    let (minute, calm, _) = urgency::place(queue.order, calm, since, queue.sla.first_reply.map(|within| since.plus(within)));
    (minute, calm)
}

/// Whose a session is, for the lines.
pub(crate) fn who(session: &Session) -> String {
    session.customer.as_ref().map_or_else(|| session.visitor.to_string(), |customer| customer.id.to_string())
}

/// A wait that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Waited {
    since: Timestamp,
    until: Timestamp,
}

impl Waited {
    pub(crate) const fn new(since: Timestamp, until: Timestamp) -> Self {
        Self { since, until }
    }

    fn of(recorded: &Recorded) -> Option<Self> {
        match &recorded.event {
            Event::WaitEnded { since, .. } => Some(Self::new(*since, recorded.at)),
            _ => None,
        }
    }
}

/// Everybody who waits, and how long people waited lately.
#[derive(Debug)]
pub(crate) struct Lines {
    inner: Mutex<Inner>,
    /// Counts the changes: whoever tells customers their place is woken by it.
    moved: watch::Sender<u64>,
}

/// What the order of a queue goes by: what presses, where it is ordered by feeling, then the longest wait.
type Key = ((i64, i64), Timestamp, ConversationId);

#[derive(Debug, Default)]
struct Inner {
    waiting: HashMap<ConversationId, InLine>,
    /// Each queue in its order.
    queues: BTreeMap<String, Vec<Key>>,
    people: HashMap<String, u32>,
    lately: BTreeMap<String, VecDeque<Waited>>,
}

impl Lines {
    /// Everybody whose timer says that they wait, and the latest waits of these queues.
    pub(crate) async fn load(log: &dyn Log, queues: impl IntoIterator<Item = String>) -> Result<Self, Refused> {
        let lines = Self { inner: Mutex::default(), moved: watch::channel(0).0 };
        for timer in log.due_timers(Timestamp(i64::MAX), usize::MAX >> 1).await? {
            let Some(conversation) = timer.name.strip_prefix("wait/").and_then(ConversationId::parse) else { continue };
            match serde_json::from_str::<InLine>(&timer.note) {
                Ok(line) => lines.put(&conversation, Some(line), None),
                Err(error) => tracing::error!(timer = %timer.name, %error, "a waiting timer has an unreadable note"),
            }
        }
        for queue in queues {
            let waits = log.read_tail(StreamId::queue(&queue), LATELY).await?;
            let mut inner = lines.inner.lock().unwrap_or_else(PoisonError::into_inner);
            inner.lately.insert(queue, waits.iter().filter_map(Waited::of).collect());
        }
        Ok(lines)
    }

    /// A conversation waits from now on, or does not. `waited` is the wait that has ended with it.
    pub(crate) fn put(&self, conversation: &ConversationId, line: Option<InLine>, waited: Option<Waited>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.leave(conversation, waited);
        if let Some(line) = line {
            inner.join(conversation, line);
        }
        drop(inner);
        self.moved.send_modify(|moves| *moves += 1);
    }

    /// Is woken whenever a line moves.
    pub(crate) fn moves(&self) -> watch::Receiver<u64> {
        self.moved.subscribe()
    }

    /// Who stands in each queue before a conversation whose customer waits since then, and in how many other conversations this person
    /// waits.
    pub(crate) fn standing(
        &self,
        conversation: &ConversationId,
        who: &str,
        since: Timestamp,
        now: Timestamp,
        house: &House,
    ) -> (BTreeMap<String, Waiting>, u32) {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let own = inner.waiting.get(conversation);
        let names = inner.queues.keys().chain(inner.lately.keys());
        let queues = names.map(|name| {
            let queue = house.queue_named(name).unwrap_or_default();
            let before = |calm| inner.before(name, own, conversation, pressing(&queue, calm, since), since);
            (name.clone(), Waiting { people: before(2), upset: [before(0), before(1)], lately: inner.lately(name, now) })
        });
        let queues = queues.collect();
        let elsewhere = inner.people.get(who).copied().unwrap_or(0).saturating_sub(u32::from(own.is_some_and(|line| line.who == who)));
        (queues, elsewhere)
    }

    /// The queue of a conversation that waits, its number there from 1, and how long people waited lately.
    pub(crate) fn position(&self, conversation: &ConversationId, now: Timestamp) -> Option<(String, u32, Option<Lately>)> {
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let own = inner.waiting.get(conversation)?;
        let line = inner.queues.get(&own.queue)?;
        let at = line.binary_search(&own.key(conversation)).unwrap_or_else(|at| at);
        Some((own.queue.clone(), count(at + 1), inner.lately(&own.queue, now)))
    }
}

impl Inner {
    fn join(&mut self, conversation: &ConversationId, line: InLine) {
        let place = line.key(conversation);
        let queue = self.queues.entry(line.queue.clone()).or_default();
        let at = queue.binary_search(&place).unwrap_or_else(|at| at);
        queue.insert(at, place);
        *self.people.entry(line.who.clone()).or_default() += 1;
        self.waiting.insert(conversation.clone(), line);
    }

    fn leave(&mut self, conversation: &ConversationId, waited: Option<Waited>) {
        let Some(gone) = self.waiting.remove(conversation) else { return };
        if let Some(queue) = self.queues.get_mut(&gone.queue)
            && let Ok(at) = queue.binary_search(&gone.key(conversation))
        {
            queue.remove(at);
        }
        if let Some(count) = self.people.get_mut(&gone.who) {
            *count -= 1;
            if *count == 0 {
                self.people.remove(&gone.who);
            }
        }
        if let Some(waited) = waited {
            let lately = self.lately.entry(gone.queue).or_default();
            lately.push_back(waited);
            if lately.len() > LATELY {
                lately.pop_front();
            }
        }
    }

    /// How many of a queue stand before somebody who presses like this and waits since then, other than they themselves.
    fn before(&self, queue: &str, own: Option<&InLine>, conversation: &ConversationId, pressing: (i64, i64), since: Timestamp) -> u32 {
        let line = self.queues.get(queue).map(Vec::as_slice).unwrap_or_default();
        let before = |(presses, waits, _): &Key| (*presses, *waits) <= (pressing, since);
        let here = own.is_some_and(|own| own.queue == queue && before(&own.key(conversation)));
        count(line.partition_point(before) - usize::from(here))
    }

    fn lately(&self, queue: &str, now: Timestamp) -> Option<Lately> {
        let fresh = self.lately.get(queue)?.iter().filter(|waited| now.since(waited.until) < STALE);
        let mut waits: Vec<u64> = fresh.map(|waited| waited.until.since(waited.since).as_secs()).collect();
        waits.sort_unstable();
        let median_s = *waits.get(waits.len() / 2).filter(|_| waits.len() >= ENOUGH)?;
        Some(Lately { median_s, of: count(waits.len()) })
    }
}

impl Service {
    /// The place of a conversation in its line, as it is now. None when it does not wait.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn place(&self, conversation: &ConversationId) -> Result<Option<Place>, Refused> {
        let now = self.0.parts.clock.now();
        let Some((queue, position, lately)) = self.lines().await?.position(conversation, now) else { return Ok(None) };
        let hours = self.house().queue_named(&queue).unwrap_or_default().hours;
        let open = hours.open_at(now);
        let lately = lately.filter(|_| open);
        Ok(Some(Place {
            position,
            expected_wait_s: lately.map(|lately| lately.median_s),
            expected_from: lately.map(|lately| lately.of),
            open,
            opens_at: hours.opens_at(now).filter(|_| !open),
        }))
    }
}

fn count(many: usize) -> u32 {
    u32::try_from(many).unwrap_or(u32::MAX)
}
