//! What is read from everyday sentences, by kind.

use super::*;
use patchbay_core::declare::Choice;
use std::collections::BTreeMap;

/// Friday, 20 November 2026, noon.
fn noon() -> Timestamp {
    "2026-11-20T12:00:00Z".parse().unwrap()
}

fn with<T>(text: &str, read: impl Fn(&Reader<'_>) -> T) -> T {
    let lexicon = Lexicon::of("en");
    read(&Reader { text, words: &lexicon.words(text), lexicon, patterns: &patterns(), now: noon(), zone: &jiff::tz::TimeZone::UTC })
}

fn patterns() -> Patterns {
    let mut patterns = Patterns::default();
    patterns.learn(&booking(), "booking").unwrap();
    patterns.learn(&zip(), "zip").unwrap();
    patterns
}

fn mentioned(text: &str, kind: &Kind) -> Vec<String> {
    with(text, |reader| reader.mentioned(kind).iter().map(|found| found.value.to_json().to_string().replace('"', "")).collect())
}

fn answered(text: &str, kind: &Kind) -> Vec<String> {
    with(text, |reader| reader.answered(kind).iter().map(|found| found.value.to_json().to_string().replace('"', "")).collect())
}

fn booking() -> Kind {
    Kind::Pattern { pattern: "#?B?([0-9]{5})".to_owned(), write: Some("#B$1".to_owned()), example: "#B12345".to_owned() }
}

fn zip() -> Kind {
    Kind::Pattern { pattern: "[0-9]{5}".to_owned(), write: None, example: "69001".to_owned() }
}

fn reasons() -> Kind {
    let choice =
        |value: &str, phrases: &[&str]| Choice { value: value.to_owned(), phrases: phrases.iter().map(|&text| text.to_owned()).collect() };
    Kind::OneOf(vec![
        choice("no_longer_needed", &["do not need it", "changed my mind"]),
        choice("ordered_by_mistake", &["by mistake", "by accident", "wrong button"]),
    ])
}

#[test]
fn shapes_are_found_as_words_of_their_own() {
    assert_eq!(mentioned("is b12345, or (#B54321) there?", &booking()), ["#B12345", "#B54321"]);
    assert_eq!(mentioned("12345 67890", &booking()), ["#B12345", "#B67890"]);
    assert!(mentioned("call 0041123456789 or x12345y", &booking()).is_empty());
    assert_eq!(answered("not 12345 but 54321", &booking()), ["#B54321"]);
    assert_eq!(patterns().named("when is B12345, or b54321?"), "when is booking, or booking?");
    assert!(same(&patterns(), &booking(), &Value::text("b12345"), &Value::text("#B12345")));
    assert!(fits(&patterns(), &booking(), &Value::text("12345")) && !fits(&patterns(), &booking(), &Value::text("1234")));
}

#[test]
fn choices_are_found_by_phrase_unless_negated() {
    assert_eq!(mentioned("I really don't need it any more", &reasons()), ["no_longer_needed"]);
    assert_eq!(mentioned("bought by acident", &reasons()), ["ordered_by_mistake"]);
    assert_eq!(mentioned("it is no longer needed", &reasons()), ["no_longer_needed"]);
    assert!(mentioned("it was not by mistake", &reasons()).is_empty());
    assert!(mentioned("it was a mistake", &reasons()).is_empty());
    assert_eq!(answered("it was a mistake", &reasons()), ["ordered_by_mistake"]);
    assert!(answered("no idea", &reasons()).is_empty());
}

#[test]
fn days_are_read_from_words_and_digits() {
    for (text, day) in [
        ("tomorrow please", "2026-11-21"),
        ("the day after tomorrow", "2026-11-22"),
        ("next Friday", "2026-11-27"),
        ("on mon", "2026-11-23"),
        ("chnge it to wensday", "2026-11-25"),
        ("thusday or so", "2026-11-26"),
        ("tommorow", "2026-11-21"),
        ("no, on the 27th", "2026-11-27"),
        ("by the 3rd please", "2026-12-03"),
        ("last monday", "2026-11-16"),
        ("it was on monday", "2026-11-16"),
        ("it broke three days ago", "2026-11-17"),
        ("in 2 weeks please", "2026-12-04"),
        ("this morning", "2026-11-20"),
        ("on the 3rd of December", "2026-12-03"),
        ("January 5th", "2027-01-05"),
        ("Jan 5 2028", "2028-01-05"),
        ("24.12.", "2026-12-24"),
        ("2026-12-01", "2026-12-01"),
        ("25/12/2026", "2026-12-25"),
    ] {
        assert_eq!(mentioned(text, &Kind::Date), [day], "{text}");
    }
    for text in
        ["3/4/2026", "may I ask", "31 february", "order 12", "thunder", "someday soon", "frigate", "on the 2nd floor", "the 2nd one"]
    {
        assert!(mentioned(text, &Kind::Date).is_empty(), "{text}");
    }
    assert_eq!(mentioned("tomorrow at 3 pm", &Kind::Time), ["2026-11-21T15:00:00.000Z"]);
    assert_eq!(mentioned("at 09:30", &Kind::Time), ["2026-11-21T09:30:00.000Z"]);
}

#[test]
fn a_day_is_one_where_the_company_is() {
    let (lexicon, patterns) = (Lexicon::of("en"), patterns());
    let at = |zone: &str, text: &str, kind: &Kind| {
        let (words, zone) = (lexicon.words(text), jiff::tz::TimeZone::get(zone).unwrap());
        // It is Friday noon in London, and Saturday already in Auckland.
        let reader = Reader { text, words: &words, lexicon, patterns: &patterns, now: noon(), zone: &zone };
        reader.mentioned(kind)[0].value.to_json().to_string().replace('"', "")
    };
    assert_eq!(at("Europe/London", "tomorrow", &Kind::Date), "2026-11-21");
    assert_eq!(at("Pacific/Auckland", "tomorrow", &Kind::Date), "2026-11-22");
    assert_eq!(at("Europe/Berlin", "tomorrow at 3 pm", &Kind::Time), "2026-11-21T14:00:00.000Z");
}

#[test]
fn amounts_need_their_currency_unless_asked_for() {
    let euro = Kind::Money("EUR".parse().unwrap());
    let minor = |text: &str, read: fn(&str, &Kind) -> Vec<String>| read(text, &Kind::Money("EUR".parse().unwrap()));
    assert_eq!(minor("refund €1,234.50 please", mentioned), ["{amount:123450,currency:EUR}"]);
    assert_eq!(mentioned("30 euros", &euro), ["{amount:3000,currency:EUR}"]);
    assert!(mentioned("30", &euro).is_empty() && mentioned("$30", &euro).is_empty());
    assert_eq!(answered("12,5", &euro), ["{amount:1250,currency:EUR}"]);
    assert!(answered("30 dollars", &euro).is_empty() && answered("order #30", &euro).is_empty());
}

#[test]
fn answers_to_plain_questions() {
    assert_eq!(answered("two, please", &Kind::Integer), ["2"]);
    assert!(answered("2.5", &Kind::Integer).is_empty());
    assert_eq!(answered("Yes please", &Kind::Bool), ["true"]);
    assert_eq!(answered("no thanks", &Kind::Bool), ["false"]);
    assert!(answered("maybe", &Kind::Bool).is_empty());
    assert_eq!(answered(" the blue door ", &Kind::Text), ["the blue door"]);
    assert!(answered("I don't know", &Kind::Text).is_empty());
    assert_eq!(answered("12345 and 54321", &Kind::List(Box::new(booking()))), ["[#B12345,#B54321]"]);
}

#[test]
fn records_are_read_field_by_field_and_never_guessed() {
    let fields =
        Kind::Record(BTreeMap::from([("city".to_owned(), Kind::Text), ("zip".to_owned(), zip()), ("street".to_owned(), Kind::Text)]));
    assert_eq!(answered("street: 12 Main Street, city: Lyon, zip: 69001", &fields), ["{city:Lyon,street:12 Main Street,zip:69001}"]);
    assert_eq!(answered("street: 12 Main Street, 69001 Lyon", &fields), ["{city:Lyon,street:12 Main Street,zip:69001}"]);
    assert_eq!(answered("12 Main Street, Lyon 69001", &fields), ["{zip:69001}"]);
}

#[test]
fn parts_of_records_are_not_looked_for_in_messages() {
    let state = Kind::Pattern { pattern: "IN|OR".to_owned(), write: None, example: "IN".to_owned() };
    let mut patterns = Patterns::default();
    patterns.learn(&Kind::Record(BTreeMap::from([("state".to_owned(), state.clone())])), "address").unwrap();
    assert_eq!(patterns.named("what is in it"), "what is in it");
    assert!(!patterns.finds_any("tea or coffee") && patterns.is_whole("IN", "IN|OR"));
    patterns.learn(&state, "home_state").unwrap();
    assert_eq!(patterns.named("I live in IN, OR"), "I live home state home state, home state");
}
