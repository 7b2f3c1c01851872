//! The table of floors, read from ARCHITECTURE.md: what people read is what is checked.

use crate::failure::Failure;
use std::collections::{BTreeMap, BTreeSet};

/// Where a crate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Floor {
    /// In the house, counted from the bottom.
    Number(u32),
    /// Outside: the simulated company, tests, developer commands.
    Beside,
}

/// Every crate's floor.
#[derive(Debug)]
pub(super) struct Plan(BTreeMap<String, Floor>);

impl Plan {
    /// Reads the rows `| FLOOR | `crate`, `crate` | …` of a document.
    pub(super) fn read(document: &str) -> Result<Self, Failure> {
        let rows = document.lines().filter_map(row).flat_map(|(floor, names)| names.into_iter().map(move |name| (name, floor)));
        let floors: BTreeMap<_, _> = rows.collect();
        if floors.is_empty() {
            return Err(Failure::new("ARCHITECTURE.md has no table of floors (rows like \"| 1 | `core` | …\")"));
        }
        Ok(Self(floors))
    }

    /// The crate's floor, if it has one.
    pub(super) fn floor(&self, name: &str) -> Option<Floor> {
        self.0.get(name).copied()
    }

    /// Complaints about crates that have no floor.
    pub(super) fn without(&self, crates: BTreeSet<String>) -> Vec<String> {
        let homeless = crates.into_iter().filter(|name| !self.0.contains_key(name));
        homeless.map(|name| format!("{name} has no floor: add it to the table in ARCHITECTURE.md")).collect()
    }
}

/// Floor and crates of a table row; `None` for every other line.
fn row(line: &str) -> Option<(Floor, Vec<String>)> {
    let mut cells = line.strip_prefix('|')?.split('|').map(str::trim);
    let floor = match cells.next()? {
        "beside" => Floor::Beside,
        number => Floor::Number(number.parse().ok()?),
    };
    let names = cells.next()?.split(',').map(|name| name.trim().trim_matches('`').to_owned()).collect();
    Some((floor, names))
}
