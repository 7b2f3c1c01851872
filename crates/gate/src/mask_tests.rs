//! Masking: every spelling of a card number, and no order number.

use super::*;

const CARDS: &[&str] = &[
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "3530111333300000",
    "30569309025904",
    "2223003122003222",
];

fn spelt(card: &str, group: usize, separator: &str) -> String {
    let digits: Vec<char> = card.chars().collect();
    digits.chunks(group).map(|chunk| chunk.iter().collect::<String>()).collect::<Vec<_>>().join(separator)
}

#[test]
fn cards_in_every_spelling_lose_all_but_the_last_four() {
    for card in CARDS {
        for separator in ["", " ", "-", ".", "/", "\u{a0}", " - ", "_", "\u{200b}", "\n"] {
            for group in [1, 2, 3, 4, 5, 6] {
                let text = format!("pay with {}, please", spelt(card, group, separator));
                let (masked, what) = mask(&text);
                let left: String = masked.chars().filter(char::is_ascii_digit).collect();
                assert_eq!((left.as_str(), what.as_slice()), (&card[card.len() - 4..], &["card"][..]), "{text} became {masked}");
            }
        }
    }
    assert_eq!(mask("cards 4111 1111 1111 1111 and 5555-5555-5555-4444").0, "cards •••• •••• •••• 1111 and ••••-••••-••••-4444");
    assert_eq!(mask("４１１１１１１１１１１１１１１１").0, "••••••••••••１１１１");
    assert_eq!(mask("4111  1111-1111 1111").0, "••••  ••••-•••• 1111");
    assert_eq!(mask("4111 1111 1111 1111 12/28 123").0, "•••• •••• •••• 1111 12/28 123");
}

#[test]
fn order_numbers_and_the_like_stay() {
    let text = "order 1234567890123, tracking 00340434161094042557, IBAN DE89370400440532013000, call +49 30 901820, 2026-11-20 14:02";
    assert_eq!(mask(text), (text.to_owned(), Vec::new()));
    let masked = (0..1000_u64)
        .map(|n| match n % 4 {
            0 => format!("where is order {}", 10_000 + n * 7919),
            1 => format!("my order number is {}", 100_000_000_000 + n * 982_451_653),
            2 => format!("the code on the parcel is W{}", 1_000_000 + n * 104_729),
            _ => format!("is invoice {} paid? my order is 12{n:04}", 20_260_000_000_u64 + n),
        })
        .filter(|text| mask(text).0 != *text)
        .count();
    assert!(masked <= 10, "{masked} of 1000 order numbers were masked");
}

#[test]
fn one_time_codes_are_hidden_where_they_are_called_codes() {
    for (text, becomes) in [
        ("my code is 123456", "my code is ••••••"),
        ("The OTP: 123 456", "The OTP: ••••••"),
        ("verification code 9876", "verification code ••••"),
        ("4711 is my verification code", "•••• is my verification code"),
        ("one-time password is '84920175'", "one-time password is '••••••••'"),
    ] {
        assert_eq!(mask(text), (becomes.to_owned(), vec!["code"]), "{text}");
    }
    for text in [
        "my order code is 123456",
        "promo code 2026",
        "my postcode is 12345",
        "cancel 123456",
        "the code of the item is 123456",
        "error code 5005",
        "my confirmation code is 123456",
    ] {
        assert_eq!(mask(text).0, text);
    }
}
