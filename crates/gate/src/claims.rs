//! Claims: what in a sentence could be false in a way that matters. Numbers, amounts, days, times, ids, addresses, links.
//!
//! Every claim becomes a key in one spelling, so that `59,90 €`, `EUR 59.90` and the amount itself are the same claim. Numbers
//! written as words are not seen.

use patchbay_core::{Timestamp, Value};
use regex::{Captures, Regex, RegexBuilder};
use rust_decimal::Decimal;
use std::collections::BTreeSet;
use std::sync::LazyLock;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

static LINK: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b[a-z][a-z0-9+.-]*://[^\s<>\x22]+|\b(?:javascript|data|vbscript|mailto|tel):[^\s<>\x22]+|\bwww\.[^\s<>\x22]+|\b(?:[a-z0-9-]+\.)+[a-z]{2,}/[^\s<>\x22]*",
    )
});
static MAIL: LazyLock<Regex> = LazyLock::new(|| pattern(r"[a-z0-9._%+'-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"));
static ISO_DAY: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{4})-(\d{2})-(\d{2})(?:t[\d:.]+(?:z|[+-]\d{2}:?\d{2})?)?\b"));
static DAY_MONTH: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({})\b(?:,? (\d{{4}})\b)?", month_words())));
static MONTH_DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(&format!(r"\b({})\.? (\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? (\d{{4}})\b)?", month_words())));
static ORDINAL: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b(\d{1,2})(?:st|nd|rd|th)\b"));
static CLOCK: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?\b"));
static AMOUNT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?:(?P<before>[€$£¥]|\b(?-i:[A-Z]{3}))[ \u{a0}]?(?P<first>-?\d[\d.,'\u{a0}]*\d|\d))|(?:(?P<second>-?\d[\d.,'\u{a0}]*\d|\d)[ \u{a0}]?(?P<after>[€$£¥]|(?-i:[A-Z]{3})\b))",
    )
});
static ID: LazyLock<Regex> = LazyLock::new(|| pattern(r"#?\b[\p{L}\p{N}]+(?:[-_/][\p{L}\p{N}]+)*\b"));
static NUMBER: LazyLock<Regex> = LazyLock::new(|| pattern(r"-?\d[\d.,'\u{a0}]*\d|\d"));

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().expect("invariant: the pattern is a constant that a test compiles")
}

fn month_words() -> String {
    MONTHS.map(|month| if month == "may" { "may".to_owned() } else { format!("{month}|{}", &month[..3]) }).join("|")
}

/// One claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Claim {
    /// As it was written.
    pub(crate) text: String,
    /// In the one spelling.
    pub(crate) key: String,
    /// Is it a link? Links are proven by the list of allowed ones, never by facts.
    pub(crate) link: bool,
}

/// Every link of a text, as it stands there, without the punctuation behind it.
pub(crate) fn links(text: &str) -> Vec<std::ops::Range<usize>> {
    LINK.find_iter(text)
        .map(|found| found.start()..found.start() + found.as_str().trim_end_matches(['.', ',', ')', ']', '!', '?', ';', '\'']).len())
        .collect()
}

/// Every claim of a text. What one pattern has taken the next ones do not see again.
pub(crate) fn claims(text: &str) -> Vec<Claim> {
    let mut claims = Vec::new();
    let mut rest = text.to_owned();
    for link in links(text).into_iter().rev() {
        claims.push(Claim { text: text[link.clone()].to_owned(), key: text[link.clone()].to_owned(), link: true });
        rest.replace_range(link, " ");
    }
    let mut take = |pattern: &Regex, key: &dyn Fn(&Captures<'_>) -> Option<String>| {
        let mut left = String::with_capacity(rest.len());
        let mut done = 0;
        for found in pattern.captures_iter(&rest) {
            let (Some(whole), Some(key)) = (found.get(0), key(&found)) else { continue };
            claims.push(Claim { text: whole.as_str().to_owned(), key, link: false });
            left.push_str(&rest[done..whole.start()]);
            left.push(' ');
            done = whole.end();
        }
        left.push_str(&rest[done..]);
        rest = left;
    };
    take(&MAIL, &|found| Some(format!("mail:{}", found[0].to_lowercase())));
    take(&ISO_DAY, &|found| Some(format!("day:{}-{}-{}", &found[1], &found[2], &found[3])));
    take(&DAY_MONTH, &|found| day(found.get(3).map(|year| year.as_str()), &found[2], &found[1]));
    take(&MONTH_DAY, &|found| day(found.get(3).map(|year| year.as_str()), &found[1], &found[2]));
    take(&ORDINAL, &|found| Some(format!("ordinal:{}", found[1].trim_start_matches('0'))));
    take(&CLOCK, &|found| Some(format!("clock:{:0>2}:{}", &found[1], &found[2])));
    take(&AMOUNT, &|found| {
        let amount = number(found.name("first").or_else(|| found.name("second"))?.as_str())?;
        let currency = found.name("before").or_else(|| found.name("after"))?.as_str();
        Some(format!("money:{amount} {}", symbol(currency)))
    });
    take(&ID, &|found| id(&found[0]));
    take(&NUMBER, &|found| number(&found[0]).map(|number| format!("number:{number}")));
    claims
}

