//! One directory of several files.

use super::{beside, documented, environment, load};
use patchbay_config::{Memory, Problems, load_from};
use std::path::Path;

/// The example with its topics, one tool and its texts in files of their own.
fn spread(more: &[(&'static str, String)]) -> Result<String, Problems> {
    let example = documented();
    let (head, rest) = example.split_once("topics:\n").unwrap();
    let (topics, rest) = rest.split_once("\ntexts:\n").unwrap();
    let (texts, escalation) = rest.split_once("\nescalation:").unwrap();
    let flat = |section: &str| section.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect::<Vec<_>>().join("\n");
    let mut files: Vec<(&str, String)> = beside().into_iter().map(|(path, text)| (path, text.to_owned())).collect();
    files.push(("shop/patchbay.yaml", format!("{head}\nescalation:{escalation}")));
    files.push(("shop/topics/all.yaml", flat(topics)));
    files.push(("shop/texts.en.yaml", flat(texts)));
    files.extend(more.iter().cloned());
    load_from(Path::new("shop"), &Memory::new(files), &environment).map(|loaded| loaded.digest)
}

#[test]
fn it_is_the_same_configuration_as_one_file() {
    assert_eq!(spread(&[]).unwrap(), load(&documented()).unwrap().digest);
}

#[test]
fn a_name_declared_twice_shows_both_places() {
    let again = "legal: { examples: [may i sue], say: not_my_field }".to_owned();
    insta::assert_snapshot!(spread(&[("shop/topics/again.yaml", again)]).unwrap_err(), @r"
    shop/topics/all.yaml:1:1  topics.legal
        'legal' is declared here and in shop/topics/again.yaml:1
        → remove one of the two, or rename it

    1 problem in the configuration
    ");
}

#[test]
fn a_second_language_is_refused_and_a_near_miss_is_named() {
    let german = "which_order: Welche Bestellung?".to_owned();
    insta::assert_snapshot!(spread(&[("shop/texts.de.yaml", german.clone()), ("shop/text.yaml", german)]).unwrap_err(), @r"
    shop/text.yaml
        this file would not be read; did you mean 'texts.yaml'?
        → rename it, or move it away

    shop/texts.de.yaml  texts
        texts in a second language (de) are not supported in this version
        → move the file away, or set `language: de`

    2 problems in the configuration
    ");
}

#[test]
fn a_folder_under_a_near_name_is_not_passed_over() {
    insta::assert_snapshot!(spread(&[("shop/topic/more.yaml", "medical: {}".to_owned())]).unwrap_err(), @r"
    shop/topic/more.yaml
        this file would not be read; did you mean 'topics/'?
        → rename it, or move it away

    1 problem in the configuration
    ");
}

#[test]
fn a_directory_needs_its_main_file() {
    let files = Memory::new([("shop/tools/order.yaml", "order: {}")]);
    insta::assert_snapshot!(load_from(Path::new("shop"), &files, &environment).unwrap_err(), @r"
    shop/patchbay.yaml
        this file cannot be read: entity not found
        → name the file or directory of the configuration; a directory needs a patchbay.yaml

    1 problem in the configuration
    ");
}
