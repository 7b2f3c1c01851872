//! The street in a text, as different countries write it: "12 Elm Street", "North Quay 4", "Gartenstraße 5", "12 rue de Rivoli".

use super::{ENGLISH, is_beside, pattern};
use crate::builtin::lexicon::Lexicon;
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// A name as part of a street.
const NAME: &str = r"[\p{L}.'’-]+";
/// From so many digits on, a number before a street is hardly one of a house where another one follows it.
const LONG: usize = 5;

/// Number, name and what it is: "12 Elm Street".
static NUMBER_FIRST: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)\b\d{{1,6}}[a-z]?\s+(?:{NAME}\s+){{1,4}}?(?:{})\b", ENGLISH.streets.join("|"))));
/// Name, what it is and number: "North Quay 4".
static NUMBER_LAST: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)(?:\b{NAME}\s+){{1,3}}(?:{})\s+\d{{1,4}}[a-z]?\b", ENGLISH.streets.join("|"))));
/// In one word: "Gartenstraße 5", "Große Bergstraße 12".
static ONE_WORD: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:(?-i:\p{{Lu}})[\p{{L}}-]+\s+){{0,2}}[\p{{L}}-]{{2,}}(?:{})\s*\d+[a-z]?\b",
        ENGLISH.endings.join("|").replace('.', r"\.")
    ))
});
/// What it is before its name: "rue de la Paix 4", "12 rue de Rivoli".
static LED: LazyLock<Regex> = LazyLock::new(|| {
    let leads = ENGLISH.leads.join("|");
    pattern(&format!(
        r"\b(?:\d{{1,4}}[a-z]?,?\s+(?:{leads})\s+{NAME}(?:\s+{NAME}){{0,3}}|(?:{leads})\s+(?:{NAME}\s+){{1,4}}?\d{{1,4}}[a-z]?)\b"
    ))
});

/// The first street of a text.
pub(super) fn find(text: &str, lexicon: &Lexicon) -> Option<Range<usize>> {
    let number_last = || first(&NUMBER_LAST, text, |found| trimmed(text, found, lexicon));
    let number_first = || first(&NUMBER_FIRST, text, |found| is_name(&text[found.clone()], lexicon).then_some(found));
    let whole = |regex: &Regex| regex.find(text).map(|found| found.range());
    let found = [number_first(), number_last(), whole(&ONE_WORD), whole(&LED)];
    let earliest = found.iter().flatten().min_by_key(|found| (found.start, std::cmp::Reverse(found.end)))?.clone();
    // "12345 North Quay 4": the number before is another one's.
    let number = text[earliest.clone()].bytes().take_while(u8::is_ascii_digit).count();
    let inside = found[1].clone().filter(|last| number >= LONG && last.start < earliest.end);
    Some(inside.unwrap_or(earliest))
}

/// The first match that is what it looks like; an overlapping one may be it.
fn first(regex: &Regex, text: &str, fits: impl Fn(Range<usize>) -> Option<Range<usize>>) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(found) = regex.find_at(text, from) {
        if let Some(fitting) = fits(found.range()) {
            return Some(fitting);
        }
        let step = text[found.start()..].find(' ').map_or(text.len() - found.start(), |space| space + 1);
        from = found.start() + step;
    }
    None
}

/// Are all words between a number and what a street is called names, not "12345 is on its way"?
fn is_name(found: &str, lexicon: &Lexicon) -> bool {
    let words: Vec<&str> = found.split_whitespace().skip(1).collect();
    let (_, names) = words.split_last().unwrap_or((&"", &[]));
    names.iter().all(|word| !is_small(word, lexicon) || is_particle(word))
}

/// Without the words before the name: in "to my office at North Quay 4" it is North Quay.
fn trimmed(text: &str, found: Range<usize>, lexicon: &Lexicon) -> Option<Range<usize>> {
    let words: Vec<&str> = text[found.clone()].split_whitespace().collect();
    // Of these the last two are what it is called and the number.
    let names = &words[..words.len().checked_sub(2)?];
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    let written = names.last().is_some_and(|word| capital(word));
    let ends = |word: &str| (is_small(word, lexicon) && !is_particle(word)) || (written && !capital(word) && !is_particle(word));
    let from = names.iter().rposition(|word| ends(word)).map_or(0, |at| at + 1);
    let particle = names[from..].iter().take_while(|word| is_particle(word)).count();
    let first = names.get(from + particle)?;
    let at = first.as_ptr() as usize - text.as_ptr() as usize;
    Some(at..found.end)
}

fn is_small(word: &str, lexicon: &Lexicon) -> bool {
    lexicon.is_small(word) || is_beside(word) || lexicon.is_day(word)
}

fn is_particle(word: &str) -> bool {
    ENGLISH.particles.iter().any(|known| known.eq_ignore_ascii_case(word))
}
