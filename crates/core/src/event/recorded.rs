//! An event with its places in the log.

use super::Event;
use crate::Timestamp;
use crate::log::{Position, StreamId};

/// An event as the log gives it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the whole log: gap-free, from 1.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in that stream: gap-free, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}
