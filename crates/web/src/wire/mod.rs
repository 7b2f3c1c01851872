//! What goes over the wire: the public types of the API, apart from the types inside, with times as RFC 3339 text.
//!
//! Every type is made from its inner twin field by field, so that a field added inside is a decision here. Fields without a value are `null`, never left out.

mod conversation;
mod event;
mod file;
mod passage;
mod reply;

pub use conversation::{Accepted, Conversation, Line, Opened, Visitor};
pub use event::{
    ActionEvent, ClosedEvent, CutEvent, EndedEvent, MessageEvent, PartEvent, ProgressEvent, ProposalEvent, PublicFact, QuestionEvent,
    RatedEvent, StateEvent, SurveyEvent,
};
pub use file::SentFile;
pub use passage::Passage;
pub use reply::{Call, Choice, Citation, Escalation, Fact, Part, Proposal, Question, Refusal, Reply, Timings};

pub(crate) use conversation::speaker;
pub(crate) use event::Told;
