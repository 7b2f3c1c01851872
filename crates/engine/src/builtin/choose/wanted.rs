//! What a customer wants a thing to become, and which variant that is.

use super::options::Mention;
use super::thing::{Thing, Variant};
use super::tokens::{ENGLISH, Token, quantity, says, tokens};
use rust_decimal::Decimal;
use std::collections::{BTreeMap, BTreeSet};

/// So many options named describe a thing of its own, rather than a change of the one that is there.
const DESCRIBED: usize = 2;

/// What is wanted of a thing.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Wanted {
    /// The values that will do, by option; options that were not spoken of are left out.
    options: BTreeMap<String, BTreeSet<String>>,
    /// Values of one option that exclude each other were named.
    unclear: bool,
    /// Options of which something was said that cannot be: no value is that, or it shall become what it is.
    astray: BTreeSet<String>,
    /// Of those that are left, the one with the most of this option, or the least.
    extreme: Option<(String, bool)>,
    /// Of those that are left, the dearest (`true`) or the cheapest.
    price: Option<bool>,
    /// Only dearer (`true`) or cheaper ones than the thing itself.
    compared: Option<bool>,
    /// It is said that the rest stays as it is.
    otherwise_same: bool,
}

/// Which variant is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// This one.
    One(usize),
    /// One of these, the likeliest first.
    OneOf(Vec<usize>),
    /// There is none such; these come next to it.
    NoSuch(Vec<usize>),
    /// Nothing was said about it.
    Open,
}

impl Wanted {
    /// Takes in what one text says; what is said later counts more than what was said before.
    pub(super) fn hear(&mut self, thing: &Thing, pieces: &[&[Token]], listing: bool) {
        let mentions: Vec<Mention> = pieces.iter().flat_map(|piece| thing.mentions(piece, listing)).collect();
        for option in thing.options.names() {
            let of: Vec<&Mention> = mentions.iter().filter(|mention| mention.option == *option).collect();
            let own = thing.own.get(option).cloned().unwrap_or_default();
            if !of.is_empty() {
                self.astray.remove(option);
            }
            if becomes_what_it_is(&own, &of) {
                // "The 4 hour radio, to the 8 hour one", and it has 8 hours: another one is meant.
                self.astray.insert(option.clone());
                continue;
            }
            let Some((values, unclear)) = meant(thing, option, &own, &of) else { continue };
            let stays = values.len() == 1 && values.contains(&own);
            let known = self.options.get(option);
            // The thing as it is may be named again and again; in a list of values it is what is wanted.
            if listing || !(stays && known.is_some_and(|known| !known.contains(&own))) {
                self.options.insert(option.clone(), values);
                self.unclear |= unclear;
            }
        }
        for piece in pieces {
            self.compare(thing, piece);
            self.astray.extend(unheard_of(thing, piece));
        }
    }

    /// Is anything wanted that differs from what the thing is?
    pub(super) fn differs(&self, thing: &Thing) -> bool {
        let other = |(option, values): (&String, &BTreeSet<String>)| thing.own.get(option).is_none_or(|own| !values.contains(own));
        self.options.iter().any(other)
            || !self.astray.is_empty()
            || self.extreme.is_some()
            || self.price.is_some()
            || self.compared.is_some()
    }

    /// Comparing words: of the price, or of an option that has an order.
    fn compare(&mut self, thing: &Thing, words: &[Token]) {
        for (phrases, dearest) in [(&ENGLISH.cheapest, false), (&ENGLISH.dearest, true)] {
            if says(words, phrases).is_some() {
                self.price = Some(dearest);
            }
        }
        for (phrases, dearer) in [(&ENGLISH.cheaper, false), (&ENGLISH.dearer, true)] {
            if says(words, phrases).is_some() && self.options.is_empty() {
                self.compared = Some(dearer);
            }
        }
        if self.price.is_some() || self.compared.is_some() {
            return;
        }
        let tables =
            [(&ENGLISH.more, true, false), (&ENGLISH.less, false, false), (&ENGLISH.most, true, true), (&ENGLISH.least, false, true)];
        for (at, word) in words.iter().enumerate() {
            for (table, up, extreme) in tables {
                let Some(hints) = table.get(&word.plain) else { continue };
                let Some(option) = ordered(thing, hints, words.get(at + 1)) else { continue };
                if self.options.get(&option).is_some_and(|values| thing.own.get(&option).is_none_or(|own| !values.contains(own))) {
                    // "A smaller one, 500 ml": the value says it better.
                    continue;
                }
                if extreme {
                    self.extreme = Some((option, up));
                } else if let Some(own) = thing.own.get(&option).and_then(|own| rank(own)) {
                    let beyond = |value: &&str| rank(value).is_some_and(|other| if up { other > own } else { other < own });
                    let values: BTreeSet<String> = thing.options.values(&option).filter(beyond).map(str::to_owned).collect();
                    self.options.insert(option, values);
                }
            }
        }
    }

