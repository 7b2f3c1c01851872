//! Choices: which of a few everyday phrases a message says.

use super::{Found, Reader};
use crate::builtin::words::{Word, alike};
use patchbay_core::Value;
use patchbay_core::declare::Choice;
use std::ops::Range;

/// The choice whose phrase stands in a message, unless it is negated; the longest phrase wins, and a tie is no answer.
pub(super) fn mentioned(reader: &Reader<'_>, choices: &[Choice]) -> Option<Found> {
    best(choices.iter().filter_map(|choice| {
        let said = phrases(choice).filter_map(|phrase| {
            let phrase = reader.lexicon.words(&phrase);
            let place = find_loosely(reader, &phrase)?;
            let negated = !phrase.iter().any(|word| reader.lexicon.negates(word)) && reader.negated(reader.words[place.start].span.start);
            (!negated).then(|| (phrase.len() * 10, reader.words[place.start].span.start..reader.words[place.end - 1].span.end))
        });
        said.max_by_key(|(length, _)| *length).map(|(length, span)| (length, Found { value: Value::text(&choice.value), span }))
    }))
}

/// The choice an answer means: by its phrase, else by most of the phrase's telling words.
pub(super) fn answered(reader: &Reader<'_>, choices: &[Choice]) -> Option<Found> {
    mentioned(reader, choices).or_else(|| {
        best(choices.iter().filter_map(|choice| {
            let share = phrases(choice).map(|phrase| {
                let phrase = reader.lexicon.words(&phrase);
                let telling = reader.lexicon.content(&phrase);
                let said = telling.iter().filter(|word| reader.words.iter().any(|said| alike(said, word))).count();
                if telling.is_empty() { 0 } else { said * 100 / telling.len() }
            });
            let share = share.max().filter(|share| *share >= 50)?;
            Some((share, Found { value: Value::text(&choice.value), span: 0..reader.text.len() }))
        }))
    })
}

/// How a choice is said: its phrases, and its own name.
fn phrases(choice: &Choice) -> impl Iterator<Item = String> + '_ {
    choice.phrases.iter().cloned().chain([choice.value.replace('_', " ")])
}

/// A phrase with at most one unimportant word between two of its words ("by pure mistake" is not, "do really need" is).
fn find_loosely(reader: &Reader<'_>, phrase: &[Word]) -> Option<Range<usize>> {
    let text = reader.words;
    (0..text.len()).find_map(|start| {
        let mut at = start;
        for (n, word) in phrase.iter().enumerate() {
            let skip = usize::from(n > 0 && at + 1 < text.len() && !alike(text.get(at)?, word) && !reader.lexicon.negates(&text[at]));
            at += skip;
            if !alike(text.get(at)?, word) {
                return None;
            }
            at += 1;
        }
        (!phrase.is_empty()).then_some(start..at)
    })
}

fn best(scored: impl Iterator<Item = (usize, Found)>) -> Option<Found> {
    let mut scored: Vec<_> = scored.collect();
    scored.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    match scored.as_slice() {
        [] => None,
        [(first, _), (second, _), ..] if first == second => None,
        _ => Some(scored.swap_remove(0).1),
    }
}
