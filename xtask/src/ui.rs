//! `cargo xtask ui`: the user interface's packages and its build, where something changed.

use crate::command::{command, run};
use crate::failure::Failure;
use crate::project;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

/// What the build is made from.
const SOURCES: [&str; 5] = ["src", "scripts", "package.json", "package-lock.json", "tsconfig.json"];

/// Installs what the lock file names, if it changed, and builds, if anything did: newer files would have the binary, which
/// holds them, compiled again.
pub(crate) fn build() -> Result<(), Failure> {
    if newest("node_modules/.package-lock.json") < newest("package-lock.json") {
        run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    }
    if newest("dist/widget.js") < SOURCES.into_iter().map(newest).max().flatten() {
        run(&mut npm(&["run", "build"]))?;
    }
    Ok(())
}

/// npm in the user interface's folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(project::ui());
    npm
}

/// When the newest file at or below a path of the user interface's folder was changed; `None`, which is before everything,
/// where there is none.
fn newest(path: &str) -> Option<SystemTime> {
    newest_below(&project::ui().join(path))
}

fn newest_below(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        return std::fs::read_dir(path).ok()?.filter_map(|entry| newest_below(&entry.ok()?.path())).max();
    }
    path.metadata().ok()?.modified().ok()
}
