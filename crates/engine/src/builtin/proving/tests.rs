//! What customers tell of themselves, in the ways people say it.

use super::pieces::Pieces;
use crate::builtin::lexicon::Lexicon;
use crate::builtin::reading::{Patterns, Reader};
use patchbay_core::declare::Kind;
use patchbay_core::{Timestamp, Value};
use std::collections::BTreeMap;

/// What is told, as `piece=value` in the order of the pieces' names.
fn told(text: &str, asked: Option<&str>, known: &[(&str, &str)], wanted: &[(&str, Kind)]) -> String {
    let lexicon = Lexicon::of("en");
    let words = lexicon.words(text);
    let order = Kind::Pattern { pattern: "#?[0-9]{5}".to_owned(), write: None, example: "#12345".to_owned() };
    let mut patterns = Patterns::default();
    for (name, kind) in wanted {
        patterns.learn(kind, name).unwrap();
    }
    patterns.learn(&order, "order_id").unwrap();
    let wanted: BTreeMap<&str, &Kind> = wanted.iter().map(|(name, kind)| (*name, kind)).collect();
    let known = known.iter().map(|(name, value)| ((*name).to_owned(), Value::text(*value))).collect();
    let reader = Reader { text, words: &words, lexicon, patterns: &patterns, now: Timestamp(0), zone: &jiff::tz::TimeZone::UTC };
    let mut told = Pieces { reader, wanted: &wanted, asked, known: &known, others: &[&order] }.read();
    told.sort_by(|one, two| one.piece.cmp(&two.piece));
    let spell = |value: &Value| value.as_text().map_or_else(|| value.to_json().to_string(), str::to_owned);
    told.iter().map(|told| format!("{}={}", told.piece, spell(&told.value))).collect::<Vec<_>>().join(" ")
}

/// First and last name, postcode and e-mail address.
fn usual() -> Vec<(&'static str, Kind)> {
    let zip = Kind::Pattern { pattern: "[0-9]{5}|[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}".to_owned(), write: None, example: "32169".to_owned() };
    vec![("first_name", Kind::Text), ("last_name", Kind::Text), ("zip", zip), ("email", Kind::Text)]
}

fn unasked(text: &str) -> String {
    told(text, None, &[], &usual())
}

fn asked(piece: &str, text: &str) -> String {
    told(text, Some(piece), &[], &usual())
}

#[test]
fn what_is_told_unasked_is_found() {
    let all = "first_name=Fatima last_name=Taylor";
    assert_eq!(unasked("Hi, my name is Fatima Taylor and I want to return a lamp."), all);
    assert_eq!(unasked("I'm Fatima Taylor, zip code 32169."), format!("{all} zip=32169"));
    assert_eq!(unasked("Fatima Taylor, SW1 4AB"), format!("{all} zip=SW1 4AB"));
    assert_eq!(unasked("this is Fatima Taylor"), all);
    assert_eq!(unasked("my zip is 32169"), "zip=32169");
    assert_eq!(unasked("write to fatima.taylor+shop@mail.example.com."), "email=fatima.taylor+shop@mail.example.com");
    assert_eq!(
        unasked("first name: Anne-Marie, last name: van der Berg, postcode 32169"),
        "first_name=Anne-Marie last_name=van der Berg zip=32169"
    );
    assert_eq!(unasked("My name's Sean O'Neill."), "first_name=Sean last_name=O'Neill");
}

#[test]
fn what_only_looks_like_it_is_not() {
    assert_eq!(unasked("I'm waiting for my parcel"), "");
    assert_eq!(unasked("I am very angry"), "");
    assert_eq!(unasked("Where is order 32169?"), "");
    assert_eq!(unasked("This is Really Bad, it is Broken"), "");
    assert_eq!(unasked("it's the blue one, Medium"), "");
}

#[test]
fn answers_are_taken_as_they_are_given() {
    assert_eq!(asked("first_name", "fatima"), "first_name=fatima");
    assert_eq!(asked("first_name", "It's Fatima."), "first_name=Fatima");
    assert_eq!(asked("first_name", "fatima taylor, 32169"), "first_name=fatima last_name=taylor zip=32169");
    assert_eq!(asked("last_name", "Taylor"), "last_name=Taylor");
    assert_eq!(asked("last_name", "van der Berg"), "last_name=van der Berg");
    assert_eq!(asked("zip", "32169"), "zip=32169");
    assert_eq!(asked("email", "sure, it is a.b@c.example"), "email=a.b@c.example");
    assert_eq!(asked("first_name", "why do you need that?"), "");
}

#[test]
fn a_last_name_of_two_words_stays_whole_when_the_first_is_known() {
    let family = |text| told(text, Some("last_name"), &[("first_name", "Ana")], &usual());
    assert_eq!(family("Garcia Lopez"), "last_name=Garcia Lopez");
    assert_eq!(family("ana garcia lopez"), "first_name=ana last_name=garcia lopez");
}

#[test]
fn where_only_the_last_name_is_wanted_the_first_is_left_out() {
    let wanted = [("last_name", Kind::Text)];
    assert_eq!(told("my name is Fatima Taylor", None, &[], &wanted), "last_name=Taylor");
    assert_eq!(told("Jan van Dijk", Some("last_name"), &[], &wanted), "last_name=van Dijk");
    assert_eq!(told("Fatima Taylor", Some("name"), &[], &[("name", Kind::Text)]), "name=Fatima Taylor");
}

/// An order's number and a postcode, of one shape.
fn numbers() -> Vec<(&'static str, Kind)> {
    let order = Kind::Pattern { pattern: "#?[0-9]{5}".to_owned(), write: None, example: "#12345".to_owned() };
    vec![("order_id", order), ("postcode", Kind::Pattern { pattern: "[0-9]{4,5}".to_owned(), write: None, example: "20095".to_owned() })]
}

#[test]
fn pieces_of_one_shape_are_told_apart() {
    let unasked = |text| told(text, None, &[], &numbers());
    assert_eq!(unasked("where is 12345?"), "order_id=12345");
    assert_eq!(unasked("where is 12345? my postcode is 20095"), "order_id=12345 postcode=20095");
    assert_eq!(unasked("postcode 20095, order 12345"), "order_id=12345 postcode=20095");
    let asked = |piece, known: &[(&str, &str)], text| told(text, Some(piece), known, &numbers());
    assert_eq!(asked("order_id", &[], "12345"), "order_id=12345");
    assert_eq!(asked("order_id", &[], "12345 20095"), "order_id=12345 postcode=20095");
    assert_eq!(asked("postcode", &[("order_id", "12345")], "20095"), "postcode=20095");
    assert_eq!(asked("postcode", &[("order_id", "12345")], "oh, it's order 12346 and 20095"), "order_id=12346 postcode=20095");
    assert_eq!(asked("last_name", &[("order_id", "12345")], "20095"), "postcode=20095");
    assert_eq!(asked("last_name", &[("order_id", "12345"), ("postcode", "1")], "20095"), "");
}
