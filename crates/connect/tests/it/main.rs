//! Connectors against backends that answer, refuse, stumble and lie.

mod auth;
mod calls;
mod documents;
mod failures;
mod keeping;
mod leaning;
mod server;
mod shop;
