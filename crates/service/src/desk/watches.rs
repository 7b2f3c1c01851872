//! The durable timers of people: an offer that runs out, a wait that is too long, a snooze that ends.

use crate::desk::line::InLine;
use patchbay_core::handoff::People;
use patchbay_core::id::ConversationId;
use patchbay_core::log::TimerChange;
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Timestamp};
use patchbay_turn::House;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A wait for which nothing is promised is still kept as a timer: together these timers are the lines.
const NEVER: Timestamp = Timestamp(i64::MAX);

/// What is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Watch {
    /// The person it was offered to has not accepted.
    Offer,
    /// The customer has waited as long as was promised.
    Wait,
    /// It should be settled as was promised.
    Settle,
    /// It was put aside until now.
    Snooze,
    /// It was resolved so long ago that it is closed.
    Close,
}

impl Watch {
    const ALL: [Self; 5] = [Self::Offer, Self::Wait, Self::Settle, Self::Snooze, Self::Close];

    /// The first part of the timer's name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Offer => "offer",
            Self::Wait => "wait",
            Self::Settle => "resolve",
            Self::Snooze => "snooze",
            Self::Close => "close",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|watch| watch.word() == word)
    }

    pub(crate) fn name(self, conversation: &ConversationId) -> String {
        format!("{}/{conversation}", self.word())
    }

    /// When it is due, as the conversation stands.
    fn due(self, people: &People, reopen: Duration) -> Option<Timestamp> {
        if people.ending.is_over() {
            return None;
        }
        let open = people.open();
        match self {
            Self::Offer => open.and_then(|open| open.expires),
            Self::Wait => {
                let waits = people.state == Some(ConversationState::Waiting);
                open.filter(|open| waits && open.owner.is_none()).map(|open| open.due.unwrap_or(NEVER))
            }
            Self::Settle => open.and_then(|open| open.resolve_by),
            Self::Close => people.resolved_at.map(|at| at.plus(reopen)),
            Self::Snooze => people.snoozed_until.filter(|_| people.state == Some(ConversationState::Snoozed)),
        }
    }
}

/// What changes of the timers when a conversation goes from one standing with people to another.
pub(crate) fn watches(
    before: &People,
    after: &People,
    conversation: &ConversationId,
    session: &Session,
    house: &House,
) -> Vec<TimerChange> {
    let reopen = house.company.conversations.reopen;
    let change = |watch: Watch| {
        let (was, is) = (watch.due(before, reopen), watch.due(after, reopen));
        let moved = was != is || (watch == Watch::Wait && queue(before) != queue(after));
        moved.then(|| match is {
            Some(due) => {
                let note = match watch {
                    Watch::Wait => InLine::of(after, session, house).map(|line| line.to_note()).unwrap_or_default(),
                    Watch::Offer | Watch::Settle | Watch::Snooze | Watch::Close => String::new(),
                };
                TimerChange::Set { name: watch.name(conversation), due, note }
            }
            None => TimerChange::Clear { name: watch.name(conversation) },
        })
    };
    Watch::ALL.into_iter().filter_map(change).collect()
}

fn queue(people: &People) -> Option<&str> {
    people.open().map(|open| open.queue.as_str())
}

/// The timer of a wait whose promise is broken: from now on it only keeps the place in line.
pub(crate) fn keep_place(people: &People, conversation: &ConversationId, session: &Session, house: &House) -> TimerChange {
    let note = InLine::of(people, session, house).map(|line| line.to_note()).unwrap_or_default();
    TimerChange::Set { name: Watch::Wait.name(conversation), due: NEVER, note }
}
