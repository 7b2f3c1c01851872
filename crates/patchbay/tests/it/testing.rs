//! `patchbay test`: the demo's own tests pass without its systems, and what is not as expected is said plainly.

use std::path::Path;
use std::process::{Command, Output};
use tempfile::TempDir;

/// The demo's folder with its systems' documents, without any of its systems or secrets.
fn demo() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    copy(&here.join("../../examples/demo"), folder.path());
    copy(&here.join("../world/openapi"), &folder.path().join("specs"));
    folder
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            std::fs::copy(from, to).unwrap();
        }
    }
}

fn run(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_patchbay"));
    let Output { status, stdout, stderr } = command.arg("test").arg("-c").arg(folder.path()).args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap())
}

/// Runs one test written for the occasion.
fn run_text(text: &str) -> (Option<i32>, String) {
    let folder = demo();
    let file = folder.path().join("one.yaml");
    std::fs::write(&file, text).unwrap();
    run(&folder, &[file.to_str().unwrap()])
}

#[test]
fn the_demos_own_tests_pass() {
    let (code, said) = run(&demo(), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(" passed, 0 failed in "), "{said}");
}

#[test]
fn a_miss_shows_what_was_there_instead_and_the_steps_of_the_turn() {
    let (code, said) = run_text(
        "
- test: knows the weather
  steps:
    - user: what is the weather like
      expect: { status: answered, text: sunny, calls: [order], not_said: [bills] }
    - user: thanks
",
    );
    assert_eq!(code, Some(1), "{said}");
    for line in [
        "FAILED  knows the weather",
        "customer: what is the weather like",
        "✗ expected the status answered, but it was declined",
        "✗ expected the words “sunny”, but was said: “I can help with orders, bills and your plan, but not with that.”",
        "✗ expected the calls [order], but there were []",
        "✗ expected never to see “bills”, but was shown:",
        "│ mind        understood",
        "(1 more steps were not played)",
        "0 passed, 1 failed in ",
    ] {
        assert!(said.contains(line), "no '{line}' in:\n{said}");
    }
}

#[test]
fn a_request_without_a_stated_answer_is_named() {
    let (code, said) = run_text(
        "
- test: forgets to say what the orders answer
  as: { customer: mika }
  steps:
    - user: where is order 12345
",
    );
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("what the test states no answer to: orders.getOrder (order_id: 12345)"), "{said}");
}

#[test]
fn misspelt_names_are_shown_with_their_line_and_the_nearest_right_one() {
    let (code, said) = run_text(
        "
- test: is misspelt
  backends: { orders.getOrdr: { status: 404 } }
  steps:
    - user: where is order 12345
      expect: { calls: [ordre] }
",
    );
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("there is no operation 'orders.getOrdr'; did you mean 'orders.getOrder'?"), "{said}");
    assert!(said.contains("one.yaml:5") && said.contains("there is no tool 'ordre'; did you mean 'order'?"), "{said}");
    let (code, said) = run_text("- test: has a wrong key\n  steps: [{ user: hello, expct: { status: answered } }]\n");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("there is no key 'expct' in a step; did you mean 'expect'?"), "{said}");
}
