//! `cargo xtask floors`: imports only go down. The table in ARCHITECTURE.md is what holds; cargo says what is.

mod plan;

use crate::command::{capture, cargo};
use crate::failure::Failure;
use crate::project;
use plan::{Floor, Plan};
use serde_json::Value;
use std::collections::BTreeSet;

/// What the pure floors never import, not even through others: no runtime, no network, no database.
const NEVER: [&str; 6] = ["tokio", "axum", "hyper", "reqwest", "rusqlite", "libsqlite3-sys"];
/// The floors that are pure.
const PURE: [&str; 5] = ["core", "condition", "text", "gate", "turn"];
/// The crate that alone may import the simulated company, and only behind a feature.
const ROOF: &str = "patchbay";

/// Checks every import between our crates, and what the pure ones bring along.
pub(crate) fn run() -> Result<(), Failure> {
    let plan = Plan::read(&std::fs::read_to_string(project::root().join("ARCHITECTURE.md"))?)?;
    let metadata: Value = serde_json::from_str(&capture(&mut cargo(["metadata", "--format-version", "1", "--no-deps"]))?)?;
    let imports = imports(&metadata);
    let mut wrong = plan.without(crates(&metadata));
    wrong.extend(imports.iter().filter_map(|import| objection(&plan, import)));
    for name in PURE {
        wrong.extend(impurities(name)?);
    }
    if wrong.is_empty() {
        println!("floors: {} imports between our crates, all of them down", imports.iter().filter(|import| !import.for_tests).count());
        return Ok(());
    }
    Err(Failure::new(format!("floors: {} wrong\n  {}", wrong.len(), wrong.join("\n  "))))
}

/// One crate of ours imports another.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Import {
    from: String,
    to: String,
    /// Is it a dev-dependency?
    for_tests: bool,
    optional: bool,
}

/// Our crates, by the names the table uses.
fn crates(metadata: &Value) -> BTreeSet<String> {
    packages(metadata).filter_map(|package| package["name"].as_str()).map(short).collect()
}

fn imports(metadata: &Value) -> Vec<Import> {
    let ours = crates(metadata);
    let of = |package: &Value| {
        let from = short(package["name"].as_str().unwrap_or_default());
        let listed = package["dependencies"].as_array().cloned().unwrap_or_default();
        listed.into_iter().map(move |dependency| Import {
            from: from.clone(),
            to: short(dependency["name"].as_str().unwrap_or_default()),
            for_tests: dependency["kind"] == "dev",
            optional: dependency["optional"] == true,
        })
    };
    packages(metadata).flat_map(of).filter(|import| ours.contains(&import.to)).collect()
}

fn packages(metadata: &Value) -> impl Iterator<Item = &Value> {
    metadata["packages"].as_array().into_iter().flatten()
}

fn short(package: &str) -> String {
    package.strip_prefix("patchbay-").unwrap_or(package).to_owned()
}

/// What is wrong with an import, if anything.
fn objection(plan: &Plan, import: &Import) -> Option<String> {
    let Import { from, to, for_tests, optional } = import;
    let says = |why: &str| Some(format!("{from} imports {to}: {why}"));
    match (plan.floor(from)?, plan.floor(to)?) {
        (Floor::Beside, Floor::Number(_)) if from == "world" => says("the simulated company knows nothing of the product"),
        (Floor::Beside, _) => None,
        (Floor::Number(_), _) if *for_tests => None,
        (Floor::Number(_), Floor::Beside) if from == ROOF && to == "world" && *optional => None,
        (Floor::Number(_), Floor::Beside) => says("what stands beside the house is no part of it"),
        (Floor::Number(above), Floor::Number(below)) if above > below => None,
        (Floor::Number(above), Floor::Number(below)) => says(&format!("floor {above} imports from floor {below}; imports only go down")),
    }
}

/// What a pure crate brings along that it must not.
fn impurities(name: &str) -> Result<Vec<String>, Failure> {
    let package = format!("patchbay-{name}");
    let tree = capture(&mut cargo(["tree", "--package", &package, "--edges", "normal", "--prefix", "none", "--format", "{p}"]))?;
    let found: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).filter(|found| NEVER.contains(found)).collect();
    Ok(found
        .into_iter()
        .map(|found| format!("{name} brings along {found}: this floor is pure (see `cargo tree -p {package} -i {found}`)"))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "| floor | crate | what it is |\n| --- | --- | --- |\n| 1 | `core` | a |\n| 2 | `store` | b |\n| 2 | `gate` | c |\n| 3 | `patchbay` | d |\n| beside | `world`, `xtask` | e |\n";

    fn import(from: &str, to: &str) -> Import {
        Import { from: from.to_owned(), to: to.to_owned(), for_tests: false, optional: false }
    }

    #[test]
    fn only_imports_from_lower_floors_pass() {
        let plan = Plan::read(TABLE).unwrap();
        assert_eq!(objection(&plan, &import("store", "core")), None);
        assert!(objection(&plan, &import("core", "store")).unwrap().starts_with("core imports store:"));
        assert!(objection(&plan, &import("gate", "store")).unwrap().contains("floor 2 imports from floor 2"));
        assert_eq!(objection(&plan, &Import { for_tests: true, ..import("gate", "store") }), None);
    }

    #[test]
    fn what_stands_beside_is_no_part_of_the_house() {
        let plan = Plan::read(TABLE).unwrap();
        assert!(objection(&plan, &import("store", "world")).is_some());
        assert!(objection(&plan, &import("patchbay", "world")).is_some(), "not without the feature");
        assert_eq!(objection(&plan, &Import { optional: true, ..import("patchbay", "world") }), None);
        assert!(objection(&plan, &Import { for_tests: true, ..import("world", "core") }).is_some());
        assert_eq!(objection(&plan, &import("xtask", "store")), None);
    }

    #[test]
    fn every_crate_has_a_floor() {
        let plan = Plan::read(TABLE).unwrap();
        let wrong = plan.without(["core", "attic"].map(str::to_owned).into());
        assert_eq!(wrong, ["attic has no floor: add it to the table in ARCHITECTURE.md"]);
    }
}
