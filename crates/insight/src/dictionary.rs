//! The dictionary: every figure there is, defined once. Screens, API, terminal and documentation show these very entries.

use crate::definition::Kind::{Count, Each, Mean, Number, Parts, Share, Time};
use crate::definition::{AUTOMATED, Definition, FAILED, HANDED_OVER, Unit, is};
use patchbay_core::words::Outcome;
use patchbay_views::facts::{Cube, place};

/// Conversations of more messages are long.
const LONG: i64 = 10;

const WILSON: &str = "Wilson score";
const RANKS: &str = "order statistics (binomial ranks)";
const NONE: &str = "none: it is a count";

/// The definition of a figure.
#[must_use]
pub fn definition(name: &str) -> Option<&'static Definition> {
    DEFINITIONS.iter().find(|definition| definition.name == name)
}

/// Every figure there is.
pub static DEFINITIONS: &[Definition] = &[
    Definition {
        name: "conversations",
        title: "Conversations",
        words: "Conversations in which the customer said something and that have ended.",
        formula: "n of conversations with at least one message of the customer",
        source: "conversation_opened, message_received",
        unit: Unit::Conversations,
        interval: NONE,
        kind: Count(Cube::Outcome),
    },
    Definition {
        name: "outcomes",
        title: "Outcomes",
        words: "Where conversations ended on the ladder. Every conversation has exactly one outcome. abandoned: the customer left \
                before the first useful answer. unassisted: only greetings or fallbacks. escalated: handed to a person before \
                anything helped. assisted_escalation: something helped, then a person took over. contained: something helped, no \
                person, and the customer has been quiet since. verified: like contained, and the customer said it helped or the \
                backend's own state shows it.",
        formula: "conversations of an outcome ÷ conversations",
        source: "part_released with facts or citations, action_settled, escalated, handoff_offered, handoff_accepted, \
                 message_received of a person, rated, reply_closed",
        unit: Unit::Share,
        interval: WILSON,
        kind: Parts(Cube::Outcome, |_| true, |cell| cell.a.clone()),
    },
    Definition {
        name: "durable",
        title: "Durable",
        words: "Solved without a person, and the customer did not come with the same again. The headline: nobody is kept away here, \
                somebody is helped. Conversations that ended too short a while ago to say so are left out. The same is the same \
                topic, or a topic that is not known, of the same customer or browser.",
        formula: "(contained or verified, and no new conversation about the same within durable_after) ÷ conversations that ended at \
                  least durable_after ago",
        source: "as outcomes, and conversation_opened of the same customer or browser",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Lasting, |cell| is(cell, &AUTOMATED) && cell.b > 0),
    },
    Definition {
        name: "first_contact",
        title: "Solved at first contact",
        words: "Durable, and within one conversation: the customer did not even write again in it after it had ended.",
        formula: "(durable and not reopened) ÷ conversations that ended at least durable_after ago",
        source: "as durable",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Lasting, |cell| is(cell, &AUTOMATED) && cell.b == 2),
    },
    Definition {
        name: "verified",
        title: "Verified",
        words: "Solved without a person, and proven: the customer said so, or the backend's own state shows it.",
        formula: "verified ÷ conversations",
        source: "action_settled with verified, rated",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Outcome, |cell| is(cell, &[Outcome::Verified])),
    },
    Definition {
        name: "contained",
        title: "Contained",
        words: "Something helped and no person was needed, but nothing proves that it was enough.",
        formula: "contained ÷ conversations",
        source: "as outcomes",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Outcome, |cell| is(cell, &[Outcome::Contained])),
    },
    Definition {
        name: "escalated",
        title: "Handed to people",
        words: "Conversations that went to a person, whether something had helped before or not.",
        formula: "(escalated + assisted_escalation) ÷ conversations",
        source: "escalated, handoff_offered, handoff_accepted, message_received of a person",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Outcome, |cell| is(cell, &HANDED_OVER)),
    },
    Definition {
        name: "escalation_reasons",
        title: "Why people took over",
        words: "The reason of a conversation's first handover.",
        formula: "conversations with this reason ÷ conversations with a reason",
        source: "escalated, handoff_offered",
        unit: Unit::Share,
        interval: WILSON,
        kind: Parts(Cube::Reason, |_| true, |cell| cell.a.clone()),
    },
    Definition {
        name: "abandoned",
        title: "Abandoned",
        words: "The customer left before the first useful answer.",
        formula: "abandoned ÷ conversations",
        source: "as outcomes",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Outcome, |cell| is(cell, &[Outcome::Abandoned])),
    },
    Definition {
        name: "drop_off",
        title: "Where customers leave",
        words: "After how many of their messages customers left without a useful answer.",
        formula: "abandoned or unassisted conversations with so many messages ÷ all abandoned or unassisted ones",
        source: "message_received, as outcomes",
        unit: Unit::Share,
        interval: WILSON,
        kind: Parts(Cube::Depth, |cell| is(cell, &[Outcome::Abandoned, Outcome::Unassisted]), |cell| cell.b.to_string()),
    },
    Definition {
        name: "first_answer",
        title: "Time to first answer",
        words: "From the customer's first message to the first useful answer: one that rests on facts or passages, a write that was \
                carried out, or a person's words. Conversations without one are not in it.",
        formula: "median and ninth decile; times are counted in steps of 5 %",
        source: "message_received, part_released, action_settled",
        unit: Unit::Milliseconds,
        interval: RANKS,
        kind: Time(Cube::Answered),
    },
    Definition {
        name: "wait_for_person",
        title: "Wait for a person",
        words: "From the last message nobody had answered, or where that is not known from the handover, until a person took the \
                conversation; the first time in each.",
        formula: "median and ninth decile; times are counted in steps of 5 %",
        source: "handoff_offered, escalated, handoff_accepted, state_changed, message_received of a person",
        unit: Unit::Milliseconds,
        interval: RANKS,
        kind: Time(Cube::Waited),
    },
    Definition {
        name: "resolution_time",
        title: "Time to resolution",
        words: "From the customer's first message until it was solved: until the last useful answer where no person was needed, until \
                somebody resolved it where one was.",
        formula: "median and ninth decile; times are counted in steps of 5 %",
        source: "message_received, part_released, action_settled, state_changed",
        unit: Unit::Milliseconds,
        interval: RANKS,
        kind: Time(Cube::Solved),
    },
    Definition {
        name: "depth",
        title: "Depth",
        words: "How many messages customers write in a conversation.",
        formula: "median and ninth decile of the customer's messages",
        source: "message_received",
        unit: Unit::Messages,
        interval: RANKS,
        kind: Number(Cube::Depth),
    },
    Definition {
        name: "too_short",
        title: "Too short",
        words: "One message and no help: the customer gave up at once, or was handed over at once.",
        formula: "(abandoned, unassisted or escalated with one message) ÷ conversations",
        source: "message_received, as outcomes",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Depth, |cell| is(cell, &FAILED) && cell.b <= 1),
    },
    Definition {
        name: "too_long",
        title: "Too long",
        words: "More than ten messages of the customer, whatever came of it.",
        formula: "conversations of more than 10 messages ÷ conversations",
        source: "message_received",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Depth, |cell| cell.b > LONG),
    },
    Definition {
        name: "csat",
        title: "CSAT",
        words: "How content customers say they are; the last score of each conversation. Good above three quarters of the scale (4.0 \
                of 5), an alarm under five eighths (3.5 of 5).",
        formula: "mean of the scores on the company's present scale; for the bot and, where a person took part, for people",
        source: "rated (csat)",
        unit: Unit::Score,
        interval: "normal, of a mean",
        kind: Mean(Cube::Csat),
    },
    Definition {
        name: "helpful",
        title: "Called helpful",
        words: "Of the conversations in which the customer gave a thumb, those with no thumb down.",
        formula: "rated conversations without a thumb down ÷ rated conversations",
        source: "rated (helpful)",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Helpful, |cell| cell.b == 1),
    },
    Definition {
        name: "reopened",
        title: "Reopened",
        words: "The customer wrote again in a conversation that had ended: after the quiet that ends one, or after it was resolved.",
        formula: "reopened conversations ÷ conversations",
        source: "message_received, state_changed",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Reopened, |cell| cell.b == 1),
    },
    Definition {
        name: "repeat_contact",
        title: "Came back",
        words: "The same customer opened another conversation about the same within durable_after, whoever had answered.",
        formula: "conversations followed by another about the same ÷ conversations that ended at least durable_after ago",
        source: "as durable",
        unit: Unit::Share,
        interval: WILSON,
        kind: Share(Cube::Lasting, |cell| cell.b == 0),
    },
    Definition {
        name: "volume",
        title: "When customers write",
        words: "How many conversations begin in each hour of the company's week; 1 is Monday.",
        formula: "conversations opened in this hour of the week ÷ conversations",
        source: "conversation_opened",
        unit: Unit::Share,
        interval: WILSON,
        kind: Parts(Cube::Hour, |_| true, |cell| format!("{}-{:02}", cell.b / 24 + 1, cell.b % 24)),
    },
    Definition {
        name: "failing_topics",
        title: "Where the bot stumbles",
        words: "For each topic, how many conversations ended abandoned, unassisted or escalated. A conversation's topic is the first \
                skill that was understood; without one, where the message went: knowledge, topic (declined), talk, none.",
        formula: "conversations of the topic that failed ÷ conversations of the topic",
        source: "mind_spoke (understood), as outcomes",
        unit: Unit::Share,
        interval: WILSON,
        kind: Each(Cube::Topic, |cell| FAILED.iter().any(|outcome| place(*outcome) == cell.b)),
    },
    Definition {
        name: "inquiries",
        title: "What customers ask for",
        words: "Each topic's share of the conversations, how it went, and how it differs from the same number of days before.",
        formula: "conversations of the topic ÷ conversations",
        source: "mind_spoke (understood)",
        unit: Unit::Share,
        interval: WILSON,
        kind: Parts(Cube::Topic, |_| true, |cell| cell.a.clone()),
    },
];
