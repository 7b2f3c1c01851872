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
    /// A record whose names the backend chooses (the options of a variant), with values of one kind.
    Map(Box<Kind>),
    /// A part of a postal address: a text, told apart from the other parts in an address that is written in one line.
    Address {
        /// Which part.
        part: AddressPart,
        /// What is meant where the customer names none.
        usual: Option<String>,
    },
    /// Several of one kind.
    List(Box<Kind>),
}

/// The parts of a postal address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    /// The street with its number.
    Street,
    /// What is inside the house: an apartment, a suite, a floor.
    Unit,
    /// The town.
    City,
    /// The state or province.
    Region,
    /// The postcode.
    Postcode,
    /// The country.
    Country,
}

impl AddressPart {
    /// Every part, in the order people write them.
    pub const ALL: [Self; 6] = [Self::Street, Self::Unit, Self::City, Self::Region, Self::Postcode, Self::Country];

    /// The word in configurations.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Street => "street",
            Self::Unit => "unit",
            Self::City => "city",
            Self::Region => "region",
            Self::Postcode => "postcode",
            Self::Country => "country",
        }
    }
}

/// One choice and the everyday phrases for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What the backend is given.
    pub value: String,
    /// How people say it.
    pub phrases: Vec<String>,
}
