//! What the browser tests need of the machine: a browser and letters to draw. Installed through apt where we may.

use crate::command::{capture, command, installed, run};
use rustix::process::geteuid;
use std::path::PathBuf;

/// Names under which a Chromium may be installed.
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The browser, or what has to be installed to have one.
pub(crate) fn browser() -> Result<PathBuf, String> {
    if found().is_none() || !has_fonts() {
        install(&["chromium", "fonts-dejavu-core"]);
    }
    found().ok_or_else(|| "no Chromium is installed: install the package `chromium`".to_owned())
}

fn found() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from).filter(|path| path.is_file());
    let paths = std::env::var_os("PATH").unwrap_or_default();
    let somewhere = || std::env::split_paths(&paths).flat_map(|folder| BROWSERS.map(|name| folder.join(name))).find(|path| path.is_file());
    named.or_else(somewhere)
}

/// Text without any font has no width, and screenshots show boxes.
fn has_fonts() -> bool {
    capture(&mut command("fc-list", [":", "family"])).is_ok_and(|families| !families.trim().is_empty())
}

/// Installs packages where apt is and we are its master; elsewhere the caller says what is missing.
fn install(packages: &[&str]) {
    if !geteuid().is_root() || !installed("apt-get") {
        return;
    }
    let mut install = command("apt-get", ["install", "-y", "-q", "--no-install-recommends"]);
    if let Err(failure) = run(install.args(packages).env("DEBIAN_FRONTEND", "noninteractive")) {
        eprintln!("  {failure}");
    }
}