    /// The variant: it has everything that was named, and what was not named stays as it is, where that can be.
    pub(super) fn decide(&self, thing: &Thing) -> Decision {
        if !self.differs(thing) {
            return Decision::Open;
        }
        let fits = |variant: &Variant| {
            let named = self.options.iter().all(|(option, values)| variant.attributes.get(option).is_some_and(|own| values.contains(own)));
            let price = self.compared.is_none_or(|dearer| match (variant.price, thing.price) {
                (Some(one), Some(own)) => (one > own) == dearer && one != own,
                _ => false,
            });
            named && price
        };
        let mut left: Vec<usize> = (0..thing.variants.len()).filter(|&n| fits(&thing.variants[n])).collect();
        if left.is_empty() || !self.astray.is_empty() {
            return Decision::NoSuch(self.nearest(thing));
        }
        if let Some((option, up)) = &self.extreme {
            let rank = |n: &usize| thing.variants[*n].attributes.get(option).and_then(|value| rank(value));
            left = best(&left, rank, *up);
        }
        if let Some(dearest) = self.price {
            left = best(&left, |n| thing.variants[*n].price, dearest);
        }
        if let [one] = left.as_slice() {
            return Decision::One(*one);
        }
        let mut ranked = left.clone();
        ranked.sort_by_key(|&n| std::cmp::Reverse(self.unchanged(thing, n)));
        let open = thing.own.keys().filter(|option| !self.options.contains_key(*option)).count();
        let same: Vec<usize> = left.into_iter().filter(|&n| self.unchanged(thing, n) == open).collect();
        match same.as_slice() {
            [one] if !self.unclear && self.price.is_none() && !self.describes_anew() => Decision::One(*one),
            _ => Decision::OneOf(ranked),
        }
    }

    /// Whoever names one thing that shall be different wants the rest as it is. Whoever describes what they want in several ways may
    /// mean any that is like that, unless they say that the rest stays the same.
    fn describes_anew(&self) -> bool {
        self.options.len() >= DESCRIBED && !self.otherwise_same
    }

    /// Takes in that the rest stays as it is.
    pub(super) fn hear_that_the_rest_stays(&mut self, text: &[Token]) {
        self.otherwise_same |= says(text, &ENGLISH.otherwise_same).is_some();
    }

    /// How many options that were not named stay as they are with a variant.
    fn unchanged(&self, thing: &Thing, n: usize) -> usize {
        let same = |(option, own): &(&String, &String)| {
            !self.options.contains_key(*option) && thing.variants[n].attributes.get(*option) == Some(*own)
        };
        thing.own.iter().filter(same).count()
    }

    /// The variants that have the most of what was named.
    fn nearest(&self, thing: &Thing) -> Vec<usize> {
        let named = |n: &usize| {
            let has = |(option, values): &(&String, &BTreeSet<String>)| {
                thing.variants[*n].attributes.get(*option).is_some_and(|own| values.contains(own))
            };
            self.options.iter().filter(has).count()
        };
        let mut all: Vec<usize> = (0..thing.variants.len()).collect();
        all.sort_by_key(|n| std::cmp::Reverse((named(n), self.unchanged(thing, *n))));
        all
    }
}

