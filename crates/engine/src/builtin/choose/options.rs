//! Options of a product's variants, and where a text names their values.

use super::tokens::{ENGLISH, Token, quantity, says, tokens};
use patchbay_core::Value;
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Names of fields that hold the name of an option beside its value.
const NAMES: [&str; 4] = ["name", "option", "key", "attribute"];
/// Words between two numbers of one value ("5 to 25").
const BETWEEN: [&str; 3] = ["to", "and", "by"];
/// At most this many words stand between the name of an option and that it is not needed ("the seat itself is not needed").
const BEFORE_UNNEEDED: usize = 2;
/// A word that takes back stands at most this many words before what it takes back.
const REACH: usize = 3;

/// What a record says of itself, by option: its own texts, a record of them, or a list of names and values.
pub(super) fn attributes(record: &Value) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    if let Value::Map(fields) = record {
        for (name, value) in fields {
            match value {
                Value::Map(inner) => found.extend(inner.iter().filter_map(|(name, value)| Some((name.clone(), spelled(value)?)))),
                Value::List(list) => found.extend(list.iter().filter_map(pair)),
                other => found.extend(spelled(other).map(|value| (name.clone(), value))),
            }
        }
    }
    found
}

/// `{ name: colour, value: red }`
fn pair(value: &Value) -> Option<(String, String)> {
    let name = NAMES.iter().find_map(|name| value.at(name)?.as_text())?;
    Some((name.to_owned(), spelled(value.at("value")?)?))
}

fn spelled(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Number(number) => Some(number.normalize().to_string()),
        Value::Bool(yes) => Some(if *yes { "yes" } else { "no" }.to_owned()),
        _ => None,
    }
}

/// One value of an option.
#[derive(Debug, Clone)]
struct Choice {
    text: String,
    words: Vec<Token>,
}

impl Choice {
    /// Does it say that there is none?
    fn is_negative(&self) -> bool {
        self.words.first().is_some_and(|word| ENGLISH.negative.contains(&word.plain))
    }
}

/// The options in which a product's variants differ, with all their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Options(BTreeMap<String, Vec<Choice>>);

/// A place in a text that names values of an option.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    /// The option.
    pub(super) option: String,
    /// The values it may mean: mostly one.
    pub(super) values: BTreeSet<String>,
    /// It is not wanted.
    pub(super) taken_back: bool,
    /// It is said to be what something shall become ("change it to the blue one").
    pub(super) target: bool,
    /// Its words.
    pub(super) place: Range<usize>,
    /// How surely, in tenths of a word.
    sure: u32,
}

