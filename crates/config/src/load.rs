//! The one way in: a path to everything a company declares, or to everything that is wrong with it.

use crate::files::{Disk, Files};
use crate::fill::Sources;
use crate::fit::Fitter;
use crate::gather::gather;
use crate::origin::Origins;
use crate::problem::{Places, Problem, Problems, Report};
use crate::{check, language, lower};
use patchbay_core::declare::Company;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// A configuration that can be served.
#[derive(Debug, Clone, Serialize)]
pub struct Loaded {
    /// What the company declares.
    pub company: Company,
    /// The program's own settings.
    pub server: Server,
    /// SHA-256 over the declarations, in hexadecimal. Secrets and the program's own settings do not count.
    pub digest: String,
    /// Where the conversation tests are: a file, a folder, or a folder and a pattern with one `*`.
    pub tests: PathBuf,
    /// What is allowed but unwise.
    pub warnings: Vec<Problem>,
    /// Where every value came from.
    pub origins: Origins,
    /// Where every key stands.
    #[serde(skip)]
    places: Places,
}

impl Loaded {
    /// A problem that only a later stage can find (an operation the document does not have, a rule of the engine), at its key's place.
    /// `key` is written from the top: `tools.order.use`.
    #[must_use]
    pub fn problem(&self, key: &str, message: impl Into<String>, advice: impl Into<String>) -> Problem {
        self.places.problem(key, message.into(), None, advice.into())
    }
}

/// Where the program listens and keeps its data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Server {
    /// Address and port to listen on: `localhost:8787`.
    pub listen: String,
    /// How the world reaches this server, without a slash at the end.
    pub public_url: String,
    /// The folder that holds the log.
    pub data: PathBuf,
}

/// Loads a file, or a directory with a `patchbay.yaml`, from the disk.
///
/// # Errors
/// Everything that is wrong with it, in the order of files and lines.
pub fn load(path: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Loaded, Problems> {
    load_from(path, &Disk, environment)
}

/// Loads as [`load`] does, but without asking for what only the real systems need: a variable or a file that is not there, and
/// has no default, is filled in with an address that leads nowhere. Such a configuration can be tested and never served.
///
/// # Errors
/// Everything else that is wrong with it, in the order of files and lines.
pub fn load_offline(path: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Loaded, Problems> {
    load_with(path, &Disk, environment, Some(NOWHERE))
}

/// Passes for an address as well as for a secret; the name is reserved and never leads anywhere (RFC 6761).
pub(crate) const NOWHERE: &str = "http://stand-in.invalid";

/// Loads a file, or a directory with a `patchbay.yaml`, from anywhere: [`crate::Memory`] holds what is compiled into a program.
///
/// # Errors
/// Everything that is wrong with it, in the order of files and lines.
pub fn load_from(path: &Path, files: &dyn Files, environment: &dyn Fn(&str) -> Option<String>) -> Result<Loaded, Problems> {
    load_with(path, files, environment, None)
}

fn load_with(
    path: &Path,
    files: &dyn Files,
    environment: &dyn Fn(&str) -> Option<String>,
    instead: Option<&str>,
) -> Result<Loaded, Problems> {
    let mut report = Report::default();
    let mut origins = Origins::default();
    let Some(gathered) = gather(path, files, &mut report) else {
        return Err(report.finish().err().unwrap_or(Problems(Vec::new())));
    };
    let sources = Sources { environment, files, base: &gathered.base, instead };
    let fitted = Fitter { sources, report: &mut report, origins: &mut origins, by_default: false }.fit(&gathered.root, &language::ROOT, "");
    report.settle();
    let (company, server) = lower::lower(&fitted, &mut report);
    report.settle();
    check::check(&company, files, &mut report);
    let (warnings, places) = report.finish()?;
    let tests = fitted.file("tests");
    Ok(Loaded { digest: digest(&company), company, server, tests, warnings, origins, places })
}

fn digest(company: &Company) -> String {
    let declared = serde_json::to_vec(company).expect("invariant: declarations are plain data with text keys");
    hex::encode(Sha256::digest(declared))
}
