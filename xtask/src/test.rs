//! `cargo xtask test`: everything that can be tested on this machine, and one line that says how it went.

use crate::command::{cargo, command, count, installed, run};
use crate::failure::Failure;
use crate::project::{self, Build};
use crate::server::{Server, free_address};
use crate::tally::Tally;
use crate::ui::npm;
use crate::{floors, kill, needs, retail, ui};
use std::time::{Duration, Instant};

/// A debug build starts in a second or two; a busy machine takes longer.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// What became of one part.
enum Outcome {
    Counted(Tally),
    Skipped(String),
}

type Part = (&'static str, fn() -> Result<Outcome, Failure>);

/// The part without which the others test nothing.
const BUILD: &str = "build";

/// In this order, because later parts use what earlier ones built.
const PARTS: [Part; 8] = [
    ("floors", house),
    ("user interface", interface),
    (BUILD, build),
    ("crates", crates),
    ("documentation examples", examples),
    ("kill -9", killed),
    ("browser", browser),
    ("retail", dialogues),
];

/// Runs every part, also after one failed, and ends with the overall line.
pub(crate) fn run_all() -> Result<(), Failure> {
    let began = Instant::now();
    let mut lines = Vec::new();
    let mut whole = Tally::default();
    let mut skipped = 0;
    for (name, part) in PARTS {
        eprintln!("\n== {name}");
        let (tally, line) = match part() {
            Ok(Outcome::Counted(tally)) => (tally, format!("{name}: {tally}")),
            Ok(Outcome::Skipped(why)) => {
                skipped += 1;
                (Tally::default(), format!("{name}: SKIPPED, {why}"))
            }
            Err(failure) => (Tally::one(false), format!("{name}: FAILED, {failure}")),
        };
        whole += tally;
        lines.push(line);
        if name == BUILD && tally.failed > 0 {
            lines.push("nothing after that was run: it would have tested an older build".to_owned());
            break;
        }
    }
    println!("\n{}", lines.join("\n"));
    let note = if skipped == 0 { String::new() } else { format!(", {skipped} parts skipped") };
    println!("\n{whole}{note} in {:.0} s", began.elapsed().as_secs_f64());
    if whole.failed == 0 { Ok(()) } else { Err(Failure::new("tests failed")) }
}

fn house() -> Result<Outcome, Failure> {
    floors::run().map(|()| Outcome::Counted(Tally::one(true)))
}

fn interface() -> Result<Outcome, Failure> {
    if !installed("npm") {
        return Err(Failure::new("npm is not installed: install Node.js 20 or newer"));
    }
    ui::build()?;
    count(&mut npm(&["test"])).map(Outcome::Counted)
}

/// The same selection as the tests, so that nothing is compiled twice with other features; it also makes the programs
/// that the browser and the kill loop start.
fn build() -> Result<Outcome, Failure> {
    run(&mut cargo(["build", "--workspace", "--all-targets"])).map(|()| Outcome::Counted(Tally::one(true)))
}

fn crates() -> Result<Outcome, Failure> {
    count(&mut cargo(["test", "--workspace", "--all-targets", "--no-fail-fast"])).map(Outcome::Counted)
}

fn examples() -> Result<Outcome, Failure> {
    count(&mut cargo(["test", "--workspace", "--doc", "--no-fail-fast"])).map(Outcome::Counted)
}

/// A few rounds; `cargo xtask kill` does more.
fn killed() -> Result<Outcome, Failure> {
    kill::check(kill::Kill { rounds: 5, reconnects: 200, seed: 1 }).map(Outcome::Counted)
}

/// The browser's tests against a demo of their own.
fn browser() -> Result<Outcome, Failure> {
    let chromium = match needs::browser() {
        Ok(chromium) => chromium,
        Err(missing) => return Ok(Outcome::Skipped(missing)),
    };
    let folder = tempfile::tempdir()?;
    let address = free_address()?;
    // By its name: browsers use no passkeys at addresses of numbers.
    let named = format!("localhost:{}", address.port());
    let mut demo = command(project::program(Build::Debug, "patchbay"), ["demo", "--no-browser", "--listen", &named]);
    let demo = Server::start(&mut demo, address, &folder.path().join("demo.log"), READY_WITHIN)?;
    let mut tests = npm(&["run", "test:browser"]);
    tests.env("BASE_URL", format!("http://{named}")).env("CHROMIUM", chromium).env("PATCHBAY", project::program(Build::Debug, "patchbay"));
    // The line `Desk` of what the demo prints: the start link of its support agent.
    if let Some(link) = demo.told().split_whitespace().find(|word| word.contains("/start?t=")) {
        tests.env("DESK_LINK", link);
    }
    // Behind the last word: where the simulated systems are told to misbehave.
    if let Some((_, door)) = demo.told().split_once("control door ") {
        tests.env("CONTROL_URL", door.split(')').next().unwrap_or(door));
    }
    let tally = count(&mut tests);
    demo.stop()?;
    tally.map(Outcome::Counted)
}

/// A shop that nobody here invented, where its data is at hand.
fn dialogues() -> Result<Outcome, Failure> {
    let Some(data) = project::data() else {
        return Ok(Outcome::Skipped("PATCHBAY_DATA names no folder of data sets".to_owned()));
    };
    println!("{}", retail::hold_floors(&data)?);
    Ok(Outcome::Counted(Tally::one(true)))
}