impl Options {
    /// Of the variants' attributes: only what differs is an option.
    pub(super) fn of<'a>(variants: impl Iterator<Item = &'a BTreeMap<String, String>>) -> Self {
        let mut values: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for variant in variants {
            for (name, value) in variant {
                values.entry(name.clone()).or_default().insert(value.clone());
            }
        }
        let choice = |text: String| Choice { words: tokens(&text), text };
        let several = values.into_iter().filter(|(_, values)| values.len() > 1);
        Self(several.map(|(name, values)| (name, values.into_iter().map(choice).collect())).collect())
    }

    /// Without what is none: an id or a name is another in each variant, and a thing that has it has none of their values.
    pub(super) fn only(mut self, own: &BTreeMap<String, String>) -> Self {
        self.0.retain(|name, _| own.contains_key(name));
        self
    }

    /// The names of the options.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.keys()
    }

    /// The values of an option.
    pub(super) fn values(&self, option: &str) -> impl Iterator<Item = &str> {
        self.0.get(option).into_iter().flatten().map(|choice| choice.text.as_str())
    }

    /// Options whose values are measured in this, and none of which has this number.
    pub(super) fn measured_in<'a>(&'a self, kind: &'a str, number: Option<Decimal>) -> impl Iterator<Item = &'a String> {
        let measured = move |choice: &Choice| quantity(&choice.words).is_some_and(|(_, own)| own == kind);
        let has = move |choice: &Choice| choice.words.iter().any(|word| word.number == number && number.is_some());
        self.0.iter().filter(move |(_, choices)| choices.iter().any(measured) && !choices.iter().any(has)).map(|(name, _)| name)
    }

    /// Where a text says values that have one of these words in them.
    pub(super) fn values_with(&self, text: &[Token], having: &[&str]) -> Vec<Range<usize>> {
        let long = self.0.values().flatten().filter(|choice| choice.words.iter().any(|word| having.contains(&word.plain.as_str())));
        let places = |choice: &Choice| {
            let own: Vec<&Token> = choice.words.iter().collect();
            (0..text.len()).filter_map(|from| Some(from..follows(text, from, &own)?.0)).collect::<Vec<_>>()
        };
        long.flat_map(places).collect()
    }

    /// Is an option called by this word?
    pub(super) fn has_name(&self, word: &Token) -> bool {
        self.0.keys().any(|name| tokens(name).iter().any(|own| own.name == word.name))
    }

    /// Is this a word of one of the values ("blue")?
    pub(super) fn has_word(&self, word: &Token) -> bool {
        self.0.values().flatten().any(|choice| choice.words.iter().any(|own| own.name == word.name))
    }

    /// Every place in a text that names values; `listing` where a text is nothing but values ("9, black, leather").
    pub(super) fn mentions(&self, text: &[Token], listing: bool) -> Vec<Mention> {
        let mut found = Vec::new();
        for (name, choices) in &self.0 {
            for choice in choices {
                found.extend(self.whole(text, name, choice));
            }
            found.extend(partly(text, name, choices, listing));
            found.extend(by_name(text, name, choices));
        }
        self.settle(text, found)
    }

    /// Places that say the whole value.
    fn whole(&self, text: &[Token], name: &str, choice: &Choice) -> Vec<Mention> {
        let own: Vec<&Token> = choice.words.iter().collect();
        let mut found = Vec::new();
        for from in 0..text.len() {
            // A litre is a thousand millilitres.
            let measured = || quantity(&text[from..]).filter(|one| quantity(&choice.words).as_ref() == Some(one)).map(|_| (from + 2, 20));
            let Some((to, sure)) = follows(text, from, &own).or_else(measured) else { continue };
            let alone = own.len() > 1 || text[from].stands_alone() || sized(text, from, name);
            if alone && !(own.len() == 1 && own[0].number.is_some() && other_unit(text, from, own[0])) {
                let values = [choice.text.clone()].into();
                found.push(Mention { option: name.to_owned(), values, taken_back: false, target: false, place: from..to, sure });
            }
        }
        found
    }

    /// Of mentions in one place the surest counts; what is as sure for two options goes by the option's name beside it.
    fn settle(&self, text: &[Token], mut found: Vec<Mention>) -> Vec<Mention> {
        for mention in &mut found {
            mention.sure += 3 * u32::from(self.named_beside(text, mention));
        }
        found.sort_by_key(|mention| (std::cmp::Reverse(mention.sure), mention.place.start));
        let mut kept: Vec<Mention> = Vec::new();
        for mention in found {
            let overlaps = |other: &&mut Mention| other.place.start < mention.place.end && mention.place.start < other.place.end;
            match kept.iter_mut().find(overlaps) {
                // The same words for several values of one option: any of them.
                Some(other) if other.sure == mention.sure && other.option == mention.option && other.place == mention.place => {
                    other.values.extend(mention.values);
                }
                Some(other) if other.sure == mention.sure && other.place == mention.place => kept.push(mention),
                Some(_) => {}
                None => kept.push(mention),
            }
        }
        // Words that could be of two options say nothing, unless one of them is named elsewhere.
        let shared = |one: &Mention| kept.iter().any(|other| other.place == one.place && other.option != one.option);
        let sole = |one: &Mention| kept.iter().filter(|other| other.option == one.option).all(|other| other.place == one.place);
        let rivals = |one: &Mention| kept.iter().filter(|other| other.place == one.place && sole(other)).count();
        let clear: Vec<Mention> = kept.iter().filter(|one| !shared(one) || (sole(one) && rivals(one) == 1)).cloned().collect();
        // The value beside the name says more than the name.
        let narrower = |one: &Mention| {
            clear.iter().any(|other| other.option == one.option && other.values != one.values && other.values.is_subset(&one.values))
        };
        let clear: Vec<Mention> = clear.iter().filter(|one| !narrower(one)).cloned().collect();
        let mut clear: Vec<Mention> = clear
            .into_iter()
            .map(|mention| Mention { taken_back: taken_back(text, &mention), target: target(text, &mention), ..mention })
            .collect();
        clear.sort_by_key(|mention| mention.place.start);
        clear
    }

    /// Does a word of the option's name stand right beside the mention ("low speed")?
    fn named_beside(&self, text: &[Token], mention: &Mention) -> bool {
        let own = tokens(&mention.option);
        let beside = [mention.place.start.checked_sub(1), Some(mention.place.end)];
        beside.into_iter().flatten().filter_map(|at| text.get(at)).any(|word| own.iter().any(|own| word.is(own).is_some()))
    }
}

