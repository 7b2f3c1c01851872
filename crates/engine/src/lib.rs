//! Minds: what proposes the next step of a conversation.

pub mod builtin;
pub mod feeling;
pub mod measured;
pub mod scripted;
pub mod understand;
