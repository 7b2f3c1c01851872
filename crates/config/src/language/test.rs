//! The language of conversation tests: what is said, what the backends answer, what must come of it.

use crate::shape::{ANY, COUNT, DURATION, LEVEL, Names, PHRASES, Record, Scalar, Shape, VERBATIM, may, must, or, record};

/// One file of tests.
pub(crate) static TESTS: Shape = Shape::List(&Shape::ByKey(&[&TEST, &GIVEN]));

static TEST: Record = record(
    "a test",
    &[
        must("test", &VERBATIM, "What must happen, as a sentence without its subject: `cancels a paid order`."),
        may("as", &Shape::Record(&PERSONA), "Who speaks; a visitor who has proven nothing when left out."),
        may("now", &VERBATIM, "What time it is (RFC 3339)."),
        may("backends", &Shape::Named(&BACKENDS), "What the backends answer: `backend.operation` and an answer, or a list of answers."),
        must("steps", &Shape::List(&Shape::ByKey(&[&USER, &PICK, &CONFIRM])), "What the customer says and does, in order."),
    ],
);

static GIVEN: Record = record(
    "what is given",
    &[
        must("given", &VERBATIM, "What holds for the tests below it in this file, in words."),
        may("as", &Shape::Record(&PERSONA), "Who speaks, where a test does not say."),
        may("now", &VERBATIM, "What time it is (RFC 3339), where a test does not say."),
        may("backends", &Shape::Named(&BACKENDS), "What the backends answer, where a test does not say."),
    ],
);

static PERSONA: Record = record(
    "a persona",
    &[
        may("customer", &VERBATIM, "The customer, by the company's own id."),
        or("level", &LEVEL, "identified", "What a customer has proven; without a customer nothing is proven."),
    ],
);

static BACKENDS: Names =
    Names { what: "an operation", of: &Shape::Either(&[&Shape::Record(&ANSWER), &Shape::List(&Shape::Record(&ANSWER))]), plain: false };

static ANSWER: Record = record(
    "an answer",
    &[
        may("when", &Shape::Named(&ARGUMENTS), "Only to requests with these arguments."),
        or("status", &COUNT, "200", "The HTTP status."),
        may("body", &ANY, "The whole body; empty when left out."),
        or("delay", &DURATION, "0s", "How long it takes."),
        may(
            "fault",
            &Shape::Leaf(Scalar::Word(&["timeout", "unreachable", "drop", "bad_answer", "too_large"])),
            "No answer to use: silence, nobody there, a connection that breaks, one that cannot be read, or one that is too large.",
        ),
    ],
);

static ARGUMENTS: Names = Names { what: "an argument", of: &ANY, plain: false };

/// What every step may have beside what is said or done.
const AFTER: &str = "How much time has passed since the step before.";
const EXPECT_MEANS: &str = "What must come of it.";

static USER: Record = record(
    "a step",
    &[
        must("user", &VERBATIM, "The customer writes this."),
        or("after", &DURATION, "10s", AFTER),
        may("expect", &Shape::Record(&EXPECT), EXPECT_MEANS),
    ],
);

static PICK: Record = record(
    "a step",
    &[
        must("pick", &VERBATIM, "The customer picks the choice with this value."),
        or("after", &DURATION, "10s", AFTER),
        may("expect", &Shape::Record(&EXPECT), EXPECT_MEANS),
    ],
);

static CONFIRM: Record = record(
    "a step",
    &[
        must("confirm", &Shape::Leaf(Scalar::Word(&["yes", "no"])), "The customer decides on the card that is shown."),
        or("after", &DURATION, "10s", AFTER),
        may("expect", &Shape::Record(&EXPECT), EXPECT_MEANS),
    ],
);

/// The statuses of a reply.
const STATUS: &[&str] = &["answered", "asking", "proposing", "done", "refused", "declined", "handed_over", "failed"];
/// The codes of a refusal.
const REFUSAL: &[&str] =
    &["owner_mismatch", "right", "assurance", "condition", "limit", "confirmation_mismatch", "tool_not_allowed", "no_rule"];
/// The zones.
const ZONE: &[&str] = &["answer", "ask_back", "hand_over"];
/// What may become of a write.
const OUTCOME: &[&str] = &["verified", "done", "failed", "unknown", "cancelled"];

static EXPECT: Record = record(
    "an expectation",
    &[
        may("status", &Shape::Leaf(Scalar::Word(STATUS)), "How the reply ends."),
        may("text", &WORDS, "These words stand in the reply."),
        may("not_said", &WORDS, "These words stand nowhere in what the customer sees."),
        may("skill", &VERBATIM, "The skill or topic that is understood."),
        may("zone", &Shape::Leaf(Scalar::Word(ZONE)), "How sure the understanding is."),
        may("calls", &PHRASES, "The tools that are called, in this order; loading `customer.facts` does not count."),
        may("question", &VERBATIM, "The slot that is asked for."),
        may("choices", &PHRASES, "The values that are offered, in this order."),
        may("proposes", &Shape::Either(&[&VERBATIM, &Shape::Record(&PROPOSES)]), "The write that waits for a yes."),
        may("outcome", &Shape::Leaf(Scalar::Word(OUTCOME)), "What becomes of a write."),
        may("refusal", &Shape::Leaf(Scalar::Word(REFUSAL)), "Why the gate refuses."),
        may("reason", &VERBATIM, "Why a person takes over."),
        may("header", &Shape::Named(&HEADERS), "Headers of requests: `backend.operation` and the name of a header that is sent."),
        may("audit", &COUNT, "How many refusals of the gate the log holds."),
    ],
);

static WORDS: Shape = Shape::Either(&[&VERBATIM, &PHRASES]);

static PROPOSES: Record = record(
    "a proposal",
    &[must("tool", &VERBATIM, "The tool."), may("args", &Shape::Named(&ARGUMENTS), "Arguments it has, among others.")],
);

static HEADERS: Names = Names { what: "an operation", of: &VERBATIM, plain: false };

#[cfg(test)]
mod tests {
    use super::*;
    use patchbay_core::words::{RefusalCode, ReplyStatus, Zone};

    #[test]
    fn the_words_are_those_of_the_closed_lists() {
        assert_eq!(STATUS, ReplyStatus::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>());
        assert_eq!(REFUSAL, RefusalCode::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>());
        assert_eq!(ZONE, Zone::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>());
    }
}
