//! The dictionary: the page is what the definitions say, and every one is whole.

use patchbay_insight::{DEFINITIONS, definition, page};
use std::collections::BTreeSet;

#[test]
fn the_page_is_what_the_dictionary_says() {
    let written = include_str!("../../../../docs/figures.md");
    // To write it anew: patchbay figures --definitions > docs/figures.md
    assert!(written == page(), "docs/figures.md is not what the dictionary says; write it anew:\n{}", page());
}

#[test]
fn every_definition_is_whole_and_has_a_name_of_its_own() {
    let names: BTreeSet<&str> = DEFINITIONS.iter().map(|definition| definition.name).collect();
    assert_eq!(names.len(), DEFINITIONS.len());
    for entry in DEFINITIONS {
        let texts = [entry.title, entry.words, entry.formula, entry.source, entry.interval];
        assert!(texts.iter().all(|text| !text.is_empty() && !text.contains("  ")), "{}", entry.name);
        assert!(definition(entry.name).is_some_and(|found| found.title == entry.title));
    }
    assert!(definition("happiness").is_none());
}
