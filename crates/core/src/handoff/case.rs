//! Everything the desk shows of one conversation, folded from its stream.

use super::{Feelings, OfferEnd, People, Survey};
use crate::Timestamp;
use crate::action::{AT_DESK, ProposedAction};
use crate::event::Settled;
use crate::fact::Released;
use crate::id::{ActionId, ConversationId, CustomerId, HandoffId, StaffId, TurnId};
use crate::reply::{Citation, Question};
use crate::words::{CallOutcome, ConversationState, FactClass, Level};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything the desk shows of one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    /// The conversation.
    pub conversation: ConversationId,
    /// The length of its stream.
    pub seq: u64,
    /// Who has it.
    pub state: ConversationState,
    /// Its language.
    pub language: String,
    /// The channel it came through.
    pub channel: String,
    /// What its session has proven at most.
    pub level: Level,
    /// The customer's pseudonym, when one was proven.
    pub customer: Option<CustomerId>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something happened last.
    pub last_at: Timestamp,
    /// The one who has it.
    pub owner: Option<StaffId>,
    /// The one it is offered to.
    pub offered_to: Option<StaffId>,
    /// The queue it is in, or was in last.
    pub queue: Option<String>,
    /// Why it went to people last.
    pub reason: Option<String>,
    /// Since when the customer waits for an answer of people.
    pub wait_since: Option<Timestamp>,
    /// Until when somebody should have answered, while nobody has.
    pub due_at: Option<Timestamp>,
    /// Until when it is put aside.
    pub snoozed_until: Option<Timestamp>,
    /// Every handoff, oldest first.
    pub handoffs: Vec<CaseHandoff>,
    /// What happened, oldest first.
    pub lines: Vec<CaseLine>,
    /// The write whose card is open: for the customer, or for the desk.
    pub proposal: Option<CaseAction>,
    /// Writes that wait for a person's approval.
    pub approvals: Vec<CaseAction>,
    /// Writes whose effect nobody knows.
    pub unknown: Vec<CaseAction>,
    /// The latest answer of each tool.
    pub facts: Vec<CaseFacts>,
    /// The open question to the customer.
    pub question: Option<Question>,
    /// What the customer said about it.
    pub ratings: Vec<CaseRating>,
    /// How the customer seems to feel, with its course.
    pub feeling: Option<Feelings>,
}

/// A handoff as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseHandoff {
    /// Its id.
    pub handoff: HandoffId,
    /// The reason's word.
    pub reason: String,
    /// The rule that decided, where one did.
    pub rule: Option<String>,
    /// The values it saw.
    pub evidence: BTreeMap<String, String>,
    /// When it was offered.
    pub offered_at: Timestamp,
    /// When somebody accepted it.
    pub accepted_at: Option<Timestamp>,
    /// Who had it last.
    pub by: Option<StaffId>,
    /// Offers that came to nothing.
    pub failed: Vec<(StaffId, OfferEnd)>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub why: Option<super::HandoffEnd>,
}

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Somebody's words.
    Message,
    /// A released piece of the bot's reply.
    Part,
    /// A question of the bot.
    Question,
    /// A card.
    Proposal,
    /// A step in a write's life.
    Action,
    /// A note of the staff.
    Note,
    /// A step of a handoff.
    Handoff,
    /// Who has it changed.
    State,
    /// What the customer said about it.
    Rating,
    /// A reply was cut off.
    Cut,
}

/// Who a line is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// The customer.
    Customer,
    /// The bot.
    Bot,
    /// A person of the staff.
    Agent,
    /// Nobody: it happened.
    System,
}

/// One line of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseLine {
    /// Its place in the stream.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// What kind of line it is.
    pub kind: LineKind,
    /// Who it is by.
    pub who: Who,
    /// The member of the staff.
    pub staff: Option<StaffId>,
    /// The words; empty once they are forgotten.
    pub text: String,
    /// The turn it belongs to.
    pub turn: Option<TurnId>,
    /// What it rests on.
    pub facts: Vec<LineFact>,
    /// The passages it rests on.
    pub citations: Vec<Citation>,
    /// What else its kind has.
    pub data: serde_json::Value,
}

/// A fact under a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LineFact {
    /// Its name.
    pub name: String,
    /// The backend it came from.
    pub source: String,
    /// When the backend gave it.
    pub fetched_at: Timestamp,
    /// How long it may be believed.
    pub class: FactClass,
}

/// A write as the desk shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseAction {
    /// Its id.
    pub action: ActionId,
    /// The tool.
    pub tool: String,
    /// The arguments.
    pub args: BTreeMap<String, serde_json::Value>,
    /// What it does, in words.
    pub effect: String,
    /// What a yes must name.
    pub digest: String,
    /// Until when a yes counts.
    pub expires: Timestamp,
    /// Was it prepared at the desk, so that the desk decides?
    pub at_desk: bool,
    /// When it was proposed.
    pub asked_at: Timestamp,
    /// What is known of why it is not settled.
    pub detail: Option<String>,
}

impl CaseAction {
    pub(super) fn of(action: &ProposedAction, asked_at: Timestamp) -> Self {
        Self {
            action: action.id.clone(),
            tool: action.tool.clone(),
            args: action.args.iter().map(|(name, value)| (name.clone(), value.to_json())).collect(),
            effect: action.effect.clone(),
            digest: action.digest.clone(),
            expires: action.expires,
            at_desk: action.wish == AT_DESK,
            asked_at,
            detail: None,
        }
    }
}

/// The latest answer of one tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseFacts {
    /// The tool.
    pub tool: String,
    /// How the latest call ended.
    pub outcome: CallOutcome,
    /// What was released last for these arguments, if anything ever was.
    pub released: Option<Released>,
    /// What exactly went wrong, if something did.
    pub detail: Option<String>,
    /// The rule that refused, if one did.
    pub rule: Option<String>,
    /// With what it was asked, identity left out.
    pub args: BTreeMap<String, serde_json::Value>,
    /// When.
    pub at: Timestamp,
}

/// What the customer said about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseRating {
    /// Which question.
    pub kind: Survey,
    /// The answer that is rated.
    pub turn: Option<TurnId>,
    /// The score.
    pub score: u8,
    /// The best score.
    pub scale: u8,
    /// Why, in the customer's words.
    pub reason: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Where a write's life has come to, in one word.
pub(super) fn settled(outcome: Settled) -> &'static str {
    match outcome {
        Settled::Done => "done",
        Settled::Failed => "failed",
        Settled::Unknown => "unknown",
    }
}

/// What the desk may do with a conversation as it stands, for whoever asks.
#[must_use]
pub fn may(people: &People, by: &StaffId) -> Vec<&'static str> {
    use ConversationState as State;
    let mut may = vec!["note"];
    let state = people.state.unwrap_or(State::Bot);
    if people.ending.is_over() {
        may.extend(people.ending.merged.is_some().then_some("unmerge"));
        return may;
    }
    match people.owner() {
        Some(owner) if owner != by => return may,
        _ if people.proven.is_some() => may.push("merge"),
        _ => {}
    }
    match people.owner() {
        Some(_) => may.extend(["reply", "resolve", "transfer", "hand_back", "snooze"]),
        None => may.extend(["reply", "take", "transfer", "snooze"]),
    }
    if people.owner().is_none() && state != State::Resolved {
        may.push("resolve");
    }
    if state == State::Resolved {
        may.push("reopen");
    }
    if people.open().is_some_and(|open| open.to.as_ref() == Some(by)) {
        may.extend(["accept", "decline"]);
    }
    may
}
