//! Conversation tests: plays them through the real driver, gate and connectors against stated backends, and judges what came of it.
//!
//! Nothing of the product is imitated. The driver writes a real log in a temporary folder; the connectors build real requests,
//! with credentials and idempotency keys, and send them over loopback to a stand-in that reads them back by the backend's own
//! document (`operations`) and answers what the test states. Only time and chance are set: the clock
//! stands still within a step, and chance gives the same bytes in every run.

mod backends;
mod copy;
mod diff;
mod fixed;
mod heard;
mod judge;
mod operations;
mod play;
mod script;
mod seen;
mod stand_in;
mod stated;

pub use copy::{CannotCopy, Copied, NotThere, as_test, with_answers};
pub use judge::Miss;
pub use play::{CannotPlay, Played, PlayedStep, Rehearsal};
pub use stated::wrong_names;
