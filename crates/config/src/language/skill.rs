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
        or("refuse", &Shape::List(&REFUSAL), "[]", "What cannot be done at all; looked at as soon as it can be known."),
        must("do", &STEPS, "What is done, in order."),
        may("undone_by", &TEXT, "The skill by which it is undone, with the same slots, when the customer wants it back as it was."),
    ],
);

static SLOTS: Names = Names { what: "a slot", of: &Shape::Record(&SLOT), plain: true };

static SLOT: Record = record(
    "a slot",
    &[
        must("type", &TYPE, "What it looks like."),
        may("currency", &TEXT, "The currency of money: three letters."),
        or("from", &Shape::List(&SOURCE), "[message, conversation]", "Where it may come from, first one first."),
        may("for_each", &TEXT, "Another slot, a list: this one has a value for each of its values, whose record is seen as `item`."),
        may("more", &TEXT, "The text that asks once whether that is all, where more of the records could be meant."),
        must(
            "else",
            &Shape::Either(&[&Shape::Leaf(Scalar::Word(&["leave_out"])), &Shape::Record(&QUESTION)]),
            "What happens when it comes from nowhere.",
        ),
    ],
);

static SOURCE: Shape =
    Shape::Either(&[&Shape::Leaf(Scalar::Word(&["message", "conversation"])), &Shape::ByKey(&[&ONE_OF, &ONLY_ONE_OF, &SAME_AS])]);

static ONE_OF: Record = record(
    "the customer's records",
    &[
        must("one_of", &TEXT, "The list fact (`recent_orders.orders`), or a list within each of its records (`products.all.variants`)."),
        or("take", &TEXT, "id", "The record's field that is the slot's value."),
        or(
            "only",
            &CONDITION,
            "always",
            "Only records for which this holds, seen as `record`; the record around a list within it is `within`.",
        ),
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

static SAME_AS: Record = record(
    "what is known already",
    &[
        must("same_as", &TEXT, "The fact (`profile.address`), or a field of each record of a list (`orders.orders.address`)."),
        or("said", &PHRASES, "[]", "How people say that they mean it; a part of it that they type (a street) says so too."),
    ],
);

static QUESTION: Record = record(
    "a question",
    &[must("ask", &TEXT, "The text of the question."), may("choices", &TEXT, "A list fact whose records are offered as choices.")],
);

static REFUSAL: Shape = Shape::Record(&REFUSED);
static REFUSED: Record = record(
    "a refusal",
    &[
        must("when", &CONDITION, "The condition, over slots and facts."),
        must("say", &TEXT, "The text that says why not, and what can be done instead."),
    ],
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
