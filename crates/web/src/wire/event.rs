//! The events of the live stream: one type for each `event:` name; its fields are the JSON of `data:`.

use super::conversation::{ended_by, speaker};
use super::{Citation, Proposal, Question, SentFile};
use patchbay_core::handoff::{Place, Survey};
use patchbay_core::words::ConversationState;
use patchbay_service as inner;
use patchbay_service::PublicEvent;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// An event ready for the stream.
pub(crate) struct Told {
    /// Its place in the conversation; `None` for what is not sent again after a reconnect.
    pub(crate) id: Option<u64>,
    /// The name of its kind.
    pub(crate) kind: &'static str,
    /// Its fields.
    pub(crate) data: Value,
}

macro_rules! events {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
        pub struct $name {
            /// When it happened.
            #[schema(format = DateTime)]
            pub at: String,
            $($(#[$field_doc])* pub $field: $kind,)*
        }
    )*};
}

events! {
    /// `message`: a message is in the conversation.
    MessageEvent {
        /// Its id.
        message: String,
        /// The sender's own id, to match what a screen showed already.
        #[schema(required)]
        client: Option<String>,
        /// Who wrote it: `customer` or `agent`.
        by: &'static str,
        /// The name of the person of the staff who wrote it.
        #[schema(required)]
        name: Option<String>,
        /// The words.
        text: String,
        /// What was masked in it: `card`, `code`.
        masked: Vec<String>,
        /// The files sent along.
        files: Vec<SentFile>,
    }

    /// `part`: a checked piece of the reply.
    PartEvent {
        /// The turn.
        turn: String,
        /// Its number in the turn, from 1.
        part: u32,
        /// The words.
        text: String,
        /// What it rests on.
        facts: Vec<PublicFact>,
        /// The passages it rests on.
        citations: Vec<Citation>,
    }

    /// `progress`: what is being done just now. Has no id and is not sent again after a reconnect.
    ProgressEvent {
        /// In words.
        text: String,
    }

    /// `question`: a question to the customer.
    QuestionEvent {
        /// The turn.
        turn: String,
        /// The question.
        question: Question,
    }

    /// `proposal`: a write that waits for a yes.
    ProposalEvent {
        /// The turn.
        turn: String,
        /// The card.
        proposal: Proposal,
    }

    /// `action`: a proposed write went on in its life.
    ActionEvent {
        /// The write.
        action: String,
        /// `confirmed`, `cancelled`, `sent`, `done`, `failed` or `unknown`.
        state: &'static str,
        /// Did the backend's own state prove it?
        #[schema(required)]
        verified: Option<bool>,
    }

    /// `closed`: the reply is complete.
    ClosedEvent {
        /// The turn.
        turn: String,
        /// How it ended, as in the reply object.
        status: &'static str,
        /// Why it was refused, when it was.
        #[schema(required)]
        refusal: Option<&'static str>,
    }

    /// `cut`: the reply was cut off; what was shown of it stays.
    CutEvent {
        /// The turn.
        turn: String,
    }

    /// `state`: who has the conversation changed. While it waits, the same without an id tells that its place in line is another now;
    /// that is not sent again after a reconnect.
    StateEvent {
        /// From now on: `bot`, `waiting`, `open`, `snoozed` or `resolved`.
        state: &'static str,
        /// The name of the person of the staff who has it.
        #[schema(required)]
        by: Option<String>,
        /// The number in line, when waiting.
        #[schema(required)]
        position: Option<u32>,
        /// How long people waited lately, in seconds; none while too few have.
        #[schema(required)]
        expected_wait_s: Option<u64>,
        /// Of how many waits that is the middle one.
        #[schema(required)]
        expected_from: Option<u32>,
        /// Is the team there?
        #[schema(required)]
        open: Option<bool>,
        /// When it is there again.
        #[schema(required, format = DateTime)]
        opens_at: Option<String>,
    }

    /// `ended`: nothing is taken in this conversation any more. A merge that is taken back comes as `state`.
    EndedEvent {
        /// `closed`: it was resolved long ago; `merged`: it was made one with another one.
        why: &'static str,
        /// Where it goes on; none of a closed one until its customer writes again.
        #[schema(required)]
        successor: Option<String>,
    }

    /// `survey`: the customer is asked how it was.
    SurveyEvent {
        /// `csat`: how content they are.
        kind: &'static str,
        /// The best score; the worst is 1.
        scale: u8,
    }

    /// `rated`: the customer said how it was.
    RatedEvent {
        /// `csat`, or `helpful` for one answer.
        rating: &'static str,
        /// The turn, for `helpful`.
        #[schema(required)]
        turn: Option<String>,
        /// The score.
        score: u8,
    }
}

