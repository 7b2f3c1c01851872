//! Personal values: forgettable by type.
//!
//! An event never holds a personal value in the stored log. The store takes every [`Personal`] out of the event, seals it
//! with the key of its subject into a side table, and leaves the payload's id and the hash of the value behind. Reading puts
//! the value back while its key and its row exist; afterwards it is [`Personal::forgotten`], and the log stays whole.

use serde::de::{DeserializeOwned, Deserializer};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The key under which a personal value stands in an event's JSON; the store looks for exactly this.
pub const MARK: &str = "$personal";

/// What kind of personal value it is; retention deletes by class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonalClass {
    /// What people wrote to each other.
    Message,
    /// What tools were given and released: arguments and facts.
    ToolPayload,
    /// What the mind was told and said: the inputs of replay.
    Trace,
    /// Who somebody is: names, contact points, the company's own id.
    Identity,
}

/// A value that can be forgotten without touching the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Personal<T> {
    class: PersonalClass,
    value: Option<T>,
    hash: Option<String>,
}

impl<T> Personal<T> {
    /// A value of this class.
    pub fn new(class: PersonalClass, value: T) -> Self {
        Self { class, value: Some(value), hash: None }
    }

    /// Something written by a person.
    pub fn message(value: T) -> Self {
        Self::new(PersonalClass::Message, value)
    }

    /// Arguments or facts of a tool.
    pub fn payload(value: T) -> Self {
        Self::new(PersonalClass::ToolPayload, value)
    }

    /// An input of replay.
    pub fn trace(value: T) -> Self {
        Self::new(PersonalClass::Trace, value)
    }

    /// Who somebody is.
    pub fn identity(value: T) -> Self {
        Self::new(PersonalClass::Identity, value)
    }

    /// The value, unless it has been forgotten.
    pub fn get(&self) -> Option<&T> {
        self.value.as_ref()
    }

    /// The value itself, unless it has been forgotten.
    pub fn into_inner(self) -> Option<T> {
        self.value
    }

    /// Has the value been erased or expired?
    pub fn forgotten(&self) -> bool {
        self.value.is_none()
    }
}

/// The hash that stays in the event: SHA-256 of the value's JSON text and its payload's id, in hex.
/// The payload's id makes equal values of different people look different.
#[must_use]
pub fn hash(payload: &str, json: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(payload.as_bytes());
    hasher.update([0]);
    hasher.update(json.as_bytes());
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What stands in the JSON of an event. On the way into the store `value` is present; in the store `payload` and `hash`.
#[derive(Serialize, Deserialize)]
struct Marked<T> {
    #[serde(rename = "$personal")]
    personal: Inside<T>,
}

#[derive(Serialize, Deserialize)]
struct Inside<T> {
    class: PersonalClass,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    value: Option<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl<T: Serialize> Serialize for Personal<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Marked { personal: Inside { class: self.class, value: self.value.as_ref(), hash: self.hash.clone() } }.serialize(serializer)
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Personal<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Inside { class, value, hash } = Marked::deserialize(deserializer)?.personal;
        Ok(Self { class, value, hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_personal_value_is_marked_in_json_and_can_be_gone() {
        let said = Personal::message("where is 12345".to_owned());
        let json = serde_json::to_value(&said).unwrap();
        assert_eq!(json[MARK]["value"], "where is 12345");
        assert_eq!(serde_json::from_value::<Personal<String>>(json).unwrap(), said);
        let gone = serde_json::json!({ MARK: { "class": "message", "hash": "00", "payload": "pay_1" } });
        assert!(serde_json::from_value::<Personal<String>>(gone).unwrap().forgotten());
    }
}
