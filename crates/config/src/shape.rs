//! What may stand where: the terms in which the language is described. The loader, the JSON Schema and `--explain` read the same tables.

/// What may stand in one place.
#[derive(Debug)]
pub(crate) enum Shape {
    /// A single value.
    Leaf(Scalar),
    /// A list of these.
    List(&'static Shape),
    /// A map whose names people choose.
    Named(&'static Names),
    /// A map with fixed keys.
    Record(&'static Record),
    /// A record that its key `kind` chooses.
    ByKind(&'static [(&'static str, &'static Shape)]),
    /// A record that is known by its first key.
    ByKey(&'static [&'static Record]),
    /// One of these, told apart by their form: single value, list or map.
    Either(&'static [&'static Shape]),
    /// Anything JSON can say.
    Any,
    /// Part of the language, but not of this version.
    NotYet,
}

/// A map whose names people choose.
#[derive(Debug)]
pub(crate) struct Names {
    /// One of them, with its article: `a tool`.
    pub(crate) what: &'static str,
    /// What stands under each name.
    pub(crate) of: &'static Shape,
    /// Are the names used in conditions and texts? Then they are made of letters, digits and `_`.
    pub(crate) plain: bool,
}

/// A map with fixed keys.
#[derive(Debug)]
pub(crate) struct Record {
    /// What it is, with its article: `a backend`.
    pub(crate) what: &'static str,
    /// Its keys, in the order they are documented.
    pub(crate) keys: &'static [Key],
    /// What further keys hold, where people choose some names themselves.
    pub(crate) rest: Option<&'static Shape>,
}

/// One fixed key.
#[derive(Debug)]
pub(crate) struct Key {
    /// The key.
    pub(crate) name: &'static str,
    /// What stands there.
    pub(crate) shape: &'static Shape,
    /// Must it stand there?
    pub(crate) need: Need,
    /// What it means, as one sentence.
    pub(crate) means: &'static str,
}

/// Must a key stand there?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Yes.
    Required,
    /// No, and then there is none.
    Optional,
    /// No, and then this YAML text holds.
    Default(&'static str),
}

/// What a single value looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    /// Any text; `${…}` is filled in.
    Text,
    /// Words for people or patterns; taken as they are written.
    Verbatim,
    /// A secret.
    Secret,
    /// `always`, or a CEL expression in quotes.
    Condition,
    /// `2s`.
    Duration,
    /// `3/day`.
    Rate,
    /// `1MiB`.
    Size,
    /// A whole number.
    Count,
    /// A probability between 0 and 1: `0.6`.
    Probability,
    /// The version of the language.
    Version,
    /// `true` or `false`.
    Bool,
    /// One of these.
    Word(&'static [&'static str]),
    /// A path into an answer (RFC 9535).
    JsonPath,
    /// A regular expression.
    Pattern,
    /// A file; relative to the configuration.
    File,
    /// An address that begins with `http://` or `https://`.
    Url,
}

impl Scalar {
    /// What is expected, in words.
    pub(crate) fn expects(self) -> String {
        match self {
            Self::Text | Self::Verbatim => "a text".to_owned(),
            Self::Secret => "a secret such as ${file:/run/secrets/name} or ${NAME}".to_owned(),
            Self::Condition => "a condition: `always`, or an expression in quotes".to_owned(),
            Self::Duration => "a duration such as 500ms, 2s, 10m, 12h or 180d".to_owned(),
            Self::Rate => "a rate such as 50/s or 3/day".to_owned(),
            Self::Size => "a size such as 512KiB or 1MiB".to_owned(),
            Self::Count => "a whole number".to_owned(),
            Self::Probability => "a probability between 0 and 1 such as 0.6".to_owned(),
            Self::Version => "the number 1".to_owned(),
            Self::Bool => "true or false".to_owned(),
            Self::Word(words) => format!("one of: {}", words.join(", ")),
            Self::JsonPath => "a JSONPath such as \"$.order.id\"".to_owned(),
            Self::Pattern => "a regular expression".to_owned(),
            Self::File => "a file, relative to the configuration".to_owned(),
            Self::Url => "an address that begins with https:// or http://".to_owned(),
        }
    }

