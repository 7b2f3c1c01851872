//! The core of Patchbay: what happened (events), what is known (facts), what is declared (tools, skills, rules) and the ports.
//!
//! Nothing here performs I/O, reads a clock or knows a protocol. Every other crate of the house imports this one.

pub mod action;
pub mod attachment;
pub mod chance;
pub mod conversation;
pub mod declare;
pub mod ending;
pub mod event;
pub mod fact;
pub mod handoff;
pub mod id;
pub mod log;
pub mod mind;
pub mod money;
pub mod personal;
pub mod port;
pub mod reply;
pub mod session;
pub mod time;
pub mod value;
pub mod words;

pub use attachment::{About, Attachment};
pub use chance::Chance;
pub use event::{Event, Recorded};
pub use fact::Fact;
pub use money::Money;
pub use personal::Personal;
pub use session::{Customer, Session};
pub use time::{Clock, Timestamp};
pub use value::Value;
