//! How a conversation's end is judged: what proves a success, after how much quiet, and how customers are asked for a rating.

use serde::Serialize;
use std::time::Duration;

/// How a conversation's end is judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outcomes {
    /// What makes a success a proven one.
    pub verified_by: Vec<Proof>,
    /// A conversation has ended once nothing was said in it for so long.
    pub contained_after_quiet: Duration,
    /// A success has lasted once the customer did not come back with the same for so long.
    pub durable_after: Duration,
    /// How customers are asked how content they are.
    pub csat: Csat,
}

impl Default for Outcomes {
    /// Proven by either; 2 h of quiet; 72 h without coming back.
    fn default() -> Self {
        Self {
            verified_by: vec![Proof::CustomerYes, Proof::BackendState],
            contained_after_quiet: Duration::from_secs(2 * 3600),
            durable_after: Duration::from_secs(72 * 3600),
            csat: Csat::default(),
        }
    }
}

/// What makes a success a proven one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// The customer said that it helped.
    CustomerYes,
    /// The backend's own state, read again after a write.
    BackendState,
}

/// How customers are asked how content they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Csat {
    /// The best score; the worst is 1.
    pub scale: u8,
    /// When they are asked.
    pub ask: AskCsat,
}

impl Default for Csat {
    /// From 1 to 5, asked once a conversation is resolved.
    fn default() -> Self {
        Self { scale: 5, ask: AskCsat::OnResolve }
    }
}

/// When customers are asked how content they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AskCsat {
    /// Once for each time the conversation is resolved.
    OnResolve,
    /// Never.
    Never,
}