/// A fact under a sentence: enough for a chip with source and age.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PublicFact {
    /// Its name.
    #[schema(example = "order.status")]
    pub name: String,
    /// The backend it came from.
    pub source: String,
    /// When the backend gave it.
    #[schema(format = DateTime)]
    pub fetched_at: String,
    /// How long it may be believed.
    #[schema(example = "live")]
    pub class: &'static str,
}

impl Told {
    /// A public event as it goes out, its texts fit to be shown; `name` is that of the person of the staff it names.
    pub(crate) fn new(public: inner::Public, name: Option<String>) -> Self {
        let inner::Public { seq, at, event } = public;
        let at = at.to_string();
        let (kind, data) = match event {
            PublicEvent::Message { message, client, by, text, masked, files, .. } => {
                let (message, files) = (message.to_string(), SentFile::all(files));
                ("message", json(MessageEvent { at, message, client, by: speaker(by), name, text, masked, files }))
            }
            PublicEvent::Part { turn, part, text, facts, citations } => {
                let facts = facts.into_iter().map(PublicFact::from).collect();
                let citations = citations.into_iter().map(Citation::from).collect();
                ("part", json(PartEvent { at, turn: turn.to_string(), part, text, facts, citations }))
            }
            PublicEvent::Progress { text } => ("progress", json(ProgressEvent { at, text })),
            PublicEvent::Question { turn, question } => {
                ("question", json(QuestionEvent { at, turn: turn.to_string(), question: question.into() }))
            }
            PublicEvent::Proposal { turn, proposal } => {
                let proposal = Proposal::from(proposal);
                ("proposal", json(ProposalEvent { at, turn: turn.to_string(), proposal }))
            }
            PublicEvent::Action { action, state, verified } => {
                ("action", json(ActionEvent { at, action: action.to_string(), state, verified }))
            }
            PublicEvent::Closed { turn, status, refusal } => {
                let refusal = refusal.map(|code| code.as_str());
                ("closed", json(ClosedEvent { at, turn: turn.to_string(), status: status.as_str(), refusal }))
            }
            PublicEvent::Cut { turn } => ("cut", json(CutEvent { at, turn: turn.to_string() })),
            PublicEvent::State { state, place, .. } => ("state", json(state_event(at, state, name, place))),
            PublicEvent::Ended { why, successor } => {
                let successor = successor.map(|successor| successor.to_string());
                ("ended", json(EndedEvent { at, why: ended_by(why), successor }))
            }
            PublicEvent::Survey { survey, scale } => ("survey", json(SurveyEvent { at, kind: word(survey), scale })),
            PublicEvent::Rated { survey, turn, score } => {
                let turn = turn.map(|turn| turn.to_string());
                ("rated", json(RatedEvent { at, rating: word(survey), turn, score }))
            }
        };
        Self { id: seq, kind, data }
    }
}

fn word(survey: Survey) -> &'static str {
    match survey {
        Survey::Csat => "csat",
        Survey::Helpful => "helpful",
    }
}

fn state_event(at: String, state: ConversationState, by: Option<String>, place: Option<Place>) -> StateEvent {
    let (position, open) = (place.as_ref().map(|place| place.position), place.as_ref().map(|place| place.open));
    let expected_wait_s = place.as_ref().and_then(|place| place.expected_wait_s);
    let expected_from = place.as_ref().and_then(|place| place.expected_from);
    let opens_at = place.and_then(|place| place.opens_at).map(|at| at.to_string());
    StateEvent { at, state: state.as_str(), by, position, expected_wait_s, expected_from, open, opens_at }
}

fn json(event: impl Serialize) -> Value {
    let mut data = serde_json::to_value(event).expect("invariant: texts, numbers and lists always serialise");
    crate::message::show(&mut data);
    data
}

impl From<inner::PublicFact> for PublicFact {
    fn from(fact: inner::PublicFact) -> Self {
        let inner::PublicFact { name, source, fetched_at, class } = fact;
        Self { name, source, fetched_at: fetched_at.to_string(), class: class.as_str() }
    }
}
