//! One conversation's facts: a pure fold of its events, free of any rule a company declares.

use patchbay_core::event::{Event, Settled};
use patchbay_core::handoff::Survey;
use patchbay_core::mind::{MindStep, Speaker, Understanding};
use patchbay_core::words::{ConversationState, ReplyStatus, Route};
use patchbay_core::{Session, Timestamp};

/// What is known of one conversation, for counting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The position of its first event.
    pub opened: u64,
    /// Its id.
    pub id: String,
    /// The browser that opened it.
    pub visitor: String,
    /// The customer's pseudonym, once proven.
    pub customer: Option<String>,
    /// The channel.
    pub channel: String,
    /// The language (BCP 47).
    pub language: String,
    /// What it was about: the first skill that was understood, else where the message went.
    pub topic: Option<String>,
    /// When it began.
    pub opened_at: Timestamp,
    /// When something was said last.
    pub last_at: Timestamp,
    /// Messages of the customer.
    pub messages: u64,
    /// How the last reply was closed.
    pub status: Option<ReplyStatus>,
    /// Useful answers: parts that rest on facts or passages, writes that were carried out.
    pub helped: u64,
    /// When the last of them came.
    pub helped_at: Option<Timestamp>,
    /// Writes that the backend's own state proved.
    pub verified: u64,
    /// Answers the customer called helpful.
    pub thumbs_up: u64,
    /// Answers the customer called not helpful.
    pub thumbs_down: u64,
    /// Times it was handed to people.
    pub escalations: u64,
    /// Why it was handed over first.
    pub reason: Option<String>,
    /// When a person of the staff took over or wrote first.
    pub person_at: Option<Timestamp>,
    /// Since when the customer waits for a person, while they do.
    pub waiting_since: Option<Timestamp>,
    /// How long they waited the first time, in milliseconds.
    pub waited: Option<i64>,
    /// When the customer wrote first.
    pub asked_at: Option<Timestamp>,
    /// How long from there to the first useful answer, in milliseconds.
    pub answered: Option<i64>,
    /// When it was resolved, while it is.
    pub resolved_at: Option<Timestamp>,
    /// The longest silence that the customer broke, in milliseconds.
    pub quiet: i64,
    /// The customer wrote again after it was resolved.
    pub reopened: bool,
    /// The last score the customer gave, and the best there was.
    pub csat: Option<(u8, u8)>,
    /// How long after its end the same customer came with the same again, in milliseconds.
    pub came_back: Option<i64>,
}

impl Fact {
    /// A conversation that has just begun.
    #[must_use]
    pub fn open(opened: u64, id: &str, session: &Session, language: &str, at: Timestamp) -> Self {
        Self {
            opened,
            id: id.to_owned(),
            visitor: session.visitor.as_str().to_owned(),
            customer: session.customer.as_ref().map(|customer| customer.id.as_str().to_owned()),
            channel: session.channel.clone(),
            language: language.to_owned(),
            topic: None,
            opened_at: at,
            last_at: at,
            messages: 0,
            status: None,
            helped: 0,
            helped_at: None,
            verified: 0,
            thumbs_up: 0,
            thumbs_down: 0,
            escalations: 0,
            reason: None,
            person_at: None,
            waiting_since: None,
            waited: None,
            asked_at: None,
            answered: None,
            resolved_at: None,
            quiet: 0,
            reopened: false,
            csat: None,
            came_back: None,
        }
    }

