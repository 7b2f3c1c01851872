//! `cargo xtask ui`: the user interface's packages and its build.

use crate::command::{command, run};
use crate::failure::Failure;
use crate::project;
use std::process::Command;
use std::time::SystemTime;

/// Installs what the lock file names, when it changed, and builds.
pub(crate) fn build() -> Result<(), Failure> {
    if !installed_as_locked() {
        run(&mut npm(&["ci", "--no-audit", "--no-fund"]))?;
    }
    run(&mut npm(&["run", "build"]))
}

/// npm in the user interface's folder.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut npm = command("npm", arguments);
    npm.current_dir(project::ui());
    npm
}

/// npm notes what it installed in a file of its own; is that younger than the lock file?
fn installed_as_locked() -> bool {
    let changed = |file: &str| -> Option<SystemTime> { project::ui().join(file).metadata().ok()?.modified().ok() };
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}
