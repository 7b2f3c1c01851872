//! The first hour of an integration: `init`, `backend add` with a real system behind it, a right answer on its data.

use patchbay_world::{Credentials, Running, ServiceName, World, WorldOptions};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A terminal in a folder, with the environment an engineer would set.
struct Terminal {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Terminal {
    fn run(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_patchbay"));
        command.current_dir(self.folder.path()).args(arguments).envs(self.environment.iter().cloned());
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap())
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

fn begun() -> Terminal {
    let terminal = Terminal { folder: tempfile::tempdir().unwrap(), environment: Vec::new() };
    let (code, said) = terminal.run(&["init", "--name", "Halden Home", "--zone", "Europe/Berlin", "--no-input"]);
    assert_eq!(code, Some(0), "{said}");
    terminal
}

#[test]
fn five_answers_make_a_configuration_that_is_right_and_a_secret_only_the_owner_reads() {
    let terminal = begun();
    let (code, said) = terminal.run(&["check"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("warning"), "{said}");
    let (code, said) = terminal.run(&["test"]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(mode(&terminal.path("secrets/host")), 0o600);
    let (code, said) = terminal.run(&["init", "--name", "Again", "--no-input"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("is there already"), "{said}");
}

fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn without_a_name_nothing_is_written() {
    let terminal = Terminal { folder: tempfile::tempdir().unwrap(), environment: Vec::new() };
    let (code, said) = terminal.run(&["init", "--no-input"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("--name NAME"), "{said}");
    assert_eq!(std::fs::read_dir(terminal.folder.path()).unwrap().count(), 0);
}

/// The simulated company, with the credentials of one of its systems in the terminal's environment.
async fn company(terminal: &mut Terminal, service: ServiceName) -> Running {
    let world = World::start(WorldOptions::new()).await.unwrap();
    if let Credentials::OAuth { client_id, client_secret, .. } = &world.endpoint(service).credentials {
        terminal.environment.push(("ORDERS_CLIENT_ID".into(), (*client_id).to_owned()));
        terminal.environment.push(("ORDERS_CLIENT_SECRET".into(), (*client_secret).to_owned()));
    }
    world
}

#[tokio::test(flavor = "multi_thread")]
async fn from_a_document_to_a_right_answer_in_two_commands() {
    let mut terminal = begun();
    let world = company(&mut terminal, ServiceName::Orders).await;
    let document = world.endpoint(ServiceName::Orders).document.clone();
    let secrets = std::mem::take(&mut terminal.environment);
    let (code, said) = terminal.run(&["backend", "add", &document, "--no-input"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("Set ORDERS_CLIENT_ID and ORDERS_CLIENT_SECRET"), "{said}");
    assert!(!terminal.path("tools").exists(), "nothing was written");
    terminal.environment = secrets;
    let (code, said) = terminal.run(&["backend", "add", &document, "--as", "mika", "--sample", "order=12345", "--no-input"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("order → orders.getOrder: ok"), "{said}");
    assert!(said.contains("Ask as a customer would"), "{said}");
    let (code, said) = terminal.run(&["check"]);
    assert_eq!(code, Some(0), "{said}");
    let (code, said) = terminal.run(&["ask", "what is the status of my order 12345", "--as", "mika"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("Order 12345: paid"), "{said}");
    // Somebody else's order looks like one that does not exist.
    let answer = |order: &str| {
        let (_, said) = terminal.run(&["ask", &format!("what is the status of my order {order}"), "--as", "mika"]);
        said.lines().find(|line| line.starts_with("Halden Home: ")).unwrap_or(&said).replace(order, "N")
    };
    assert_eq!(answer("99999"), answer("99998"));
    // A write is closed until somebody says when it may happen.
    let (_, said) = terminal.run(&["ask", "cancel my order 12345 please, ordered by mistake", "--as", "mika", "--json"]);
    assert!(!said.contains(r#""status":"proposing""#) && !said.contains(r#""status": "proposing""#), "{said}");
    let (code, said) = terminal.run(&["backend", "add", &document, "--no-input"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("declared already"), "{said}");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_had_says_what_to_do() {
    let terminal = begun();
    let (code, said) = terminal.run(&["backend", "add", "http://127.0.0.1:9/openapi.json", "--no-input"]);
    assert_eq!(code, Some(4), "{said}");
    std::fs::write(terminal.path("old.json"), r#"{"swagger": "2.0", "paths": {}}"#).unwrap();
    let (code, said) = terminal.run(&["backend", "add", "old.json", "--no-input"]);
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("convert it to OpenAPI 3"), "{said}");
}