/// Collects every key that a value proves.
pub(crate) fn prove(value: &Value, proven: &mut BTreeSet<String>) {
    match value {
        Value::Null | Value::Bool(_) => {}
        Value::Number(amount) => drop(proven.insert(format!("number:{}", amount.normalize()))),
        Value::Text(text) => prove_text(text, proven),
        Value::Money(money) => {
            if let Some(amount) = number(&money.decimal()) {
                proven.insert(format!("number:{amount}"));
                proven.insert(format!("money:{amount} {}", symbol(money.currency.code())));
            }
        }
        Value::Date(day) => prove_day(*day, proven),
        Value::Time(at) => prove_time(*at, proven),
        Value::List(list) => {
            proven.insert(format!("number:{}", list.len()));
            list.iter().for_each(|value| prove(value, proven));
        }
        Value::Map(map) => map.values().for_each(|value| prove(value, proven)),
    }
}

/// Collects every key that a text proves: its own claims, and itself as an id.
pub(crate) fn prove_text(text: &str, proven: &mut BTreeSet<String>) {
    proven.extend(id(text.trim()));
    for claim in claims(text).into_iter().filter(|claim| !claim.link) {
        if let Some(day) = claim.key.strip_prefix("day:").and_then(|day| day.parse().ok()) {
            prove_day(day, proven);
        }
        // An id is still the same with or without its mark, and a bare number may be spoken of as an id.
        if let Some(number) = claim.key.strip_prefix("id:").filter(|id| id.bytes().all(|byte| byte.is_ascii_digit())) {
            proven.insert(format!("number:{number}"));
        }
        proven.insert(claim.key);
    }
}

fn prove_day(day: jiff::civil::Date, proven: &mut BTreeSet<String>) {
    proven.insert(format!("day:{day}"));
    proven.insert(format!("day:{:02}-{:02}", day.month(), day.day()));
    proven.insert(format!("ordinal:{}", day.day()));
}

fn prove_time(at: Timestamp, proven: &mut BTreeSet<String>) {
    if let Ok(at) = jiff::Timestamp::from_millisecond(at.0) {
        let at = at.to_zoned(jiff::tz::TimeZone::UTC);
        prove_day(at.date(), proven);
        proven.insert(format!("clock:{:02}:{:02}", at.hour(), at.minute()));
    }
}

fn day(year: Option<&str>, month: &str, day: &str) -> Option<String> {
    let month = MONTHS.iter().position(|name| name.starts_with(&month.to_lowercase()))? + 1;
    let year = year.map(|year| format!("{year}-")).unwrap_or_default();
    Some(format!("day:{year}{month:02}-{day:0>2}"))
}

/// A token of letters and digits, or of five and more digits, is an id.
fn id(token: &str) -> Option<String> {
    let bare = token.trim_start_matches('#');
    let digits = bare.bytes().filter(u8::is_ascii_digit).count();
    let letters = bare.chars().any(char::is_alphabetic);
    let one_token = bare.chars().all(|character| character.is_alphanumeric() || matches!(character, '-' | '_' | '/'));
    let marked = token.len() > bare.len();
    (one_token && digits > 0 && (letters || marked || digits >= 5)).then(|| format!("id:{}", bare.to_lowercase()))
}

/// `1,234.50`, `1.234,50` and `1234.5` are one number. A single separator before three digits separates thousands.
fn number(text: &str) -> Option<Decimal> {
    let plain: String = text.chars().filter(|character| !matches!(character, '\'' | '\u{a0}')).collect();
    let decimal_mark = match (plain.rfind('.'), plain.rfind(',')) {
        (Some(dot), Some(comma)) => Some(dot.max(comma)),
        (Some(at), None) | (None, Some(at)) => {
            let single = plain.matches(['.', ',']).count() == 1;
            (single && (plain.len() - at - 1 != 3 || plain[at..].starts_with('.'))).then_some(at)
        }
        (None, None) => None,
    };
    let digit = |(at, character): (usize, char)| match character {
        '.' | ',' if Some(at) == decimal_mark => Some('.'),
        '.' | ',' => None,
        other => Some(other),
    };
    plain.char_indices().filter_map(digit).collect::<String>().parse::<Decimal>().ok().map(|number| number.normalize())
}

fn symbol(currency: &str) -> String {
    match currency {
        "EUR" => "€",
        "GBP" => "£",
        "JPY" | "CNY" => "¥",
        "USD" | "CAD" | "AUD" | "NZD" | "SGD" | "HKD" | "MXN" => "$",
        other => return other.to_uppercase(),
    }
    .to_owned()
}
