//! One hand-written customer: what they say, what they know when asked, and what must come of it.

use crate::failure::Failure;
use serde_json::{Map, Value};
use std::path::Path;

/// How an address is read out in one line.
const ADDRESS: [&str; 6] = ["address1", "address2", "city", "state", "zip", "country"];

/// A customer with a wish.
#[derive(Debug, Clone)]
pub(crate) struct Dialogue {
    pub(crate) id: String,
    /// `cancel`, `status`, `return+cancel` …
    pub(crate) kind: String,
    /// Their id at the shop, name, postcode and e-mail.
    pub(crate) customer: Map<String, Value>,
    /// Typed unasked, in this order.
    pub(crate) say: Vec<String>,
    /// Answers by slot.
    known: Map<String, Value>,
    /// The writes that fulfil the wish.
    pub(crate) writes: Vec<Write>,
    /// What the answers must contain.
    pub(crate) must_say: Vec<String>,
    /// What no answer may contain.
    pub(crate) must_not_say: Vec<String>,
    /// `done`, `answered`, `refused`, `declined`, `handoff` or `not_done`.
    pub(crate) outcome: String,
}

/// A write of the shop: the operation and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Write {
    pub(crate) operation: String,
    pub(crate) arguments: Map<String, Value>,
}

/// Every dialogue of a data folder.
pub(crate) fn read_all(data: &Path) -> Result<Vec<Dialogue>, Failure> {
    let file = data.join("retail/dialogues.jsonl");
    let text = std::fs::read_to_string(&file).map_err(|error| Failure::from(error).while_doing(file.display()))?;
    text.lines().filter(|line| !line.trim().is_empty()).map(read).collect()
}

fn read(line: &str) -> Result<Dialogue, Failure> {
    let it: Value = serde_json::from_str(line)?;
    let expect = &it["expect"];
    let writes = expect["actions"].as_array().into_iter().flatten();
    let write = |action: &Value| Write { operation: text(&action["name"]), arguments: map(&action["kwargs"]) };
    Ok(Dialogue {
        id: text(&it["id"]),
        kind: text(&it["kind"]),
        customer: map(&it["customer"]),
        say: texts(&it["say"]),
        known: map(&it["known"]),
        writes: writes.map(write).collect(),
        must_say: texts(&expect["must_say"]),
        must_not_say: texts(&expect["must_not_say"]),
        outcome: text(&expect["outcome"]),
    })
}

impl Dialogue {
    /// The customer's own id at the shop.
    pub(crate) fn customer_id(&self) -> String {
        text(&self.customer["user_id"])
    }

    /// What the customer knows of a slot, in their words.
    pub(crate) fn known(&self, slot: &str) -> Option<String> {
        self.known.get(slot).map(in_words)
    }

    /// The answer to a question: from what is known of the slot; a choice of anything else from what `which` says; an
    /// anonymous customer also says who they are.
    pub(crate) fn answer(&self, slot: &str, choices: usize, anonymous: bool) -> String {
        let identity = || {
            let name = match slot {
                "postcode" => "zip",
                "name" => return Some(format!("{} {}", in_words(&self.customer["first_name"]), in_words(&self.customer["last_name"]))),
                slot => slot,
            };
            self.customer.get(name).filter(|_| name != "user_id").map(in_words)
        };
        let which = || self.known("which").filter(|_| choices > 0);
        self.known(slot).or_else(|| identity().filter(|_| anonymous)).or_else(which).unwrap_or_else(|| "I don't know".to_owned())
    }
}

/// A known value as the customer writes it: lists with commas, an address in one line.
fn in_words(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(in_words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let parts = ADDRESS.iter().filter_map(|name| fields.get(*name)).map(in_words).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().map(text).collect()
}

fn map(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn customers_answer_by_slot_and_choices_by_which() {
        let line = r#"{"id": "a", "kind": "k", "customer": {"user_id": "u", "first_name": "Mia", "last_name": "Li", "zip": "10001"},
            "say": ["hi"], "known": {"items": ["the mat", "the lamp"], "which": "the second", "address": {"city": "Rome", "address1": "1 Way"}},
            "expect": {"outcome": "done"}}"#;
        let dialogue = read(&line.replace('\n', " ")).unwrap();
        assert_eq!(dialogue.answer("items", 0, false), "the mat, the lamp");
        assert_eq!(dialogue.answer("address", 0, false), "1 Way, Rome");
        assert_eq!(dialogue.answer("which_wish", 3, false), "the second");
        assert_eq!(dialogue.answer("payment_method", 0, false), "I don't know");
        assert_eq!((dialogue.answer("zip", 0, false), dialogue.answer("name", 0, true)), ("I don't know".to_owned(), "Mia Li".to_owned()));
    }
}
