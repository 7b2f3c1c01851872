//! The fold of a conversation's stream on the side of people: who owns it, since when the customer waits, what was noted.

use super::{HandoffEnd, OfferEnd, Survey};
use crate::ending::Ending;
use crate::event::{Event, Recorded, Settled};
use crate::id::{ActionId, HandoffId, NoteId, StaffId, TurnId};
use crate::mind::{MindStep, Speaker};
use crate::words::{ConversationState, ReplyStatus};
use crate::{Session, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// One time that people had a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handoff {
    /// Its id.
    pub id: HandoffId,
    /// The queue it is, or was, in.
    pub queue: String,
    /// The reason's word.
    pub reason: String,
    /// When it began.
    pub offered_at: Timestamp,
    /// Since when the customer waited, when it was last offered.
    pub wait_since: Timestamp,
    /// Until when somebody should have answered.
    pub due: Option<Timestamp>,
    /// Until when it should be settled.
    pub resolve_by: Option<Timestamp>,
    /// The person it is offered to now; none is everybody of the queue.
    pub to: Option<StaffId>,
    /// Until when that person may accept.
    pub expires: Option<Timestamp>,
    /// The one who has it now.
    pub owner: Option<StaffId>,
    /// When it was first accepted.
    pub accepted_at: Option<Timestamp>,
    /// Everybody who had it, in order.
    pub owners: Vec<StaffId>,
    /// Offers that came to nothing: to whom, and why.
    pub failed: Vec<(StaffId, OfferEnd)>,
    /// When and how it ended.
    pub ended: Option<(Timestamp, HandoffEnd)>,
    /// The note it ended with.
    pub note: Option<NoteId>,
}

/// A note of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// Who wrote it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// The words; none once they are forgotten.
    pub text: Option<String>,
}

/// What a conversation's stream tells about people.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct People {
    /// Who has the conversation.
    pub state: Option<ConversationState>,
    /// Every handoff, oldest first; at most the last one is open.
    pub handoffs: Vec<Handoff>,
    /// Every note, oldest first.
    pub notes: Vec<Note>,
    /// Until when it is put aside.
    pub snoozed_until: Option<Timestamp>,
    /// Since when the customer waits for an answer of anybody. Neither words of the bot on the way to a person nor further
    /// messages of the customer move it.
    pub unanswered: Option<Timestamp>,
    /// The last time people let go: words from before do not hand over again. With the reason of that handoff.
    pub released: Option<(Timestamp, String)>,
    /// Was the customer offered a person since people had the conversation last? Once is enough.
    pub offered: bool,
    /// Has the customer said or wanted anything since the conversation was offered to people?
    pub said_since: bool,
    /// How many times it was resolved.
    pub resolutions: u32,
    /// The survey that was asked last: its number and the best score.
    pub surveyed: Option<(u32, u8)>,
    /// How often each answer was rated.
    pub rated: BTreeMap<TurnId, u32>,
    /// Writes that wait for a person's approval.
    pub approvals: BTreeSet<ActionId>,
    /// Writes whose effect nobody knows.
    pub unknown: BTreeSet<ActionId>,
    /// The session that proved most: whose conversation it is for the desk.
    pub proven: Option<Session>,
    /// How the customer seemed to feel last, in thousandths.
    pub feeling: Option<i64>,
    /// When it was resolved, while it is.
    pub resolved_at: Option<Timestamp>,
    /// What has ended the conversation.
    pub ending: Ending,
}

