//! Handing over to people: the words of the protocol, and the fold of who has a conversation.
//!
//! A handoff begins with an offer to a queue or a person, has at most one owner at a time, and ends when the conversation is handed
//! back to the bot or resolved. While one is open the bot is silent.

mod brief;
mod case;
mod feelings;
mod fold;
mod people;
pub mod urgency;

pub use brief::{Brief, BriefFact, NextStep, Tried};
pub use case::{Case, CaseAction, CaseFacts, CaseHandoff, CaseLine, CaseRating, LineFact, LineKind, Who, may};
pub use feelings::Feelings;
pub use fold::Lines;
pub use people::{Handoff, Note, People};

use crate::Timestamp;
use serde::{Deserialize, Serialize};

/// Where somebody is in line, as they were told when they joined it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Their number in the queue, from 1.
    pub position: u32,
    /// How long people waited lately, in seconds; none while too few have.
    pub expected_wait_s: Option<u64>,
    /// Of how many waits that is the middle one.
    #[serde(default)]
    pub expected_from: Option<u32>,
    /// Is the team there?
    pub open: bool,
    /// When it is there again, if it is not.
    pub opens_at: Option<Timestamp>,
}

/// Why the person a conversation was offered to did not take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferEnd {
    /// They did not accept in time.
    Timeout,
    /// They said no.
    Declined,
}

/// What a queue promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Promise {
    /// That somebody answers.
    #[default]
    FirstReply,
    /// That it is settled.
    Resolve,
}

/// How a handoff ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffEnd {
    /// The bot goes on.
    HandedBack,
    /// The customer's wish is settled.
    Resolved,
}

/// What a customer is asked about how it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Survey {
    /// How satisfied they are with a resolution.
    Csat,
    /// Whether one answer helped.
    Helpful,
}