/// Shall a thing become what it is already, and was described as something else?
fn becomes_what_it_is(own: &str, mentions: &[&Mention]) -> bool {
    let meant = || mentions.iter().filter(|mention| !mention.taken_back);
    let target = meant().any(|mention| mention.target && mention.values.len() == 1 && mention.values.contains(own));
    target && meant().any(|mention| !mention.target && !mention.values.contains(own))
}

/// Options that a number with its unit is about without being one of their values.
fn unheard_of(thing: &Thing, piece: &[Token]) -> BTreeSet<String> {
    let mentions = thing.mentions(piece, true);
    let named = |at: usize| mentions.iter().any(|mention| mention.place.contains(&at));
    let strange = (0..piece.len())
        .filter(|&at| piece[at].is_digits() && !named(at))
        .filter_map(|at| Some((quantity(&piece[at..])?.1, piece[at].number)));
    strange.flat_map(|(kind, number)| thing.options.measured_in(kind, number).cloned()).collect()
}

/// The values of an option that mentions ask for, and whether they exclude each other; nothing where they ask for none.
fn meant(thing: &Thing, option: &str, own: &str, mentions: &[&Mention]) -> Option<(BTreeSet<String>, bool)> {
    let taken_back: BTreeSet<&String> = mentions.iter().filter(|mention| mention.taken_back).flat_map(|mention| &mention.values).collect();
    let mut sets: Vec<&BTreeSet<String>> = Vec::new();
    for mention in mentions.iter().filter(|mention| !mention.taken_back) {
        if !sets.contains(&&mention.values) {
            sets.push(&mention.values);
        }
    }
    // "The small one in large": what it is, and what it shall be.
    if sets.iter().any(|values| !values.contains(own)) {
        sets.retain(|values| !values.contains(own));
    }
    let narrow: Vec<&BTreeSet<String>> =
        sets.iter().copied().filter(|one| !sets.iter().any(|other| other != one && other.is_subset(one))).collect();
    let without = |values: BTreeSet<String>| values.into_iter().filter(|value| !taken_back.contains(value)).collect::<BTreeSet<_>>();
    let values = match narrow.as_slice() {
        [] if taken_back.iter().any(|value| *value == own) => without(thing.options.values(option).map(str::to_owned).collect()),
        [] => return None,
        sets => without(sets.iter().flat_map(|set| (*set).clone()).collect()),
    };
    (!values.is_empty()).then_some((values, narrow.len() > 1))
}

/// The option that a comparing word is about: one with an order, by its name, or the only one.
fn ordered(thing: &Thing, hints: &[String], next: Option<&Token>) -> Option<String> {
    let has_order = |option: &&String| thing.options.values(option).all(|value| rank(value).is_some());
    let options: Vec<&String> = thing.options.names().filter(has_order).collect();
    let named = |option: &&&String| {
        let words = tokens(option);
        let values: Vec<Token> = thing.options.values(option).flat_map(tokens).collect();
        let hinted = hints.iter().any(|hint| words.iter().any(|word| word.plain == *hint));
        hinted || next.is_some_and(|next| next.plain.len() > 3 && words.iter().chain(&values).any(|word| next.is(word).is_some()))
    };
    let by_name: Vec<&&String> = options.iter().filter(named).collect();
    match (by_name.as_slice(), options.as_slice()) {
        ([one], _) => Some((**one).clone()),
        ([], [one]) if !hints.is_empty() => Some((*one).clone()),
        _ => None,
    }
}

/// The place of a value in its order: its number, or its size.
fn rank(value: &str) -> Option<Decimal> {
    let words = tokens(value);
    let size = || ENGLISH.sizes.iter().position(|group| matches!(words.as_slice(), [word] if group.contains(&word.plain)));
    words.first().and_then(|word| word.number).or_else(|| size().map(Decimal::from))
}

/// Those with the highest, or the lowest, rank.
fn best<K: Ord + Copy>(among: &[usize], rank: impl Fn(&usize) -> Option<K>, highest: bool) -> Vec<usize> {
    let ranks = among.iter().filter_map(&rank);
    let Some(best) = (if highest { ranks.max() } else { ranks.min() }) else { return among.to_vec() };
    among.iter().copied().filter(|n| rank(n) == Some(best)).collect()
}
