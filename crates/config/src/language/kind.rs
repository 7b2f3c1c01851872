//! Types: of arguments, slots and selected values.

use crate::shape::{Names, PATTERN, PHRASES, Record, Scalar, Shape, TEXT, TEXTS, VERBATIM, may, must, record};

/// A type: a name, or what it is made of.
pub(super) static TYPE: Shape =
    Shape::Either(&[&TEXT, &Shape::ByKey(&[&NAMED, &OF_PATTERN, &CHOICES, &FIELDS, &SEVERAL, &NAMED_VALUES, &ADDRESS])]);

static NAMED: Record = record(
    "a named type",
    &[
        must("type", &TEXT, "text, number, integer, bool, date, time, money, or a type declared under `types`."),
        may("currency", &TEXT, "The currency of money: three letters."),
    ],
);

static OF_PATTERN: Record = record(
    "a pattern type",
    &[
        must("pattern", &PATTERN, "A regular expression over the whole value; also finds it in messages."),
        may("write", &VERBATIM, "How a match is written for the backend: `#W$1`; as it was typed when left out."),
        must("example", &VERBATIM, "One right spelling, shown to people."),
    ],
);

static CHOICES: Record = record(
    "a choice",
    &[must(
        "one_of",
        &Shape::Either(&[&TEXTS, &Shape::Named(&PHRASED)]),
        "The values, as a list or each with the everyday phrases that mean it.",
    )],
);

static PHRASED: Names = Names { what: "a value", of: &PHRASES, plain: false };

static FIELDS: Record = record("a record type", &[must("record", &Shape::Named(&FIELD), "The fields and their types.")]);

static FIELD: Names = Names { what: "a field", of: &TYPE, plain: true };

static SEVERAL: Record = record("a list type", &[must("list", &TYPE, "The type of each element.")]);

static NAMED_VALUES: Record =
    record("a type of named values", &[must("map", &TYPE, "The type of each value; the names are whatever the backend has.")]);

static ADDRESS: Record = record(
    "an address type",
    &[
        must("address", &Shape::Named(&PART), "The backend's fields, each with the part of the address it holds."),
        may(
            "country",
            &Shape::Either(&[&VERBATIM, &Shape::Record(&CHOICES)]),
            "The country, as the backend spells it, where the customer names none; or the countries to choose from, as `one_of`.",
        ),
    ],
);

static PART: Names = Names { what: "a field", of: &PART_WORD, plain: true };
static PART_WORD: Shape = Shape::Leaf(Scalar::Word(&["street", "unit", "city", "region", "postcode", "country"]));
