//! Words that place something in time: before and after one another, hours of the day, where something is moved to.

use super::{Lexicon, begins};
use crate::builtin::words::Word;
use serde::Deserialize;

/// A place in the order of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::builtin) enum InTime {
    /// The latest there is.
    Newest,
    /// The first there was.
    Oldest,
    /// The first that is ahead.
    Next,
    /// The later of those that come into question.
    Later,
    /// The earlier of them.
    Earlier,
}

impl Lexicon {
    /// The place in time that a message opens with ("most recent"), and how many words say so.
    pub(in crate::builtin) fn in_time(&self, message: &[Word]) -> Option<(InTime, usize)> {
        let said = self.orders_in_time.iter().flat_map(|(order, phrases)| phrases.iter().map(move |phrase| (*order, phrase)));
        said.filter(|(_, phrase)| begins(message, phrase)).map(|(order, phrase)| (order, phrase.len())).max_by_key(|(_, length)| *length)
    }

    /// Is the word a span of time rather than something that happens in it ("week", "time")?
    pub(in crate::builtin) fn spans_time(&self, word: &Word) -> bool {
        let named = |names: &[String]| names.iter().any(|name| name.starts_with(&word.plain) && word.plain.len() >= 3);
        self.spans_of_time.contains(&word.plain) || named(&self.months) || named(&self.weekdays)
    }

    /// The hours of a part of the day ("afternoon"): from the first up to the second.
    pub(in crate::builtin) fn hours(&self, word: &Word) -> Option<(i8, i8)> {
        self.parts_of_day.get(&word.plain).copied()
    }

    /// The month that is named without a day ("the one from October").
    pub(in crate::builtin) fn month_alone(&self, message: &[Word]) -> Option<i8> {
        let led = |at: usize| at.checked_sub(1).is_some_and(|before| self.dating.contains(&message[before].plain));
        let number = |at: usize| message.get(at).is_some_and(|word| word.plain.bytes().any(|letter| letter.is_ascii_digit()));
        let named = |at: usize| self.months.iter().position(|name| *name == message[at].plain);
        let alone = (0..message.len()).filter(|at| led(*at) && !number(at + 1)).find_map(named)?;
        i8::try_from(alone + 1).ok()
    }

    /// Does the word say where something shall go, in time ("to Friday")?
    pub(in crate::builtin) fn aims(&self, word: &Word) -> bool {
        self.aiming.contains(&word.plain)
    }

    /// Does the word stand for one of several things ("the newest one")?
    pub(in crate::builtin) fn stands_for_one(&self, word: &Word) -> bool {
        self.ones.contains(&word.plain)
    }
}
