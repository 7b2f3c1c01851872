//! Where conversations wait for people: queues with their hours and promises, and the rules of handing over.

use super::{Condition, Hours};
use serde::Serialize;
use std::collections::BTreeSet;
use std::time::Duration;

/// A queue of conversations that wait for a team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Queue {
    /// Its name.
    pub name: String,
    /// The conversations it is for; the first queue whose condition holds takes one.
    pub takes: Condition,
    /// The team that works on it.
    pub team: String,
    /// When that team is there.
    pub hours: Hours,
    /// How soon.
    pub sla: Sla,
    /// Who is answered first.
    pub order: QueueOrder,
    /// What a customer is offered while nobody is there.
    pub closed: Option<Offered>,
}

impl Default for Queue {
    /// One queue for everybody, always open, nothing promised: what holds where a company declares none.
    fn default() -> Self {
        Self {
            name: "default".to_owned(),
            takes: Condition::Always,
            team: "support".to_owned(),
            hours: Hours::Always,
            sla: Sla::default(),
            order: QueueOrder::default(),
            closed: None,
        }
    }
}

/// How soon people promise to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sla {
    /// Until somebody answers.
    pub first_reply: Option<Duration>,
    /// Until it is settled.
    pub resolve: Option<Duration>,
}

/// Who of a queue is answered first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueOrder {
    /// Whose promised time comes first; whoever sounds upset goes before others of the same minute.
    #[default]
    Promise,
    /// Whoever sounds upset is due at once, from the moment they began to wait; the promise orders the rest.
    Feeling,
}

/// What a customer is offered while nobody is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Offered {
    /// To leave an address for an answer by e-mail.
    Email,
    /// To wait here until somebody is there.
    Wait,
}

/// The rules of handing over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Handover {
    /// How long a person to whom a conversation is offered has to accept it.
    pub accept_within: Duration,
    /// For so long after people let go, a trigger does not hand over again for the same reason. A customer may always ask.
    pub cooldown: Duration,
    /// The parts of the brief that the desk shows.
    pub brief: BTreeSet<BriefPart>,
    /// So many conversations of one customer or visitor wait at a time.
    pub waiting_at_most: u32,
    /// What of an agent takes a conversation that is nobody's.
    pub take_on: TakeOn,
}

/// What of an agent takes a conversation that is nobody's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TakeOn {
    /// Their first reply.
    #[default]
    Reply,
    /// The first key they press in a reply.
    Keystroke,
}

impl TakeOn {
    /// Its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Keystroke => "keystroke",
        }
    }
}

impl Default for Handover {
    /// 1 minute to accept, 5 minutes of cooldown, 3 conversations, taken by the first reply.
    fn default() -> Self {
        Self {
            accept_within: Duration::from_secs(60),
            cooldown: Duration::from_secs(300),
            brief: BriefPart::ALL.into(),
            waiting_at_most: 3,
            take_on: TakeOn::Reply,
        }
    }
}

/// A part of the brief for whoever takes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BriefPart {
    /// What the customer wants.
    Issue,
    /// What they were told, with source and time.
    Facts,
    /// What was tried, and what came of it.
    Tried,
    /// How they feel.
    Feeling,
    /// What comes next.
    Next,
}

impl BriefPart {
    /// Every part.
    pub const ALL: [Self; 5] = [Self::Issue, Self::Facts, Self::Tried, Self::Feeling, Self::Next];

    /// The word in configurations.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Issue => "issue",
            Self::Facts => "facts",
            Self::Tried => "tried",
            Self::Feeling => "feeling",
            Self::Next => "next",
        }
    }
}
