//! Types of arguments, slots and selected values.

use crate::money::Currency;
use serde::Serialize;
use std::collections::BTreeMap;

/// What a value may look like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Any text.
    Text,
    /// An exact decimal number.
    Number,
    /// A whole number.
    Integer,
    /// Yes or no.
    Bool,
    /// A calendar day.
    Date,
    /// A point in time.
    Time,
    /// An amount in this currency.
    Money(Currency),
    /// Text of a shape: found in messages by the pattern, handed to backends as `write`.
    Pattern {
        /// A regular expression over the whole value.
        pattern: String,
        /// How a match is written for the backend (`#W$1`); `None` keeps it as it was typed.
        write: Option<String>,
        /// One right spelling, shown to people.
        example: String,
    },
    /// One of a few choices, each with the phrases that mean it.
    OneOf(Vec<Choice>),
    /// A record with named fields, such as an address.
    Record(BTreeMap<String, Kind>),
    /// Several of one kind.
    List(Box<Kind>),
}

/// One choice and the everyday phrases for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What the backend is given.
    pub value: String,
    /// How people say it.
    pub phrases: Vec<String>,
}
