//! What is proposed for a backend, and that what is written for it is a right configuration.

mod amounts;
mod theirs;
mod written;

use patchbay_connect::openapi::Document;
use patchbay_onboard::{Role, propose};
use std::path::PathBuf;

/// Documents of real systems, where they are at hand.
#[test]
fn of_real_systems_a_handful_is_proposed_and_never_the_whole_document() {
    let Some(data) = std::env::var_os("PATCHBAY_DATA") else {
        eprintln!("skipped: PATCHBAY_DATA names no data");
        return;
    };
    let mut files: Vec<PathBuf> = std::fs::read_dir(PathBuf::from(data).join("specs"))
        .expect("the folder of documents")
        .flatten()
        .map(|entry| entry.path())
        .collect();
    files.sort();
    let mut seen = 0;
    for file in files {
        let Ok(document) = Document::read_file(&file) else { continue };
        let shortlist = propose(&document);
        let shown: Vec<String> = shortlist
            .proposed
            .iter()
            .map(|one| format!("{} {} → {} {:?}", one.operation.method, one.operation.path, one.noun, one.role))
            .collect();
        println!("{} ({} operations)\n  {}", file.display(), document.operations.len(), shown.join("\n  "));
        assert!(shortlist.proposed.len() <= 8, "{shown:?}");
        assert!(shortlist.proposed.iter().filter(|one| matches!(one.role, Role::Change(_))).count() <= 3, "{shown:?}");
        seen += 1;
    }
    assert!(seen >= 3, "only {seen} documents could be read");
}