    /// Is `${…}` filled in here? Not in expressions, patterns and words for people, where it may mean something else.
    pub(crate) fn is_filled(self) -> bool {
        !matches!(self, Self::Version | Self::Verbatim | Self::Condition | Self::JsonPath | Self::Pattern)
    }
}

impl Shape {
    /// What is expected, in words.
    pub(crate) fn expects(&self) -> String {
        match self {
            Self::Leaf(scalar) => scalar.expects(),
            Self::List(_) => "a list".to_owned(),
            Self::Named(names) => format!("a map: the name of {} and what belongs to it", names.what),
            Self::Record(record) => format!("{}: a map of its keys", record.what),
            Self::ByKind(_) => "a map with the key 'kind'".to_owned(),
            Self::ByKey(records) => format!("a map with one of the keys {}", first_keys(records)),
            Self::Either(shapes) => shapes.iter().map(|shape| shape.expects()).collect::<Vec<_>>().join(", or "),
            Self::Any => "any value".to_owned(),
            Self::NotYet => "nothing yet".to_owned(),
        }
    }
}

/// The keys by which records are told apart, in words.
pub(crate) fn first_keys(records: &[&Record]) -> String {
    records.iter().map(|record| record.keys[0].name).collect::<Vec<_>>().join(", ")
}

/// A key that must be there.
pub(crate) const fn must(name: &'static str, shape: &'static Shape, means: &'static str) -> Key {
    Key { name, shape, need: Need::Required, means }
}

/// A key that may be left out.
pub(crate) const fn may(name: &'static str, shape: &'static Shape, means: &'static str) -> Key {
    Key { name, shape, need: Need::Optional, means }
}

/// A key that has a default.
pub(crate) const fn or(name: &'static str, shape: &'static Shape, default: &'static str, means: &'static str) -> Key {
    Key { name, shape, need: Need::Default(default), means }
}

/// A key that is refused in this version.
pub(crate) const fn not_yet(name: &'static str) -> Key {
    Key { name, shape: &Shape::NotYet, need: Need::Optional, means: "Not supported in this version." }
}

/// A record with fixed keys only.
pub(crate) const fn record(what: &'static str, keys: &'static [Key]) -> Record {
    Record { what, keys, rest: None }
}

pub(crate) static ANY: Shape = Shape::Any;
pub(crate) static TEXT: Shape = Shape::Leaf(Scalar::Text);
pub(crate) static VERBATIM: Shape = Shape::Leaf(Scalar::Verbatim);
pub(crate) static SECRET: Shape = Shape::Leaf(Scalar::Secret);
pub(crate) static CONDITION: Shape = Shape::Leaf(Scalar::Condition);
pub(crate) static DURATION: Shape = Shape::Leaf(Scalar::Duration);
pub(crate) static RATE: Shape = Shape::Leaf(Scalar::Rate);
pub(crate) static SIZE: Shape = Shape::Leaf(Scalar::Size);
pub(crate) static COUNT: Shape = Shape::Leaf(Scalar::Count);
pub(crate) static PROBABILITY: Shape = Shape::Leaf(Scalar::Probability);
pub(crate) static VERSION: Shape = Shape::Leaf(Scalar::Version);
pub(crate) static BOOL: Shape = Shape::Leaf(Scalar::Bool);
pub(crate) static JSON_PATH: Shape = Shape::Leaf(Scalar::JsonPath);
pub(crate) static PATTERN: Shape = Shape::Leaf(Scalar::Pattern);
pub(crate) static FILE: Shape = Shape::Leaf(Scalar::File);
pub(crate) static URL: Shape = Shape::Leaf(Scalar::Url);
pub(crate) static LEVEL: Shape = Shape::Leaf(Scalar::Word(&["anonymous", "contact", "identified", "strong"]));
pub(crate) static FACT_CLASS: Shape = Shape::Leaf(Scalar::Word(&["reference", "catalogue", "policy", "account", "live", "never"]));
pub(crate) static TEXTS: Shape = Shape::List(&TEXT);
pub(crate) static PHRASES: Shape = Shape::List(&VERBATIM);
