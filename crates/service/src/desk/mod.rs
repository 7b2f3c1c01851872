//! The desk: what people of the staff do with a conversation, and what customers say about it.
//!
//! Everything goes through the conversation's actor, like a message: durable first, then seen. Whoever takes a conversation claims
//! it in the store; a second one is told who was faster.

mod act;
mod approve;
mod ask;
mod candidates;
mod canned;
mod cards;
mod case;
mod doors;
mod filling;
mod line;
mod merge;
mod offers;
mod rate;
mod reading;
mod say;
mod take;
mod watches;
mod why;

pub use act::Transfer;
pub use candidates::Candidate;
pub use canned::{Choice, FilledReply, FilledValue, OfferedReply, OpenBlank, Writer};
pub use cards::{Asked, Card, CardAction, Decided};
pub use line::InLine;
pub use rate::Rating;
pub use why::{Decision, Why, explain};

pub(crate) use act::Act;
pub(crate) use canned::first_mark;
pub(crate) use line::{Lines, Waited, who};
pub(crate) use merge::customer_of;
pub(crate) use watches::{Watch, watches};
