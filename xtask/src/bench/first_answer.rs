//! From the customer's message to the whole reply, over HTTP, backends without delay.

use super::figure::{Figure, median};
use super::load::Customer;
use crate::failure::Failure;
use crate::server::free_address;
use crate::town::Town;
use std::path::Path;
use std::time::{Duration, Instant};

const TIMES: usize = 20;

pub(super) fn measure(town: &Town, folder: &Path) -> Result<Vec<Figure>, Failure> {
    let server = town.serve(&folder.join("first-answer"), free_address()?)?;
    let mut mika = Customer::open(server.address, "mika")?;
    let mut ask = |_| -> Result<Duration, Failure> {
        let began = Instant::now();
        mika.ask("where is order 12288?")?;
        Ok(began.elapsed())
    };
    let first = ask(0)?;
    let rest = (0..TIMES).map(ask).collect::<Result<Vec<_>, _>>()?;
    server.stop()?;
    Ok(vec![
        Figure::time("first answer of a fresh process", first, Some(150)),
        Figure::time(format!("answer after that (median of {TIMES})"), median(rest), Some(150)),
    ])
}
