//! Canned replies, in configurations.

use crate::shape::{Names, Record, Scalar, Shape, TEXTS, VERBATIM, must, or, record};

/// A canned reply.
pub(super) static REPLY: Record = record(
    "a canned reply",
    &[
        must("title", &VERBATIM, "What it is for, as the list at the desk shows it."),
        must(
            "text",
            &Shape::Either(&[&VERBATIM, &Shape::Named(&LANGUAGES)]),
            "The words, or a map of languages (BCP 47) and words. `{{ order.eta }}` is filled in with a live value; also \
             `customer.NAME` (of `customer.facts`), `agent.name` and `company.name`.",
        ),
        or("queues", &TEXTS, "[]", "Only for conversations of these queues; every one when left out."),
        or(
            "roles",
            &Shape::List(&Shape::Leaf(Scalar::Word(&["agent", "lead", "engineer", "officer", "admin"]))),
            "[]",
            "Only for people with one of these roles; everybody at the desk when left out.",
        ),
    ],
);

static LANGUAGES: Names = Names { what: "a language", of: &VERBATIM, plain: false };
