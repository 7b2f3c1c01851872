//! Connectors against backends that answer, refuse, stumble and lie.

#![allow(clippy::unwrap_used, reason = "a test that panics has failed, also in its own machinery")]

mod auth;
mod calls;
mod documents;
mod failures;
mod keeping;
mod leaning;
mod server;
mod shop;
