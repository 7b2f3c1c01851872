//! How a skill is worded: the verbs it is asked for with, the words its examples share, the words of its questions.

use crate::builtin::lexicon::Lexicon;
use crate::builtin::words::Word;
use patchbay_core::declare::{Company, Kind, Otherwise, Skill, Slot};
use std::collections::{BTreeMap, BTreeSet};

/// A verb that so many examples open with is what people ask for a skill with, and no slip of one of them.
pub(super) const OFTEN: usize = 2;

/// A question ("what did I order") opens with no verb that would ask for it.
pub(super) fn verbs(skill: &Skill, lexicon: &Lexicon) -> BTreeMap<String, usize> {
    let first = |text: &String| {
        let said = lexicon.words(text);
        if lexicon.opens_a_question(&said) { None } else { lexicon.content(&said).first().map(|word| word.stem.clone()) }
    };
    let mut verbs = BTreeMap::new();
    skill.examples.iter().filter_map(first).for_each(|verb| *verbs.entry(verb).or_default() += 1);
    verbs
}

/// Stems of the telling words of a slot's question; what a text puts in of its own says nothing about the slot.
pub(super) fn asked_with(company: &Company, slot: &Slot) -> BTreeSet<String> {
    let Otherwise::Ask { say, .. } = &slot.otherwise else { return BTreeSet::new() };
    let (mut written, mut depth) = (String::new(), 0_usize);
    for letter in company.texts.get(say).map(String::as_str).unwrap_or_default().chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            letter if depth == 0 => written.push(letter),
            _ => {}
        }
    }
    let lexicon = Lexicon::of(&company.language);
    let said = lexicon.words(&written);
    lexicon.content(&said).into_iter().map(|word| word.stem.clone()).collect()
}

/// Stems that several examples of a skill have, or what it and its slots are called.
pub(super) fn common(skill: &Skill, lexicon: &Lexicon) -> BTreeSet<String> {
    let mut counts = BTreeMap::<String, usize>::new();
    for example in &skill.examples {
        let stems: BTreeSet<String> = lexicon.words(example).into_iter().map(|word| word.stem).collect();
        stems.into_iter().for_each(|stem| *counts.entry(stem).or_default() += 1);
    }
    let names = skill.slots.iter().map(|slot| slot.name.replace('_', " ")).chain([skill.describe.clone(), skill.name.replace('_', " ")]);
    let named = names.flat_map(|text| lexicon.words(&text)).map(|word| word.stem);
    counts.into_iter().filter(|(_, examples)| *examples >= OFTEN).map(|(stem, _)| stem).chain(named).collect()
}

/// The verbs of examples that have no telling word beside.
pub(super) fn bare_verbs(skill: &Skill, common: &BTreeSet<String>, lexicon: &Lexicon) -> BTreeSet<String> {
    let verb = |text: &String| {
        let said = lexicon.words(text);
        let content = lexicon.content(&said);
        let (first, rest) = content.split_first()?;
        let number = |word: &Word| word.plain.bytes().any(|letter| letter.is_ascii_digit());
        rest.iter().all(|word| number(word) || common.contains(&word.stem)).then(|| first.stem.clone())
    };
    skill.examples.iter().filter_map(verb).collect()
}

pub(super) fn vocabulary(skill: &Skill, lexicon: &Lexicon) -> BTreeSet<String> {
    let phrases = skill.slots.iter().filter_map(|slot| match &slot.kind {
        Kind::OneOf(choices) => Some(choices.iter().flat_map(|choice| choice.phrases.iter())),
        _ => None,
    });
    let names = skill.slots.iter().map(|slot| slot.name.replace('_', " "));
    let texts = skill.examples.iter().chain([&skill.describe]).chain(phrases.flatten()).cloned().chain(names);
    texts.flat_map(|text| lexicon.words(&text)).map(|word| word.stem).collect()
}
