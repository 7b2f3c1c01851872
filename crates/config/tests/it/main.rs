//! The loader through its one way in: whole configurations, and what is said about wrong ones.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod canned;
mod choosing;
mod contradictions;
mod directory;
mod documented;
mod explained;
mod files;
mod handoffs;
mod knowledge;
mod limits;
mod lookups;
mod problems;
mod proofs;
mod queues;
mod schema;
mod secrets;

use patchbay_config::{Loaded, Memory, Problems, load_from};
use std::path::Path;

/// The working example of the documentation.
fn documented() -> String {
    let page = include_str!("../../../../docs/configuration.md");
    let start = page.find("```yaml\n").expect("the page has an example") + "```yaml\n".len();
    let length = page[start..].find("```").expect("the example ends");
    page[start..start + length].to_owned()
}

/// What stands beside the example: documents and a secret.
fn beside() -> Vec<(&'static str, &'static str)> {
    vec![
        ("shop/specs/orders.openapi.yaml", "openapi: 3.1.0"),
        ("shop/specs/crm.openapi.yaml", "openapi: 3.1.0"),
        ("shop/secrets/orders", "hush-orders\n"),
    ]
}

fn environment(name: &str) -> Option<String> {
    match name {
        "CRM_KEY" => Some("hush-key".to_owned()),
        "CRM_PASSWORD" => Some("hush-password".to_owned()),
        _ => None,
    }
}

/// Loads one file with the example's files beside it.
fn load(text: &str) -> Result<Loaded, Problems> {
    let files = Memory::new(beside().into_iter().chain([("shop/patchbay.yaml", text)]));
    load_from(Path::new("shop/patchbay.yaml"), &files, &environment)
}

/// What is said about the example after one change.
fn changed(from: &str, to: &str) -> String {
    let example = documented();
    assert!(example.contains(from), "the example has no '{from}'");
    match load(&example.replacen(from, to, 1)) {
        Ok(loaded) => loaded.warnings.iter().map(|warning| format!("warning: {warning}\n")).collect(),
        Err(problems) => problems.to_string(),
    }
}
