//! How a message feels, without a model: weighed words, what strengthens or turns them round, and how it is written. Its course over
//! the conversation, the same request again, and the wish for a person go with it.

#[cfg(test)]
mod tests;

use patchbay_core::mind::Feeling;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

/// Messages the course is read from: the latest ones.
const COURSE: usize = 5;
/// Words between a negation and what it turns round, at most.
const NEGATION_REACH: usize = 3;
/// What is left of a good word that is denied …
const DENIED_GOOD: f64 = -0.7;
/// … and of a bad one: "not bad" is not yet praise.
const DENIED_BAD: f64 = -0.3;
/// The weight at which a message is half way to its extreme.
const HALF_WAY: f64 = 3.0;
/// Requests are the same when they share so much of their telling words …
const SAME: f64 = 0.6;
/// … and have at least so many.
const TELLING: usize = 2;

static ENGLISH: LazyLock<Speech> =
    LazyLock::new(|| serde_json::from_str(include_str!("feeling/en.json")).expect("invariant: compiled in, and read by the tests here"));

/// What a language feels with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Speech {
    /// Words and their weight, from -4 to 4.
    words: BTreeMap<String, f64>,
    /// Several words that weigh something else together than apart.
    phrases: BTreeMap<String, f64>,
    /// Words that strengthen the next one.
    stronger: BTreeMap<String, f64>,
    /// Words that weaken it.
    weaker: BTreeMap<String, f64>,
    /// Words that turn it round.
    negations: BTreeSet<String>,
    /// Words that tell no request from another.
    empty: BTreeSet<String>,
    /// Asking for a person.
    person: Vec<String>,
}

/// A word as it feels.
struct Token {
    plain: String,
    /// In capitals, or drawn out.
    loud: bool,
    /// A stop follows: nothing reaches beyond it.
    stops: bool,
}

/// The feeling after a message, given what the customer wrote before, oldest first.
#[must_use]
pub fn feeling(earlier: &[&str], message: &str) -> Feeling {
    let course: Vec<i64> = earlier.iter().rev().take(COURSE - 1).rev().map(|text| sentiment(text)).chain([sentiment(message)]).collect();
    let now = telling(message);
    let same = |text: &&&str| now.len() >= TELLING && overlap(&now, &telling(text)) >= SAME;
    Feeling {
        last: course.last().copied().unwrap_or(0),
        slope: slope(&course),
        repeated: u32::try_from(earlier.iter().filter(same).count()).unwrap_or(u32::MAX),
        person: asks_for_a_person(message),
    }
}

/// How a message feels, in thousandths from -1000 to 1000.
#[must_use]
pub fn sentiment(text: &str) -> i64 {
    let tokens = tokens(text);
    let mut total = 0.0;
    let mut at = 0;
    while at < tokens.len() {
        let (weight, length) = weight(&tokens, at);
        total += weight;
        at += length;
    }
    let marks = text.matches('!').count().min(3);
    let loudness = 1.0 + 0.1 * f64::from(u8::try_from(marks).unwrap_or(3));
    let doubt = if text.contains("??") { -0.5 } else { 0.0 };
    let total = total * loudness + doubt;
    (total / (total.abs() + HALF_WAY) * 1000.0).round() as i64
}

/// What the words at a place weigh, and how many they are.
fn weight(tokens: &[Token], at: usize) -> (f64, usize) {
    let phrase = (2..=3).rev().find_map(|length| {
        let words: Vec<&str> = tokens.get(at..at + length)?.iter().map(|token| token.plain.as_str()).collect();
        ENGLISH.phrases.get(&words.join(" ")).map(|weight| (*weight, length))
    });
    let (bare, length) = match phrase {
        Some(found) => found,
        None if strengthens(tokens, at) => return (0.0, 1),
        None => (ENGLISH.words.get(&tokens[at].plain).copied().unwrap_or(0.0), 1),
    };
    let before: Vec<&Token> = tokens[..at].iter().rev().take(NEGATION_REACH).take_while(|token| !token.stops).collect();
    let mut weight = bare;
    if let Some(token) = before.first() {
        weight *= ENGLISH.stronger.get(&token.plain).or(ENGLISH.weaker.get(&token.plain)).copied().unwrap_or(1.0);
    }
    let loud = tokens[at..at + length].iter().chain(before.first().copied()).any(|token| token.loud);
    weight *= if loud { 1.3 } else { 1.0 };
    // A phrase holds its own "no".
    let denied = phrase.is_none() && before.iter().any(|token| negates(&token.plain));
    (if denied { weight * if weight > 0.0 { DENIED_GOOD } else { DENIED_BAD } } else { weight }, length)
}

