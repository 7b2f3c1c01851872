//! `patchbay test`: the demo's own tests pass without its systems, and what is not as expected is said plainly.

use patchbay_world::{Credentials, Running, World, WorldOptions};
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
fn the_retail_examples_own_tests_pass() {
    // Its backend is described by a document of the data sets.
    if std::env::var_os("PATCHBAY_DATA").is_none() {
        eprintln!("skipped: PATCHBAY_DATA names no data");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/retail"), folder.path());
    let (code, said) = run(&folder, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains(" passed, 0 failed in "), "{said}");
}

#[test]
fn answers_that_cannot_be_used_can_be_stated() {
    let (code, said) = run_text(
        "
- given: a backend that answers with something else first
  as: { customer: mika }
- test: hands over where no answer can be read
  backends:
    orders.getOrder:
      - fault: bad_answer
      - body: { id: \"12345\", customer_id: mika, status: paid, placed_at: \"2026-01-13T09:30:00Z\", total: 59.90, payment: { method: card }, items: [], returns: [] }
    warehouse.getFulfilment: { status: 404 }
  steps:
    - user: where is order 12345
      expect: { status: failed, calls: [order] }
    - user: where is order 12345
      expect: { status: answered, text: Order 12345 is paid }
- test: reads no answer that is too large
  backends:
    orders.getOrder: { fault: too_large }
  steps:
    - user: where is order 12345
      expect: { status: failed, calls: [order] }
",
    );
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("2 passed, 0 failed"), "{said}");
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
        "✗ expected the words “sunny”, but was said: “I can help with orders, bills, plans and devices, but not with that.”",
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

#[test]
fn a_miss_is_shown_side_by_side_and_tells_programs_what_was_there() {
    let text = "
- test: expects the wrong words
  as: { customer: mika }
  backends:
    orders.getOrder: { body: { id: \"12345\", customer_id: mika, status: shipped, placed_at: \"2026-01-13T09:30:00Z\", total: 59.90, payment: { method: card }, items: [], returns: [] } }
  steps:
    - user: please cancel order 12345, ordered by mistake
      expect: { text: Order 12345 is on its way, calls: [order, cancel_order] }
";
    let (code, said) = run_text(text);
    assert_eq!(code, Some(1), "{said}");
    for line in ["- Order 12345 is ⟦on its way⟧", "+ Order 12345 is ⟦already shipped, so⟧", "  order\n", "- cancel_order\n"] {
        assert!(said.contains(&format!("          {line}")), "no '{line}' in:\n{said}");
    }
    let folder = demo();
    let file = folder.path().join("one.yaml");
    std::fs::write(&file, text).unwrap();
    let (code, said) = run(&folder, &[file.to_str().unwrap(), "--json"]);
    let told: serde_json::Value = serde_json::from_str(said.lines().next().unwrap()).unwrap();
    let missed = &told["steps"][0]["missed"];
    assert_eq!((code, &missed[1]["expectation"], &missed[1]["instead"]), (Some(1), &"calls".into(), &"order".into()), "{said}");
    assert_eq!(missed[1]["diff"], serde_json::json!(["  order", "- cancel_order"]));
}

/// The demo with its systems at work, and the variables that lead there.
struct Live {
    folder: TempDir,
    environment: Vec<(String, String)>,
    _world: Running,
}

impl Live {
    async fn start() -> Self {
        let world = World::start(WorldOptions::new()).await.unwrap();
        let folder = demo();
        let data = folder.path().join("data").display().to_string();
        let mut environment =
            vec![("HOST_SECRET".to_owned(), "0123456789abcdef0123456789abcdef".to_owned()), ("PATCHBAY_DATA_DIR".to_owned(), data)];
        for endpoint in world.endpoints() {
            let name = endpoint.service.as_str().to_uppercase();
            let (ending, secret) = match &endpoint.credentials {
                Credentials::ApiKey { key, .. } => key.strip_prefix("Token ").map_or(("KEY", key.as_str()), |token| ("TOKEN", token)),
                Credentials::Basic { password, .. } => ("PASSWORD", *password),
                Credentials::Bearer { token } => ("TOKEN", *token),
                Credentials::Jwt { secret, .. } => ("SECRET", *secret),
                Credentials::OAuth { client_secret, .. } => ("SECRET", *client_secret),
            };
            environment.push((format!("{name}_{ending}"), secret.to_owned()));
            environment.push((format!("{name}_URL"), endpoint.url.clone()));
        }
        Self { folder, environment, _world: world }
    }

    /// A command with the systems at hand.
    async fn run(&self, arguments: &[&str]) -> (Option<i32>, String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_patchbay"));
        command.args(arguments).arg("-c").arg(self.folder.path()).envs(self.environment.iter().cloned());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

#[tokio::test]
async fn a_conversation_becomes_a_test_that_passes_without_the_systems() {
    let live = Live::start().await;
    let mut conversation = String::new();
    for text in ["I want to return the mugs from order 11902, they are broken", "yes", "where is order 99999, I am mika.sato@example.com"] {
        let mut arguments = vec!["ask", text, "--as", "mika", "--json"];
        if !conversation.is_empty() {
            arguments.extend(["--conversation", &conversation]);
        }
        let (code, said, error) = live.run(&arguments).await;
        assert_eq!(code, Some(0), "{said}{error}");
        let reply: serde_json::Value = serde_json::from_str(&said).unwrap();
        conversation = reply["conversation"].as_str().unwrap().to_owned();
    }
    let (code, test, error) = live.run(&["trace", &conversation, "--as-test"]).await;
    assert_eq!(code, Some(0), "{test}{error}");
    for part in [
        "as: { customer: customer-1, level: identified }",
        "the mugs from order 10001",
        "person1@example.com",
        "tool: start_return",
        "outcome: verified",
        "customer_id: somebody-else",
        "refusal: owner_mismatch",
    ] {
        assert!(test.contains(part), "no '{part}' in:\n{test}");
    }
    for dropped in ["national_id", "risk_score", "authorisation", "bob", "mika", "Mika", "sato", "11902", "99999"] {
        assert!(!test.contains(dropped), "'{dropped}' in:\n{test}");
    }
    // Elsewhere, with no system and no secret at hand.
    let (code, said) = run_text(&test);
    assert_eq!(code, Some(0), "{said}\n{test}");
    assert!(said.contains("1 passed, 0 failed"), "{said}");
}

#[tokio::test]
async fn a_test_records_what_the_live_systems_answer_and_then_runs_without_them() {
    let live = Live::start().await;
    let file = live.folder.path().join("tests/recorded.yaml");
    let written = "# Mine.
- test: brings a parcel on another day
  as: { customer: mika }
  steps:
    - user: please move my delivery to the evening two weeks from now # whatever day that is
      expect: { status: asking, question: date }
    - confirm: no

- test: says where an order is
  as: { customer: mika }
  steps:
    - user: where is order 12345
      expect: { status: answered, text: Bremen warehouse }
";
    std::fs::write(&file, written).unwrap();
    let path = file.display().to_string();
    let (code, _, error) = live.run(&["test", "--record"]).await;
    assert_eq!(code, Some(2), "{error}");
    assert!(error.contains("say which tests are recorded"), "{error}");
    let (code, _, error) = live.run(&["test", "--record", &path]).await;
    assert_eq!(code, Some(4), "{error}");
    assert!(error.contains("line 7: there is no card to decide on"), "{error}");

    std::fs::write(&file, written.replace("    - confirm: no\n", "")).unwrap();
    let (code, said, error) = live.run(&["test", "--record", &path]).await;
    assert_eq!(code, Some(0), "{said}{error}");
    let recorded = std::fs::read_to_string(&file).unwrap();
    assert!(recorded.starts_with("# Mine.\n") && recorded.contains("# whatever day that is"), "{recorded}");
    assert!(recorded.contains("orders.getOrder:") && !recorded.contains("shipping_address: { country"), "{recorded}");
    let (code, said) = run(&live.folder, &[&path]);
    assert_eq!(code, Some(0), "{said}\n{recorded}");
    assert!(said.contains("2 passed, 0 failed"), "{said}");
}
