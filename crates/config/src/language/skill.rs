//! Skills: examples, slots and steps.

use super::kind::TYPE;
use crate::shape::{CONDITION, Names, PHRASES, Record, Scalar, Shape, TEXT, VERBATIM, may, must, or, record};

/// A skill.
pub(super) static SKILL: Record = record(
    "a skill",
    &[
        must("describe", &VERBATIM, "One sentence; offered as a choice when the wish is not clear."),
        or("examples", &PHRASES, "[]", "How people ask for it; none for a skill that only other skills use."),
        may("slots", &Shape::Named(&SLOTS), "What has to be known, in the order it is asked."),
        must("do", &STEPS, "What is done, in order."),
    ],
);

static SLOTS: Names = Names { what: "a slot", of: &Shape::Record(&SLOT), plain: true };

static SLOT: Record = record(
    "a slot",
    &[
        must("type", &TYPE, "What it looks like."),
        may("currency", &TEXT, "The currency of money: three letters."),
        or("from", &Shape::List(&SOURCE), "[message, conversation]", "Where it may come from, first one first."),
        must(
            "else",
            &Shape::Either(&[&Shape::Leaf(Scalar::Word(&["leave_out"])), &Shape::Record(&QUESTION)]),
            "What happens when it comes from nowhere.",
        ),
    ],
);

static SOURCE: Shape = Shape::Either(&[&Shape::Leaf(Scalar::Word(&["message", "conversation"])), &Shape::ByKey(&[&ONE_OF, &ONLY_ONE_OF])]);

static ONE_OF: Record = record(
    "the customer's records",
    &[
        must("one_of", &TEXT, "The list fact (`recent_orders.orders`)."),
        or("take", &TEXT, "id", "The record's field that is the slot's value."),
        or("only", &CONDITION, "always", "Only records for which this holds, seen as `record`."),
    ],
);

static ONLY_ONE_OF: Record = record(
    "the customer's only record",
    &[
        must("only_one_of", &TEXT, "The same as `one_of`."),
        or("take", &TEXT, "id", "The record's field that is the slot's value."),
        or("only", &CONDITION, "always", "Only records for which this holds, seen as `record`."),
    ],
);

static QUESTION: Record = record(
    "a question",
    &[must("ask", &TEXT, "The text of the question."), may("choices", &TEXT, "A list fact whose records are offered as choices.")],
);

static STEPS: Shape = Shape::List(&STEP);
static STEP: Shape = Shape::ByKey(&[&CALL, &SAY, &HAND_OVER, &BRANCH, &OTHER_SKILL]);

static CALL: Record = record(
    "the step call",
    &[
        must("call", &TEXT, "The tool or composition."),
        may("with", &Shape::Named(&WITH), "Arguments taken from elsewhere: argument and the path of a slot or fact."),
    ],
);

static WITH: Names = Names { what: "an argument", of: &TEXT, plain: false };

static SAY: Record = record("the step say", &[must("say", &TEXT, "The text.")]);
static HAND_OVER: Record = record("the step hand_over", &[must("hand_over", &TEXT, "The reason's word.")]);

static BRANCH: Record = record(
    "the step if",
    &[
        must("if", &CONDITION, "The condition, over slots and facts."),
        must("then", &STEPS, "The steps when it holds."),
        or("else", &STEPS, "[]", "The steps otherwise."),
    ],
);

static OTHER_SKILL: Record = record("the step skill", &[must("skill", &TEXT, "The skill whose steps are done with its slots.")]);
