//! The whole of what a company declares.

use super::{Backend, CannedReply, Condition, Conversations, Kind, Knowledge, Outcomes, Skill, Tool};
use super::{Files, Handover, Queue};
use crate::Timestamp;
use crate::words::Level;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// Everything a company declares, checked and lowered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Company {
    /// Its name as customers read it.
    pub name: String,
    /// The language its texts are in (BCP 47).
    pub language: String,
    /// The time zone its days and hours are counted in (IANA); UTC when empty.
    pub zone: String,
    /// Backends by name.
    pub backends: BTreeMap<String, Backend>,
    /// Named types.
    pub types: BTreeMap<String, Kind>,
    /// Tools by name.
    pub tools: BTreeMap<String, Tool>,
    /// Bundles of reads by name.
    pub compositions: BTreeMap<String, Composition>,
    /// Skills by name.
    pub skills: BTreeMap<String, Skill>,
    /// Topics that are not our business.
    pub topics: BTreeMap<String, Topic>,
    /// The company's written knowledge.
    pub knowledge: Knowledge,
    /// Texts by name, as templates.
    pub texts: BTreeMap<String, String>,
    /// Canned replies by their shortcode.
    pub replies: BTreeMap<String, CannedReply>,
    /// Time budgets by name.
    pub budgets: BTreeMap<String, Budget>,
    /// Facts about a proven customer, loaded at the start: name → `tool.field`.
    pub customer_facts: BTreeMap<String, String>,
    /// The text that greets customers who have been here before; none greets nobody.
    pub welcome_back: Option<String>,
    /// When and how a person takes over.
    pub escalation: Escalation,
    /// How long a conversation lives.
    pub conversations: Conversations,
    /// How a conversation's end is judged.
    pub outcomes: Outcomes,
    /// How the host's signed tokens are checked.
    pub host: Option<HostToken>,
    /// Lookups by which customers may prove who they are in words, in the order they are tried.
    pub lookups: Vec<Lookup>,
    /// Channels by name.
    pub channels: BTreeMap<String, Channel>,
    /// Which files people may send along.
    pub files: Files,
}

impl Company {
    /// The time zone its days are counted in.
    #[must_use]
    pub fn time_zone(&self) -> TimeZone {
        // An unknown name is reported when the configuration is read.
        TimeZone::get(&self.zone).unwrap_or(TimeZone::UTC)
    }
}

/// The day it is at a point in time, by the clock of a time zone.
#[must_use]
pub fn day_at(at: Timestamp, zone: &TimeZone) -> Date {
    jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_zoned(zone.clone()).date()).unwrap_or_default()
}

/// A declared bundle of reads over several backends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Composition {
    /// Its name.
    pub name: String,
    /// The tools it reads, in parallel as far as their needs allow.
    pub read: Vec<String>,
    /// Those without which there is no answer.
    pub essential: Vec<String>,
    /// Its time budget, by name.
    pub budget: Option<String>,
}

/// How long a kind of answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Budget {
    /// By then the customer sees something useful, or an honest sentence.
    pub useful: Duration,
    /// By then the turn ends with what is there.
    pub whole: Duration,
}

impl Default for Budget {
    /// 2 s and 8 s.
    fn default() -> Self {
        Self { useful: Duration::from_secs(2), whole: Duration::from_secs(8) }
    }
}

/// A subject that is not our business, declined kindly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// How people bring it up.
    pub examples: Vec<String>,
    /// The text that declines.
    pub say: String,
}

/// When and how a person takes over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Escalation {
    /// Read top to bottom each turn; the first that holds is stored with the values it saw.
    pub triggers: Vec<Trigger>,
    /// The text of the handover.
    pub say: Option<String>,
    /// How the handover goes.
    pub handover: Handover,
    /// Where conversations wait, in the order they are tried.
    pub queues: Vec<Queue>,
}

/// One reason to hand over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trigger {
    /// The reason's word, from the closed list or the company's own.
    pub reason: String,
    /// When.
    pub when: Condition,
    /// What it does.
    pub does: TriggerAction,
}

/// What a trigger does when it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TriggerAction {
    /// The conversation is handed over.
    #[default]
    HandOver,
    /// The customer may choose a person, once, and the bot goes on meanwhile.
    Offer,
}

/// How the host's signed tokens are checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HostToken {
    /// Where the keys are: a URL of a JWKS, a file of a JWKS or PEM, or a shared secret.
    pub keys: HostKeys,
    /// The expected `aud`.
    pub audience: String,
    /// The expected `iss`, if it is checked.
    pub issuer: Option<String>,
    /// The longest a token is believed after it was issued.
    pub max_age: Duration,
    /// The claim that holds the company's own customer id, as a JSONPath.
    pub customer: String,
    /// The level it gives.
    pub gives: Level,
}

/// Where the host's keys are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HostKeys {
    /// A JWKS behind a URL.
    Url(String),
    /// A JWKS or a PEM public key, already read.
    Document(String),
    /// A shared secret (HS256).
    Shared(super::Secret),
}

/// A way to prove in words who one is: what the customer says is checked against a backend, and a single match counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lookup {
    /// Its name.
    pub name: String,
    /// The lookup tool.
    pub tool: String,
    /// Arguments of the tool that the customer is asked for, in this order.
    pub ask: Vec<String>,
    /// The fact that holds the company's own customer id (`find_customer.customer_id`).
    pub customer: String,
    /// After so many tries without a match nobody is looked up any more: in one conversation, and for one visitor in a day.
    pub attempts: u32,
    /// The level it gives.
    pub gives: Level,
    /// For how long after the customer's last message.
    pub lasts: Duration,
}

/// A channel customers come through.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// The widget on web pages.
    Widget {
        /// The origins of the pages that may embed it.
        origins: Vec<String>,
    },
}
