//! The section `knowledge`.

use super::{changed, documented, environment};
use patchbay_config::{Memory, load_from};
use patchbay_core::declare::AnswerRule;
use patchbay_core::words::Audience;
use std::path::Path;
use std::time::Duration;

const SECTION: &str = "knowledge:
  sources: [{ path: ./handbook, audience: contact, language: en, review_every: 90d }]
  answer: { at_least: 0.7, below: { ask_back: 0.35 } }

topics:";

#[test]
fn sources_and_thresholds_are_declared() {
    let written = documented().replacen("topics:", SECTION, 1);
    let files = super::beside().into_iter().chain([("shop/patchbay.yaml", written.as_str()), ("shop/handbook/returns.md", "# Returns")]);
    let knowledge = load_from(Path::new("shop"), &Memory::new(files), &environment).unwrap().company.knowledge;
    assert_eq!(knowledge.answer, AnswerRule { at_least: 700, ask_back: 350, cite: true });
    let [source] = knowledge.sources.as_slice() else { panic!("one source") };
    assert_eq!(source.path, Path::new("shop/./handbook"));
    assert_eq!((source.audience, source.review_every), (Audience::Contact, Some(Duration::from_secs(90 * 86_400))));
}

#[test]
fn what_cannot_be_is_said() {
    let wrong = SECTION.replace("at_least: 0.7", "at_least: 70%");
    insta::assert_snapshot!(changed("topics:", &wrong), @r"
    shop/patchbay.yaml:143:15  knowledge.sources[0].path
        there is no file or folder shop/./handbook
        → put Markdown files there, or correct the path (it is relative to the configuration)

    shop/patchbay.yaml:144:23  knowledge.answer.at_least
        '70%' does not fit here
        → write a probability between 0 and 1 such as 0.6

    2 problems in the configuration
    ");
}

#[test]
fn thresholds_do_not_cross() {
    assert!(changed("topics:", &SECTION.replace("0.35", "0.9")).contains("what is enough to answer is not enough to ask back"));
}
