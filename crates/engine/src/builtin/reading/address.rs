//! Postal addresses as people write them, in one line: each part is known by its shape and place, and what is missing stays open.

mod street;

use super::{Found, Reader, choice, record};
use crate::builtin::lexicon::{Lexicon, Utterance};
use patchbay_core::Value;
use patchbay_core::declare::{AddressPart, Kind};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Words of a town's name, at most.
const CITY: usize = 4;
/// Letters of a postcode that is written before its town, at least: fewer may be any number.
const POSTCODE_AHEAD: usize = 4;

static ENGLISH: LazyLock<Speech> =
    LazyLock::new(|| serde_json::from_str(include_str!("address/en.json")).expect("invariant: compiled in, and read by the tests here"));
static UNIT: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:\b(?:{})\b\.?|#)\s*#?[\w-]+", ENGLISH.units.join("|"))));
static POSTCODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(r"\b(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4}(?: [A-Z]{2})?|\d{6})\b")
});

/// "My zip is 20457".
static NAMED_POSTCODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"(?i)\b(?:{})\b(?:[\s:,]|is|code|number)*\b(?P<code>\w*\d[\w-]*)", ENGLISH.postcodes.join("|"))));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: a constant pattern, used by the tests here")
}

/// How addresses are written, in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speech {
    /// What streets are called, after their names ("Elm Street").
    streets: Vec<String>,
    /// … as the end of their names ("Lindenweg").
    endings: Vec<String>,
    /// … before their names ("rue de la Paix").
    leads: Vec<String>,
    /// Small words within names of streets and towns.
    particles: Vec<String>,
    /// What a postcode is called.
    postcodes: Vec<String>,
    /// What a part of a house is called.
    units: Vec<String>,
    /// States and provinces with their short names.
    regions: BTreeMap<String, String>,
    /// Countries, each with all its names.
    countries: Vec<Vec<String>>,
    /// Words that stand beside a town and are none.
    not_city: Vec<String>,
    /// What other numbers than postcodes are called.
    numbered: Vec<String>,
}

/// The parts of an address, as they were read.
type Parts = BTreeMap<AddressPart, String>;

/// Is a record an address?
pub(in crate::builtin) fn is_one(fields: &BTreeMap<String, Kind>) -> bool {
    fields.values().any(|kind| matches!(kind, Kind::Address { .. }))
}

/// The address in a message nobody was asked for: it must have a street. Parts it does not give are left out.
pub(super) fn mentioned(reader: &Reader<'_>, fields: &BTreeMap<String, Kind>) -> Option<Found> {
    let street = street::find(reader.text, reader.lexicon).filter(|_| is_one(fields))?;
    let (parts, span) = read(reader, street);
    found(reader, &parts, fields, span)
}

/// The numbers of an address in a text: of the house and the town. They number nothing else.
pub(super) fn numbers(text: &str, lexicon: &Lexicon) -> Vec<Range<usize>> {
    let named = NAMED_POSTCODE.captures_iter(text).filter_map(|captures| Some(captures.name("code")?.range()));
    // "To 20457 Hamburg" is a place.
    let placed = POSTCODE.find_iter(text).filter(|code| {
        let before = text[..code.start()].trim_end().rsplit(' ').next().unwrap_or_default().to_lowercase();
        let capital = text[code.end()..].trim_start().starts_with(char::is_uppercase);
        capital && ["to", "in", "at", "near"].contains(&before.as_str()) && town(&text[code.end()..], lexicon).is_some()
    });
    let of_street = street::find(text, lexicon).map(|street| {
        let code = code_after(text, street.end, lexicon).or_else(|| ahead(text, street.start, lexicon).map(|(code, _)| code));
        std::iter::once(street).chain(code).collect::<Vec<_>>()
    });
    named.chain(placed.map(|code| code.range())).chain(of_street.into_iter().flatten()).collect()
}

/// Is this what a postcode is called?
pub(super) fn calls_a_postcode(name: &str) -> bool {
    name.split(' ').any(|word| ENGLISH.postcodes.iter().any(|known| known.eq_ignore_ascii_case(word)))
}

