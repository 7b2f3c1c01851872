//! How many tests passed and failed, read from the summaries of their runners.

use std::fmt::{self, Display};
use std::ops::AddAssign;

/// Counted tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed.
    pub(crate) failed: u64,
}

impl Tally {
    /// One check of our own.
    pub(crate) fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed) }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// What a line adds: cargo's `test result: ok. 3 passed; 0 failed; …`, and Node's `# pass 3`, `# fail 0` (`ℹ pass 3` on a terminal).
pub(crate) fn read(line: &str) -> Tally {
    if let Some((_, result)) = line.split_once("test result: ") {
        return Tally { passed: before(result, " passed"), failed: before(result, " failed") };
    }
    let said = line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")).unwrap_or_default();
    let after = |word| said.strip_prefix(word).and_then(|number| number.trim().parse().ok()).unwrap_or(0);
    Tally { passed: after("pass "), failed: after("fail ") }
}

/// The number that stands before a word.
fn before(text: &str, word: &str) -> u64 {
    let number = text.split_once(word).and_then(|(before, _)| before.rsplit(' ').next());
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_both_runners_are_read() {
        let cargo = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.02s";
        assert_eq!(read(cargo), Tally { passed: 12, failed: 3 });
        assert_eq!(read("# pass 7"), Tally { passed: 7, failed: 0 });
        assert_eq!(read("ℹ fail 2"), Tally { passed: 0, failed: 2 });
        for other in ["test a_pass_is_passed ... ok", "# tests 9", "3 passed", ""] {
            assert_eq!(read(other), Tally::default(), "{other}");
        }
    }
}
