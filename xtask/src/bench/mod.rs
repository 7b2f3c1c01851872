//! `cargo xtask bench`: speeds and sizes of the release build, each beside its budget. Reported, never asserted: a busy
//! machine is no defect.

mod desk;
mod encoder;
mod figure;
mod figures;
mod first_answer;
mod load;
mod memory;
mod ready;
mod sizes;
mod turn_cost;

use crate::command::{cargo, run as run_command};
use crate::failure::Failure;
use crate::project::Build;
use crate::town::Town;
use crate::ui;
use clap::{Args, Subcommand};
use figure::Figure;
use std::path::Path;

/// What is measured; everything but the parts that have a name of their own, where none is given.
#[derive(Debug, Args)]
pub(crate) struct Wanted {
    #[command(subcommand)]
    part: Option<Part>,
}

/// A part that takes long and is measured by itself.
#[derive(Debug, Subcommand)]
enum Part {
    /// Figures over a store of ten million events.
    Figures(figures::Store),
    /// The desk live, with many screens and a long queue.
    Desk(desk::House),
    /// What a durable turn costs, beside its floor.
    Turn,
    /// What the product holds in memory.
    Memory,
}

/// Measures what is wanted.
pub(crate) fn run(wanted: &Wanted) -> Result<(), Failure> {
    match &wanted.part {
        Some(Part::Figures(store)) => figures::measure(store),
        Some(Part::Desk(house)) => alone(|town, folder| desk::measure(town, folder, house)),
        Some(Part::Turn) => alone(turn_cost::measure),
        Some(Part::Memory) => alone(memory::measure),
        None => everything(),
    }
}

/// Builds for release, measures everything, prints the table.
fn everything() -> Result<(), Failure> {
    ui::build()?;
    build()?;
    let folder = tempfile::Builder::new().prefix("patchbay-bench-").tempdir()?;
    let mut figures = Vec::new();
    let mut measure = |name: &str, measured: Result<Vec<Figure>, Failure>| {
        eprintln!("  measured: {name}");
        figures.push((name.to_owned(), measured));
    };
    measure("ready", ready::measure(folder.path()));
    let town = Town::start(Build::Release, folder.path())?;
    measure("first answer", first_answer::measure(&town, folder.path()));
    measure("memory", memory::measure(&town, folder.path()));
    measure("turn", turn_cost::measure(&town, folder.path()));
    measure("encoder", encoder::measure());
    measure("sizes", sizes::measure());
    table();
    let mut broken = 0;
    for (name, measured) in figures {
        match measured {
            Ok(measured) => measured.iter().for_each(|figure| println!("{figure}")),
            Err(failure) => {
                broken += 1;
                println!("{name:<44} not measured: {failure}");
            }
        }
    }
    if broken == 0 { Ok(()) } else { Err(Failure::new(format!("{broken} figures could not be measured"))) }
}

/// Measures one part by itself.
fn alone(measure: impl FnOnce(&Town, &Path) -> Result<Vec<Figure>, Failure>) -> Result<(), Failure> {
    build()?;
    let folder = tempfile::Builder::new().prefix("patchbay-bench-").tempdir()?;
    let town = Town::start(Build::Release, folder.path())?;
    let figures = measure(&town, folder.path())?;
    table();
    figures.iter().for_each(|figure| println!("{figure}"));
    Ok(())
}

/// The product, the simulated company, and what both are measured with.
fn build() -> Result<(), Failure> {
    let packages = ["--package", "patchbay", "--package", "patchbay-world", "--package", "xtask"];
    run_command(cargo(["build", "--release", "--bin", "patchbay", "--bin", "patchbay-world", "--examples"]).args(packages))
}

fn table() {
    println!("\n{:<44} {:>12} {:>14}", "figure", "measured", "budget");
}
