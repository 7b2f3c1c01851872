//! What a rule may rely on: the names it may use and the shapes behind them.

use std::collections::BTreeMap;
use std::fmt;

/// What a value looks like, as far as that is known when a rule is loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Shape {
    /// Nothing is known: every field may exist, and what is done with it is checked only at run time.
    #[default]
    Any,
    /// Yes or no.
    Bool,
    /// An exact decimal number.
    Number,
    /// Text.
    Text,
    /// An amount with its currency.
    Money,
    /// A calendar day.
    Date,
    /// A point in time.
    Time,
    /// Several values of one shape.
    List(Box<Shape>),
    /// Named values; other names do not exist.
    Map(BTreeMap<String, Shape>),
}

/// The variables a rule may use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(pub BTreeMap<String, Shape>);

impl Names {
    /// The same names and one more.
    #[must_use]
    pub fn with(mut self, name: &str, shape: Shape) -> Self {
        self.0.insert(name.to_owned(), shape);
        self
    }
}

impl Shape {
    /// A list of this shape.
    #[must_use]
    pub fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// Could values of these two shapes ever be equal or be ordered?
    pub(crate) fn meets(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, _) | (_, Self::Any) | (Self::Map(_), Self::Map(_)) => true,
            (Self::List(one), Self::List(two)) => one.meets(two),
            _ => self == other,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("anything"),
            Self::Bool => f.write_str("yes or no"),
            Self::Number => f.write_str("a number"),
            Self::Text => f.write_str("text"),
            Self::Money => f.write_str("money"),
            Self::Date => f.write_str("a date"),
            Self::Time => f.write_str("a time"),
            Self::List(of) if **of == Self::Any => f.write_str("a list"),
            Self::List(of) => write!(f, "a list (of {of})"),
            Self::Map(_) => f.write_str("a record"),
        }
    }
}
