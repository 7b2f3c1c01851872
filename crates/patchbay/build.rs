//! Makes the user interface's files with npm when they are absent or older than their sources.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

fn main() {
    // Asked when it runs: a compiled build script may serve another checkout that shares the target folder.
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("invariant: cargo says which package it builds");
    let ui = Path::new(&package).join("../../ui");
    for watched in ["src", "package.json", "package-lock.json", "scripts", "tsconfig.json", "dist/widget.js"] {
        println!("cargo:rerun-if-changed={}", ui.join(watched).display());
    }
    if fresh(&ui) {
        return;
    }
    if !ui.join("node_modules").is_dir() {
        npm(&ui, &["ci", "--no-audit", "--no-fund"]);
    }
    npm(&ui, &["run", "build"]);
}

/// Is everything built newer than everything it is built from?
fn fresh(ui: &Path) -> bool {
    let built = newest(&ui.join("dist/widget.js"));
    let sources = ["src", "package.json", "package-lock.json"].map(|part| newest(&ui.join(part)));
    built.is_some_and(|built| sources.into_iter().flatten().all(|source| source <= built))
}

/// The time of the newest file below a path.
fn newest(path: &Path) -> Option<SystemTime> {
    if path.is_dir() {
        let entries = std::fs::read_dir(path).ok()?;
        return entries.filter_map(|entry| newest(&entry.ok()?.path())).max();
    }
    path.metadata().ok()?.modified().ok()
}

fn npm(ui: &Path, arguments: &[&str]) {
    let run = Command::new(npm_path()).args(arguments).current_dir(ui).status();
    match run {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("`npm {}` in ui/ ended with {status}: its messages stand above", arguments.join(" ")),
        Err(error) => panic!("the user interface is built with npm, which cannot be run ({error}): install Node.js 20 or newer"),
    }
}

fn npm_path() -> PathBuf {
    PathBuf::from(if cfg!(windows) { "npm.cmd" } else { "npm" })
}
