//! Addresses in one line, as people of different countries type them.

use super::*;
use crate::builtin::reading::Patterns;
use patchbay_core::declare::Choice;

fn with<T>(text: &str, read: impl Fn(&Reader<'_>) -> T) -> T {
    let lexicon = Lexicon::of("en");
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    read(&Reader { text, words: &lexicon.words(text), lexicon, patterns: &Patterns::default(), now, zone: &jiff::tz::TimeZone::UTC })
}

fn parts(text: &str) -> Vec<String> {
    let street = street::find(text, Lexicon::of("en")).unwrap_or_else(|| panic!("no street in {text}"));
    let read = with(text, |reader| read(reader, street.clone()).0);
    read.into_iter().map(|(part, value)| format!("{}={value}", part.as_str())).collect()
}

#[test]
fn one_line_falls_into_its_parts() {
    let all = ["street=12 Elm Street", "unit=Apt 4", "city=Springfield", "region=IL", "postcode=62701", "country=USA"];
    assert_eq!(parts("12 Elm Street, Apt 4, Springfield, IL 62701 USA"), all);
    assert_eq!(parts("send it to 12 Elm Street, Apt 4, Springfield, Illinois, 62701, USA please."), all);
    assert_eq!(parts("it is 12 elm street apt 4 springfield il 62701"), all[..5]);
    assert_eq!(parts("9 Old Mill Rd, Fort Knox TX 76176"), ["street=9 Old Mill Rd", "city=Fort Knox", "region=TX", "postcode=76176"]);
    assert_eq!(parts("Gartenstraße 5, Köln 50667, Germany"), ["street=Gartenstraße 5", "city=Köln", "postcode=50667", "country=Germany"]);
}

#[test]
fn what_is_missing_stays_open() {
    assert_eq!(parts("ship to 12 Elm Street, Springfield, I moved"), ["street=12 Elm Street", "city=Springfield"]);
    assert_eq!(
        parts("to 12 Elm Street, Apt 4, New York 10228, I'm not in Rome anymore."),
        ["street=12 Elm Street", "unit=Apt 4", "city=New York", "postcode=10228"]
    );
    assert_eq!(parts("12 Elm Street Suite 9 zip 10199. and more"), ["street=12 Elm Street", "unit=Suite 9", "postcode=10199"]);
    assert_eq!(parts("deliver it to 12 Elm Street instead"), ["street=12 Elm Street"]);
}

#[test]
fn the_postcode_may_stand_before_the_town_and_the_number_after_the_street() {
    let all = ["street=North Quay 4", "city=Hamburg", "postcode=20457", "country=Germany"];
    assert_eq!(parts("North Quay 4, 20457 Hamburg, Germany"), all);
    assert_eq!(parts("please send it to my office at North Quay 4, 20457 Hamburg, Germany, thanks"), all);
    assert_eq!(parts("20457 Hamburg, North Quay 4, Germany"), all);
    assert_eq!(parts("redirect 12345 to north quay 4, 20457 hamburg please"), all[..3]);
    assert_eq!(parts("Lindenweg 12b, 1010 Wien"), ["street=Lindenweg 12b", "city=Wien", "postcode=1010"]);
    assert_eq!(
        parts("12 rue de Rivoli, 75004 Paris, France"),
        ["street=12 rue de Rivoli", "city=Paris", "postcode=75004", "country=France"]
    );
    assert_eq!(
        parts("Keizersgracht 8, 1015 CX Amsterdam, the Netherlands"),
        ["street=Keizersgracht 8", "city=Amsterdam", "postcode=1015 CX", "country=the Netherlands"]
    );
    assert_eq!(
        parts("Mill Road 3, 67433 Neustadt an der Weinstraße"),
        ["street=Mill Road 3", "city=Neustadt an der Weinstraße", "postcode=67433"]
    );
    assert_eq!(parts("North Quay 4, 20457 Hamburg instead of the old one"), ["street=North Quay 4", "city=Hamburg", "postcode=20457"]);
}

#[test]
fn not_everything_with_a_number_is_a_street() {
    for text in ["12345 is on its way", "send 12345 to another place", "where is order 12345", "the second way is 4"] {
        assert_eq!(street::find(text, Lexicon::of("en")), None, "{text}");
    }
}

#[test]
fn numbers_of_an_address_number_nothing_else() {
    let numbers = |text: &str| {
        let mut found: Vec<String> = numbers(text, Lexicon::of("en")).into_iter().map(|span| text[span].to_owned()).collect();
        found.sort();
        found
    };
    assert_eq!(numbers("my zip is 20457, where is order 12345"), ["20457"]);
    assert_eq!(numbers("postal code: 20457"), ["20457"]);
    assert_eq!(numbers("send 12345 to 20457 Hamburg"), ["20457"]);
    assert_eq!(numbers("12345 goes to North Quay 4, 20457 Hamburg"), ["20457", "North Quay 4"]);
    assert_eq!(numbers("cancel 12345 and 12288"), Vec::<String>::new());
}

#[test]
fn a_country_may_be_one_of_those_that_are_delivered_to() {
    let part = |part| Kind::Address { part, usual: None };
    let choice = |value: &str, phrase: &str| Choice { value: value.to_owned(), phrases: vec![phrase.to_owned()] };
    let fields = BTreeMap::from([
        ("street".to_owned(), part(AddressPart::Street)),
        ("city".to_owned(), part(AddressPart::City)),
        ("zip".to_owned(), part(AddressPart::Postcode)),
        ("country".to_owned(), Kind::OneOf(vec![choice("DE", "germany"), choice("AT", "austria")])),
    ]);
    let read = |text: &str| {
        let found = with(text, |reader| answered(reader, &fields));
        found.map(|found| found.value.to_json().to_string().replace('"', "")).unwrap_or_default()
    };
    assert_eq!(read("North Quay 4, 20457 Hamburg, Germany"), "{city:Hamburg,country:DE,street:North Quay 4,zip:20457}");
    assert_eq!(read("Lindenweg 12, 1010 Wien, Austria"), "{city:Wien,country:AT,street:Lindenweg 12,zip:1010}");
    assert_eq!(read("North Quay 4, 20457 Hamburg, Peru"), "{city:Hamburg,street:North Quay 4,zip:20457}");
    assert_eq!(read("20457 Hamburg"), "{city:Hamburg,zip:20457}");
    assert_eq!(read("city: Lyon"), "{city:Lyon}");
    assert_eq!((read("yes").as_str(), read("can it come on friday?").as_str(), read("no idea").as_str()), ("", "", ""));
}
