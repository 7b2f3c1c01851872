//! Text to vector: the time of one sentence on one core.

use super::figure::Figure;
use crate::command::{capture, command};
use crate::failure::Failure;
use crate::project::{Build, program};
use std::time::Duration;

/// The median, and its line.
pub(super) fn measure() -> Result<(Duration, Vec<Figure>), Failure> {
    let told = capture(&mut command(program(Build::Release, "examples/encoder"), [""; 0]))?;
    let median = Duration::from_micros(told.trim().parse()?);
    Ok((median, vec![Figure::time("encoder, 20 tokens, one core, p50", median, Some(5))]))
}
