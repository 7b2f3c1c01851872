//! Where things are in this repository, and which data sets are beside it.

use std::path::{Path, PathBuf};

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("invariant: xtask/ stands in the root")
}

/// The user interface's folder.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Which build of the programs is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Build {
    /// What tests run: quick to make.
    Debug,
    /// What is measured.
    Release,
}

/// A program of the workspace, as cargo left it.
pub(crate) fn program(build: Build, name: &str) -> PathBuf {
    let folder = match build {
        Build::Debug => "debug",
        Build::Release => "release",
    };
    target().join(folder).join(name)
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |named| root().join(named))
}

/// The folder of data sets that are not part of the repository.
pub(crate) fn data() -> Option<PathBuf> {
    std::env::var_os("PATCHBAY_DATA").map(PathBuf::from).filter(|folder| folder.is_dir())
}
