//! What customers see of the log: private events become public ones, or nothing.

use patchbay_core::action::AT_DESK;
use patchbay_core::event::{Event, Recorded, Settled};
use patchbay_core::fact::{Released, named};
use patchbay_core::handoff::{Place, Survey};
use patchbay_core::id::{ActionId, ConversationId, MessageId, StaffId, TurnId};
use patchbay_core::mind::Speaker;
use patchbay_core::reply::{Citation, Proposal, Question};
use patchbay_core::words::{ConversationState, FactClass, RefusalCode, ReplyStatus};
use patchbay_core::{Attachment, Timestamp, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A public event with its place in the stream. Ephemeral ones have no place: they are not sent again after a reconnect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Public {
    /// Its place in the conversation's stream: what `Last-Event-ID` resumes after.
    pub seq: Option<u64>,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: PublicEvent,
}

/// What a customer's screen is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PublicEvent {
    /// A message is in the conversation.
    Message {
        /// Its id.
        message: MessageId,
        /// The sender's own id, so that a screen can match what it showed already.
        client: Option<String>,
        /// Who wrote it.
        by: Speaker,
        /// The words.
        text: String,
        /// What was masked in it: `card`, `code`.
        masked: Vec<String>,
        /// The person of the staff who wrote it, if one did.
        staff: Option<StaffId>,
        /// The files sent along.
        files: Vec<Attachment>,
    },
    /// A checked piece of the reply.
    Part {
        /// The turn.
        turn: TurnId,
        /// Its number in the turn, from 1.
        part: u32,
        /// The words.
        text: String,
        /// What it rests on.
        facts: Vec<PublicFact>,
        /// The passages it rests on.
        citations: Vec<Citation>,
    },
    /// What is being done just now.
    Progress {
        /// In words.
        text: String,
    },
    /// A question to the customer.
    Question {
        /// The turn.
        turn: TurnId,
        /// The question.
        question: Question,
    },
    /// A write that waits for a yes.
    Proposal {
        /// The turn.
        turn: TurnId,
        /// The card.
        proposal: Proposal,
    },
    /// A proposed write went on in its life.
    Action {
        /// The write.
        action: ActionId,
        /// `confirmed`, `cancelled`, `sent`, `done`, `failed` or `unknown`.
        state: &'static str,
        /// Did the backend's own state prove it?
        verified: Option<bool>,
    },
    /// The reply is complete.
    Closed {
        /// The turn.
        turn: TurnId,
        /// How it ended.
        status: ReplyStatus,
        /// Why it was refused, when it was.
        refusal: Option<RefusalCode>,
    },
    /// The reply was cut off.
    Cut {
        /// The turn.
        turn: TurnId,
    },
    /// Who has the conversation changed; without a place in the stream, only where it stands in its line.
    State {
        /// From now on.
        state: ConversationState,
        /// The person of the staff who has it, if one does.
        staff: Option<StaffId>,
        /// The place in line, when it waits.
        place: Option<Place>,
    },
    /// The conversation has ended; the reply it may have been in the middle of is over.
    Ended {
        /// How.
        why: EndedBy,
        /// Where it goes on, if it does somewhere.
        successor: Option<ConversationId>,
    },
    /// The customer is asked how it was.
    Survey {
        /// Which question.
        survey: Survey,
        /// The best score; the worst is 1.
        scale: u8,
    },
    /// The customer said how it was.
    Rated {
        /// Which question.
        survey: Survey,
        /// The answer, for `helpful`.
        turn: Option<TurnId>,
        /// The score.
        score: u8,
    },
}

/// What ended a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EndedBy {
    /// It was resolved long ago.
    Closed,
    /// It was made one with another one.
    Merged,
}

/// A fact under a sentence: enough for a chip with source and age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicFact {
    /// Its name.
    pub name: String,
    /// The backend it came from.
    pub source: String,
    /// When the backend gave it.
    pub fetched_at: Timestamp,
    /// How long it may be believed.
    pub class: FactClass,
}

impl PublicEvent {
    /// The person of the staff it names, if it names one.
    #[must_use]
    pub fn staff(&self) -> Option<&StaffId> {
        match self {
            Self::Message { staff, .. } | Self::State { staff, .. } => staff.as_ref(),
            _ => None,
        }
    }
}

/// Turns a conversation's events into public ones, one after another: it remembers what the turn has learned so far.
#[derive(Debug, Default)]
pub(crate) struct Publisher {
    known: BTreeMap<String, Released>,
    /// The place in line the customer was told last.
    place: Option<Place>,
    /// Who had the conversation last: what a merge that is taken back goes back to.
    state: Option<(ConversationState, Option<StaffId>)>,
    /// Writes that people prepared: no customer sees their cards.
    hidden: BTreeSet<ActionId>,
}

impl Publisher {
    /// The public side of an event, if it has one.
    pub(crate) fn publish(&mut self, recorded: &Recorded) -> Option<Public> {
        let event = self.public(&recorded.event)?;
        Some(Public { seq: Some(recorded.seq), at: recorded.at, event })
    }

