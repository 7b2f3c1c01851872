//! What `cargo xtask bench figures` runs: made-up events through the real projector, then every figure again and again. With
//! `--keep DIR` the store stays in that folder and is gone on with the next time; with `--into DIR` the events are written into
//! the log of that data folder instead, to be looked at.

mod fill;
mod measure;
mod year;

use patchbay_core::Timestamp;
use std::path::PathBuf;
use year::Plan;

/// Saturday, 21 November 2026; the time ends there.
const ENDS: i64 = 1_795_219_200_000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut events, mut days, mut ends) = (10_000_000, 365_u32, ENDS);
    let (mut into, mut kept) = (None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--events" => events = value.parse()?,
            "--days" => days = value.parse()?,
            "--ends" => ends = value.parse::<Timestamp>()?.0,
            "--into" => into = Some(PathBuf::from(value)),
            "--keep" => kept = Some(PathBuf::from(value)),
            _ => return Err(format!("there is no {name}: --events, --days, --ends, --into, --keep").into()),
        }
    }
    let begins = (ends - i64::from(days) * 86_400_000).div_euclid(86_400_000) * 86_400_000;
    let plan = Plan { begins: Timestamp(begins), days, events, seed: 7 };
    match into {
        Some(folder) => fill::fill(&folder, plan).await,
        None => measure::measure(plan, Timestamp(ends), kept.as_deref()).await,
    }
}
