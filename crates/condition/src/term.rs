//! The lowered rule: a small tree whose names are known to exist and whose constants are exact.

use patchbay_core::Value;

/// One expression.
#[derive(Debug, Clone)]
pub(crate) enum Term {
    /// A constant.
    Literal(Value),
    /// A variable: of the scope, or bound by a macro.
    Name(String),
    /// A field of a record.
    Field(Box<Term>, String),
    /// `has(record.field)`.
    Has(Box<Term>, String),
    /// An element of a list by position, or of a record by name.
    Index(Box<Term>, Box<Term>),
    /// A list written out.
    List(Vec<Term>),
    /// `!x`
    Not(Box<Term>),
    /// `-x`
    Negate(Box<Term>),
    /// `a && b`: false as soon as either side is false, whatever the other does.
    And(Box<Term>, Box<Term>),
    /// `a || b`: true as soon as either side is true, whatever the other does.
    Or(Box<Term>, Box<Term>),
    /// `test ? yes : no`
    If(Box<Term>, Box<Term>, Box<Term>),
    /// An operator between two values.
    Binary(Operator, Box<Term>, Box<Term>),
    /// A function of the closed list.
    Call(Function, Vec<Term>),
    /// `text.matches('…')`; the pattern was compiled when the rule was loaded.
    Matches(Box<Term>, regex::Regex),
    /// True unless the inner expression is exactly false; how macros stop early.
    NotFalse(Box<Term>),
    /// What the macros `all`, `exists`, `exists_one`, `map` and `filter` become.
    Fold(Box<Fold>),
}

/// A loop over a list that gathers one value.
#[derive(Debug, Clone)]
pub(crate) struct Fold {
    /// The list, or a record whose names are gone through.
    pub(crate) range: Term,
    /// The name of the element.
    pub(crate) each: String,
    /// The name of what is gathered.
    pub(crate) gathered: String,
    /// What is there at the start.
    pub(crate) start: Term,
    /// Go on while this holds.
    pub(crate) go_on: Term,
    /// What is there after one more element.
    pub(crate) step: Term,
    /// What comes of it.
    pub(crate) result: Term,
}

/// An operator between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// `%`
    Remainder,
    /// `in`
    In,
}

/// A function of the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Function {
    /// `at_most(a, b)`: a ≤ b, of money in one currency or of numbers.
    AtMost,
    /// `at_least(a, b)`: a ≥ b, of money in one currency or of numbers.
    AtLeast,
    /// `size(x)`: characters of a text, elements of a list, fields of a record.
    Size,
    /// `text.contains('…')`
    Contains,
    /// `text.startsWith('…')`
    StartsWith,
    /// `text.endsWith('…')`
    EndsWith,
    /// `string(x)`: a number, text, date or time as text.
    Text,
}

impl Function {
    /// The function of this name, with how many values it takes (a receiver counts as the first).
    pub(crate) fn named(name: &str) -> Option<(Self, usize)> {
        Some(match name {
            "at_most" => (Self::AtMost, 2),
            "at_least" => (Self::AtLeast, 2),
            "size" => (Self::Size, 1),
            "contains" => (Self::Contains, 2),
            "startsWith" => (Self::StartsWith, 2),
            "endsWith" => (Self::EndsWith, 2),
            "string" => (Self::Text, 1),
            _ => return None,
        })
    }

    /// Every name, for the nearest right one.
    pub(crate) const NAMES: &'static [&'static str] = &[
        "at_most",
        "at_least",
        "size",
        "contains",
        "startsWith",
        "endsWith",
        "string",
        "matches",
        "has",
        "all",
        "exists",
        "exists_one",
        "map",
        "filter",
    ];
}
