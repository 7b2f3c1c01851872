//! Another product than the thing: "swap the mat for a kettle" names nothing a mat can become.

use super::super::dialogue::Dialogue;
use super::super::memory::Frame;
use super::super::program::{Program, SlotPlan};
use super::super::records::title;
use super::super::slots::Raw;
use super::super::words::stem;
use super::naming::cut;
use super::thing::Thing;
use super::tokens::{ENGLISH, Token, says, tokens};

/// Words after which it is said what a thing shall become.
const OPENERS: [&str; 3] = ["for", "into", "against"];
/// Words before a thing that somebody has already.
const OWN: [&str; 6] = ["my", "our", "his", "her", "their", "your"];
/// What a thing shall become is named within so many words.
const REACH: usize = 6;
/// A single word this long names a product by itself, where no other product has it.
const TELLING: usize = 5;

/// What is said of another product than the thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Nothing.
    Nothing,
    /// Something that the thing cannot become is named; it may be a way to say what it can.
    Named,
    /// Another product is meant, surely.
    Surely,
}

impl Dialogue<'_> {
    /// Do the words ask for another product in the place of this thing? Surely where a product is called by its name, and where
    /// somebody who was shown what the thing can become goes on naming something else.
    pub(super) fn beyond(&self, plan: &SlotPlan, frame: &Frame, thing: &Thing) -> Beyond {
        let (Some(program), Raw::Read(variants)) = (self.program(&frame.skill), self.raw(plan, frame)) else { return Beyond::Nothing };
        let mut products: Vec<Vec<Token>> = Vec::new();
        for (within, _) in &variants {
            let words = within.as_ref().and_then(title).map(tokens).unwrap_or_default();
            if !words.is_empty() && !products.contains(&words) {
                products.push(words);
            }
        }
        let asked = |text: &String| frame.answers.iter().any(|answer| answer.text == *text && answer.slot == plan.slot.name);
        let (answers, wishes): (Vec<&String>, Vec<&String>) = frame.heard.iter().partition(|text| asked(text));
        let wished: Vec<Vec<Token>> = wishes.into_iter().flat_map(|text| targets(&self.programs.patterns.named(text), program)).collect();
        let answered: Vec<Vec<Token>> = answers.into_iter().map(|text| tokens(text)).collect();
        if wished.iter().chain(&answered).any(|phrase| names_another(phrase, thing, &products)) {
            return Beyond::Surely;
        }
        match (wished.iter().any(|phrase| is_foreign(phrase, thing)), answered.last()) {
            (true, Some(answer)) if is_foreign(answer, thing) => Beyond::Surely,
            (true, None) => Beyond::Named,
            _ => Beyond::Nothing,
        }
    }
}

/// What stands after the words that turn one thing into another, in sentences with a verb of the skill.
fn targets(text: &str, program: &Program) -> Vec<Vec<Token>> {
    let (mut found, mut asked) = (Vec::new(), false);
    for piece in cut(text, []) {
        for (at, word) in piece.iter().enumerate() {
            asked |= program.is_asked_for_with(&stem(&word.plain));
            let own = piece.get(at + 1).is_some_and(|next| OWN.contains(&next.plain.as_str()));
            if asked && !own && OPENERS.contains(&word.plain.as_str()) {
                found.push(piece[at + 1..].iter().take(REACH).cloned().collect());
            }
        }
    }
    found
}

/// Does a phrase name something that is neither the thing nor anything it can be told by?
fn is_foreign(phrase: &[Token], thing: &Thing) -> bool {
    let told = |word: &Token| {
        let compares = [&ENGLISH.more, &ENGLISH.less, &ENGLISH.most, &ENGLISH.least].iter().any(|table| table.contains_key(&word.plain));
        let own = thing.title.iter().any(|own| word.is(own).is_some())
            || thing.options.names().any(|name| tokens(name).iter().any(|own| word.is(own).is_some()));
        compares || own || word.number.is_some()
    };
    let prices =
        [&ENGLISH.cheapest, &ENGLISH.dearest, &ENGLISH.cheaper, &ENGLISH.dearer].iter().any(|phrases| says(phrase, phrases).is_some());
    let names = |word: &&Token| word.plain.len() > 2 && !ENGLISH.generic.contains(&word.plain);
    let telling: Vec<&Token> = phrase.iter().take_while(|word| !ENGLISH.breaks.contains(&word.plain)).filter(names).collect();
    !prices && !telling.is_empty() && !telling.iter().any(|word| told(word)) && thing.mentions(phrase, true).is_empty()
}

/// Does a phrase call another product by its name, and neither the thing nor one of its options?
fn names_another(phrase: &[Token], thing: &Thing, products: &[Vec<Token>]) -> bool {
    let says = |own: &Token| phrase.iter().any(|word| word.is(own).is_some());
    let itself = thing.title.iter().any(|own| own.plain.len() >= TELLING && says(own)) || !thing.mentions(phrase, false).is_empty();
    let shared = |word: &Token| products.iter().filter(|other| other.iter().any(|own| own.name == word.name)).count() > 1;
    let alone = |product: &Vec<Token>| product.last().is_some_and(|head| head.plain.len() >= TELLING && !shared(head) && says(head));
    let other = |product: &&Vec<Token>| **product != thing.title && (product.iter().all(says) || alone(product));
    !itself && products.iter().any(|product| other(&product))
}
