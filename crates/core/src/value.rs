//! Typed values: what selection makes of a backend's answer, and what conditions and texts are computed over.

use crate::{Money, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A typed value. Its derived serialisation keeps the type (for the log); [`Value::to_json`] is the plain form of the API.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing: absent, or `null`.
    #[default]
    Null,
    /// Yes or no.
    Bool(bool),
    /// An exact decimal number.
    Number(Decimal),
    /// Text.
    Text(String),
    /// An amount with its currency.
    Money(Money),
    /// A calendar day.
    Date(jiff::civil::Date),
    /// A point in time.
    Time(Timestamp),
    /// Several values in order.
    List(Vec<Value>),
    /// Named values.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The list, if it is one.
    #[must_use]
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    /// Is there nothing here?
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value at a dotted path (`shipment.eta`); `None` where a name is missing on the way.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |value, name| match value {
            Self::Map(map) => map.get(name),
            _ => None,
        })
    }

    /// The plain JSON of the API: money as `{"amount": minor units, "currency": "EUR"}`, days and times as ISO 8601 text.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::{Map, Value as Json, json};
        match self {
            Self::Null => Json::Null,
            Self::Bool(yes) => Json::Bool(*yes),
            Self::Number(number) => serde_json::from_str(&number.to_string()).unwrap_or_else(|_| Json::String(number.to_string())),
            Self::Text(text) => Json::String(text.clone()),
            Self::Money(money) => {
                json!({ "amount": money.minor, "currency": money.currency.code() })
            }
            Self::Date(day) => Json::String(day.to_string()),
            Self::Time(at) => Json::String(at.to_string()),
            Self::List(list) => list.iter().map(Self::to_json).collect(),
            Self::Map(map) => Json::Object(map.iter().map(|(name, value)| (name.clone(), value.to_json())).collect::<Map<_, _>>()),
        }
    }

    /// Plain JSON as values, without guessing types: numbers stay exact decimals, texts stay texts.
    #[must_use]
    pub fn from_json(json: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(yes) => Self::Bool(*yes),
            Json::Number(number) => decimal(&number.to_string()).map_or_else(|| Self::Text(number.to_string()), Self::Number),
            Json::String(text) => Self::Text(text.clone()),
            Json::Array(list) => Self::List(list.iter().map(Self::from_json).collect()),
            Json::Object(map) => Self::Map(map.iter().map(|(name, value)| (name.clone(), Self::from_json(value))).collect()),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// Reads decimal text, also with an exponent.
#[must_use]
pub fn decimal(text: &str) -> Option<Decimal> {
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_backends_keep_their_decimals() {
        let json: serde_json::Value =
            serde_json::from_str(r#"{"price": 59.90, "big": 12345678901234567890.01, "list": [1, null]}"#).unwrap();
        let value = Value::from_json(&json);
        assert_eq!(value.at("price"), Some(&Value::Number("59.90".parse().unwrap())));
        assert_eq!(value.to_json().to_string(), r#"{"big":12345678901234567890.01,"list":[1,null],"price":59.90}"#);
        assert_eq!(value.at("price.cents"), None);
    }

    #[test]
    fn the_log_keeps_types_that_plain_json_loses() {
        let value = Value::Map(BTreeMap::from([
            ("paid".to_owned(), Value::Money("30.00 EUR".parse().unwrap())),
            ("due".to_owned(), Value::Date("2026-11-20".parse().unwrap())),
        ]));
        let logged = serde_json::to_string(&value).unwrap();
        assert_eq!(serde_json::from_str::<Value>(&logged).unwrap(), value);
    }
}
