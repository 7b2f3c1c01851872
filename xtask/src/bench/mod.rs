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
}

/// Measures what is wanted.
pub(crate) fn run(wanted: &Wanted) -> Result<(), Failure> {
    match &wanted.part {
        Some(Part::Figures(store)) => figures::measure(store),
        Some(Part::Desk(house)) => desk_alone(house),
        None => everything(),
    }
}

/// Builds for release, measures everything, prints the table.
fn everything() -> Result<(), Failure> {
    ui::build()?;
    let packages = ["--package", "patchbay", "--package", "patchbay-world", "--package", "xtask"];
    run_command(cargo(["build", "--release", "--bin", "patchbay", "--bin", "patchbay-world", "--examples"]).args(packages))?;
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
    let encoder = encoder::measure();
    let encoding = encoder.as_ref().map(|(median, _)| *median).unwrap_or_default();
    measure("turn", turn_cost::measure(&town, folder.path(), encoding));
    measure("encoder", encoder.map(|(_, figures)| figures));
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

/// Measures the desk by itself.
fn desk_alone(house: &desk::House) -> Result<(), Failure> {
    let packages = ["--package", "patchbay", "--package", "patchbay-world"];
    run_command(cargo(["build", "--release", "--bin", "patchbay", "--bin", "patchbay-world"]).args(packages))?;
    let folder = tempfile::Builder::new().prefix("patchbay-bench-").tempdir()?;
    let town = Town::start(Build::Release, folder.path())?;
    let figures = desk::measure(&town, folder.path(), house)?;
    table();
    figures.iter().for_each(|figure| println!("{figure}"));
    Ok(())
}

fn table() {
    println!("\n{:<44} {:>12} {:>14}", "figure", "measured", "budget");
}
