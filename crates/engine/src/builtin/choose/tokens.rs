//! Words of a text as options are compared by: numbers apart from their units, units and sizes under one name.

use super::super::words::stem;
use rust_decimal::Decimal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

/// A word that only opens another counts as that from this length on.
const PREFIX: usize = 4;

pub(super) static ENGLISH: LazyLock<Speech> =
    LazyLock::new(|| Speech::read(include_str!("en.json")).expect("invariant: compiled in, and read by the tests here"));

/// How people speak of options, in one language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Speech {
    /// Words for the same thing.
    same: Vec<Vec<String>>,
    /// What measures what, and how often the smallest unit of it a unit is.
    measures: BTreeMap<String, (String, i64)>,
    /// What a letter stands for after a number.
    units: BTreeMap<String, String>,
    /// Words that are one.
    phrases: BTreeMap<String, String>,
    /// Sizes in words, from small to large.
    pub(super) sizes: Vec<Vec<String>>,
    /// Values that say there is none.
    pub(super) negative: Vec<String>,
    /// Values that say there is some.
    pub(super) positive: Vec<String>,
    /// Words before what is not wanted.
    pub(super) takes_back: Vec<Vec<String>>,
    /// Words that name no product, or nothing that one could be.
    pub(super) generic: Vec<String>,
    /// Words with which a phrase about a thing ends.
    pub(super) breaks: Vec<String>,
    /// Words that take nothing back although they sound like it.
    pub(super) means_it: Vec<Vec<String>>,
    pub(super) cheapest: Vec<Vec<String>>,
    pub(super) dearest: Vec<Vec<String>>,
    pub(super) cheaper: Vec<Vec<String>>,
    pub(super) dearer: Vec<Vec<String>>,
    /// Words for more of an option, each with names of options it is said of.
    pub(super) more: BTreeMap<String, Vec<String>>,
    pub(super) less: BTreeMap<String, Vec<String>>,
    pub(super) most: BTreeMap<String, Vec<String>>,
    pub(super) least: BTreeMap<String, Vec<String>>,
    /// Words that say that what is not spoken of stays as it is.
    pub(super) otherwise_same: Vec<Vec<String>>,
    /// Words after what there need not be.
    pub(super) unneeded: Vec<Vec<String>>,
    /// Words that say that a thing shall not be touched.
    pub(super) left_alone: Vec<Vec<String>>,
    /// Words that say that nothing else is meant.
    pub(super) only: Vec<Vec<String>>,
    /// Words for one of several.
    pub(super) one_of: Vec<Vec<String>>,
    /// Words that alone name no value.
    pub(super) small: Vec<String>,
    /// Words for all there are.
    pub(super) both: Vec<String>,
    #[serde(skip)]
    names: BTreeMap<String, String>,
}

impl Speech {
    fn read(text: &str) -> serde_json::Result<Self> {
        let mut speech: Self = serde_json::from_str(text)?;
        for group in &speech.same {
            for word in group {
                // "m" is medium and a metre: the first group that has a word names it.
                speech.names.entry(word.clone()).or_insert_with(|| group[0].clone());
            }
        }
        Ok(speech)
    }

    /// The one name of a word.
    fn name(&self, word: &str) -> String {
        self.names.get(word).cloned().unwrap_or_else(|| word.to_owned())
    }
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// As it was written, in lower case.
    pub(super) plain: String,
    /// The one name of all words for the same.
    pub(super) name: String,
    /// Its number, if it is one.
    pub(super) number: Option<Decimal>,
    /// A number spelled out.
    spelled: bool,
    /// A single letter that is no capital.
    small_letter: bool,
    /// Where it stands, in bytes.
    pub(super) span: Range<usize>,
}

const SPELLED: [(&str, i64); 9] =
    [("two", 2), ("three", 3), ("four", 4), ("five", 5), ("six", 6), ("seven", 7), ("eight", 8), ("nine", 9), ("ten", 10)];

/// The words of a text, in order.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let mut at = 0;
    while at < letters.len() {
        let (start, first) = letters[at];
        let from = at;
        if first.is_ascii_digit() {
            let decimal = |n: usize| {
                letters.get(n).is_some_and(|(_, mark)| *mark == '.') && letters.get(n + 1).is_some_and(|(_, next)| next.is_ascii_digit())
            };
            while at < letters.len() && (letters[at].1.is_ascii_digit() || decimal(at)) {
                at += 1;
            }
        } else if first.is_alphanumeric() {
            let inside = |letter: char| letter.is_alphanumeric() || matches!(letter, '\'' | '’');
            while at < letters.len() && inside(letters[at].1) {
                at += 1;
            }
        } else {
            at += 1;
            if first == '"' && tokens.last().is_some_and(|last: &Token| last.number.is_some() && last.span.end == start) {
                tokens.push(token("\"", start..start + 1));
            }
            continue;
        }
        let end = letters.get(at).map_or(text.len(), |(end, _)| *end);
        debug_assert!(at > from);
        split(&text[start..end], start..end, &mut tokens);
    }
    joined(tokens)
}

/// Contractions are two words; a possessive is none.
fn split(word: &str, span: Range<usize>, tokens: &mut Vec<Token>) {
    let word = word.replace('’', "'");
    let lower = word.to_lowercase();
    let negated = lower.strip_suffix("n't").or_else(|| {
        let short = lower.strip_suffix("nt")?;
        ["is", "are", "was", "do", "does", "did", "should", "need", "have", "has", "would"].contains(&short).then_some(short)
    });
    match (negated, lower.split_once('\'')) {
        (Some(head), _) => tokens.extend([token(head, span.clone()), token("not", span)]),
        (None, Some((_, tail))) if !tail.is_empty() => tokens.push(token(&word[..word.find('\'').unwrap_or(word.len())], span)),
        _ => tokens.push(token(word.trim_end_matches('\''), span)),
    }
}

