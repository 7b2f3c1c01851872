//! What belongs to other customers of the shop and must never be said to this one.

use super::dialogue::Dialogue;
use crate::failure::Failure;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The telling values of every customer: id, e-mail, streets, tracking numbers.
pub(crate) struct Strangers {
    by_customer: BTreeMap<String, BTreeSet<String>>,
}

impl Strangers {
    /// Reads them from the shop's records.
    pub(crate) fn read(data: &Path) -> Result<Self, Failure> {
        let file = data.join("retail/db.json");
        let text = std::fs::read_to_string(&file).map_err(|error| Failure::from(error).while_doing(file.display()))?;
        let shop: Value = serde_json::from_str(&text)?;
        let mut by_customer = BTreeMap::<String, BTreeSet<String>>::new();
        for (id, user) in shop["users"].as_object().into_iter().flatten() {
            let telling = [&user["email"], &user["address"]["address1"]].into_iter().filter_map(Value::as_str);
            by_customer.entry(id.clone()).or_default().extend(telling.chain([id.as_str()]).map(str::to_lowercase));
        }
        for order in shop["orders"].as_object().into_iter().flat_map(|orders| orders.values()) {
            let parcels = order["fulfillments"].as_array().into_iter().flatten();
            let tracking = parcels.flat_map(|parcel| parcel["tracking_id"].as_array().into_iter().flatten());
            let telling = tracking.chain([&order["address"]["address1"]]).filter_map(Value::as_str).map(str::to_lowercase);
            by_customer.entry(order["user_id"].as_str().unwrap_or_default().to_owned()).or_default().extend(telling);
        }
        Ok(Self { by_customer })
    }

    /// Values of others in what was shown. What the customer typed, or what is theirs as well, is no secret to them.
    pub(crate) fn said_in(&self, shown: &str, dialogue: &Dialogue, typed: &[String]) -> Vec<String> {
        let (shown, typed) = (shown.to_lowercase(), typed.join("\n").to_lowercase());
        let own = self.by_customer.get(&dialogue.customer_id());
        let others = self.by_customer.values().flatten().filter(|value| own.is_none_or(|own| !own.contains(*value)));
        let named = dialogue.must_not_say.iter().map(|value| value.to_lowercase());
        let mut said: Vec<String> = others.cloned().chain(named).filter(|value| stands_in(&shown, value)).collect();
        said.retain(|value| !stands_in(&typed, value));
        said.dedup();
        said
    }
}

/// Does the value stand in the text as a word of its own?
fn stands_in(text: &str, value: &str) -> bool {
    text.match_indices(value).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + value.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_words_count() {
        assert!(stands_in("sent to 43 pine lane.", "43 pine lane"));
        assert!(!stands_in("sent to 243 pine lane.", "43 pine lane"));
    }
}