/// Does a word only strengthen the next one ("terribly good")? By itself it may weigh something.
fn strengthens(tokens: &[Token], at: usize) -> bool {
    let next = tokens.get(at + 1).filter(|_| !tokens[at].stops);
    ENGLISH.stronger.contains_key(&tokens[at].plain) && next.is_some_and(|next| ENGLISH.words.contains_key(&next.plain))
}

fn negates(plain: &str) -> bool {
    plain.ends_with("n't") || ENGLISH.negations.contains(plain)
}

fn tokens(text: &str) -> Vec<Token> {
    let shouted = text.chars().filter(|letter| letter.is_alphabetic()).count() > 8 && !text.chars().any(char::is_lowercase);
    let mut tokens: Vec<Token> = Vec::new();
    for raw in text.split_whitespace() {
        let word = raw.trim_matches(|letter: char| !letter.is_alphanumeric());
        if word.is_empty() {
            continue;
        }
        let (plain, drawn) = shortened(&word.to_lowercase().replace('\u{2019}', "'"));
        let capitals = word.chars().filter(|letter| letter.is_alphabetic()).count() > 2 && !word.chars().any(char::is_lowercase);
        tokens.push(Token { plain, loud: drawn || shouted || capitals, stops: raw.ends_with(['.', ',', ';', '!', '?']) });
    }
    tokens
}

/// A word with letters that are drawn out written once or twice: `soooo` → `so`, `goood` → `good`.
fn shortened(word: &str) -> (String, bool) {
    let run = |limit: usize| {
        let mut out = String::new();
        for letter in word.chars() {
            if out.chars().rev().take(limit).filter(|before| *before == letter).count() < limit {
                out.push(letter);
            }
        }
        out
    };
    let drawn = word.chars().any(char::is_alphabetic) && run(2).len() < word.len() && !word.chars().any(|letter| letter.is_ascii_digit());
    if !drawn {
        return (word.to_owned(), false);
    }
    let twice = run(2);
    let known = |word: &str| ENGLISH.words.contains_key(word) || ENGLISH.stronger.contains_key(word);
    (if known(&twice) { twice } else { run(1) }, true)
}

/// The slope of a straight line through the course, per message.
fn slope(course: &[i64]) -> i64 {
    let n = i64::try_from(course.len()).unwrap_or(1);
    let sum = |term: &dyn Fn(i64, i64) -> i64| course.iter().zip(0..).map(|(value, x)| term(x, *value)).sum::<i64>();
    let spread = n * sum(&|x, _| x * x) - sum(&|x, _| x).pow(2);
    if spread == 0 { 0 } else { (n * sum(&|x, y| x * y) - sum(&|x, _| x) * sum(&|_, y| y)) / spread }
}

fn telling(text: &str) -> BTreeSet<String> {
    tokens(text).into_iter().map(|token| token.plain).filter(|word| !ENGLISH.empty.contains(word)).collect()
}

fn overlap(one: &BTreeSet<String>, two: &BTreeSet<String>) -> f64 {
    let count = |size: usize| f64::from(u32::try_from(size).unwrap_or(u32::MAX));
    count(one.intersection(two).count()) / count(one.union(two).count()).max(1.0)
}

fn asks_for_a_person(text: &str) -> bool {
    let words: Vec<String> = tokens(text).into_iter().map(|token| token.plain).collect();
    let said = format!(" {} ", words.join(" "));
    ENGLISH.person.iter().any(|phrase| said.contains(&format!(" {phrase} ")))
}
