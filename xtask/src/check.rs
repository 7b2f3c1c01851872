//! `cargo xtask check`: the rules that need no test run.

use crate::command::{capture, cargo, installed, run};
use crate::failure::Failure;
use crate::floors;

/// Second cryptographies and TLS stacks that must never come back through somebody's defaults.
const BANNED: [&str; 4] = ["ring", "openssl", "openssl-sys", "native-tls"];

/// A rule's name, and how it is held.
type Rule = (&'static str, fn() -> Result<(), Failure>);

/// Runs every rule, also after one was broken, and names the broken ones.
pub(crate) fn run_all() -> Result<(), Failure> {
    let rules: [Rule; 6] = [
        ("format", || run(&mut cargo(["fmt", "--all", "--check"]))),
        ("floors", floors::run),
        ("banned crates", banned),
        ("licences and advisories", deny),
        ("lints", || run(&mut cargo(["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"]))),
        ("documentation", || run(cargo(["doc", "--workspace", "--no-deps", "--quiet"]).env("RUSTDOCFLAGS", "--deny warnings"))),
    ];
    let mut broken = Vec::new();
    for (name, rule) in rules {
        if let Err(failure) = rule() {
            eprintln!("  {failure}");
            broken.push(name);
        }
    }
    if broken.is_empty() {
        println!("check: everything holds");
        return Ok(());
    }
    Err(Failure::new(format!("check: broken: {}", broken.join(", "))))
}

fn banned() -> Result<(), Failure> {
    // Of a crate that is not there cargo says so with an error: what matters is that nothing is printed.
    let present = BANNED.into_iter().filter(|name| {
        let found = capture(&mut cargo(["tree", "--workspace", "--edges", "normal,build,dev", "--invert", name]));
        found.is_ok_and(|tree| !tree.trim().is_empty())
    });
    let present: Vec<_> = present.collect();
    if present.is_empty() {
        return Ok(());
    }
    Err(Failure::new(format!("the tree holds {}: `cargo tree -i NAME` shows through whom", present.join(", "))))
}

fn deny() -> Result<(), Failure> {
    if installed("cargo-deny") {
        return run(&mut cargo(["deny", "check"]));
    }
    println!("SKIPPED licences and advisories: cargo-deny is not installed (cargo install cargo-deny)");
    Ok(())
}
