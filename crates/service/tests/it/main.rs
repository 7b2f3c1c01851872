//! The driver's tests: a whole house, spoken to through its doors.
#![allow(clippy::unwrap_used, reason = "a test stops where an expectation fails")]

mod house;
mod lines;
mod merging;
mod proof;