/// Do the words of a value follow from here on? Where they end, and how sure that is.
fn follows(text: &[Token], from: usize, own: &[&Token]) -> Option<(usize, u32)> {
    let (mut at, mut sure) = (from, 0);
    for (n, word) in own.iter().enumerate() {
        let between = n > 0 && text.get(at).is_some_and(|token| BETWEEN.contains(&token.plain.as_str())) && word.number.is_some();
        at += usize::from(between);
        sure += text.get(at)?.is(word)?;
        at += 1;
    }
    (!own.is_empty()).then_some((at, sure))
}

/// Words that only one value of the option has, or a few of them; a number alone where it can mean nothing else.
fn partly(text: &[Token], name: &str, choices: &[Choice], listing: bool) -> Vec<Mention> {
    let (mut found, names) = (Vec::new(), tokens(name));
    let named = |own: &Token| names.iter().any(|name| name.name == own.name);
    for (at, word) in text.iter().enumerate() {
        let telling = |own: &Token| word.is(own).is_some() && tells(own, choices) && !named(own);
        let has = |choice: &Choice| choice.words.len() > 1 && choice.words.iter().any(telling);
        let having: Vec<&Choice> = choices.iter().filter(|choice| has(choice)).collect();
        let number = word.number.is_some();
        let free = !number
            || (word.is_digits()
                && (listing || sized(text, at, name))
                && having.iter().all(|choice| choice.words[0].number == word.number && !other_unit(text, at, &choice.words[1])));
        if having.is_empty() || having.len() == choices.len() || !free || !word.stands_alone() {
            continue;
        }
        let values = having.iter().map(|choice| choice.text.clone()).collect();
        found.push(Mention { option: name.to_owned(), values, taken_back: false, target: false, place: at..at + 1, sure: 6 });
    }
    found
}

/// Does a word of a value tell it from others? A unit that all have does not, nor does "not".
fn tells(own: &Token, choices: &[Choice]) -> bool {
    let having = choices.iter().filter(|choice| choice.words.iter().any(|word| word.name == own.name)).count();
    having < choices.len()
        && !ENGLISH.negative.contains(&own.plain)
        && !ENGLISH.small.contains(&own.plain)
        && (own.plain.len() > 1 || own.number.is_some())
}

/// The option by its name, where one of its values is that there is none: "waterproof", "without arms".
fn by_name(text: &[Token], name: &str, choices: &[Choice]) -> Vec<Mention> {
    let words = tokens(name);
    let (none, some): (Vec<&Choice>, Vec<&Choice>) = choices.iter().partition(|choice| choice.is_negative());
    if none.is_empty() || some.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (at, word) in text.iter().enumerate().filter(|(_, word)| word.plain.len() > 3) {
        if !words.iter().any(|own| own.plain.len() > 3 && word.is(own).is_some()) {
            continue;
        }
        let denying = denied(text, at);
        let denied = denying.is_some() || is_unneeded(&text[at + 1..]);
        // A value beside the name says more than the name.
        let values: BTreeSet<String> = if denied { &none } else { &some }.iter().map(|choice| choice.text.clone()).collect();
        let from = denying.unwrap_or(at);
        found.push(Mention {
            option: name.to_owned(),
            values,
            taken_back: false,
            target: false,
            place: from..at + 1,
            sure: if denied { 15 } else { 5 },
        });
    }
    found
}

/// Where a word like "without" stands shortly before.
fn denied(text: &[Token], at: usize) -> Option<usize> {
    let from = at.saturating_sub(REACH + 1);
    let denies = |word: &Token| ENGLISH.negative.contains(&word.plain) || word.plain == "never";
    text[from..at].iter().rposition(denies).map(|place| from + place)
}

/// Do the words after the name of an option say that there need be none ("a zip is not needed")?
fn is_unneeded(after: &[Token]) -> bool {
    says(after, &ENGLISH.unneeded).is_some_and(|place| place.start <= BEFORE_UNNEEDED)
}

