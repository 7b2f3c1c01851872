//! The simulated company as its callers see it: everything through HTTP, on ports of its own.
#![allow(clippy::unwrap_used, unreachable_pub, reason = "a test stops where an expectation fails; nobody imports it")]

mod access;
mod client;
mod control;
mod documents;
mod faults;
mod gold;
mod repetition;
mod services;
mod shop;
