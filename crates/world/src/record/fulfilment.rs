//! How far the warehouse is with an order.

use jiff::Timestamp;
use serde::Serialize;

use crate::table::Record;

/// The warehouse's side of an order.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Fulfilment {
    pub(crate) order_id: String,
    pub(crate) customer_id: String,
    pub(crate) stage: Stage,
    pub(crate) site: &'static str,
    pub(crate) updated_at: Timestamp,
    pub(crate) lines: Vec<Line>,
}

/// Where an order is inside the warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    Received,
    Allocated,
    Packed,
    HandedOver,
    Stopped,
}

/// One article of an order and how much of it is in the box.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) sku: String,
    pub(crate) quantity: u32,
    pub(crate) picked: u32,
}

impl Record for Fulfilment {
    fn id(&self) -> &str {
        &self.order_id
    }
    fn owner(&self) -> &str {
        &self.customer_id
    }
}

impl Fulfilment {
    /// Stops the work on an order that was cancelled.
    pub(crate) fn stop(&mut self, now: Timestamp) {
        self.stage = Stage::Stopped;
        self.updated_at = now;
    }

    /// Picks another article in the place of one that was substituted.
    pub(crate) fn substitute(&mut self, sku: &str, by: &str, now: Timestamp) {
        if let Some(line) = self.lines.iter_mut().find(|line| line.sku == sku) {
            by.clone_into(&mut line.sku);
            line.picked = 0;
            self.updated_at = now;
        }
    }
}
