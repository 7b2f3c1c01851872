//! Looking at what has happened, at the terminal: `patchbay why`, `figures` and `search` over the log that `patchbay ask` has written.

use serde_json::Value;
use std::process::Command;
use tempfile::TempDir;

const SHOP: &str = r#"
version: 1
name: Small Books
skills:
  hours: { describe: Say when we are open., examples: [when are you open, opening hours please], do: [{ say: opening }] }
  person: { describe: Talk to a person., examples: [talk to a human, i want a person], do: [{ hand_over: asked_for_human }] }
texts: { opening: We are open from nine to five. }
escalation:
  triggers:
    - { reason: misunderstood, when: "turn.misunderstood >= 2" }
    - { reason: misunderstood, when: "turn.misunderstood == 1", do: offer }
"#;

fn patchbay(folder: &TempDir, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_patchbay")).current_dir(folder.path()).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn asked(folder: &TempDir, conversation: Option<&str>, text: &str) -> Value {
    let mut arguments = vec!["ask", text, "--json"];
    arguments.extend(conversation.iter().flat_map(|id| ["--conversation", id]));
    let (code, said, told) = patchbay(folder, &arguments);
    assert_eq!(code, Some(0), "{told}");
    serde_json::from_str(&said).unwrap()
}

#[test]
fn every_decision_is_told_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("patchbay.yaml"), SHOP).unwrap();
    let first = asked(&folder, None, "qwrtz plmokn");
    let conversation = first["conversation"].as_str().unwrap().to_owned();
    let choices = first["question"]["choices"].as_array().unwrap_or_else(|| panic!("a person is offered: {first}"));
    let people: Vec<&Value> = choices.iter().filter(|choice| choice["label"].as_str().unwrap().contains("person")).collect();
    assert!(people.len() == 1 && people[0]["value"] == "@person", "once, not beside the company's own: {first}");

    let (code, said, told) = patchbay(&folder, &["why", &conversation]);
    assert_eq!(code, Some(0), "{told}");
    for words in [
        "misunderstood  (a person was offered)",
        "turn.misunderstood == 1",
        "saw        turn.misunderstood = 1",
        "in force now",
        "the same decision",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let (code, said, _) = patchbay(&folder, &["why", &conversation, "--json"]);
    let decisions: Value = serde_json::from_str(&said).unwrap();
    assert_eq!((code, decisions.as_array().unwrap().len()), (Some(0), 1));
    assert_eq!((&decisions[0]["decision"], &decisions[0]["reproduced"]), (&"offered".into(), &true.into()), "{decisions}");

    let (code, _, told) = patchbay(&folder, &["why", "cnv_nobody"]);
    assert!(code == Some(1) && told.contains("there is no conversation cnv_nobody"), "{told}");
    let (code, _, told) = patchbay(&folder, &["why", "nonsense"]);
    assert!(code == Some(2) && told.contains("they look like cnv_"), "{told}");
}

#[test]
fn figures_count_what_was_asked_and_say_what_they_mean() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("patchbay.yaml"), SHOP).unwrap();
    let conversation = asked(&folder, None, "when are you open")["conversation"].as_str().unwrap().to_owned();
    asked(&folder, None, "opening hours please");

    let (code, said, told) = patchbay(&folder, &["figures", "--json"]);
    assert_eq!(code, Some(0), "{told}");
    let figures: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(figures["running"], 2, "nothing of it has ended yet: {figures}");
    assert!(!said.contains(&conversation), "figures name nobody");
    let (code, table, told) = patchbay(&folder, &["figures"]);
    assert!(code == Some(0) && table.contains("2 still running") && table.contains("patchbay figures --definitions"), "{table}{told}");
    let (code, page, _) = patchbay(&folder, &["figures", "--definitions"]);
    assert!(code == Some(0) && (page.contains("containment") || page.contains("Contained")), "{page}");
    let (code, _, told) = patchbay(&folder, &["figures", "--by", "colour"]);
    assert!(code == Some(2) && told.contains("colour"), "{told}");
}

#[test]
fn what_was_said_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("patchbay.yaml"), SHOP).unwrap();
    let conversation = asked(&folder, None, "When are you open, Zoë asks")["conversation"].as_str().unwrap().to_owned();
    asked(&folder, None, "opening hours please");

    let (code, said, told) = patchbay(&folder, &["search", "zoe open"]);
    assert_eq!(code, Some(0), "{told}");
    assert!(said.contains(&conversation) && said.contains("When are you [open], [Zoë] asks"), "{said}");
    assert!(told.contains("1 found") && told.contains("that is everything"), "{told}");
    let (_, said, _) = patchbay(&folder, &["search", "\"nine to five\"", "--who", "bot", "--json"]);
    let hits: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((hits.len(), &hits[0]["who"], &hits[0]["topic"]), (2, &"bot".into(), &"hours".into()), "{said}");
    let (_, said, told) = patchbay(&folder, &["search", "--limit", "1", "--who", "customer"]);
    assert!(said.contains("opening hours please") && !said.contains("Zoë") && told.contains("there is more"), "newest first: {said}{told}");
    let (code, _, told) = patchbay(&folder, &["search", "x", "--from", "yesterday"]);
    assert!(code == Some(2) && told.contains("no day like"), "{told}");
    let (code, _, told) = patchbay(&folder, &["search", &"x".repeat(300)]);
    assert!(code == Some(2) && told.contains("at most 200"), "{told}");
}
