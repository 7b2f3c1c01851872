//! How well messages are understood and questions answered, on data that nobody here wrote, each figure beside its target:
//! `cargo xtask eval [part of a heading]`. Vectors are kept in the system's temporary folder between runs.

mod calibration;
mod companies;
mod data;
mod intents;
mod questions;
mod slips;
mod speed;
mod table;

use data::{Data, Result};
use std::path::Path;
use std::process::ExitCode;
use table::Table;

fn main() -> Result<ExitCode> {
    let Some(folder) = std::env::var_os("PATCHBAY_DATA") else {
        println!("skipped: PATCHBAY_DATA names no folder with intents/ and faq/");
        return Ok(ExitCode::SUCCESS);
    };
    let folder = Path::new(&folder);
    let mut table = Table::new(std::env::args().nth(1));
    let data = Data::read(folder)?;
    speed::measure(&mut table, &data)?;
    intents::banking(&mut table, &data);
    intents::misspelt(&mut table, &data);
    intents::scope(&mut table, &data);
    companies::measure(&mut table, &data);
    questions::measure(&mut table, folder, &data)?;
    Ok(table.verdict())
}
