//! Tests of the figures through their public door.

#![allow(clippy::unwrap_used, reason = "a test may fail anywhere, its helpers too")]

mod dictionary;
mod figures;
#[path = "../../examples/figures/year.rs"]
#[allow(dead_code, reason = "the measurement uses more of it")]
mod year;