impl People {
    /// Folds a whole stream.
    #[must_use]
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut people = Self::default();
        for recorded in events {
            people.apply(recorded.at, &recorded.event);
        }
        people
    }

    /// The handoff that is open, if one is.
    #[must_use]
    pub fn open(&self) -> Option<&Handoff> {
        self.handoffs.last().filter(|handoff| handoff.ended.is_none())
    }

    /// The one who has the conversation.
    #[must_use]
    pub fn owner(&self) -> Option<&StaffId> {
        self.open()?.owner.as_ref()
    }

    /// A note's words.
    #[must_use]
    pub fn note(&self, id: &NoteId) -> Option<&Note> {
        self.notes.iter().find(|note| note.id == *id)
    }

    /// Takes in the next event of the stream.
    pub fn apply(&mut self, at: Timestamp, event: &Event) {
        self.ending.apply(at, event);
        match event {
            Event::ConversationOpened { session, .. } => {
                self.state = Some(ConversationState::Bot);
                self.meet(session);
            }
            Event::SessionChanged { session, .. } => self.meet(session),
            Event::MessageReceived { by: Speaker::Customer, .. } | Event::PersonAsked { .. } => {
                self.unanswered.get_or_insert(at);
            }
            Event::MessageReceived { by: Speaker::Agent, .. } => self.unanswered = None,
            Event::ReplyClosed { status, .. } if *status != ReplyStatus::HandedOver => self.unanswered = None,
            Event::NoteWritten { note, by, text, .. } => {
                self.notes.push(Note { id: note.clone(), by: by.clone(), at, text: text.get().cloned() });
            }
            Event::StateChanged { state, .. } => {
                self.state = Some(*state);
                self.resolved_at = (*state == ConversationState::Resolved).then_some(at);
                if *state == ConversationState::Resolved {
                    self.resolutions += 1;
                    self.unanswered = None;
                }
                self.snoozed_until = self.snoozed_until.filter(|_| *state == ConversationState::Snoozed);
            }
            Event::Snoozed { until, .. } => self.snoozed_until = Some(*until),
            Event::MindSpoke { step, .. } => {
                if let Some(MindStep::Understood(understood)) = step.get() {
                    self.feeling = Some(understood.feeling.last);
                }
            }
            Event::SurveyAsked { survey: Survey::Csat, n, scale } => self.surveyed = Some((*n, *scale)),
            Event::Rated { survey: Survey::Helpful, turn: Some(turn), .. } => *self.rated.entry(turn.clone()).or_default() += 1,
            _ => self.write(event),
        }
        self.hand(at, event);
    }

    /// What the event does to a handoff.
    fn hand(&mut self, at: Timestamp, event: &Event) {
        match event {
            Event::PersonOffered { .. } => self.offered = true,
            Event::MessageReceived { by: Speaker::Customer, .. } | Event::PersonAsked { .. } => self.said_since = true,
            Event::HandoffOffered { .. } => self.said_since = false,
            Event::HandoffEnded { .. } => self.offered = false,
            _ => {}
        }
        if let Event::HandoffOffered { handoff, queue, to, reason, wait_since, due, expires, resolve_by, .. } = event {
            self.handoffs.push(Handoff {
                id: handoff.clone(),
                queue: queue.clone(),
                reason: reason.clone(),
                offered_at: at,
                wait_since: *wait_since,
                due: *due,
                resolve_by: *resolve_by,
                to: to.clone(),
                expires: *expires,
                owner: None,
                accepted_at: None,
                owners: Vec::new(),
                failed: Vec::new(),
                ended: None,
                note: None,
            });
            return;
        }
        let Some(open) = self.handoffs.last_mut().filter(|open| open.ended.is_none()) else { return };
        match event {
            Event::HandoffAccepted { by, .. } => {
                open.accepted_at.get_or_insert(at);
                open.owner = Some(by.clone());
                open.owners.push(by.clone());
                (open.to, open.expires) = (None, None);
            }
            Event::HandoffFailed { to, why, queue, .. } => {
                open.failed.push((to.clone(), *why));
                open.queue.clone_from(queue);
                (open.to, open.expires) = (None, None);
            }
            Event::HandoffPassed { to, queue, wait_since, due, expires, .. } => {
                open.owner = None;
                open.queue.clone_from(queue);
                (open.to, open.expires) = (to.clone(), *expires);
                (open.wait_since, open.due) = (*wait_since, *due);
            }
            Event::HandoffEnded { why, note, .. } => {
                open.note.clone_from(note);
                open.ended = Some((at, *why));
                (open.owner, open.to, open.expires) = (None, None, None);
                self.released = Some((at, open.reason.clone()));
                self.unanswered = None;
            }
            _ => {}
        }
    }

    /// What the event does to a write that concerns people.
    fn write(&mut self, event: &Event) {
        match event {
            Event::ApprovalAsked { id, .. } => drop(self.approvals.insert(id.clone())),
            Event::ApprovalDecided { id, .. } | Event::ActionCancelled { id, .. } => drop(self.approvals.remove(id)),
            Event::ActionSettled { id, outcome: Settled::Unknown, .. } => drop(self.unknown.insert(id.clone())),
            Event::ActionSettled { id, .. } => drop(self.unknown.remove(id)),
            _ => {}
        }
    }

    fn meet(&mut self, session: &Session) {
        let customer = |session: &Session| session.customer.as_ref().map(|customer| customer.id.clone());
        let more = self.proven.as_ref().is_none_or(|known| session.level >= known.level || customer(session) != customer(known));
        if session.customer.is_some() && more {
            self.proven = Some(session.clone());
        }
    }
}
