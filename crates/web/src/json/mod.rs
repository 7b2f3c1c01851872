//! Reading JSON strictly: what two readers could understand differently is refused, and every refusal says where.
//!
//! General JSON libraries accept duplicate keys and judge numbers and surrogates by their own lights; a request that is
//! read twice (by a proxy's rules and by us) must mean the same both times.

mod fields;
mod reader;
mod string;
#[cfg(test)]
mod tests;

pub(crate) use fields::Fields;

use crate::problem::{Code, Problem};
use serde_json::Value;

/// The deepest nesting read.
pub(crate) const DEEPEST: usize = 64;

/// Reads one JSON document that fills all of `bytes`.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, Problem> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Fault { code: Code::TextNotUtf8, at: error.valid_up_to(), what: "The body is not UTF-8".to_owned() }.place(bytes)
    })?;
    reader::document(text).map_err(|fault| fault.place(bytes))
}

/// What is wrong, and at which byte.
#[derive(Debug)]
struct Fault {
    code: Code,
    at: usize,
    what: String,
}

impl Fault {
    /// As a problem that names line and column (both from 1, columns in characters).
    fn place(self, bytes: &[u8]) -> Problem {
        let before = &bytes[..self.at.min(bytes.len())];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let last = before.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        let column = 1 + String::from_utf8_lossy(last).chars().count();
        Problem::new(self.code).detail(format!("{} at line {line}, column {column}. {}", self.what, self.code.help()))
    }
}
