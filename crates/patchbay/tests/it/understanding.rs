//! An engineer who wants to know what messages would be taken for: `patchbay understand` over a small rental.

use serde_json::Value;
use std::process::Command;
use tempfile::TempDir;

const RENTAL: &str = r#"
version: 1
name: Small Rental
skills:
  extend:
    describe: Keep a machine longer.
    examples: [can I keep it longer, extend my rental, I need the drill two more days, keep the ladder until Friday, one week more please]
    do: [{ say: extended }]
  collect:
    describe: Have a machine collected.
    examples: [please pick it up, come and collect the mixer, I am done with the saw, fetch the ladder, when do you take it back]
    do: [{ say: collected }]
topics:
  jobs: { examples: [are you hiring, do you have a job for me, where do I apply, I want to work for you], say: no_jobs }
texts: { extended: You can keep it., collected: We will come., no_jobs: We do not talk about jobs here. }
"#;

struct Engineer(TempDir);

impl Engineer {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [("patchbay.yaml", RENTAL)].iter().chain(files) {
            std::fs::write(folder.path().join(name), content).unwrap();
        }
        Self(folder)
    }

    fn understand(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_patchbay"));
        let output = command.current_dir(self.0.path()).arg("understand").args(arguments).output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, said, told) = self.understand(&[arguments, &["--json"]].concat());
        serde_json::from_str(&said).unwrap_or_else(|error| panic!("{error}: {said}{told}"))
    }
}

#[test]
fn a_message_is_shown_with_what_it_is_like() {
    let engineer = Engineer::with(&[]);
    let (code, said, told) = engineer.understand(&["can't I keep the drill longer?"]);
    assert_eq!(code, Some(0), "{told}");
    for words in ["extend", "heard as \"can not i keep the drill longer?\"", "like \"can i keep it longer\"", "out of scope from"] {
        assert!(said.to_lowercase().contains(words), "{words} in {said}");
    }
    let read = engineer.json(&["are you looking for staff, I need a job"]);
    assert_eq!(read["ranked"][0]["intent"], "topic:jobs", "{read}");
}

#[test]
fn messages_whose_intents_are_known_are_counted() {
    let messages = "text,intent\nmay I keep it a bit longer,extend\n\"pick the mixer up, please\",collect\nany jobs at your place,jobs\n\
                    take the ladder away,extend\nwhat is the capital of France,none\n";
    let lines = "{\"text\": \"may I keep it a bit longer\", \"intent\": \"extend\"}\n\n{\"text\": \"pick the mixer up, please\", \"intent\": \"collect\"}\n\
                 {\"text\": \"any jobs at your place\", \"intent\": \"topic:jobs\"}\n{\"text\": \"take the ladder away\", \"intent\": \"extend\"}\n\
                 {\"text\": \"what is the capital of France\"}\n";
    let engineer = Engineer::with(&[("messages.csv", messages), ("messages.jsonl", lines)]);
    let measured = engineer.json(&["--labelled", "messages.csv"]);
    assert_eq!(measured, engineer.json(&["--labelled", "messages.jsonl"]), "the same messages in another form");
    assert_eq!((&measured["right"]["of"], &measured["outside_taken"]["of"]), (&4.into(), &1.into()), "{measured}");
    assert_eq!(measured["right"]["count"], 3, "to take it away is no extension: {measured}");
    assert_eq!(measured["confusions"][0]["meant"], "extend");
    assert_eq!(measured["confusions"][0]["texts"][0], "take the ladder away");

    let (code, said, _) = engineer.understand(&["--labelled", "messages.csv", "--at-least", "75"]);
    assert!(code == Some(0) && said.contains("75.0 %") && said.contains("extend → collect"), "{said}");
    let (code, _, told) = engineer.understand(&["--labelled", "messages.csv", "--at-least", "85"]);
    assert!(code == Some(1) && told.contains("fewer than the 85 %"), "{told}");
}

#[test]
fn the_examples_themselves_are_tried_without_themselves() {
    let engineer = Engineer::with(&[]);
    let measured = engineer.json(&["--own"]);
    assert_eq!(measured["right"]["of"], 14, "ten of the skills, four of the topic: {measured}");
    assert!(measured["right"]["count"].as_u64().unwrap() >= 8, "{measured}");
    let (code, said, told) = engineer.understand(&["--own"]);
    assert!(code == Some(0) && said.contains("fewer than 30 messages say little"), "{said}{told}");
}

#[test]
fn what_is_wrong_with_a_file_is_told_line_by_line() {
    let wrong = "text,intent\nkeep it,extnd\n,collect\nfetch it,collect,too much\n";
    let engineer =
        Engineer::with(&[("wrong.csv", wrong), ("headless.csv", "keep it,extend\n"), ("wrong.jsonl", "{\"intent\": \"extend\"}\n")]);
    let (code, _, told) = engineer.understand(&["--labelled", "wrong.csv"]);
    assert_eq!(code, Some(2), "{told}");
    for words in
        ["wrong.csv: line 2: no skill and no topic is called 'extnd'; did you mean 'extend'?", "line 3: the text is empty", "line 4: "]
    {
        assert!(told.contains(words), "{words} in {told}");
    }
    let (_, _, told) = engineer.understand(&["--labelled", "headless.csv"]);
    assert!(told.contains("there is no column 'text'"), "{told}");
    let (_, _, told) = engineer.understand(&["--labelled", "wrong.jsonl"]);
    assert!(told.contains("line 1: missing field `text`"), "{told}");
    let (code, _, told) = engineer.understand(&["--labelled", "nowhere.csv"]);
    assert!(code == Some(2) && told.contains("cannot be read"), "{told}");
    let (code, _, _) = engineer.understand(&[]);
    assert_eq!(code, Some(2), "something must be understood");
}

#[test]
fn a_path_with_a_variable_that_is_not_set_is_told_as_such() {
    let written = format!("{RENTAL}knowledge: {{ sources: [{{ path: \"${{NOTES_OF_THE_RENTAL}}/handbook\", audience: anonymous }}] }}\n");
    let engineer = Engineer::with(&[("patchbay.yaml", written.as_str())]);
    let (code, _, told) = engineer.understand(&["anything"]);
    assert!(code == Some(3) && told.contains("a variable in the path of this file or folder is not set"), "{told}");
}
