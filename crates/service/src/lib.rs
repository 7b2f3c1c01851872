//! The async driver: receives messages, runs the effects of turns, confirms writes, keeps timers, recovers after a crash.
//!
//! One actor per conversation that is awake holds the conversation's lease, its fold and its open turn (`actor`). Everything a
//! customer sees is in the log before they see it; what is not in the log after a crash is done again, except writes, which are
//! claimed in the log before they leave and never sent twice without a key the backend recognises.

mod actor;
mod calling;
mod customer;
mod desk;
mod effects;
mod ending;
mod files;
mod inbound;
mod intake;
mod journal;
mod limits;
mod live;
mod load;
mod proof;
mod public;
mod recovery;
mod refused;
mod reply;
mod service;
mod timers;

pub use calling::{Carrier, carry_out};
pub use desk::{
    Asked, Candidate, Card, CardAction, Choice, Decided, Decision, FilledReply, FilledValue, InLine, OfferedReply, OpenBlank, Rating,
    Transfer, Why, Writer, explain,
};
pub use files::{Download, FileRefusal, Incoming, Taken};
pub use inbound::{Inbound, Received, Transcript, TranscriptLine};
pub use patchbay_core::fact::named;
pub use patchbay_files::{Claimed, endings};
pub use public::{EndedBy, Public, PublicEvent, PublicFact};
pub use refused::{About, Refused};
pub use reply::fold_reply;
pub use service::{Parts, Service};
