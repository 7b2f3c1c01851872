//! Postal addresses as people write them, in one line: each part is known by its shape and place, and what is missing stays open.

use super::{Found, Reader, record};
use patchbay_core::Value;
use patchbay_core::declare::{AddressPart, Kind};
use regex::Regex;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// Words of a town's name, at most.
const CITY: usize = 4;

static ENGLISH: LazyLock<Speech> =
    LazyLock::new(|| serde_json::from_str(include_str!("address/en.json")).expect("invariant: compiled in, and read by the tests here"));
static STREET: LazyLock<Regex> = LazyLock::new(|| {
    let words = ENGLISH.streets.join("|");
    pattern(&format!(
        r"(?i)\b\d{{1,6}}[a-z]?\s+(?:[\p{{L}}.'’-]+\s+){{1,4}}?(?:{words})\b|\b[\p{{L}}-]{{2,}}(?:straße|strasse|str\.)\s*\d+[a-z]?\b"
    ))
});
static UNIT: LazyLock<Regex> = LazyLock::new(|| pattern(&format!(r"(?i)(?:\b(?:{})\b\.?|#)\s*#?[\w-]+", ENGLISH.units.join("|"))));
static POSTCODE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|\d{4}|\d{6})\b"));

fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("invariant: a constant pattern, used by the tests here")
}

/// How addresses are written, in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speech {
    /// What streets are called.
    streets: Vec<String>,
    /// What a part of a house is called.
    units: Vec<String>,
    /// States and provinces with their short names.
    regions: BTreeMap<String, String>,
    /// Countries, each with all its names.
    countries: Vec<Vec<String>>,
    /// Words that stand beside a town and are none.
    not_city: Vec<String>,
}

/// The parts of an address, as they were read.
type Parts = BTreeMap<AddressPart, String>;

/// Is a record an address?
pub(in crate::builtin) fn is_one(fields: &BTreeMap<String, Kind>) -> bool {
    fields.values().any(|kind| matches!(kind, Kind::Address { .. }))
}

/// The address in a message nobody was asked for: it must have a street. Parts it does not give are left out.
pub(super) fn mentioned(reader: &Reader<'_>, fields: &BTreeMap<String, Kind>) -> Option<Found> {
    let street = STREET.find(reader.text).filter(|_| is_one(fields))?;
    let (parts, end) = read(reader.text, street.range());
    found(&parts, fields, street.start()..end)
}

/// The address, or the parts of one, in the answer to the question for it.
pub(super) fn answered(reader: &Reader<'_>, fields: &BTreeMap<String, Kind>) -> Option<Found> {
    let text = reader.text;
    if let Some(found) = mentioned(reader, fields) {
        return Some(Found { span: 0..text.len(), ..found });
    }
    // Without a word for a street: the first piece with a number in it.
    let mut from = 0;
    for piece in text.split([',', '\n']) {
        let at = from + piece.len() - piece.trim_start().len();
        let whole = at..at + piece.trim().len();
        from += piece.len() + 1;
        let numbered = piece.chars().any(|letter| letter.is_ascii_digit()) && piece.chars().any(char::is_alphabetic);
        let shaped = || UNIT.is_match(piece) || POSTCODE.find(piece).is_some_and(|code| code.len() >= 5);
        if numbered && !shaped() {
            let (parts, _) = read(text, whole);
            return found(&parts, fields, 0..text.len());
        }
    }
    // No street at all: parts by their shapes, or said by name ("city: Lyon").
    let (mut parts, _) = read(text, 0..0);
    parts.remove(&AddressPart::Street);
    let by_name = record::named_pieces(reader, fields);
    let found = found(&parts, fields, 0..text.len());
    match (found, by_name.is_empty()) {
        (Some(Found { value: Value::Map(read), span }), _) => {
            Some(Found { value: Value::Map(read.into_iter().chain(by_name).collect()), span })
        }
        (_, false) => Some(Found { value: Value::Map(by_name), span: 0..text.len() }),
        (other, true) => other,
    }
}