/// Does the word before say that a size follows, or the option's own name?
fn sized(text: &[Token], at: usize, option: &str) -> bool {
    let Some(before) = at.checked_sub(1).and_then(|at| text.get(at)) else { return false };
    before.plain == "size" || tokens(option).iter().any(|own| before.is(own).is_some())
}

/// Does something else than this unit follow a number ("3 pieces" for a zoom of 3)?
fn other_unit(text: &[Token], at: usize, unit: &Token) -> bool {
    let Some(next) = text.get(at + 1).filter(|next| text[at].span.end == next.span.start) else { return false };
    unit.number.is_none() && next.is(unit).is_none()
}

/// Does a word like "to" stand shortly before a mention?
fn target(text: &[Token], mention: &Mention) -> bool {
    let before = &text[mention.place.start.saturating_sub(REACH)..mention.place.start];
    before.iter().any(|word| ["to", "into"].contains(&word.plain.as_str()))
}

/// Is a mention something the customer does not want ("instead of the red one")?
fn taken_back(text: &[Token], mention: &Mention) -> bool {
    let before = &text[mention.place.start.saturating_sub(REACH)..mention.place.start];
    let denies_itself = text[mention.place.clone()].iter().any(|word| ENGLISH.negative.contains(&word.plain));
    let phrases = &ENGLISH.takes_back;
    !denies_itself && super::tokens::says(before, phrases).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(values: &[(&str, &[&str])]) -> Options {
        let longest = values.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
        let variant = |n: usize| values.iter().map(|(name, values)| ((*name).to_owned(), values[n % values.len()].to_owned())).collect();
        let variants: Vec<BTreeMap<String, String>> = (0..longest).map(variant).collect();
        Options::of(variants.iter())
    }

    fn said(options: &Options, text: &str) -> Vec<String> {
        let mark = |mention: &Mention| if mention.taken_back { "-" } else { "" };
        let spell = |mention: Mention| {
            let values: Vec<&str> = mention.values.iter().map(String::as_str).collect();
            format!("{}{}={}", mark(&mention), mention.option, values.join("|"))
        };
        super::super::naming::cut(text, []).iter().flat_map(|piece| options.mentions(piece, false)).map(spell).collect()
    }

    #[test]
    fn values_are_found_however_they_are_written() {
        let tent = options(&[
            ("colour", &["green", "sand", "light grey"]),
            ("capacity", &["2 persons", "4 persons", "6 persons"]),
            ("weight", &["1.5kg", "3kg", "5-7 kg"]),
            ("size", &["S", "M", "XL"]),
        ]);
        assert_eq!(said(&tent, "the sand one for 4 persons"), ["colour=sand", "capacity=4 persons"]);
        assert_eq!(said(&tent, "1.5 kilos, gray"), ["weight=1.5kg", "colour=light grey"]);
        assert_eq!(said(&tent, "5 to 7 kg, medium, not green"), ["weight=5-7 kg", "size=M", "-colour=green"]);
        assert_eq!(said(&tent, "it's a bit heavy, I've had m enough of 2 of them"), Vec::<String>::new());
        assert_eq!(said(&tent, "sand instead of the green one, size m"), ["colour=sand", "-colour=green", "size=M"]);
    }

    #[test]
    fn what_is_named_without_is_none() {
        let chair =
            options(&[("armrest", &["none", "fixed", "adjustable"]), ("waterproof", &["yes", "no"]), ("back", &["high-back", "standard"])]);
        assert_eq!(said(&chair, "without armrests, waterproof"), ["armrest=none", "waterproof=yes"]);
        assert_eq!(said(&chair, "armrests are not needed, waterproof"), ["armrest=none", "waterproof=yes"]);
        assert_eq!(said(&chair, "fixed armrests, it need not be waterproof"), ["armrest=fixed", "waterproof=no"]);
        assert_eq!(said(&chair, "normal back"), ["back=standard"]);
    }

    #[test]
    fn words_of_two_options_go_by_the_name_beside_them() {
        let helmet = options(&[("size", &["S", "medium", "L"]), ("ventilation", &["low", "medium", "high"])]);
        assert_eq!(said(&helmet, "with medium ventilation"), ["ventilation=medium"]);
        assert_eq!(said(&helmet, "medium"), Vec::<String>::new());
        assert_eq!(said(&helmet, "medium and high ventilation"), ["ventilation=high"]);
    }
}
