//! Days and times in words: `tomorrow`, `next Friday`, `20 November`, `2026-11-20`, `at 3 pm`.

use super::{Found, Reader};
use crate::builtin::words::Word;
use jiff::ToSpan;
use jiff::civil::{Date, Time};
use patchbay_core::declare::day_at;
use patchbay_core::{Timestamp, Value};
use regex::Regex;
use std::sync::LazyLock;

static DIGITS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})|(?P<dd>\d{1,2})\.(?P<dm>\d{1,2})\.(?P<dy>\d{4})?|(?P<s1>\d{1,2})/(?P<s2>\d{1,2})/(?P<sy>\d{4}))")
        .expect("invariant: a fixed pattern, used by the tests here")
});

static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?P<h>\d{1,2})(?::(?P<m>\d{2}))?\s?(?P<half>am|pm|a\.m\.|p\.m\.)?(?:\b|$)")
        .expect("invariant: a fixed pattern, used by the tests here")
});

/// A day's name has at least so many letters where one may be wrong …
const SLIPPED: usize = 6;
/// … and at most so many are wrong.
const SLIPS: usize = 2;
/// Among so many words before a weekday one may say that it is over.
const HAPPENED: usize = 3;

/// Every day a message names, in order.
pub(super) fn find(reader: &Reader<'_>) -> Vec<Found> {
    let today = day_at(reader.now, reader.zone);
    let mut found: Vec<_> = DIGITS
        .captures_iter(reader.text)
        .filter_map(|captures| Some((in_digits(&captures, today)?, captures.get(0)?.range())))
        .chain(in_words(reader, today))
        .map(|(day, span)| Found { value: Value::Date(day), span })
        .collect();
    found.sort_by_key(|found| found.span.start);
    found.dedup_by(|one, two| one.value == two.value);
    found
}

/// Every point in time a message names: a clock time on the day named, else on the next day it comes.
pub(super) fn find_times(reader: &Reader<'_>) -> Vec<Found> {
    let days = find(reader);
    let outside_days = |at: usize| !days.iter().any(|day| day.span.contains(&at));
    let clock = CLOCK.captures_iter(reader.text).find_map(|captures| {
        let hour = captures.name("h").filter(|hour| outside_days(hour.start()))?;
        let (minute, half) = (captures.name("m"), captures.name("half"));
        // A bare number is no time.
        minute.or(half)?;
        let base: i8 = hour.as_str().parse().ok()?;
        let hour = match half.map(|half| half.as_str().to_lowercase().starts_with('p')) {
            Some(true) if base < 12 => base + 12,
            Some(false) if base == 12 => 0,
            _ => base,
        };
        let minute = minute.map_or(Some(0), |minute| minute.as_str().parse().ok())?;
        Some((Time::new(hour, minute, 0, 0).ok()?, captures.get(0)?.range()))
    });
    let Some((time, span)) = clock else { return Vec::new() };
    let named = days.first().and_then(|day| match &day.value {
        Value::Date(day) => Some(*day),
        _ => None,
    });
    let at = |day: Date| day.to_datetime(time).to_zoned(reader.zone.clone()).map(|at| Timestamp(at.timestamp().as_millisecond())).ok();
    let today = day_at(reader.now, reader.zone);
    let at = match named {
        Some(day) => at(day),
        None => at(today).filter(|at| *at > reader.now).or_else(|| today.tomorrow().ok().and_then(at)),
    };
    at.map(|at| Found { value: Value::Time(at), span }).into_iter().collect()
}

fn in_digits(captures: &regex::Captures<'_>, today: Date) -> Option<Date> {
    let number = |name: &str| captures.name(name).and_then(|part| part.as_str().parse::<i16>().ok());
    let (year, month, day) = if let Some(year) = number("y") {
        (Some(year), number("m")?, number("d")?)
    } else if let Some(day) = number("dd") {
        (number("dy"), number("dm")?, day)
    } else {
        // 3/4/2026 is read differently on two sides of an ocean: only what has one reading counts.
        let (one, two) = (number("s1")?, number("s2")?);
        match (one > 12, two > 12) {
            (true, false) => (number("sy"), two, one),
            (false, true) => (number("sy"), one, two),
            _ if one == two => (number("sy"), one, two),
            _ => return None,
        }
    };
    date(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?, today)
}

/// Without a year: the one that brings the day nearest to today.
fn date(year: Option<i16>, month: i8, day: i8, today: Date) -> Option<Date> {
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => [today.year() - 1, today.year(), today.year() + 1]
            .into_iter()
            .filter_map(|year| Date::new(year, month, day).ok())
            .min_by_key(|date| (*date - today).get_days().unsigned_abs()),
    }
}

