//! Kinds of backend: OpenAPI over HTTP, with credentials, limits, retries, a breaker, a cache and health.
//!
//! [`Connectors`] carries out one call of one operation at a time, as the gate admitted it. Which calls belong together and
//! what their answers mean is decided elsewhere; what a connector must keep is written down in `docs/connectors.md`.

mod answer;
mod auth;
mod backend;
mod breaker;
mod connectors;
mod health;
mod kept;
mod lean;
mod offset;
pub mod openapi;
mod rate;
mod retry;
mod verdict;
mod window;

pub use breaker::BreakerState;
pub use connectors::{ConnectError, Connectors};
pub use health::Health;
