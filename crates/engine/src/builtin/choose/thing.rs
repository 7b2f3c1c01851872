//! A thing of a record, with the variants of its product that it may become.

use super::super::records::title;
use super::options::{Mention, Options, attributes};
use super::tokens::{ENGLISH, Token, tokens};
use patchbay_core::Value;
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Names of prices that are plain numbers.
const PRICES: [&str; 3] = ["price", "amount", "cost"];

/// One thing a customer has ordered.
#[derive(Debug, Clone)]
pub(super) struct Thing {
    /// What stands for it in its slot.
    pub(super) value: Value,
    /// All of it.
    pub(super) record: Value,
    /// What it is called, word by word.
    pub(super) title: Vec<Token>,
    /// Its own options.
    pub(super) own: BTreeMap<String, String>,
    /// What it costs.
    pub(super) price: Option<Decimal>,
    /// The options its product comes in.
    pub(super) options: Options,
    /// The variants of its product that come into question.
    pub(super) variants: Vec<Variant>,
}

/// One variant.
#[derive(Debug, Clone)]
pub(super) struct Variant {
    /// What stands for it in its slot.
    pub(super) value: Value,
    /// Its options.
    pub(super) attributes: BTreeMap<String, String>,
    /// What it costs.
    pub(super) price: Option<Decimal>,
    price_text: Option<String>,
}

impl Thing {
    /// A thing with all variants of its product, and those of them that come into question.
    pub(super) fn of(record: &Value, value: Value, all: &[Value], eligible: &[(Value, Value)]) -> Self {
        let known: Vec<BTreeMap<String, String>> = all.iter().map(attributes).collect();
        let options = Options::of(known.iter());
        let mut own = attributes(record);
        // What stands for the thing itself, or what it costs, is no option.
        own.retain(|name, text| options.values(name).any(|value| value == text) && Value::text(text.as_str()) != value);
        let variant = |(value, record): &(Value, Value)| {
            let mut attributes = attributes(record);
            attributes.retain(|name, _| own.contains_key(name));
            Variant { value: value.clone(), attributes, price: price(record), price_text: price_text(record) }
        };
        let variants = eligible.iter().map(variant).collect();
        let options = options.only(&own);
        let words = title(record).map(tokens).unwrap_or_default();
        Self { value, record: record.clone(), title: words, price: price(record), own, options, variants }
    }

    /// What it is called, with its options.
    pub(super) fn name(&self) -> String {
        let title = title(&self.record).unwrap_or_default();
        let own: Vec<&str> = self.own.values().map(String::as_str).collect();
        if own.is_empty() { title.to_owned() } else { format!("{title} ({})", own.join(", ")) }
    }

    /// The places of a text that name values of its product's options.
    pub(super) fn mentions(&self, text: &[Token], listing: bool) -> Vec<Mention> {
        self.options.mentions(text, listing)
    }

    /// Does a mention name what the thing is already?
    pub(super) fn is(&self, mention: &Mention) -> bool {
        self.own.get(&mention.option).is_some_and(|own| mention.values.contains(own))
    }
}

impl Variant {
    /// As a choice: its options and its price.
    pub(super) fn label(&self, thing: &Thing) -> String {
        let several = |name: &&String| thing.variants.iter().any(|other| other.attributes.get(*name) != self.attributes.get(*name));
        let spelled = |name: &String| {
            let value = &self.attributes[name];
            // "yes" alone says nothing.
            let bare = ENGLISH.positive.contains(value) || ENGLISH.negative.contains(value);
            if bare { format!("{name}: {value}") } else { value.clone() }
        };
        let mut parts: Vec<String> = self.attributes.keys().filter(several).map(spelled).collect();
        if parts.is_empty() {
            parts = self.attributes.values().cloned().collect();
        }
        let options = parts.join(", ");
        match &self.price_text {
            Some(price) => format!("{options} · {price}"),
            None => options,
        }
    }
}

fn price(record: &Value) -> Option<Decimal> {
    let Value::Map(fields) = record else { return None };
    let money = fields.values().find_map(|value| match value {
        Value::Money(money) => money.decimal().parse().ok(),
        _ => None,
    });
    money.or_else(|| {
        PRICES.iter().find_map(|name| match fields.get(*name)? {
            Value::Number(number) => Some(*number),
            _ => None,
        })
    })
}

fn price_text(record: &Value) -> Option<String> {
    let Value::Map(fields) = record else { return None };
    fields.values().find_map(|value| match value {
        Value::Money(money) => Some(money.to_string()),
        _ => None,
    })
}