fn in_words(reader: &Reader<'_>, today: Date) -> Vec<(Date, std::ops::Range<usize>)> {
    let words = reader.words;
    let mut found = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let around = |from: usize, to: usize| words[from].span.start..words[to].span.end;
        if let Some(month) = month(reader, word) {
            let before = at.checked_sub(1).and_then(|n| Some((n, day_number(&words[n])?)));
            let before = before.or_else(|| {
                let n = at.checked_sub(2).filter(|_| words[at - 1].plain == "of")?;
                Some((n, day_number(&words[n])?))
            });
            let after = words.get(at + 1).and_then(|next| Some((at + 1, day_number(next)?)));
            let year_after =
                |n: usize| words.get(n + 1).and_then(|word| word.plain.parse::<i16>().ok().filter(|year| (1900..2200).contains(year)));
            let (from, to, day) = match (before, after) {
                (Some((n, day)), _) => (n, at, day),
                (None, Some((n, day))) => (at, n, day),
                (None, None) => continue,
            };
            let year = year_after(to);
            found.extend(date(year, month, day, today).map(|day| (day, around(from, to + usize::from(year.is_some())))));
        } else if let Some(day) = day_of_month(words, at) {
            found.extend(coming(today, day).map(|day| (day, word.span.clone())));
        } else if let Some(weekday) = weekday(reader, word) {
            // "Last Monday", and "it was on Monday".
            let told = words[at.saturating_sub(HAPPENED)..at].iter().any(|word| reader.lexicon.happened.contains(&word.plain));
            let past = told || at.checked_sub(1).is_some_and(|n| reader.lexicon.past.contains(&words[n].plain));
            let ahead = (weekday as i64 - i64::from(today.weekday().to_monday_zero_offset())).rem_euclid(7);
            let days = match (ahead, past) {
                (0, true) => -7,
                (0, false) => 7,
                (ahead, true) => ahead - 7,
                (ahead, false) => ahead,
            };
            found.extend(today.checked_add(days.days()).ok().map(|day| (day, word.span.clone())));
        } else if let Some(days) = relative(reader, word) {
            let after = at >= 2 && words[at - 1].plain == "after" && words[at - 2].plain == "day";
            let days = days + i64::from(after);
            found.extend(today.checked_add(days.days()).ok().map(|day| (day, word.span.clone())));
        } else if let Some(days) = counted(reader, at) {
            found.extend(today.checked_add(days.days()).ok().map(|day| (day, word.span.clone())));
        }
    }
    found
}

/// How many days from today lie behind a span at this place ("2 days ago", "in a week"), or a part of a day ("this morning").
fn counted(reader: &Reader<'_>, at: usize) -> Option<i64> {
    let (words, lexicon) = (reader.words, reader.lexicon);
    let before = words.get(at.checked_sub(1)?)?;
    if lexicon.hours(&words[at]).is_some() && before.plain == "this" {
        return Some(0);
    }
    let span = lexicon.spans_of_days.get(&words[at].plain)?;
    let number = match before.plain.as_str() {
        "a" | "one" => 1,
        other => lexicon.numbers.get(other).copied().or_else(|| other.parse().ok()).filter(|number| (1..=366).contains(number))?,
    };
    let back = words.get(at + 1).is_some_and(|next| lexicon.counting_back.contains(&next.plain));
    let on = || at >= 2 && lexicon.counting_on.contains(&words[at - 2].plain);
    if back { Some(-number * span) } else { on().then_some(number * span) }
}

/// "On the 27th": a day of this month or the next, where no month stands beside it.
fn day_of_month(words: &[Word], at: usize) -> Option<i8> {
    let ordinal = words[at].plain.ends_with(|letter: char| letter.is_alphabetic());
    let before = words[..at].iter().rev().map(|word| word.plain.as_str()).find(|word| *word != "the")?;
    let led = ["on", "by", "until", "till", "from", "to"].contains(&before);
    // "On the 2nd floor" is none.
    let noun = words.get(at + 1).is_some_and(|next| ["floor", "one", "order", "item", "of"].contains(&next.plain.as_str()));
    if ordinal && led && !noun { day_number(&words[at]) } else { None }
}

/// The next day of that number.
fn coming(today: Date, day: i8) -> Option<Date> {
    let of = |month: Date| month.with().day(day).build().ok().filter(|date| *date >= today);
    of(today).or_else(|| of(today.first_of_month().checked_add(1.month()).ok()?))
}

/// The weekday a word names, in full, by its first letters, or with a slip of the pen that means no other.
fn weekday(reader: &Reader<'_>, word: &Word) -> Option<usize> {
    let names = &reader.lexicon.weekdays;
    names.iter().position(|name| is_short_for(&word.plain, name)).or_else(|| {
        let nearest = nearest(&word.plain, names.iter().map(String::as_str))?;
        names.iter().position(|name| name == nearest)
    })
}

/// How many days from today a word names, slips of the pen included.
fn relative(reader: &Reader<'_>, word: &Word) -> Option<i64> {
    let days = &reader.lexicon.days;
    let slip = || days.get(nearest(&word.plain, days.keys().map(String::as_str))?);
    days.get(&word.plain).or_else(slip).copied()
}

/// The only name that a word is a slip of: as it begins and ends, with at most two letters wrong.
fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let same =
        |name: &&str| name.len() >= SLIPPED && name.chars().next() == word.chars().next() && name.chars().last() == word.chars().last();
    let mut near: Vec<(usize, &str)> = names.filter(same).map(|name| (strsim::osa_distance(word, name), name)).collect();
    near.sort_unstable();
    match near.as_slice() {
        _ if word.len() < SLIPPED => None,
        [(one, _), (two, _), ..] if one == two => None,
        [(slips, name), ..] if *slips <= SLIPS => Some(name),
        _ => None,
    }
}

/// The month a word names, in full or by at least its first three letters; "may" alone is a verb until a number stands beside it.
fn month(reader: &Reader<'_>, word: &Word) -> Option<i8> {
    let place = reader.lexicon.months.iter().position(|name| is_short_for(&word.plain, name))?;
    i8::try_from(place + 1).ok()
}

fn is_short_for(word: &str, name: &str) -> bool {
    word == name || (word.len() >= 3 && word.len() <= 4 && name.starts_with(word))
}

fn day_number(word: &Word) -> Option<i8> {
    let digits = word.plain.trim_end_matches(|letter: char| letter.is_alphabetic());
    let ending = &word.plain[digits.len()..];
    matches!(ending, "" | "st" | "nd" | "rd" | "th").then(|| digits.parse().ok())?.filter(|day| (1..=31).contains(day))
}
