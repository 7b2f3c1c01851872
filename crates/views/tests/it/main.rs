//! Tests of the views through their public door.

#![allow(clippy::unwrap_used, reason = "a test may fail anywhere, its helpers too")]

mod day;
mod facts;
mod finding;
mod pressing;
mod views;