    fn public(&mut self, event: &Event) -> Option<PublicEvent> {
        Some(match event {
            Event::MessageReceived { message, client, by, text, masked, staff, files, .. } => PublicEvent::Message {
                message: message.clone(),
                client: client.clone(),
                by: *by,
                text: text.get()?.clone(),
                masked: masked.clone(),
                staff: staff.as_deref().and_then(StaffId::parse),
                files: files.clone(),
            },
            Event::CallAnswered { tool, released, .. } => {
                if let Some(released) = released.as_ref().and_then(|released| released.get()) {
                    self.known.insert(tool.clone(), released.clone());
                }
                return None;
            }
            Event::PartReleased { turn, part, text, facts, citations } => PublicEvent::Part {
                turn: turn.clone(),
                part: *part,
                text: text.get()?.clone(),
                facts: facts.iter().filter_map(|path| self.fact(path)).collect(),
                citations: citations.clone(),
            },
            Event::QuestionAsked { turn, question } => PublicEvent::Question { turn: turn.clone(), question: question.get()?.clone() },
            Event::ActionProposed { action, id, .. } if action.get().is_some_and(|action| action.wish == AT_DESK) => {
                self.hidden.insert(id.clone());
                return None;
            }
            Event::ActionConfirmed { id, .. }
            | Event::ActionCancelled { id, .. }
            | Event::ActionClaimed { id, .. }
            | Event::ActionSettled { id, .. }
                if self.hidden.contains(id) =>
            {
                return None;
            }
            Event::ActionProposed { turn, action, .. } => PublicEvent::Proposal { turn: turn.clone(), proposal: proposal(action.get()?) },
            Event::ActionConfirmed { id, .. } => action(id, "confirmed", None),
            Event::ActionCancelled { id, .. } => action(id, "cancelled", None),
            Event::ActionClaimed { id, .. } => action(id, "sent", None),
            Event::ActionSettled { id, outcome, verified, .. } => action(id, settled(*outcome), *verified),
            Event::ReplyClosed { turn, status, refusal, .. } => {
                self.known.clear();
                PublicEvent::Closed { turn: turn.clone(), status: *status, refusal: refusal.as_ref().map(|(code, _)| *code) }
            }
            Event::ReplyCut { turn, .. } => PublicEvent::Cut { turn: turn.clone() },
            Event::HandoffOffered { place, .. } => {
                self.place.clone_from(place);
                return None;
            }
            Event::StateChanged { state, by } => {
                let place = self.place.take().filter(|_| *state == ConversationState::Waiting);
                let staff = by.as_deref().and_then(StaffId::parse).filter(|_| *state == ConversationState::Open);
                self.state = Some((*state, staff.clone()));
                PublicEvent::State { state: *state, staff, place }
            }
            Event::ConversationClosed {} => PublicEvent::Ended { why: EndedBy::Closed, successor: None },
            Event::ConversationSucceeded { successor } => PublicEvent::Ended { why: EndedBy::Closed, successor: Some(successor.clone()) },
            Event::ConversationMerged { into, .. } => PublicEvent::Ended { why: EndedBy::Merged, successor: Some(into.clone()) },
            Event::ConversationUnmerged { .. } => {
                let (state, staff) = self.state.clone().unwrap_or((ConversationState::Bot, None));
                PublicEvent::State { state, staff, place: None }
            }
            Event::Rated { survey, turn, score, .. } => PublicEvent::Rated { survey: *survey, turn: turn.clone(), score: *score },
            Event::SurveyAsked { survey, scale, .. } => PublicEvent::Survey { survey: *survey, scale: *scale },
            _ => return None,
        })
    }

    fn fact(&self, path: &str) -> Option<PublicFact> {
        let (released, _) = named(&self.known, path)?;
        Some(PublicFact { name: path.to_owned(), source: released.source.clone(), fetched_at: released.fetched_at, class: released.class })
    }
}

fn action(id: &ActionId, state: &'static str, verified: Option<bool>) -> PublicEvent {
    PublicEvent::Action { action: id.clone(), state, verified }
}

fn settled(outcome: Settled) -> &'static str {
    match outcome {
        Settled::Done => "done",
        Settled::Failed => "failed",
        Settled::Unknown => "unknown",
    }
}

/// The card of a proposed write.
pub(crate) fn proposal(action: &patchbay_core::action::ProposedAction) -> Proposal {
    let json = |values: &BTreeMap<String, Value>| values.iter().map(|(name, value)| (name.clone(), value.to_json())).collect();
    let seen: serde_json::Map<String, serde_json::Value> =
        action.seen.iter().map(|(name, value)| (name.clone(), value.to_json())).collect();
    Proposal {
        id: action.id.clone(),
        tool: action.tool.clone(),
        args: json(&action.args),
        object: serde_json::Value::Object(seen),
        effect: action.effect.clone(),
        expires: action.expires,
        digest: action.digest.clone(),
    }
}
