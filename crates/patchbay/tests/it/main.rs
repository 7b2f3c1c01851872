//! The binary, from the outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod beginning;
mod looking;
mod piping;
mod testing;
mod understanding;
