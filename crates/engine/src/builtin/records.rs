//! The customer's own records as candidates for a slot: which one the words describe, and how each is offered as a choice.

use super::lexicon::Lexicon;
use super::words::{Word, alike, stem};
use patchbay_core::Value;
use patchbay_core::reply::Offer;
use std::collections::{BTreeMap, BTreeSet};

/// Nested names that say what a thing is, most telling first.
const TITLES: [&str; 7] = ["title", "name", "label", "product", "service", "plan", "subject"];
/// A name of more words than this is none that people write as one.
const COMPOUND: usize = 4;
/// A label is cut after this many characters.
const LABEL: usize = 120;

/// One record that may be meant.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The slot's value if it is this one.
    pub(super) value: Value,
    /// As a choice.
    pub(super) offer: Offer,
    /// May the slot be filled with it, as far as the slot's condition knows?
    pub(super) eligible: bool,
    /// All its words, those of nested records included.
    words: Vec<Word>,
    /// Of these, what it says of itself and what the things in it are called, without what these are like.
    names: Vec<Word>,
    /// What it and the things in it are called, name by name.
    titles: Vec<Vec<Word>>,
    /// Its own days and times, by their fields.
    pub(super) times: BTreeMap<String, Value>,
}

/// What a text says about candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Described {
    /// Nothing.
    None,
    /// Just this one.
    One(usize),
    /// These equally well.
    Several(Vec<usize>),
}

impl Candidate {
    /// A record whose field `take` is the value; `None` where it has none.
    pub(super) fn of(record: &Value, take: &str, eligible: bool, lexicon: &Lexicon) -> Option<Self> {
        let value = match record {
            // A list of plain values: each is its own record.
            Value::Text(_) | Value::Number(_) => record.clone(),
            _ => record.at(take)?.clone(),
        };
        let (mut texts, mut names, mut titles) = (Vec::new(), Vec::new(), Vec::new());
        gather(record, &mut texts);
        call(record, true, &mut names);
        call(record, false, &mut titles);
        let titles = titles.iter().map(|title: &String| lexicon.words(title)).collect();
        let offer = Offer { value: plain(&value)?, label: label(record, take, &value) };
        let words = |texts: Vec<String>| texts.iter().flat_map(|text| with_compounds(lexicon.words(text))).collect();
        Some(Self { value, offer, eligible, words: words(texts), names: words(names), titles, times: times(record) })
    }

    /// The same, told by its names alone: "the red kettle" may be what a kettle shall become.
    pub(super) fn by_name(&self) -> Self {
        Self { words: self.names.clone(), ..self.clone() }
    }

    /// The same, without the words that all of these have: they tell it from none of them.
    pub(super) fn apart_from(&self, all: &[Self]) -> Self {
        let shared = |word: &Word| all.len() > 1 && all.iter().all(|other| other.words.iter().any(|own| own.stem == word.stem));
        Self { words: self.words.iter().filter(|word| !shared(word)).cloned().collect(), ..self.clone() }
    }

    /// All its words.
    pub(super) fn words(&self) -> &[Word] {
        &self.words
    }

    /// Is it, or something in it, called by this word?
    pub(super) fn is_called(&self, word: &Word) -> bool {
        self.names.iter().any(|own| alike(own, word))
    }

    /// Does a word stand in its name, or in that of something in it?
    pub(super) fn is_titled(&self, word: &Word) -> bool {
        self.titles.iter().flatten().any(|own| own.stem == word.stem)
    }

    /// What it and the things in it are called.
    pub(super) fn titles(&self) -> impl Iterator<Item = String> {
        let spelled = |title: &Vec<Word>| title.iter().map(|word| word.plain.as_str()).collect::<Vec<_>>().join(" ");
        self.titles.iter().map(spelled)
    }

    /// Is a word what it is ("guitar", of an Acoustic Guitar), and not what it is for ("guitar", of Guitar Strings)?
    fn is_a(&self, word: &Word) -> bool {
        self.titles.iter().filter_map(|title| title.last()).any(|own| alike(own, word))
    }

    /// Do these words stand side by side in a name of it?
    fn joins(&self, one: &Word, two: &Word) -> bool {
        self.titles.iter().any(|title| title.windows(2).any(|pair| alike(&pair[0], one) && alike(&pair[1], two)))
    }

    /// Is one of its names said in full?
    fn is_called_in_full(&self, said: &[&Word]) -> bool {
        self.titles.iter().any(|title| title.len() > 1 && title.iter().all(|own| said.iter().any(|word| alike(own, word))))
    }

    /// What people call it, for comparing meanings: its label without the identifier.
    pub(super) fn description(&self) -> &str {
        self.offer.label.strip_prefix(&self.offer.value).map_or(&self.offer.label, |rest| rest.trim_start_matches([' ', '·']))
    }
}

