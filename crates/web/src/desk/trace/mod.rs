//! Traces: one turn as the log tells it, step by step with its times.

mod build;
mod span;

pub(crate) mod one;

pub(crate) use span::{Kind, Span};
