//! The top of a configuration and its small sections.

use super::backend::BACKEND;
use super::canned::REPLY;
use super::escalation::ESCALATION;
use super::files::FILES;
use super::host::{CHANNEL, IDENTITY, SERVER};
use super::kind::TYPE;
use super::knowledge::KNOWLEDGE;
use super::skill::SKILL;
use super::tool::{COMPOSITION, TOOL};
use crate::shape::{COUNT, DURATION, FILE, Names, PHRASES, Record, Scalar, Shape, TEXT, VERBATIM, VERSION, may, must, not_yet, or, record};

/// The whole language.
pub(crate) static ROOT: Shape = Shape::Record(&TOP);

static TOP: Record = record(
    "a configuration",
    &[
        must("version", &VERSION, "The version of this language: 1."),
        or("name", &VERBATIM, "Support", "The company's name as customers read it."),
        or("language", &TEXT, "en", "The language of the texts (BCP 47)."),
        or("zone", &TEXT, "UTC", "The time zone of the company's days and hours (IANA): `Europe/Berlin`."),
        or("server", &SERVER, "{}", "Where the program listens and keeps its data."),
        may("mind", &Shape::Record(&MIND), "Who thinks."),
        may("identity", &IDENTITY, "How customers prove who they are."),
        may("customer", &Shape::Record(&CUSTOMER), "What is known of a proven customer."),
        may("channels", &Shape::Named(&CHANNELS), "Where customers come in."),
        may("backends", &Shape::Named(&BACKENDS), "The systems that hold the truth."),
        may("types", &Shape::Named(&TYPES), "Named types of arguments, slots and selected values."),
        may("budgets", &Shape::Named(&BUDGETS), "How long kinds of answer may take."),
        may("tools", &Shape::Named(&TOOLS), "What a mind may ask for, and every rule that stands before it."),
        may("compositions", &Shape::Named(&COMPOSITIONS), "Bundles of reads over several backends."),
        may("skills", &Shape::Named(&SKILLS), "What the built-in mind can do for a customer."),
        may("topics", &Shape::Named(&TOPICS), "Subjects that are not our business, declined kindly."),
        may("knowledge", &KNOWLEDGE, "What is written down for everybody, and when it is an answer."),
        may("texts", &Shape::Named(&ALL_TEXTS), "What is said, as templates over facts."),
        may("replies", &Shape::Named(&REPLIES), "What the staff says again and again: canned replies by their shortcode."),
        may("escalation", &ESCALATION, "When and how a person takes over."),
        or("files", &FILES, "{}", "Which files people may send along."),
        or("conversations", &Shape::Record(&CONVERSATIONS), "{}", "How long a conversation lives."),
        may("outcomes", &Shape::Record(&OUTCOMES), "How a conversation's end is judged."),
        not_yet("pilot"),
        not_yet("data"),
        not_yet("observe"),
        or("tests", &FILE, "tests/*.yaml", "Where the conversation tests are: a file, a folder, or a folder and a pattern with one `*`."),
    ],
);

static CHANNELS: Names = Names { what: "a channel", of: &CHANNEL, plain: true };
static BACKENDS: Names = Names { what: "a backend", of: &BACKEND, plain: true };
static TYPES: Names = Names { what: "a type", of: &TYPE, plain: true };
static BUDGETS: Names = Names { what: "a budget", of: &Shape::Record(&BUDGET), plain: true };
static TOOLS: Names = Names { what: "a tool", of: &Shape::Record(&TOOL), plain: true };
static COMPOSITIONS: Names = Names { what: "a composition", of: &Shape::Record(&COMPOSITION), plain: true };
static SKILLS: Names = Names { what: "a skill", of: &Shape::Record(&SKILL), plain: true };
static TOPICS: Names = Names { what: "a topic", of: &Shape::Record(&TOPIC), plain: true };
static REPLIES: Names = Names { what: "a canned reply", of: &Shape::Record(&REPLY), plain: true };
static ALL_TEXTS: Names = Names { what: "a text", of: &VERBATIM, plain: true };

static MIND: Record = record(
    "the section mind",
    &[
        or("order", &Shape::List(&Shape::Leaf(Scalar::Word(&["builtin"]))), "[builtin]", "The minds, tried from left to right."),
        not_yet("cascade"),
        not_yet("providers"),
    ],
);

static CUSTOMER: Record = record(
    "the section customer",
    &[
        may("facts", &Shape::Named(&FACTS), "Facts loaded once a customer is proven: a name of ours and `tool.field`."),
        may("welcome_back", &TEXT, "The text that greets a proven customer who has written before, at the start of a new conversation."),
    ],
);

static FACTS: Names = Names { what: "a fact", of: &TEXT, plain: true };

static BUDGET: Record = record(
    "a budget",
    &[
        or("useful", &DURATION, "2s", "By then the customer sees something useful, or an honest sentence."),
        or("whole", &DURATION, "8s", "By then the turn ends with what is there."),
    ],
);

static TOPIC: Record =
    record("a topic", &[must("examples", &PHRASES, "How people bring it up."), must("say", &TEXT, "The text that declines.")]);

static CONVERSATIONS: Record = record(
    "the section conversations",
    &[or("reopen", &DURATION, "72h", "For how long a resolved conversation goes on with its customer's next message; then it is closed.")],
);

static OUTCOMES: Record = record(
    "the section outcomes",
    &[
        or(
            "verified_by",
            &Shape::List(&Shape::Leaf(Scalar::Word(&["customer_yes", "backend_state"]))),
            "[customer_yes, backend_state]",
            "What makes a success a proven one: the customer said that it helped, or the backend's own state shows it.",
        ),
        or("contained_after_quiet", &DURATION, "2h", "A conversation has ended once nothing was said in it for so long; at most 72h."),
        or("durable_after", &DURATION, "72h", "A success has lasted once the customer did not come back with the same for so long."),
        or("csat", &Shape::Record(&CSAT), "{}", "How customers are asked how content they are."),
    ],
);

static CSAT: Record = record(
    "the rating",
    &[
        or("scale", &COUNT, "5", "The best score, 2 to 10; the worst is 1."),
        or("ask", &Shape::Leaf(Scalar::Word(&["on_resolve", "never"])), "on_resolve", "When customers are asked."),
    ],
);
