//! The gate through its public doors, on one small declared company.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on shows where")]

mod admit;
mod company;
mod compile;
mod properties;
mod release;
