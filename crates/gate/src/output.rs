//! The third door: what may be said. Every claim of a freely worded sentence must be proven; links must be on the list.

use crate::claims::{claims, links, prove, prove_text};
use crate::mask::redact;
use patchbay_core::fact::Released;
use patchbay_core::mind::Draft;
use regex::{Regex, RegexBuilder};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

static IMAGE: LazyLock<Regex> = LazyLock::new(|| pattern(r"!\[[^\]]*\]\([^)]*\)"));
static LABELLED: LazyLock<Regex> = LazyLock::new(|| pattern(r"\[([^\]]*)\]\(([^)\s]*)[^)]*\)"));
static TAG: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)<(?:script|style|svg)\b.*?</(?:script|style|svg)\s*>|</?[a-z!][^<>]*>"));

fn pattern(text: &str) -> Regex {
    RegexBuilder::new(text).case_insensitive(true).build().expect("invariant: the pattern is a constant that a test compiles")
}

/// A draft as the customer may read it.
///
/// A draft made from a declared text (`template`) states what the company wrote over released facts: its claims hold, and
/// links off the list and card numbers are taken out. In a freely worded one every number, amount, day, id, address and link
/// must come from `facts`, from `said` (what the customer wrote) or from its citations. HTML and images are taken out of both.
///
/// # Errors
/// The claims that nothing proves, as they were written.
pub fn output(draft: &Draft, facts: &BTreeMap<String, Released>, said: &[&str], allowed_links: &[String]) -> Result<String, Vec<String>> {
    let text = redact(&plain(&draft.text, allowed_links));
    if draft.template.is_some() {
        return Ok(without_links(&text, allowed_links));
    }
    let mut proven = BTreeSet::new();
    facts.values().for_each(|released| prove(&released.value, &mut proven));
    said.iter().for_each(|words| prove_text(words, &mut proven));
    draft.citations.iter().for_each(|citation| prove_text(&citation.title, &mut proven));
    let holds = |key: &str, link: bool| if link { allowed(key, allowed_links) } else { proven.contains(key) };
    let unproven: Vec<String> = claims(&text).into_iter().filter(|claim| !holds(&claim.key, claim.link)).map(|claim| claim.text).collect();
    if unproven.is_empty() { Ok(text) } else { Err(unproven) }
}

/// Without images and HTML; of labelled links off the list the label stays.
fn plain(text: &str, allowed_links: &[String]) -> String {
    let text = IMAGE.replace_all(text, "");
    let text = LABELLED.replace_all(&text, |found: &regex::Captures<'_>| match allowed(&found[2], allowed_links) {
        true => found[0].to_owned(),
        false => found[1].to_owned(),
    });
    // Taking a tag out may put another one together: until nothing is left to take out.
    let mut text = text.into_owned();
    while TAG.is_match(&text) {
        text = TAG.replace_all(&text, "").into_owned();
    }
    text
}

/// Takes links off the list out.
fn without_links(text: &str, allowed_links: &[String]) -> String {
    let mut text = text.to_owned();
    for link in links(&text).into_iter().rev() {
        if !allowed(&text[link.clone()], allowed_links) {
            text.replace_range(link, "");
        }
    }
    text
}

/// Is it one of the list, or below one of the list? `https://shop.example` allows its pages, not `https://shop.example.evil`.
fn allowed(link: &str, allowed_links: &[String]) -> bool {
    let below = |entry: &String| {
        let entry = entry.trim_end_matches('/');
        let rest = link.strip_prefix(entry)?;
        (!entry.is_empty() && (rest.is_empty() || rest.starts_with(['/', '?', '#']))).then_some(())
    };
    allowed_links.iter().any(|entry| below(entry).is_some())
}

#[cfg(test)]
#[path = "output_tests.rs"]
mod tests;
