//! The shop of a public data set (tau-bench retail) through the operations of its own document, by its own policy.

mod calculator;
mod items;
mod orders;
mod payments;
mod routes;
mod running;
mod shop;

pub use running::{Retail, RetailError, RetailOptions, RunningRetail};
