//! The third door: what is proven passes, what is not does not.

use super::*;
use patchbay_core::words::FactClass;
use patchbay_core::{Timestamp, Value};
use proptest::prelude::*;

fn facts() -> BTreeMap<String, Released> {
    let field = |(name, value): (&str, Value)| (name.to_owned(), value);
    let value = Value::Map(
        [
            ("id", "W12345".into()),
            ("status", "paid".into()),
            ("eta", Value::Date("2026-11-22".parse().unwrap())),
            ("at", Value::Time("2026-11-20T14:02:10Z".parse().unwrap())),
            ("total", Value::Money("1234.50 EUR".parse().unwrap())),
            ("items", Value::List(vec!["Lamp X200".into(), "Desk".into()])),
            ("mail", "mika@mail.example".into()),
        ]
        .map(field)
        .into(),
    );
    let released = Released {
        tool: "order".to_owned(),
        source: "orders".to_owned(),
        fetched_at: Timestamp(0),
        class: FactClass::Live,
        value,
        canonical: BTreeMap::new(),
        kept: Vec::new(),
        dropped: Vec::new(),
    };
    BTreeMap::from([("order".to_owned(), released)])
}

fn say(text: &str, template: Option<&str>) -> Result<String, Vec<String>> {
    let draft = Draft { text: text.to_owned(), template: template.map(str::to_owned), facts: Vec::new(), citations: Vec::new() };
    output(&draft, &facts(), &["what about 777 and a.b@mail.example, by 3 December?"], &["https://shop.example/help".to_owned()])
}

#[test]
fn proven_sentences_pass_in_any_spelling() {
    for text in [
        "Order W12345 is paid, due 22 November.",
        "Order #w12345 comes on November 22, 2026 or on 2026-11-22, the 22nd.",
        "It was €1,234.50, that is 1234,50 € or EUR 1234.5.",
        "You have 2 things in it: Lamp X200 and Desk.",
        "As of 14:02, and you asked about 777 by 3 December.",
        "I'll write to mika@mail.example, see https://shop.example/help/returns.",
        "It is on its way.",
    ] {
        assert_eq!(say(text, None).as_deref(), Ok(text));
    }
}

#[test]
fn every_unproven_claim_is_named() {
    for (text, claim) in [
        ("Order W12346 is paid.", "W12346"),
        ("It comes on 23 November.", "23 November"),
        ("It comes on 22 November 2027.", "22 November 2027"),
        ("You get 1,234.51 € back.", "1,234.51 €"),
        ("You get $1,234.50 back.", "$1,234.50"),
        ("You get 20% off.", "20"),
        ("Write to evil@mail.example.", "evil@mail.example"),
        ("See https://shop.example.evil/help now.", "https://shop.example.evil/help"),
        ("See evil.example/pay now.", "evil.example/pay"),
        ("It comes at 15:30.", "15:30"),
    ] {
        assert_eq!(say(text, None), Err(vec![claim.to_owned()]), "{text}");
    }
}

#[test]
fn declared_texts_keep_their_claims_and_lose_foreign_links_and_cards() {
    assert_eq!(
        say("We ship within 3 days, see https://shop.example/help.", Some("shipping")).unwrap(),
        "We ship within 3 days, see https://shop.example/help."
    );
    assert_eq!(
        say("Go to https://evil.example/x now. Card 4111 1111 1111 1111", Some("it")).unwrap(),
        "Go to  now. Card •••• •••• •••• 1111"
    );
}

#[test]
fn no_html_and_no_images_ever() {
    for template in [None, Some("it")] {
        assert_eq!(say("<b>Hi</b><script>alert(W12345)</script> ![x](https://evil.example/p.png)there", template).unwrap(), "Hi there");
        assert_eq!(
            say("[click](https://evil.example/x) [help](https://shop.example/help)", template).unwrap(),
            "click [help](https://shop.example/help)"
        );
        assert_eq!(say("<<b>script>x", template).unwrap(), "x");
    }
}

proptest! {
    #[test]
    fn an_invented_number_never_passes(number in 3_u64..1_000_000_000, cents in 0_u64..100) {
        prop_assume!(![777, 2026, 1234].contains(&number));
        for text in [format!("It is {number}."), format!("You get {number}.{cents:02} €."), format!("Order W{number} is lost.")] {
            prop_assert!(text.contains("W12345") || say(&text, None).is_err(), "{}", text);
        }
    }

    #[test]
    fn no_words_break_the_door(text in ".{0,80}", markup in "[<>\\[\\]()!a-z/ :.]{0,40}") {
        for text in [text, markup] {
            if let Ok(said) = say(&text, Some("it")) {
                prop_assert!(!said.to_lowercase().contains("<script>"));
            }
            let _ = say(&text, None);
        }
    }
}
