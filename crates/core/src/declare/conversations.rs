//! How long a conversation lives.

use serde::Serialize;
use std::time::Duration;

/// The life of conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Conversations {
    /// For how long a resolved one is reopened by its customer's next message; afterwards it is closed, and a new one follows it.
    pub reopen: Duration,
}

impl Default for Conversations {
    /// 72 h.
    fn default() -> Self {
        Self { reopen: Duration::from_secs(72 * 3600) }
    }
}
