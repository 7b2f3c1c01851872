//! What must never be stored: card numbers, and one-time codes typed into the chat.
//!
//! A card number is 13 to 19 digits that pass the Luhn check and begin like a card, with or without separators; its last
//! four digits stay. A one-time code is a short number that the words around it call a code; numbers that could be an order's
//! or a parcel's stay as they are.

use regex::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// Digits with single separators between them, as people and forms write card numbers.
static RUN: LazyLock<Regex> = LazyLock::new(|| pattern(r"\d(?:[ \t\u{a0}\u{2009}\u{202f}.\-\u{2010}-\u{2015}/_]{0,2}\d){12,}"));

/// "my code is 123456", "the OTP: 123 456", "123456 is the verification code". A code that is of something else
/// (order code, promo code, postcode) is none.
static CODE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:(?:one[- ]?time|verification|security|login|sign[- ]?in|sms|2fa|mfa|auth(?:entication|enticator)?|access|confirmation|text(?:ed)?)[- ]+(?:pass)?(?:code|pin)|(?:one[- ]?time[- ]password)|otp|tan|passcode|my code|(?:the|this|a) code (?:i got|you sent|from (?:the|your|my) (?:sms|text|e-?mail|app)))\b(?:\s+(?:is|was|says|reads|i got is|number))?\s*[:=#-]?\s*[\x22'“”]?(?P<after>\d(?:[ -]?\d){3,7})\b|\b(?P<before>\d(?:[ -]?\d){3,7})[\x22'“”]?\s+(?:is|was)\s+(?:(?:my|the|your|a)\s+)(?:(?:one[- ]?time|verification|security|login|sms|2fa|confirmation)\s+)?(?:code|otp|passcode|pin)\b",
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
        out.push_str(&"•".repeat(code.as_str().bytes().filter(u8::is_ascii_digit).count()));
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

/// Where in a run of digits card numbers stand, in bytes.
fn cards(run: &str) -> Vec<std::ops::Range<usize>> {
    let digits: Vec<(usize, u8)> =
        run.char_indices().filter_map(|(at, character)| Some((at, u8::try_from(character.to_digit(10)?).ok()?))).collect();
    let whole: Vec<u8> = digits.iter().map(|(_, digit)| *digit).collect();
    let mut found = Vec::new();
    let mut from = 0;
    while from + 13 <= whole.len() {
        match (13..=19).rev().filter(|length| from + length <= whole.len()).find(|length| is_card(&whole[from..from + length], digits.len())) {
            Some(length) => {
                found.push(digits[from].0..digits[from + length - 1].0 + 1);
                from += length;
            }
            None => from += 1,
        }
    }
    found
}

/// Luhn, and the lengths and first digits that card networks use. Inside a longer run of digits only whole runs count, so that
/// a long tracking number is not taken for a card by chance.
fn is_card(digits: &[u8], run: usize) -> bool {
    let network = match digits {
        [4, ..] => matches!(digits.len(), 13 | 16 | 19),
        [5, 1..=5, ..] | [2, 2..=7, ..] => digits.len() == 16,
        [3, 4 | 7, ..] => digits.len() == 15,
        [3, 0 | 6 | 8 | 9, ..] => (14..=19).contains(&digits.len()),
        [3, 5, ..] | [6, 0 | 4 | 5, ..] | [8, 1, ..] | [6, 2, ..] => (16..=19).contains(&digits.len()),
        [5, 0 | 6..=8, ..] | [6, ..] => (13..=19).contains(&digits.len()),
        _ => false,
    };
    network && (digits.len() == run || run > 19) && luhn(digits)
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
    let digits = card.chars().filter(char::is_ascii_digit).count();
    let mut seen = 0;
    let hide = |character: char| {
        if !character.is_ascii_digit() {
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
