//! Killed at any moment: what was acknowledged is there, whole and readable, and nothing is missing in between.

use crate::house::{Dice, House, open, say, words};
use patchbay_core::Chance;
use patchbay_core::log::Position;
use patchbay_core::port::Log;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

/// How often the child is killed; more by hand: `PATCHBAY_CRASH_ROUNDS=200 cargo test -p patchbay-store crash`.
const ROUNDS: &str = "PATCHBAY_CRASH_ROUNDS";
/// Where the child writes. Without it the child's test does nothing.
const DATA: &str = "PATCHBAY_CRASH_DATA";
const ROUND: &str = "PATCHBAY_CRASH_ROUND";

#[tokio::test]
async fn nothing_acknowledged_is_lost_by_a_kill() {
    let rounds = std::env::var(ROUNDS).ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(20);
    let house = House::new();
    let mut acknowledged = Vec::new();
    for round in 0..rounds {
        let mut chance = [0];
        Dice.fill(&mut chance);
        acknowledged.extend(kill_after(&house.data(), round, usize::from(chance[0] % 64)));
        let log = open(&house.data()).unwrap();
        check(&log, &acknowledged).await;
        log.close().await;
    }
    assert!(acknowledged.len() >= rounds, "the child got something done");
}

/// Starts a child that writes, kills it after so many acknowledgements, and says what it acknowledged until then.
fn kill_after(data: &Path, round: usize, acknowledgements: usize) -> Vec<String> {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", "crash::child", "--ignored", "--nocapture"]).env(DATA, data).env(ROUND, round.to_string());
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut acknowledged = Vec::new();
    for line in lines {
        // What the child said before it died counts too, so the pipe is read to its end; half a line was not said.
        let Ok(line) = line else { break };
        acknowledged.extend(line.strip_prefix("written ").and_then(|line| line.strip_suffix(" .")).map(str::to_owned));
        if acknowledged.len() == acknowledgements + 1 {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    acknowledged
}

async fn check(log: &dyn Log, acknowledged: &[String]) {
    let events = log.read_all(Position(0), usize::MAX).await.unwrap();
    assert!(events.iter().map(|event| event.position.0).eq(1..=events.len() as u64), "positions have a gap");
    let mut lengths: HashMap<_, u64> = HashMap::new();
    for event in &events {
        let length = lengths.entry(event.stream.clone()).or_default();
        *length += 1;
        assert_eq!(event.seq, *length, "{} has a gap", event.stream);
    }
    let mut found: Vec<&str> = events.iter().map(|event| words(&event.event).expect("its key was durable before it")).collect();
    found.sort_unstable();
    for said in acknowledged {
        assert!(found.binary_search(&said.as_str()).is_ok(), "'{said}' was acknowledged and is lost");
    }
}

#[test]
#[ignore = "the child of nothing_acknowledged_is_lost_by_a_kill"]
fn child() {
    let (Some(data), Ok(round)) = (std::env::var_os(DATA).map(PathBuf::from), std::env::var(ROUND)) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    let log = Arc::new(open(&data).unwrap());
    let client = |n: usize| {
        let (log, round) = (Arc::clone(&log), round.clone());
        async move {
            for i in 0.. {
                let text = format!("{round}-{n}-{i}");
                // A new subject now and then, so that new keys are on their way when the end comes.
                log.append(say(&format!("{round}-{n}-{}", i / 4), &text)).await.unwrap();
                // One write per line: two threads must not mix their lines.
                std::io::stdout().write_all(format!("written {text} .\n").as_bytes()).unwrap();
            }
        }
    };
    runtime.block_on(async {
        for task in (0..4).map(|n| tokio::spawn(client(n))).collect::<Vec<_>>() {
            task.await.unwrap();
        }
    });
}
