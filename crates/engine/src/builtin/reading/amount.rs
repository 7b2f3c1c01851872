//! Numbers and amounts of money in words and digits.

use super::{Found, Reader};
use patchbay_core::money::Currency;
use patchbay_core::value::decimal;
use patchbay_core::{Money, Value};
use regex::Regex;
use rust_decimal::Decimal;
use std::sync::LazyLock;

static NUMBER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?P<before>\p{Sc}|\b[A-Za-z]{3}\s)?\s?(?P<number>-?\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|-?\d+(?:[.,]\d+)?)\s?(?P<after>\p{Sc}|[A-Za-z]+)?")
        .expect("invariant: a fixed pattern, used by the tests here")
});

/// One number in the text with what stands around it.
struct Seen<'a> {
    found: Found,
    number: Decimal,
    marks: [Option<&'a str>; 2],
}

fn seen<'a>(reader: &Reader<'a>) -> Vec<Seen<'a>> {
    let read = |captures: regex::Captures<'a>| {
        let number = captures.name("number")?;
        let inside = |at: Option<char>| at.is_some_and(|letter| letter.is_alphanumeric() || letter == '#');
        // "W12345" and "#12345" are names, not numbers.
        if inside(reader.text[..number.start()].chars().next_back()) {
            return None;
        }
        let value = decimal(&plain(number.as_str()))?;
        let marks = ["before", "after"].map(|name| captures.name(name).map(|mark| mark.as_str().trim()));
        Some(Seen { found: Found { value: Value::Number(value), span: number.range() }, number: value, marks })
    };
    NUMBER.captures_iter(reader.text).filter_map(read).collect()
}

/// `1,234.50` and `1 234.50` → `1234.50`; `12,5` → `12.5`.
fn plain(number: &str) -> String {
    let thousands =
        number.contains([' ']) || number.split(',').skip(1).all(|group| group.split('.').next().is_some_and(|digits| digits.len() == 3));
    if thousands { number.replace([',', ' '], "") } else { number.replace(',', ".") }
}

/// Numbers in digits, and in words up to a dozen.
pub(super) fn find_numbers(reader: &Reader<'_>, whole: bool) -> Vec<Found> {
    let digits = seen(reader).into_iter().map(|seen| seen.found);
    let spelled = reader.words.iter().filter_map(|word| {
        let number = reader.lexicon.numbers.get(&word.plain)?;
        Some(Found { value: Value::Number(Decimal::from(*number)), span: word.span.clone() })
    });
    let mut found: Vec<_> = digits.collect();
    if found.is_empty() {
        found.extend(spelled);
    }
    found.retain(|found| !whole || matches!(&found.value, Value::Number(number) if number.fract().is_zero()));
    found
}

/// Amounts that say their currency, by sign, code or word. Another currency than the slot's is no value for it.
pub(super) fn find_money(reader: &Reader<'_>, currency: Currency) -> Vec<Found> {
    money(reader, currency, |marks| marks.iter().flatten().any(|mark| means(reader, mark, currency)))
}

/// Amounts in the answer to "how much?": without a currency the slot's is meant.
pub(super) fn answered_money(reader: &Reader<'_>, currency: Currency) -> Vec<Found> {
    money(reader, currency, |marks| marks.iter().flatten().all(|mark| means(reader, mark, currency) || !is_currency(reader, mark)))
}

fn money(reader: &Reader<'_>, currency: Currency, right: impl Fn(&[Option<&str>; 2]) -> bool) -> Vec<Found> {
    let amounts = seen(reader).into_iter().filter(|seen| right(&seen.marks));
    let read = |seen: Seen<'_>| {
        let money = Money::from_decimal(&seen.number.to_string(), currency).ok()?;
        Some(Found { value: Value::Money(money), span: seen.found.span })
    };
    amounts.filter_map(read).collect()
}

fn means(reader: &Reader<'_>, mark: &str, currency: Currency) -> bool {
    let sign = match mark {
        "€" => "EUR",
        // The dollar sign stands for many currencies; the slot says which is meant.
        "$" => return matches!(currency.code(), "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD" | "MXN"),
        "£" => "GBP",
        "¥" => return matches!(currency.code(), "JPY" | "CNY"),
        "₹" => "INR",
        "₩" => "KRW",
        word => reader.lexicon.currency_words.get(&word.to_lowercase()).map_or(word, String::as_str),
    };
    sign.eq_ignore_ascii_case(currency.code())
}

fn is_currency(reader: &Reader<'_>, mark: &str) -> bool {
    let code = mark.len() == 3 && mark.bytes().all(|letter| letter.is_ascii_uppercase());
    code || mark.chars().any(|letter| !letter.is_alphanumeric()) || reader.lexicon.currency_words.contains_key(&mark.to_lowercase())
}
