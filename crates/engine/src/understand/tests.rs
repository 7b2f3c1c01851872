//! Reading messages with a handful of examples, with a faked encoder.

use patchbay_encoder::{DIMENSIONS, Vector};

use super::{Embed, Example, Understanding, Zone};

/// Knows a few families of words that mean the same.
struct Families;

const FAMILIES: [&[&str]; 4] = [
    &["where", "track", "arrive", "late", "delivery", "parcel"],
    &["cancel", "stop", "anymore", "undo"],
    &["refund", "money", "back", "return"],
    &["password", "login", "account", "locked"],
];

impl Embed for Families {
    fn embed(&self, text: &str) -> Vector {
        let mut numbers = Box::new([0.0; DIMENSIONS]);
        // What all sentences have in common.
        numbers[9] = 2.0;
        for word in text.to_lowercase().split(|letter: char| !letter.is_alphanumeric()) {
            match FAMILIES.iter().position(|family| family.contains(&word)) {
                Some(family) => numbers[family] += 1.0,
                None => numbers[10 + word.bytes().map(usize::from).sum::<usize>() % 300] += 0.3,
            }
        }
        Vector::towards(numbers)
    }
}

fn examples() -> Vec<Example> {
    let all = [
        ("track", ["where is my parcel", "track my delivery", "when will it arrive", "my parcel is late"]),
        ("cancel", ["cancel my order", "stop the order", "i do not want it anymore", "undo my purchase"]),
        ("refund", ["i want my money back", "refund please", "how do i return this", "give me a refund"]),
        ("login", ["i forgot my password", "cannot login", "my account is locked", "password does not work"]),
    ];
    all.iter().flat_map(|(label, texts)| texts.iter().map(move |text| Example::said(*label, *text))).collect()
}

fn full() -> Understanding {
    let quick = Understanding::from_wording(examples());
    let vectors = quick.texts().iter().map(|text| Families.embed(text)).collect();
    quick.with_meaning(vectors)
}

#[test]
fn wording_alone_reads_what_resembles_an_example() {
    let understanding = Understanding::from_wording(examples());
    assert!(!understanding.is_full());
    let reading = understanding.read("Please cancel the order", &Families);
    assert_eq!(reading.ranked[0].label, "cancel");
    assert_eq!(reading.ranked[0].nearest, "cancel my order");
    assert_eq!(reading.ranked[0].meaning, None);
}

#[test]
fn meaning_reads_other_words() {
    let reading = full().read("track delivery late", &Families);
    assert_eq!((reading.ranked[0].label.as_str(), reading.zone), ("track", Zone::Answer), "{reading:?}");
    let total: f32 = reading.ranked.iter().map(|ranked| ranked.probability).sum();
    assert!((total - 1.0).abs() < 1e-5);
}

#[test]
fn what_is_like_nothing_is_handed_over() {
    let reading = full().read("quantum chromodynamics homework", &Families);
    assert_eq!(reading.zone, Zone::HandOver, "{reading:?}");
}

#[test]
fn what_is_like_two_intents_is_not_taken_for_one() {
    let reading = full().read("cancel my order and refund please", &Families);
    assert_ne!(reading.zone, Zone::Answer, "{reading:?}");
    let mut offered: Vec<&str> = reading.choices().iter().map(|choice| choice.label.as_str()).collect();
    offered.truncate(2);
    offered.sort_unstable();
    assert_eq!(offered, ["cancel", "refund"]);
}

#[test]
fn the_same_examples_give_the_same_readings() {
    for text in ["money back now", "", "hello"] {
        assert_eq!(full().read(text, &Families), full().read(text, &Families));
    }
}

#[test]
fn next_to_nothing_to_learn_from_is_no_reason_to_fail() {
    let nothing = Understanding::from_wording(Vec::new()).with_meaning(Vec::new());
    assert_eq!(nothing.read("hello", &Families).zone, Zone::HandOver);
    let one = Understanding::from_wording(examples()[..1].to_vec());
    assert_eq!(one.read("where is my parcel", &Families).ranked[0].label, "track");
}

#[test]
fn what_an_intent_is_called_is_learned_from_but_never_tried_on() {
    let mut taught = examples();
    taught.push(Example::describing("cancel", "contract termination"));
    let understanding = Understanding::from_wording(taught.clone());
    assert_eq!(understanding.read("about the termination of a contract", &Families).ranked[0].label, "cancel");
    let said: Vec<bool> = taught.iter().map(|example| !example.describes).collect();
    let folds = super::calibration::held_out(&vec![0; taught.len()], &said);
    let mut tried: Vec<usize> = folds.iter().flat_map(|fold| fold.examples().to_vec()).collect();
    tried.sort_unstable();
    assert_eq!(tried, (0..taught.len() - 1).collect::<Vec<_>>());
}