    /// Takes in the next event of the conversation's stream.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::SessionChanged { session, .. } => self.session(session),
            Event::MessageReceived { by: Speaker::Customer, .. } => self.asked(at),
            Event::MessageReceived { by: Speaker::Agent, .. } => {
                self.taken(at);
                self.said(at);
                self.useful(at);
            }
            Event::MindSpoke { step, .. } => {
                if let Some(MindStep::Understood(understanding)) = step.get() {
                    self.about(understanding);
                }
            }
            Event::PartReleased { facts, citations, .. } => {
                self.said(at);
                if !facts.is_empty() || !citations.is_empty() {
                    self.help(at);
                }
            }
            Event::QuestionAsked { .. } | Event::ActionProposed { .. } => self.said(at),
            Event::ActionSettled { outcome, verified, .. } => {
                self.verified += u64::from(*verified == Some(true));
                if *outcome == Settled::Done {
                    self.help(at);
                }
            }
            Event::ReplyClosed { status, .. } => self.status = Some(*status),
            Event::Escalated { .. }
            | Event::HandoffOffered { .. }
            | Event::HandoffAccepted { .. }
            | Event::HandoffEnded { .. }
            | Event::StateChanged { .. }
            | Event::Rated { .. } => self.people(event, at),
            _ => {}
        }
    }

    /// What people did and said about it.
    fn people(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Escalated { reason, .. } => {
                self.escalations += 1;
                self.reason.get_or_insert_with(|| reason.clone());
                self.wait(at);
            }
            Event::HandoffOffered { reason, wait_since, .. } => {
                // A button for a person hands over without a trigger. The wait began with the last message nobody answered.
                self.escalations = self.escalations.max(1);
                self.reason.get_or_insert_with(|| reason.clone());
                self.waiting_since = self.person_at.is_none().then_some((*wait_since).max(self.opened_at));
            }
            Event::HandoffAccepted { .. } => self.taken(at),
            Event::HandoffEnded { .. } => self.waiting_since = None,
            Event::StateChanged { state, .. } => match state {
                ConversationState::Waiting => self.wait(at),
                ConversationState::Open => self.taken(at),
                ConversationState::Resolved => {
                    self.resolved_at = Some(at);
                    self.waiting_since = None;
                }
                ConversationState::Bot | ConversationState::Snoozed => {}
            },
            Event::Rated { survey: Survey::Csat, score, scale, .. } => self.csat = Some((*score, *scale)),
            Event::Rated { survey: Survey::Helpful, score, .. } => {
                let count = if *score > 0 { &mut self.thumbs_up } else { &mut self.thumbs_down };
                *count += 1;
            }
            _ => {}
        }
    }

    /// Whose it is. Once known, a customer stays: signing out does not make it somebody else's.
    fn session(&mut self, session: &Session) {
        session.visitor.as_str().clone_into(&mut self.visitor);
        if let Some(customer) = &session.customer {
            self.customer = Some(customer.id.as_str().to_owned());
        }
    }

    fn asked(&mut self, at: Timestamp) {
        if self.messages > 0 {
            self.quiet = self.quiet.max(at.0 - self.last_at.0);
            self.reopened |= self.resolved_at.is_some();
        }
        self.messages += 1;
        self.resolved_at = None;
        self.asked_at.get_or_insert(at);
        self.said(at);
    }

    fn said(&mut self, at: Timestamp) {
        self.last_at = self.last_at.max(at);
    }

    /// What it is about: the first skill; until there is one, the first route that says something.
    fn about(&mut self, understanding: &Understanding) {
        let route = || understanding.route.map(|route| route.as_str().to_owned());
        let Some(found) = understanding.skill.clone().or_else(route) else { return };
        if self.topic.as_ref().is_none_or(|topic| weight(&found) > weight(topic)) {
            self.topic = Some(found);
        }
    }

    fn help(&mut self, at: Timestamp) {
        self.helped += 1;
        self.helped_at = Some(at);
        self.useful(at);
    }

    fn useful(&mut self, at: Timestamp) {
        if let Some(asked) = self.asked_at {
            self.answered.get_or_insert((at.0 - asked.0).max(0));
        }
    }

    fn wait(&mut self, since: Timestamp) {
        if self.person_at.is_none() {
            self.waiting_since.get_or_insert(since);
        }
    }

    fn taken(&mut self, at: Timestamp) {
        self.person_at.get_or_insert(at);
        if let Some(since) = self.waiting_since.take() {
            self.waited.get_or_insert((at.0 - since.0).max(0));
        }
    }
}

/// How much a topic says: a skill more than the knowledge, that more than small talk or nothing.
fn weight(topic: &str) -> u8 {
    match Route::parse(topic) {
        None | Some(Route::Skill) => 2,
        Some(Route::Knowledge | Route::Topic) => 1,
        Some(Route::Talk | Route::Choice | Route::None) => 0,
    }
}