/// The address, or the parts of one, in the answer to the question for it.
pub(super) fn answered(reader: &Reader<'_>, fields: &BTreeMap<String, Kind>) -> Option<Found> {
    let text = reader.text;
    if says_nothing(reader) {
        return None;
    }
    let by_name = record::named_pieces(reader, fields);
    let whole = |found: Found| match found.value {
        // What is said by its name ("city: Lyon") counts before what only looks like it.
        Value::Map(read) => Found { value: Value::Map(read.into_iter().chain(by_name.clone()).collect()), span: 0..text.len() },
        value => Found { value, span: 0..text.len() },
    };
    if let Some(found) = mentioned(reader, fields) {
        return Some(whole(found));
    }
    // Without a word for a street: the first piece with a number in it.
    let mut from = 0;
    for piece in text.split([',', '\n']) {
        let at = from + piece.len() - piece.trim_start().len();
        let street = at..at + piece.trim().len();
        from += piece.len() + 1;
        let numbered = piece.chars().any(|letter| letter.is_ascii_digit()) && piece.chars().any(char::is_alphabetic);
        let shaped = || UNIT.is_match(piece) || POSTCODE.find(piece).is_some_and(|code| code.len() >= POSTCODE_AHEAD);
        let named = || piece.contains([':', '=']);
        if numbered && !shaped() && !named() {
            let (parts, span) = read(reader, street);
            return found(reader, &parts, fields, span).map(whole);
        }
    }
    // No street at all: parts by their shapes, or said by name.
    let (mut parts, span) = read(reader, 0..0);
    parts.remove(&AddressPart::Street);
    match found(reader, &parts, fields, span) {
        Some(found) => Some(whole(found)),
        None if by_name.is_empty() => None,
        None => Some(Found { value: Value::Map(by_name.clone()), span: 0..text.len() }),
    }
}

/// Is it a question, a yes or the like, rather than a part of an address?
pub(super) fn says_nothing(reader: &Reader<'_>) -> bool {
    let short =
        [Utterance::Yes, Utterance::No, Utterance::Unknown, Utterance::Stop, Utterance::Thanks, Utterance::Greeting, Utterance::Repeat];
    let asks = reader.text.trim_end().ends_with('?') || reader.lexicon.opens_a_question(reader.words);
    asks || reader.lexicon.first_of(&short, reader.words).is_some()
}

/// The parts known, under the names of the backend's fields. A country may be one of the choices the company declares.
fn found(reader: &Reader<'_>, parts: &Parts, fields: &BTreeMap<String, Kind>, span: Range<usize>) -> Option<Found> {
    let said = reader.lexicon.words(&reader.text[span.clone()]);
    let field = |(name, kind): (&String, &Kind)| match kind {
        Kind::Address { part, usual } => {
            let said = parts.get(part)?;
            let spelled = usual.as_ref().filter(|usual| *part == AddressPart::Country && same_country(said, usual)).unwrap_or(said);
            Some((name.clone(), Value::text(spelled)))
        }
        Kind::OneOf(choices) => {
            let within = Reader { text: &reader.text[span.clone()], words: &said, ..*reader };
            choice::mentioned(&within, choices).map(|found| (name.clone(), found.value))
        }
        _ => None,
    };
    let values: BTreeMap<String, Value> = fields.iter().filter_map(field).collect();
    (!values.is_empty()).then_some(Found { value: Value::Map(values), span })
}

fn same_country(one: &str, two: &str) -> bool {
    let is = |names: &Vec<String>, name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    ENGLISH.countries.iter().any(|names| is(names, one) && is(names, two))
}