fn token(word: &str, span: Range<usize>) -> Token {
    let plain = word.to_lowercase();
    let spelled = SPELLED.iter().find(|(name, _)| *name == plain).map(|(_, number)| Decimal::from(*number));
    let number = patchbay_core::value::decimal(&plain).map(|number| number.normalize());
    Token {
        name: ENGLISH.name(&plain),
        number: number.or(spelled),
        spelled: spelled.is_some(),
        small_letter: plain.len() == 1 && word == plain && plain.chars().all(char::is_alphabetic),
        plain,
        span,
    }
}

/// Words that are one become one.
fn joined(tokens: Vec<Token>) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let after_number = out.last().is_some_and(Token::is_digits);
        if let Some(unit) = ENGLISH.units.get(&token.plain).filter(|_| after_number) {
            out.push(Token { name: unit.clone(), ..token });
            continue;
        }
        if let Some(last) = out.last_mut()
            && let Some(one) = ENGLISH.phrases.get(&format!("{} {}", last.plain, token.plain))
        {
            last.plain.clone_from(one);
            last.name = ENGLISH.name(one);
            last.span.end = token.span.end;
            last.small_letter = false;
            continue;
        }
        out.push(token);
    }
    out
}

impl Token {
    /// How surely a word of a message is this word of an option's value, in tenths; nothing when it is another.
    pub(super) fn is(&self, own: &Self) -> Option<u32> {
        if let (Some(one), Some(two)) = (self.number, own.number) {
            return (one == two).then_some(if self.spelled { 9 } else { 10 });
        }
        if self.plain == own.plain {
            return Some(10);
        }
        if self.name == own.name {
            return Some(9);
        }
        let (said, own) = (self.plain.as_str(), own.plain.as_str());
        if self.number.is_some() || said.len() < 3 || own.len() < 3 || own.bytes().any(|letter| letter.is_ascii_digit()) {
            return None;
        }
        let opens = said.len() >= PREFIX && own.starts_with(said);
        let longer = own.len() >= PREFIX && said.starts_with(own) && said.len() <= own.len() + 3;
        let slip = said.len() >= 6 && own.len() >= 6 && said.as_bytes()[0] == own.as_bytes()[0] && strsim::osa_distance(said, own) <= 1;
        (stem(said) == stem(own) || opens || longer || slip).then_some(8)
    }

    /// May this word alone be a value? A small letter and a number spelled out are too common.
    pub(super) fn stands_alone(&self) -> bool {
        !self.small_letter && !self.spelled
    }

    /// Does the number stand in digits?
    pub(super) fn is_digits(&self) -> bool {
        self.number.is_some() && !self.spelled
    }
}

/// A number with its unit at the opening of a text, in the smallest unit of its kind: a litre is a thousand millilitres.
pub(super) fn quantity(text: &[Token]) -> Option<(Decimal, &'static str)> {
    let [number, unit, ..] = text else { return None };
    let (kind, times) = ENGLISH.measures.get(&unit.name)?;
    Some((number.number? * Decimal::from(*times), kind.as_str()))
}

/// Does one of these phrases stand in the text? Where.
pub(super) fn says(text: &[Token], phrases: &[Vec<String>]) -> Option<Range<usize>> {
    (0..text.len()).find_map(|at| {
        let phrase = phrases
            .iter()
            .filter(|phrase| phrase.len() <= text.len() - at && phrase.iter().zip(&text[at..]).all(|(own, token)| *own == token.plain));
        phrase.map(|phrase| at..at + phrase.len()).max_by_key(|place| place.end)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.name).collect()
    }

    #[test]
    fn numbers_stand_apart_from_their_units() {
        assert_eq!(plain("500ml, 1.5L and 10-inch"), ["500", "ml", "1.5", "liter", "and", "10", "inch"]);
        assert_eq!(plain("an i5 with IPX4, 7\" wide"), ["an", "i5", "with", "ipx4", "7", "inch", "wide"]);
        assert_eq!(plain("it doesn't need waterproofing, isnt it"), ["it", "does", "not", "need", "waterproof", "is", "not", "it"]);
        assert_eq!(plain("extra large T-shirt"), ["xl", "tshirt"]);
    }

    #[test]
    fn measures_are_compared_in_one_unit() {
        let quantity = |text: &str| quantity(&tokens(text)).map(|(number, kind)| format!("{} {kind}", number.normalize()));
        assert_eq!((quantity("1.5 litres"), quantity("1500ml")), (Some("1500 ml".to_owned()), Some("1500 ml".to_owned())));
        assert_eq!((quantity("half a litre"), quantity("2 persons")), (None, None));
    }

    #[test]
    fn words_are_the_same_by_name_ending_or_opening() {
        let is = |one: &str, two: &str| tokens(one)[0].is(&tokens(two)[0]);
        assert_eq!((is("gray", "grey"), is("wooden", "wood"), is("soft", "softshell")), (Some(9), Some(9), Some(8)));
        assert_eq!((is("rechargable", "rechargeable"), is("5", "50"), is("red", "reduced")), (Some(8), None, None));
        assert_eq!((is("M", "m"), is("medium", "M"), is("three", "3")), (Some(10), Some(9), Some(9)));
    }
}
