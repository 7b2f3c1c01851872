//! How writes end.

use serde::{Deserialize, Serialize};

/// How a write's effect was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The backend did it.
    Done,
    /// The backend did not do it.
    Failed,
    /// Not known; never reported as done.
    Unknown,
}