/// The parts from a street on, or around it where the town stands before it, and where they stand.
fn read(reader: &Reader<'_>, street: Range<usize>) -> (Parts, Range<usize>) {
    let (text, lexicon) = (reader.text, reader.lexicon);
    let mut parts = Parts::new();
    parts.insert(AddressPart::Street, tidy(&text[street.clone()]));
    let (mut first, mut at, end) = (street.start, street.end, sentence_end(text, street.end));
    if let Some(unit) = UNIT.find(&text[at..end]) {
        parts.insert(AddressPart::Unit, tidy(unit.as_str()));
        at += unit.end();
    }
    let mut last = at;
    let code = code_after(text, at, lexicon);
    if let Some(code) = &code {
        parts.insert(AddressPart::Postcode, text[code.clone()].to_owned());
        last = code.end;
    }
    let middle = &text[at..code.as_ref().map_or(end, |code| code.start)];
    between(middle, code.is_some(), &mut parts);
    match &code {
        Some(code) => {
            if let Some((town, till)) = town(&text[code.end..end], lexicon).filter(|_| !parts.contains_key(&AddressPart::City)) {
                parts.insert(AddressPart::City, town);
                last = code.end + till;
            }
            if let Some((country, till)) = country(&text[last..end]) {
                parts.insert(AddressPart::Country, country);
                last += till;
            }
        }
        None => {
            if let Some((code, town)) = ahead(text, street.start, lexicon) {
                first = code.start;
                parts.insert(AddressPart::Postcode, text[code].to_owned());
                parts.insert(AddressPart::City, town);
            }
            last = if parts.contains_key(&AddressPart::City) { end } else { last };
        }
    }
    // A country the company names itself may stand anywhere behind.
    (parts, first..if code.is_some() { end.max(last) } else { last })
}

/// Town, state and country out of what stands after the street, up to the postcode where there is one.
fn between(middle: &str, code_follows: bool, parts: &mut Parts) {
    let mut pieces: Vec<&str> = middle.split([',', '\n', '(', ')']).map(clean).filter(|piece| !piece.is_empty()).collect();
    if !code_follows {
        // Nothing marks the end: what follows the town is another matter, unless it is a state or a country.
        let kept = pieces.iter().enumerate().skip(1).take_while(|(_, piece)| region(piece).is_some() || country(piece).is_some()).count();
        pieces.truncate(1 + kept);
    }
    if let Some(country) = pieces.last().and_then(|piece| country(piece)).map(|(country, _)| country) {
        parts.entry(AddressPart::Country).or_insert(country);
        pieces.pop();
    }
    places(&pieces, parts);
}

/// The postcode after a street, in the same sentence. A number that is called otherwise ("order 12345") is none.
fn code_after(text: &str, from: usize, lexicon: &Lexicon) -> Option<Range<usize>> {
    let end = sentence_end(text, from);
    let code = POSTCODE.find_iter(&text[from..end]).find(|code| {
        let before = lexicon.words(&text[..from + code.start()]);
        before.last().is_none_or(|word| !ENGLISH.numbered.contains(&word.plain))
    })?;
    Some(from + code.start()..from + code.end())
}

/// Postcode and town right before a street ("20457 Hamburg, North Quay 4").
fn ahead(text: &str, street: usize, lexicon: &Lexicon) -> Option<(Range<usize>, String)> {
    let before = text[..street].trim_end_matches([',', ' ', '\n']);
    let code = POSTCODE.find_iter(before).last().filter(|code| code.len() >= POSTCODE_AHEAD)?;
    let (town, till) = town(&before[code.end()..], lexicon)?;
    before[code.end() + till..].trim().is_empty().then_some((code.range(), town))
}

/// A town that a text opens with, and where its name ends.
fn town(text: &str, lexicon: &Lexicon) -> Option<(String, usize)> {
    let open = text.len() - text.trim_start_matches([' ', ',', '\n']).len();
    let piece = text[open..].split([',', '\n', '(', ')', ';', '.', '!', '?']).next().unwrap_or_default();
    let words: Vec<&str> = piece.split(' ').collect();
    let particle = |word: &&str| ENGLISH.particles.iter().any(|known| known.eq_ignore_ascii_case(word));
    let capital = words.first().is_some_and(|word| word.starts_with(char::is_uppercase));
    let belongs = |at: usize| {
        let word = words[at];
        let name = !word.is_empty() && word.chars().all(|letter| letter.is_alphabetic() || "'’.-".contains(letter));
        let told = lexicon.is_small(word) || lexicon.is_day(word) || is_beside(word);
        let next = words[at + 1..].iter().find(|next| !particle(next));
        let within = at > 0 && particle(&word) && next.is_some_and(|next| next.starts_with(char::is_uppercase));
        let alike = !capital || word.starts_with(char::is_uppercase);
        name && (within || (!told && alike))
    };
    let length = (0..words.len()).take_while(|at| belongs(*at)).count();
    if !(1..=CITY).contains(&length) || country(piece).is_some() {
        return None;
    }
    let name = words[..length].join(" ");
    Some((tidy(&name), open + name.len()))
}

