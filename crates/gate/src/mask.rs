//! What must never be stored: card numbers, and one-time codes typed into the chat.
//!
//! A card number is 13 to 19 digits that pass the Luhn check and begin like a card, with or without separators; its last
//! four digits stay. A one-time code is a short number that the words around it call a code; numbers that could be an order's
//! or a parcel's stay as they are.

use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// Digits, in any script, with a little of anything but letters between them: how people and forms write card numbers.
static RUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d(?:[^\p{L}\p{N}]{0,3}\d){12,}"));

/// The zeros of the scripts whose digits people type: Latin, Arabic, Persian, Devanagari, Bengali, Thai, full width, and the bold ones.
const ZEROS: [u32; 8] = [0x30, 0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xff10, 0x1d7ce];

/// "my code is 123456", "the OTP: 123 456", "123456 is the verification code". A code that is of something else
/// (order code, promo code, postcode) is none.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?:one[- ]?time|verification|security|login|sign[- ]?in|sms|2fa|mfa|auth(?:entication|enticator)?)[- ]+(?:pass)?(?:code|pin)|(?:one[- ]?time[- ]password)|otp|passcode|cv[cvn]2?|my code|my pin|(?:the|this|a) code (?:i got|you sent|from (?:the|your|my) (?:sms|text|e-?mail|app)))\b(?:\s+(?:is|was|says|reads|i got is|number))?\s*[:=#-]?\s*[\x22'“”]?(?P<after>\d(?:[ -]?\d){2,7})\b|\b(?P<before>\d(?:[ -]?\d){3,7})[\x22'“”]?\s+(?:is|was)\s+(?:(?:my|the|your|a)\s+)(?:(?:one[- ]?time|verification|security|login|sms|2fa)\s+)?(?:code|otp|passcode|pin)\b",
    )
});

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().expect("invariant: the pattern is a constant that a test compiles")
}

/// A customer's words with card numbers down to their last four digits and one-time codes removed, and what was masked:
/// `card`, `code`, each once.
#[must_use]
pub fn mask(text: &str) -> (String, Vec<&'static str>) {
    let mut masked = Vec::new();
    let without_cards = redact(text);
    if without_cards != text {
        masked.push("card");
    }
    let mut out = String::with_capacity(without_cards.len());
    let mut done = 0;
    for found in CODE.captures_iter(&without_cards) {
        let Some(code) = found.name("after").or_else(|| found.name("before")) else { continue };
        out.push_str(&without_cards[done..code.start()]);
        out.push_str(&"•".repeat(code.as_str().chars().filter(|character| digit(*character).is_some()).count()));
        done = code.end();
    }
    if done > 0 {
        masked.push("code");
    }
    out.push_str(&without_cards[done..]);
    (out, masked)
}

/// The text with card numbers masked to their last four digits.
pub(crate) fn redact(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for run in RUN.find_iter(text) {
        for card in cards(run.as_str()) {
            let (start, end) = (run.start() + card.start, run.start() + card.end);
            out.push_str(&text[done..start]);
            out.push_str(&hidden(&text[start..end]));
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// Digits that stand together.
struct Group {
    /// Where, in bytes.
    place: std::ops::Range<usize>,
    /// What stands between the group before and this one.
    before: String,
    digits: Vec<u8>,
}

/// Where in a run of digits card numbers stand, in bytes. A card begins and ends with a group: a part of a longer number is
/// no card, whatever its check digit says.
fn cards(run: &str) -> Vec<std::ops::Range<usize>> {
    let groups = groups(run);
    let mut found = Vec::new();
    let mut from = 0;
    while from < groups.len() {
        let mut digits = Vec::new();
        let mut last = None;
        for (at, group) in groups.iter().enumerate().skip(from) {
            digits.extend(&group.digits);
            if digits.len() > 19 {
                break;
            }
            if is_card(&digits) && one_number(&groups[from + 1..=at]) {
                last = Some(at);
            }
        }
        if let Some(last) = last {
            found.push(groups[from].place.start..groups[last].place.end);
        }
        from = last.unwrap_or(from) + 1;
    }
    found
}

/// Are these groups, behind the first one, parts of one number? Separators may change; those that stand between numbers of a
/// sentence, such as commas, must be the same throughout.
fn one_number(groups: &[Group]) -> bool {
    let light = |group: &Group| !group.before.contains([',', ';', ':']);
    groups.iter().all(light) || groups.windows(2).all(|pair| pair[0].before == pair[1].before)
}

fn groups(run: &str) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut between = String::new();
    for (at, character) in run.char_indices() {
        let Some(digit) = digit(character) else {
            between.push(character);
            continue;
        };
        let end = at + character.len_utf8();
        match groups.last_mut() {
            Some(group) if group.place.end == at => {
                group.place.end = end;
                group.digits.push(digit);
            }
            _ => groups.push(Group { place: at..end, before: std::mem::take(&mut between), digits: vec![digit] }),
        }
    }
    groups
}

fn digit(character: char) -> Option<u8> {
    let from_zero = |zero: &u32| u8::try_from(u32::from(character).checked_sub(*zero)?).ok().filter(|digit| *digit < 10);
    ZEROS.iter().find_map(from_zero)
}

/// Luhn, and the lengths and first digits that card networks use.
fn is_card(digits: &[u8]) -> bool {
    let network = match digits {
        [4, ..] => matches!(digits.len(), 13 | 16 | 19),
        [5, 1..=5, ..] | [2, 2..=7, ..] => digits.len() == 16,
        [3, 4 | 7, ..] => digits.len() == 15,
        [3, 0 | 6 | 8 | 9, ..] => (14..=19).contains(&digits.len()),
        [3, 5, ..] | [6, 0 | 2 | 4 | 5, ..] | [8, 1, ..] => (16..=19).contains(&digits.len()),
        [5, 0 | 6..=8, ..] | [6, ..] => (13..=19).contains(&digits.len()),
        _ => false,
    };
    network && luhn(digits)
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, u32::from(*digit) * 2) {
            (0, _) => u32::from(*digit),
            (_, doubled) if doubled > 9 => doubled - 9,
            (_, doubled) => doubled,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// All digits but the last four become dots; separators stay.
fn hidden(card: &str) -> String {
    let digits = card.chars().filter(|character| digit(*character).is_some()).count();
    let mut seen = 0;
    let hide = |character: char| {
        if digit(character).is_none() {
            return character;
        }
        seen += 1;
        if seen + 4 > digits { character } else { '•' }
    };
    card.chars().map(hide).collect()
}

#[cfg(test)]
#[path = "mask_tests.rs"]
mod tests;
