//! The turn under abuse: thousands of random schedules of late, lost, doubled and reordered inputs, takeovers and crashes.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test stops where an expectation fails; nobody imports it")]

mod backend;
mod company;
mod dice;
mod handover;
mod laws;
mod mind;
mod play;
mod proof;
mod schedules;
