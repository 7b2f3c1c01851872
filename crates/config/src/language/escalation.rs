//! How people take over, in configurations: triggers, the handover, queues.

use crate::shape::{BOOL, CONDITION, COUNT, DURATION, Names, Record, Scalar, Shape, TEXT, VERBATIM, may, must, or, record};

pub(super) static ESCALATION: Shape = Shape::Record(&SECTION);

static SECTION: Record = record(
    "the section escalation",
    &[
        or(
            "triggers",
            &Shape::List(&Shape::Record(&TRIGGER)),
            "[]",
            "Read from top to bottom in each turn; the first that holds hands over.",
        ),
        may("handoff", &Shape::Record(&HANDOFF), "How a person takes over."),
        may("queues", &Shape::Named(&QUEUES), "Where conversations wait, tried from top to bottom; the last one takes what no other does."),
    ],
);

static TRIGGER: Record = record(
    "a trigger",
    &[
        must("reason", &TEXT, "The reason's word, from the closed list or the company's own."),
        must("when", &CONDITION, "When it holds."),
        or(
            "do",
            &Shape::Leaf(Scalar::Word(&["hand_over", "offer"])),
            "hand_over",
            "`hand_over`: a person takes over; `offer`: the customer may choose a person, once, and the bot goes on.",
        ),
    ],
);

static HANDOFF: Record = record(
    "the handoff",
    &[
        or("say", &TEXT, "handing_over", "The text that announces the person."),
        or(
            "accept_within",
            &DURATION,
            "1m",
            "How long a person to whom a conversation is offered has to accept it; then it is back in its queue.",
        ),
        or(
            "cooldown",
            &DURATION,
            "5m",
            "For so long after people let go, no trigger hands over again for the same reason. Asking for a person always does.",
        ),
        or("waiting_at_most", &COUNT, "3", "So many conversations of one customer or visitor wait at a time."),
        or(
            "take_on",
            &Shape::Leaf(Scalar::Word(&["reply", "keystroke"])),
            "reply",
            "What of an agent takes a conversation that is nobody's: their first reply, or the first key they press in one.",
        ),
        or(
            "brief",
            &Shape::List(&Shape::Leaf(Scalar::Word(&["issue", "facts", "tried", "feeling", "next"]))),
            "[issue, facts, tried, feeling, next]",
            "The parts of the brief that the desk shows to whoever takes over.",
        ),
        or(
            "bot",
            &Shape::Leaf(Scalar::Word(&["silent_until_released"])),
            "silent_until_released",
            "What the bot does while people have the conversation. There is one answer.",
        ),
        or("keep_wait_clock", &BOOL, "true", "The wait counts from the customer's last unanswered message. It cannot be switched off."),
    ],
);

static QUEUES: Names = Names { what: "a queue", of: &Shape::Record(&QUEUE), plain: true };

static QUEUE: Record = record(
    "a queue",
    &[
        must("for", &CONDITION, "The conversations it is for: over `customer`, `reason`, `skill`, `channel` and `level`."),
        or("team", &TEXT, "support", "The team that works on it."),
        or(
            "hours",
            &VERBATIM,
            "always",
            "When the team is there: `always`, or days, times and a time zone: `Mon-Fri 09:00-18:00, Sat 10:00-14:00 Asia/Tokyo`.",
        ),
        may("sla", &Shape::Record(&SLA), "How soon the team promises to be."),
        or(
            "order",
            &Shape::Leaf(Scalar::Word(&["promise", "feeling"])),
            "promise",
            "Who is answered first: `promise`: by the promised time; `feeling`: whoever sounds upset is due at once.",
        ),
        may("closed", &Shape::Record(&CLOSED), "What a customer is offered while nobody is there."),
    ],
);

static SLA: Record = record(
    "the promise of a queue",
    &[
        may("first_reply", &DURATION, "Until somebody answers, from the customer's last unanswered message."),
        may("resolve", &DURATION, "Until it is settled."),
    ],
);

static CLOSED: Record = record(
    "what is offered while nobody is there",
    &[or("offer", &Shape::Leaf(Scalar::Word(&["wait", "email"])), "wait", "`wait`: the answer comes here; `email`: to leave an address.")],
);
