//! Ten thousand schedules, each from its seed. `SCHEDULES=1000000` plays more, `SCHEDULE=17` plays one.

use crate::play::play;
use std::panic::catch_unwind;

#[test]
fn every_schedule_keeps_the_laws() {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    let seeds = number("SCHEDULE").map_or(0..number("SCHEDULES").unwrap_or(10_000), |one| one..one + 1);
    for seed in seeds {
        if let Err(panic) = catch_unwind(|| play(seed)) {
            eprintln!("schedule {seed} breaks a law; play it alone with SCHEDULE={seed}");
            std::panic::resume_unwind(panic);
        }
    }
}