/// The parts known, under the names of the backend's fields.
fn found(parts: &Parts, fields: &BTreeMap<String, Kind>, span: Range<usize>) -> Option<Found> {
    let field = |(name, kind): (&String, &Kind)| match kind {
        Kind::Address { part, usual } => {
            let said = parts.get(part)?;
            let spelled = usual.as_ref().filter(|usual| *part == AddressPart::Country && same_country(said, usual)).unwrap_or(said);
            Some((name.clone(), Value::text(spelled)))
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

/// The parts from a street on, and where they end.
fn read(text: &str, street: Range<usize>) -> (Parts, usize) {
    let mut parts = Parts::new();
    parts.insert(AddressPart::Street, tidy(&text[street.clone()]));
    let (mut at, end) = (street.end, sentence_end(text, street.end));
    if let Some(unit) = UNIT.find(&text[at..end]) {
        parts.insert(AddressPart::Unit, tidy(unit.as_str()));
        at += unit.end();
    }
    let mut last = at;
    let code = POSTCODE.find(&text[at..end]).map(|code| at + code.start()..at + code.end());
    if let Some(code) = &code {
        parts.insert(AddressPart::Postcode, text[code.clone()].to_owned());
        last = code.end;
        if let Some((country, till)) = country(&text[code.end..end]) {
            parts.insert(AddressPart::Country, country);
            last += till;
        }
    }
    let middle = &text[at..code.as_ref().map_or(end, |code| code.start)];
    let mut pieces: Vec<&str> = middle.split([',', '\n', '(', ')']).map(clean).filter(|piece| !piece.is_empty()).collect();
    if code.is_none() {
        // Nothing marks the end: what follows the town is another matter, unless it is a state or a country.
        let kept = pieces.iter().enumerate().skip(1).take_while(|(_, piece)| region(piece).is_some() || country(piece).is_some()).count();
        pieces.truncate(1 + kept);
    }
    if let Some(country) = pieces.last().and_then(|piece| country(piece)).map(|(country, _)| country) {
        parts.entry(AddressPart::Country).or_insert(country);
        pieces.pop();
    }
    places(&pieces, &mut parts);
    if code.is_none() && parts.contains_key(&AddressPart::City) {
        last = end;
    }
    (parts, last)
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
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<String> {
        let street = STREET.find(text).unwrap_or_else(|| panic!("no street in {text}")).range();
        read(text, street).0.into_iter().map(|(part, value)| format!("{}={value}", part.as_str())).collect()
    }

    #[test]
    fn one_line_falls_into_its_parts() {
        let all = ["street=12 Elm Street", "unit=Apt 4", "city=Springfield", "region=IL", "postcode=62701", "country=USA"];
        assert_eq!(parts("12 Elm Street, Apt 4, Springfield, IL 62701 USA"), all);
        assert_eq!(parts("send it to 12 Elm Street, Apt 4, Springfield, Illinois, 62701, USA please."), all);
        assert_eq!(parts("it is 12 elm street apt 4 springfield il 62701"), all[..5]);
        assert_eq!(parts("9 Old Mill Rd, Fort Knox TX 76176"), ["street=9 Old Mill Rd", "city=Fort Knox", "region=TX", "postcode=76176"]);
        assert_eq!(
            parts("Gartenstraße 5, Köln 50667, Germany"),
            ["street=Gartenstraße 5", "city=Köln", "postcode=50667", "country=Germany"]
        );
    }

    #[test]
    fn what_is_missing_stays_open() {
        assert_eq!(parts("ship to 12 Elm Street, Springfield, I moved"), ["street=12 Elm Street", "city=Springfield"]);
        assert_eq!(
            parts("to 12 Elm Street, Apt 4, New York 10228, I'm not in Rome anymore."),
            ["street=12 Elm Street", "unit=Apt 4", "city=New York", "postcode=10228"]
        );
        assert_eq!(parts("12 Elm Street Suite 9 zip 10199. and more"), ["street=12 Elm Street", "unit=Suite 9", "postcode=10199"]);
        assert_eq!(parts("deliver it to 12 Elm Street instead"), ["street=12 Elm Street"]);
    }
}
