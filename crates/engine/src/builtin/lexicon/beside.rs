//! What stands beside values and wishes: courtesies, days, references to other records, words that undo or pass on.

use super::{Lexicon, Utterance, begins};
use crate::builtin::words::{Word, find_phrase};
use std::ops::Range;

/// "The same … as" has at most so many words before what it names.
const SAME_REACH: usize = 8;

impl Lexicon {
    /// Is it a word without a meaning of its own?
    pub(in crate::builtin) fn is_small(&self, word: &str) -> bool {
        self.function_words.contains(&word.to_lowercase())
    }

    /// Does the word name a day ("friday", "tomorrow")?
    pub(in crate::builtin) fn is_day(&self, word: &str) -> bool {
        let word = word.to_lowercase();
        self.weekdays.contains(&word) || self.days.contains_key(&word)
    }

    /// Where a text only greets or wishes well ("good morning", "have a nice Sunday"), as places among its words.
    pub(in crate::builtin) fn courtesies(&self, text: &str, message: &[Word]) -> Vec<Range<usize>> {
        let joined = |at: &Range<usize>| {
            let gap = |n: usize| text.get(message[n].span.end..message[n + 1].span.start).unwrap_or_default();
            (at.start..at.end - 1).all(|n| gap(n).trim().is_empty())
        };
        let greets = [Utterance::Greeting, Utterance::Goodbye].into_iter().filter_map(|kind| self.utterances.get(&kind)).flatten();
        let greets = greets.filter(|phrase| phrase.len() > 1).map(|phrase| (phrase, 0));
        let phrases = greets.chain(self.well_wishes.iter().map(|phrase| (phrase, 1))).collect::<Vec<_>>();
        let at = |from: usize| {
            let opening = phrases.iter().filter(|(phrase, _)| begins(&message[from..], phrase));
            let spans = opening.map(|(phrase, more)| from..(from + phrase.len() + more).min(message.len()));
            spans.filter(joined).max_by_key(|span| span.end)
        };
        (0..message.len()).filter_map(at).collect()
    }

    /// Where it is said that something that was done shall be undone ("remove it again"), as places among the words.
    pub(in crate::builtin) fn undoes(&self, message: &[Word]) -> Option<Range<usize>> {
        self.undoing.iter().filter_map(|phrase| find_phrase(message, phrase)).max_by_key(Range::len)
    }

    /// Do these words lead to a record that something shall be like ("the same address as …")?
    pub(in crate::builtin) fn refers(&self, before: &[Word]) -> bool {
        let meant = before.len().saturating_sub(SAME_REACH);
        let after = |from: usize| before[from..].iter().all(|word| self.is_small(&word.plain) || self.is_filler(word));
        let same = before[meant..].iter().position(|word| word.plain == "same").map(|at| meant + at);
        let by_same = same.and_then(|same| before[same..].iter().position(|word| word.plain == "as").map(|at| same + at + 1));
        let led = self.references.iter().filter_map(|phrase| find_phrase(before, phrase)).map(|place| place.end).max();
        by_same.into_iter().chain(led).any(after)
    }

    /// Does the word tell somebody else something ("tell the driver to …")?
    pub(in crate::builtin) fn conveys(&self, word: &Word) -> bool {
        self.conveying.contains(&word.plain)
    }

    /// Does what is to be told begin after this word ("tell the driver to …")?
    pub(in crate::builtin) fn conveyed_by(&self, word: &Word) -> bool {
        self.conveyed_by.contains(&word.plain)
    }

    /// Does the word say what somebody shall do ("the driver should …")?
    pub(in crate::builtin) fn obliges(&self, word: &Word) -> bool {
        self.obliging.contains(&word.plain)
    }

    /// Does the word tell how things are ("the line is dead")?
    pub(in crate::builtin) fn describes(&self, word: &Word) -> bool {
        self.describing.contains(&word.plain)
    }

    /// A text without the politeness and the stop at its end.
    pub(in crate::builtin) fn tidy<'t>(&self, text: &'t str) -> &'t str {
        let text = text.trim().trim_end_matches(['.', '!', '?', ' ', ',']);
        let lower = text.to_ascii_lowercase();
        let polite = self.politeness.iter().find(|end| lower.ends_with(end.as_str()));
        polite.map_or(text, |end| text[..text.len() - end.len()].trim_end_matches([',', ' ', '.']))
    }

    /// After how many words it comes what a clause asks for: what requests it, and what says nothing, does not count.
    pub(in crate::builtin) fn asks_after(&self, clause: &[Word]) -> usize {
        let mut at = 0;
        loop {
            let rest = &clause[at..];
            let request = self.requests.iter().filter(|phrase| begins(rest, phrase)).map(Vec::len).max();
            let small =
                || rest.first().is_some_and(|word| self.is_filler(word) || ["to", "you"].contains(&word.plain.as_str())).then_some(1);
            match request.or_else(small) {
                Some(words) => at += words,
                None => return at,
            }
        }
    }
}