/// Leaves out the numbers nobody but the systems knows ("Kettle · black · 39.90 EUR"), where the rest tells the records apart.
pub(super) fn without_numbers(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    let descriptions: BTreeSet<String> = candidates.iter().map(|candidate| candidate.description().to_owned()).collect();
    if descriptions.len() == candidates.len() && descriptions.iter().all(|description| !description.is_empty()) {
        candidates.iter_mut().for_each(|candidate| candidate.offer.label = candidate.description().to_owned());
    }
    candidates
}

/// The candidate a text describes. A word counts the more, the fewer candidates have it; words all have say nothing, unless they
/// say what one of them is.
pub(super) fn describe(said: &[&Word], candidates: &[Candidate], by_ending: bool) -> Described {
    let mut scores = vec![0.0_f32; candidates.len()];
    for word in said {
        let has = |candidate: &Candidate| {
            candidate.words.iter().any(|own| alike(own, word)) || (by_ending && ends_with(&candidate.offer.value, &word.plain))
        };
        let having: Vec<usize> = (0..candidates.len()).filter(|&n| has(&candidates[n])).collect();
        if having.len() == candidates.len() && candidates.len() > 1 {
            continue;
        }
        for &n in &having {
            scores[n] += 1.0 / having.len() as f32;
        }
    }
    let best = scores.iter().copied().fold(0.0, f32::max);
    // Nearly as good is as good: the customer is asked rather than misunderstood.
    let close: Vec<usize> = (0..scores.len()).filter(|&n| scores[n] >= best * 0.7).collect();
    match (by_name(said, candidates, &close).as_slice(), close.as_slice()) {
        ([], _) if best <= 0.0 => Described::None,
        ([one], _) | ([], [one]) => Described::One(*one),
        ([], _) => Described::Several(close),
        (several, _) => Described::Several(several.to_vec()),
    }
}

/// Which of candidates that fit equally well are what a word says that they are, or are called by their full name; none where no
/// name tells them apart. A word before another of the same name ("guitar strings") does not say what is meant.
fn by_name(said: &[&Word], candidates: &[Candidate], among: &[usize]) -> Vec<usize> {
    let belongs = |at: usize| said.get(at + 1).is_some_and(|next| candidates.iter().any(|one| one.joins(said[at], next)));
    let heads: Vec<&&Word> = (0..said.len()).filter(|at| !belongs(*at)).map(|at| &said[at]).collect();
    let narrowed = |fits: &dyn Fn(&Candidate) -> bool, among: &[usize]| -> Vec<usize> {
        among.iter().copied().filter(|n| fits(&candidates[*n])).collect()
    };
    let kind = narrowed(&|one| heads.iter().any(|word| one.is_a(word)), among);
    let rest = if kind.is_empty() { among } else { kind.as_slice() };
    let full = narrowed(&|one| one.is_called_in_full(said), rest);
    let told = if full.is_empty() { kind } else { full };
    if told.len() < among.len() { told } else { Vec::new() }
}

/// Is another of the candidates called by a word that says nothing of this one ("PayPal and the gift card")? Then both are named.
pub(super) fn is_another_named(said: &[&Word], candidates: &[Candidate], one: usize) -> bool {
    let everybodys = |word: &Word| candidates.iter().all(|other| other.is_called(word));
    let own = |word: &Word| candidates[one].words.iter().any(|own| alike(own, word));
    said.iter().any(|word| !own(word) && !everybodys(word) && candidates.iter().any(|other| other.is_called(word)))
}

fn ends_with(id: &str, typed: &str) -> bool {
    typed.len() >= 2 && typed.bytes().any(|letter| letter.is_ascii_digit()) && id.to_lowercase().ends_with(typed)
}

/// The words of a name, and each two of them as one: a "Smart Watch" is called a smartwatch too.
fn with_compounds(words: Vec<Word>) -> Vec<Word> {
    let letters = |word: &Word| word.plain.len() > 2 && word.plain.chars().all(char::is_alphabetic);
    let pairs = words.windows(2).filter(|pair| words.len() <= COMPOUND && pair.iter().all(letters));
    let joined: Vec<Word> = pairs
        .map(|pair| {
            let plain = format!("{}{}", pair[0].plain, pair[1].plain);
            Word { stem: stem(&plain), plain, span: pair[0].span.start..pair[1].span.end }
        })
        .collect();
    words.into_iter().chain(joined).collect()
}

/// Every text in a record, nested ones included, with the names of the fields they stand in.
fn gather(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::Map(fields) => {
            for (name, value) in fields {
                match value {
                    // Names of options are the backend's; what people say are the values.
                    Value::Map(inner) => inner.values().for_each(|value| gather(value, texts)),
                    Value::Text(_) => {
                        texts.push(name.replace('_', " "));
                        gather(value, texts);
                    }
                    _ => gather(value, texts),
                }
            }
        }
        Value::List(values) => values.iter().for_each(|value| gather(value, texts)),
        _ => texts.extend(plain(value)),
    }
}

/// What a record says of itself, and what the records in it are called.
fn call(value: &Value, itself: bool, names: &mut Vec<String>) {
    match value {
        Value::Map(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Map(_) | Value::List(_) => call(value, false, names),
                    _ if itself || TITLES.contains(&name.as_str()) => names.extend(plain(value)),
                    _ => {}
                }
            }
        }
        Value::List(values) => values.iter().filter(|value| matches!(value, Value::Map(_))).for_each(|value| call(value, false, names)),
        _ => names.extend(plain(value).filter(|_| itself)),
    }
}

