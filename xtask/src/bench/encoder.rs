//! Text to vector: the time of one sentence on one core.

use super::figure::Figure;
use crate::command::{capture, command};
use crate::failure::Failure;
use crate::project::{Build, program};
use std::time::Duration;

/// The median over a message of the usual length.
pub(super) fn measure() -> Result<Vec<Figure>, Failure> {
    Ok(vec![Figure::time("encoder, 20 tokens, one core, p50", median(None)?, Some(5))])
}

/// The median over this message.
pub(super) fn median(message: Option<&str>) -> Result<Duration, Failure> {
    let told = capture(&mut command(program(Build::Release, "examples/encoder"), message))?;
    Ok(Duration::from_micros(told.trim().parse()?))
}
