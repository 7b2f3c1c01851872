//! Amounts of money in an answer: numbers that are called so, beside a currency.

use crate::names::words;
use serde_json::{Map, Value};

/// Words in the names of amounts.
const AMOUNTS: [&str; 22] = [
    "amount",
    "balance",
    "charge",
    "charged",
    "cost",
    "credit",
    "debit",
    "deposit",
    "discount",
    "due",
    "fee",
    "gross",
    "net",
    "outstanding",
    "paid",
    "premium",
    "price",
    "rate",
    "refund",
    "refunded",
    "subtotal",
    "total",
];
/// Names of the currency beside them.
const CURRENCY: [&str; 3] = ["currency", "currency_code", "currency_iso"];

/// The currency of a record's amounts, where it names one.
pub(crate) fn currency(record: &Map<String, Value>) -> Option<String> {
    let (_, value) = record.iter().find(|(name, _)| names_currency(name))?;
    let code = value.as_str()?.to_ascii_uppercase();
    let is_code = code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase());
    is_code.then_some(code)
}

/// Is it called like a currency?
pub(crate) fn names_currency(name: &str) -> bool {
    CURRENCY.contains(&words(name).join("_").as_str())
}

/// Is a value an amount in whole units and their parts? A whole number is left a number: it may count cents.
pub(crate) fn is_amount(name: &str, value: &Value) -> bool {
    let decimal = |text: &str| {
        let (whole, part) = text.strip_prefix('-').unwrap_or(text).split_once('.').unwrap_or_default();
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
        digits(whole) && digits(part) && part.trim_end_matches('0').len() <= 2
    };
    let has_parts = match value {
        Value::Number(number) => decimal(&number.to_string()),
        Value::String(text) => decimal(text),
        _ => false,
    };
    has_parts && words(name).iter().any(|word| AMOUNTS.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_currency_is_the_one_that_the_record_names() {
        let of = |record: Value| currency(record.as_object().expect("a record"));
        assert_eq!(of(json!({ "currency": "eur", "total": 59.9 })), Some("EUR".to_owned()));
        assert_eq!(of(json!({ "currencyCode": "USD" })), Some("USD".to_owned()));
        for none in
            [json!({ "total": 59.9 }), json!({ "currency": null }), json!({ "currency": "euros" }), json!({ "currency": { "id": 1 } })]
        {
            assert_eq!(of(none), None);
        }
    }

    #[test]
    fn an_amount_is_called_so_and_has_parts() {
        for (name, value) in [("total", json!(59.9)), ("amountDue", json!("12.40")), ("refunded_amount", json!(-3.25))] {
            assert!(is_amount(name, &value), "{name}: {value}");
        }
        let not = [
            ("total", json!(5990)),
            ("weight", json!(1.5)),
            ("quantity", json!(2)),
            ("total", json!("5.9.1")),
            ("price", json!("free")),
            ("total", json!({})),
        ];
        for (name, value) in not {
            assert!(!is_amount(name, &value), "{name}: {value}");
        }
    }
}
