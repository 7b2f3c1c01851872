//! Tools and compositions.

use super::kind::TYPE;
use crate::shape::{
    BOOL, CONDITION, COUNT, DURATION, FACT_CLASS, JSON_PATH, LEVEL, Names, RATE, Record, Scalar, Shape, TEXT, TEXTS, VERBATIM, may, must,
    or, record,
};

/// A tool.
pub(super) static TOOL: Record = record(
    "a tool",
    &[
        must("use", &TEXT, "The backend and its operation: `orders.getOrder`."),
        or("describe", &VERBATIM, "''", "One sentence for people and models."),
        or("access", &Shape::Leaf(Scalar::Word(&["read", "write", "lookup"])), "write", "What it does to the world."),
        may("auth", &LEVEL, "What the session must have proven; strong when left out, and anonymous for a lookup."),
        may("args", &Shape::Named(&ARGS), "What a mind may give it."),
        may("bind", &Shape::Named(&BOUND), "Arguments that come from the proven identity: `customer.id` or `customer.FACT`."),
        or("needs", &TEXTS, "[]", "Tools answered first in the same turn."),
        may("each", &Shape::Record(&EACH), "Read each of a list: the operation is called once per element."),
        may("guard", &CONDITION, "On the raw answer: false means the record is somebody else's. Customers' reads must have it."),
        may("allow", &CONDITION, "On facts and arguments, before the call: false means refused. Writes must have it."),
        may("refuse", &TEXT, "The text that says why, when `allow` is false."),
        may("preview", &TEXT, "The text that says what is about to happen."),
        may("confirm", &CONFIRM, "Who says yes before a write: customer (when left out), agent, both as a list, or nobody."),
        or("select", &Shape::Named(&SELECTION), "{}", "What is kept of the answer; all else is dropped."),
        may("idempotency", &Shape::ByKey(&[&BY_HEADER, &BY_ARGUMENT]), "How the backend recognises a repeated write."),
        may("verify", &Shape::Record(&VERIFY), "How the effect of a write is proven."),
        may("limit", &Shape::Record(&LIMIT), "How often, and up to which sum, one customer may use it."),
        may("cache", &Shape::Record(&CACHE), "When an answer may be used again."),
        may("slow", &Shape::Record(&SLOW), "What the customer is told when it takes long."),
        or("authority", &TEXTS, "[]", "Canonical names for which this tool is right when two systems disagree."),
    ],
);

static ARGS: Names = Names { what: "an argument", of: &Shape::Either(&[&TEXT, &Shape::Record(&ARG)]), plain: true };

static ARG: Record = record(
    "an argument",
    &[
        may("type", &TYPE, "What it may look like."),
        may("currency", &TEXT, "The currency of money: three letters."),
        or("optional", &BOOL, "false", "May it be left out?"),
        may("from", &TEXT, "The fact it is always taken from (`order.shipment_id`); then no mind can give it."),
    ],
);

static BOUND: Names = Names { what: "an argument", of: &TEXT, plain: false };

static EACH: Record = record(
    "the reading of each",
    &[
        must("arg", &TEXT, "The operation's argument that takes the element."),
        must("of", &TEXT, "The fact that holds the list (`profile.orders`)."),
        must("as", &TEXT, "The name under which the list of answers stands in this tool's facts."),
        or("at_most", &COUNT, "20", "How many elements are read at most: the last ones."),
    ],
);

static WHO: Shape = Shape::Leaf(Scalar::Word(&["customer", "agent", "nobody"]));
static ONE_OR_MORE: Shape = Shape::Either(&[&WHO, &Shape::List(&WHO)]);
static CONFIRM: Shape = Shape::Either(&[&WHO, &Shape::List(&WHO), &Shape::Record(&IT_DEPENDS)]);

static IT_DEPENDS: Record = record(
    "a confirmation that depends",
    &[
        must("when", &CONDITION, "The condition."),
        must("then", &ONE_OR_MORE, "Who says yes when it holds."),
        must("else", &ONE_OR_MORE, "Who says yes otherwise."),
    ],
);

static SELECTION: Names = Names { what: "a selected value", of: &SELECTED, plain: true };
static SELECTED: Shape = Shape::Either(&[&JSON_PATH, &Shape::ByKey(&[&ONE, &MANY])]);

static ONE: Record = record(
    "a selected value",
    &[
        must("path", &JSON_PATH, "Where it stands."),
        or("type", &TYPE, "text", "What it must look like."),
        may("currency", &TEXT, "The currency of money: three letters."),
        or("optional", &BOOL, "false", "May it be missing or null?"),
        may("canonical", &TEXT, "The name it shares with the same thing from other systems."),
        may("class", &FACT_CLASS, "How long it may be believed."),
    ],
);

static MANY: Record = record(
    "selected records",
    &[
        must("each", &JSON_PATH, "Where the records stand."),
        must("take", &Shape::Named(&SELECTION), "What is taken of each; paths are relative to the record."),
    ],
);

static BY_HEADER: Record = record("idempotency by header", &[must("header", &TEXT, "The header that carries the operation id.")]);
static BY_ARGUMENT: Record = record("idempotency by argument", &[must("argument", &TEXT, "The argument that carries the operation id.")]);

static VERIFY: Record = record(
    "a verification",
    &[must("read", &TEXT, "The tool that reads."), must("expect", &CONDITION, "What must hold on its facts then.")],
);

static LIMIT: Record = record(
    "a limit",
    &[
        may("per_customer", &RATE, "How often one customer may use it."),
        may("sum", &Shape::Record(&SUM), "How much money one customer may move with it."),
    ],
);

static SUM: Record = record(
    "a limit of a sum",
    &[
        must("of", &TEXT, "The argument whose amounts are added up."),
        must("at_most", &TEXT, "The most they may come to: `100.00 EUR`."),
        must("within", &DURATION, "In how long: 24h."),
    ],
);

static CACHE: Record = record(
    "a cache rule",
    &[
        must("class", &FACT_CLASS, "The class of its facts."),
        must("ttl", &DURATION, "For how long an answer may be used again."),
        must("key", &TEXTS, "The arguments that make two calls the same, the bound identity among them."),
    ],
);

static SLOW: Record = record("a word for waiting", &[must("after", &DURATION, "After how long."), must("say", &TEXT, "The text.")]);

/// A composition.
pub(super) static COMPOSITION: Record = record(
    "a composition",
    &[
        must("read", &TEXTS, "The tools it reads, in parallel as far as their needs allow."),
        or("essential", &TEXTS, "[]", "Those without which there is no answer."),
        may("budget", &TEXT, "Its time budget, by name."),
        or(
            "partial",
            &Shape::Leaf(Scalar::Word(&["answer_with_what_arrived"])),
            "answer_with_what_arrived",
            "What happens when some did not answer.",
        ),
    ],
);