/// `#W123 · Kettle, Desk Lamp · pending`. Further identifiers tell people nothing.
fn label(record: &Value, take: &str, value: &Value) -> String {
    let mut parts: Vec<String> = plain(value).into_iter().collect();
    if let Value::Map(fields) = record {
        let identifies = |name: &str| name == "id" || name == "sku" || name.ends_with("_id");
        let others = || fields.iter().filter(move |(name, _)| name.as_str() != take && !identifies(name));
        let nested = others().filter_map(|(_, value)| nested(value)).filter(|titles| !titles.is_empty());
        let plain_texts = |title: bool| {
            others().filter(move |(name, _)| TITLES.contains(&name.as_str()) == title).filter_map(|(_, value)| match value {
                Value::Text(text) if is_readable(text) => Some(text.clone()),
                Value::Money(money) => Some(money.to_string()),
                _ => None,
            })
        };
        parts.extend(plain_texts(true).chain(nested).chain(plain_texts(false)).take(3));
    }
    let label = parts.join(" · ");
    if label.chars().count() <= LABEL { label } else { label.chars().take(LABEL - 1).chain(['…']).collect() }
}

/// What a record is called, by the most telling of its names.
pub(super) fn title(record: &Value) -> Option<&str> {
    TITLES.iter().find_map(|name| record.at(name)?.as_text())
}

/// What is within a record: the things of a list, or the values of options.
fn nested(value: &Value) -> Option<String> {
    match value {
        Value::List(list) => Some(titles(list)),
        Value::Map(options) => {
            let values = options.values().filter_map(Value::as_text).filter(|text| text.chars().count() <= 60);
            Some(values.collect::<Vec<_>>().join(", "))
        }
        _ => None,
    }
}

/// What the things of a nested list are called.
fn titles(list: &[Value]) -> String {
    let title = |value: &Value| match value {
        Value::Text(text) => Some(text.clone()),
        Value::Map(_) => TITLES.iter().find_map(|name| value.at(name)?.as_text().map(str::to_owned)),
        _ => None,
    };
    let titles: Vec<String> = list.iter().filter_map(title).filter(|text| is_readable(text)).collect();
    let more = titles.len().saturating_sub(4);
    let shown = titles[..titles.len() - more].join(", ");
    if more == 0 { shown } else { format!("{shown} (+{more})") }
}

/// The days and times that a record has itself.
fn times(record: &Value) -> BTreeMap<String, Value> {
    let Value::Map(fields) = record else { return BTreeMap::new() };
    let timed = fields.iter().filter(|(_, value)| matches!(value, Value::Date(_) | Value::Time(_)));
    timed.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Words for people rather than an identifier or a paragraph.
fn is_readable(text: &str) -> bool {
    let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    letters >= 2 && letters > digits * 2 && text.chars().count() <= 60 && !text.contains("://")
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Date(day) => Some(day.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(fields: Vec<(&str, Value)>) -> Value {
        Value::Map(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<BTreeMap<_, _>>())
    }

    fn visits() -> Vec<Candidate> {
        let visit = |id: &str, class: &str, trainer: &str, gear: &[&str]| {
            let gear = gear.iter().map(|title| map(vec![("title", Value::text(*title)), ("colour", "blue".into())])).collect();
            map(vec![("id", id.into()), ("class", class.into()), ("trainer", trainer.into()), ("gear", Value::List(gear))])
        };
        [
            visit("V-1041", "Yoga for beginners", "Ines", &["Mat"]),
            visit("V-1066", "Spinning", "Ines", &["Towel", "Water bottle"]),
            visit("V-1077", "Yoga advanced", "Tom", &["Mat", "Water bottle"]),
        ]
        .iter()
        .map(|record| Candidate::of(record, "id", true, Lexicon::of("en")).unwrap())
        .collect()
    }

    fn said(text: &str) -> Described {
        let lexicon = Lexicon::of("en");
        let message = lexicon.words(text);
        describe(&lexicon.content(&message), &visits(), lexicon.speaks_of_endings(&message))
    }

    #[test]
    fn the_words_that_only_one_record_has_decide() {
        assert_eq!(said("the spinning one"), Described::One(1));
        assert_eq!(said("yoga with Tom"), Described::One(2));
        assert_eq!(said("the one with the towel and the bottle"), Described::One(1));
        assert_eq!(said("yoga"), Described::Several(vec![0, 2]));
        assert_eq!(said("the blue one"), Described::None);
        assert_eq!(said("boxing"), Described::None);
        assert_eq!(said("it ends with 66"), Described::One(1));
    }

    #[test]
    fn a_choice_is_labelled_by_what_people_recognise() {
        assert_eq!(visits()[1].offer.label, "V-1066 · Towel, Water bottle · Spinning · Ines");
    }
}