/// Town and state out of what stands between the street and the postcode.
fn places(pieces: &[&str], parts: &mut Parts) {
    let Some((last, before)) = pieces.split_last() else { return };
    let mut city = *last;
    if let Some(short) = region(last).filter(|_| !before.is_empty()) {
        parts.insert(AddressPart::Region, short);
        city = before.last().copied().unwrap_or_default();
    } else if let Some((head, short)) = ends_with_region(last) {
        parts.insert(AddressPart::Region, short);
        city = head;
    }
    let words: Vec<&str> = city.split_whitespace().collect();
    let is_name = |word: &&str| word.chars().all(|letter| letter.is_alphabetic() || "'’.-".contains(letter));
    if (1..=CITY).contains(&words.len()) && words.iter().all(is_name) {
        parts.insert(AddressPart::City, tidy(city));
    }
}

/// The short name of a state or province, by its short or its full name.
fn region(text: &str) -> Option<String> {
    let short = ENGLISH.regions.values().find(|short| text.eq_ignore_ascii_case(short));
    short.or_else(|| ENGLISH.regions.get(&text.to_lowercase())).cloned()
}

/// `Austin TX`, `Fort Worth, texas` without the comma: the town, and the state's short name.
fn ends_with_region(text: &str) -> Option<(&str, String)> {
    let starts = text.match_indices(' ').map(|(at, _)| at);
    starts.map(|at| (&text[..at], text[at..].trim())).find_map(|(head, tail)| Some((head.trim(), region(tail)?)))
}

/// A country that a text opens with, and where its name ends.
fn country(text: &str) -> Option<(String, usize)> {
    let open = text.len() - text.trim_start_matches([' ', ',']).len();
    let rest = &text[open..];
    let names = ENGLISH.countries.iter().flatten();
    let opens = |name: &&String| {
        rest.get(..name.len()).is_some_and(|head| head.eq_ignore_ascii_case(name))
            && !rest[name.len()..].starts_with(|letter: char| letter.is_alphanumeric() || letter == '\'')
            // "us" is a country only where it is written as one.
            && (name.len() > 2 || rest[..name.len()].chars().all(char::is_uppercase))
    };
    let name = names.filter(opens).max_by_key(|name| name.len())?;
    Some((rest[..name.len()].to_owned(), open + name.len()))
}

/// Words beside a town are taken off.
fn clean(piece: &str) -> &str {
    let mut piece = piece.trim_matches([' ', '.', ':', ';', '-']);
    while let Some((first, rest)) = piece.split_once(' ').filter(|(first, _)| is_beside(first)) {
        let _ = first;
        piece = rest.trim_start();
    }
    while let Some((rest, _)) = piece.rsplit_once(' ').filter(|(_, last)| is_beside(last)) {
        piece = rest.trim_end();
    }
    if is_beside(piece) { "" } else { piece }
}

fn is_beside(word: &str) -> bool {
    ENGLISH.not_city.iter().any(|beside| beside.eq_ignore_ascii_case(word))
}

/// Where the sentence ends; the point of an abbreviation ends none.
fn sentence_end(text: &str, from: usize) -> usize {
    let ends = |(at, mark): (usize, char)| match mark {
        '!' | '?' | ';' => Some(from + at),
        '.' => {
            let before = text[..from + at].rsplit([' ', ',']).next().unwrap_or_default();
            let after = text[from + at + 1..].chars().next();
            (after.is_none_or(char::is_whitespace) && before.chars().count() > 3).then_some(from + at)
        }
        _ => None,
    };
    text[from..].char_indices().find_map(ends).unwrap_or(text.len())
}

/// Single spaces; what was typed without any capital letter gets its capitals.
fn tidy(text: &str) -> String {
    let words = text.split_whitespace().map(|word| word.trim_matches([',', '.']));
    if text.chars().any(char::is_uppercase) {
        return words.collect::<Vec<_>>().join(" ");
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    words.map(capital).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
