//! How many appends a second, and what one costs. Run by hand: `cargo test --release -p patchbay-store -- --ignored --nocapture speed`.

use crate::house::{House, NOON, plain, said, stream, subject};
use patchbay_core::log::{Append, Claim, Expected, TimerChange};
use patchbay_core::port::Log;
use std::sync::Arc;
use std::time::Instant;

/// What a received message writes: two events, one of them personal, a claim and a timer.
fn message(client: usize, n: usize) -> Append {
    let name = format!("cnv_{client:026}");
    let events = vec![said("Where is my order 10023? It should have come on Tuesday."), plain("digest")];
    Append {
        subject: Some(subject(&name)),
        claims: vec![Claim { kind: "message".to_owned(), key: format!("{name}/{n}"), result: "msg".to_owned() }],
        timers: vec![TimerChange::Set { name: name.clone(), due: NOON, note: "quiet".to_owned() }],
        ..Append::new(NOON, stream(&name), Expected::Any, events)
    }
}

/// Processor time of this process, all threads, in seconds (Linux).
fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.iter().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement, run by hand"]
async fn speed() {
    for (clients, each) in [(1, 2_000), (8, 1_000), (64, 400), (256, 200)] {
        let house = House::new();
        let log = Arc::new(house.open());
        let (start, cpu) = (Instant::now(), cpu_seconds());
        let client = |client: usize| {
            let log = Arc::clone(&log);
            tokio::spawn(async move {
                for n in 0..each {
                    log.append(message(client, n)).await.unwrap();
                }
            })
        };
        for task in (0..clients).map(client).collect::<Vec<_>>() {
            task.await.unwrap();
        }
        let (appends, seconds, cpu) = ((clients * each) as f64, start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
        println!("{clients:>3} clients: {:>7.0} appends/s, {:>5.1} µs of CPU each", appends / seconds, cpu / appends * 1e6);
    }
}
