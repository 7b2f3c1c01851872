//! The written knowledge: where it stands, and when it is an answer.

use crate::shape::{DURATION, FILE, PROBABILITY, Record, Scalar, Shape, TEXT, may, must, or, record};

/// The written knowledge.
pub(super) static KNOWLEDGE: Shape = Shape::Record(&record(
    "the section knowledge",
    &[
        must("sources", &Shape::List(&Shape::Record(&SOURCE)), "Where it is written down."),
        or("answer", &Shape::Record(&ANSWER), "{}", "When a passage is an answer."),
    ],
));

static SOURCE: Record = record(
    "a source",
    &[
        must("path", &FILE, "A Markdown file, or a folder whose `.md` files are read, those in folders below it too."),
        or("audience", &Shape::Leaf(Scalar::Word(&["everyone", "contact", "identified"])), "everyone", "Who may read it."),
        may("language", &TEXT, "The language it is written in (BCP 47); the company's when left out."),
        may("review_every", &DURATION, "After how long somebody has to look at it again."),
    ],
);

static ANSWER: Record = record(
    "the answers from knowledge",
    &[
        or("at_least", &PROBABILITY, "0.6", "From this probability on the best passage is the answer."),
        or("cite", &Shape::Leaf(Scalar::Word(&["always", "never"])), "always", "Whether the answer names its passage."),
        or("below", &Shape::Record(&BELOW), "{}", "What happens below that."),
    ],
);

static BELOW: Record = record(
    "what happens below",
    &[
        or("ask_back", &PROBABILITY, "0.4", "From this probability on the likely passages are offered to choose from."),
        or(
            "else",
            &Shape::Leaf(Scalar::Word(&["no_answer"])),
            "no_answer",
            "Below that nothing is claimed: the message counts as not understood.",
        ),
    ],
);
