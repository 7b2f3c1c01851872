//! One line of the table: what was measured, beside its budget.

use std::fmt::{self, Display};
use std::time::Duration;

/// Something measured.
#[derive(Debug)]
pub(super) struct Figure {
    what: String,
    value: f64,
    /// At the most, where there is a budget.
    budget: Option<f64>,
    unit: &'static str,
}

impl Figure {
    /// A time in milliseconds.
    pub(super) fn time(what: impl Into<String>, value: Duration, budget: Option<u32>) -> Self {
        Self { what: what.into(), value: value.as_secs_f64() * 1e3, budget: budget.map(f64::from), unit: "ms" }
    }

    /// A size in megabytes.
    pub(super) fn megabytes(what: impl Into<String>, bytes: u64, budget: Option<u32>) -> Self {
        Self { what: what.into(), value: bytes as f64 / 1e6, budget: budget.map(f64::from), unit: "MB" }
    }

    /// A size in kilobytes.
    pub(super) fn kilobytes(what: impl Into<String>, bytes: u64, budget: Option<u32>) -> Self {
        Self { what: what.into(), value: bytes as f64 / 1024.0, budget: budget.map(f64::from), unit: "KiB" }
    }

    /// How many, on average.
    pub(super) fn count(what: impl Into<String>, value: f64) -> Self {
        Self { what: what.into(), value, budget: None, unit: "  " }
    }

    /// How many times something else.
    pub(super) fn ratio(what: impl Into<String>, value: f64, budget: Option<u32>) -> Self {
        Self { what: what.into(), value, budget: budget.map(f64::from), unit: "×" }
    }
}

impl Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, value, budget, unit } = self;
        let budget = match budget {
            Some(budget) if value > budget => format!("{budget} {unit}  OVER"),
            Some(budget) => format!("{budget} {unit}"),
            None => String::new(),
        };
        write!(f, "{what:<44} {:>12} {budget:>14}", format!("{value:.1} {unit}"))
    }
}

/// The middle of some measurements.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
