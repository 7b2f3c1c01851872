//! Resident memory of `serve`, at rest and after the demo's dialogue.

use super::figure::Figure;
use super::load::Customer;
use crate::failure::Failure;
use crate::process::resident;
use crate::server::free_address;
use crate::town::Town;
use std::path::Path;
use std::time::Duration;

/// After this nothing of the start is still being done.
const REST: Duration = Duration::from_secs(3);

pub(super) fn measure(town: &Town, folder: &Path) -> Result<Vec<Figure>, Failure> {
    let server = town.serve(&folder.join("memory"), free_address()?)?;
    std::thread::sleep(REST);
    let rest = resident(server.pid())?;
    let mut mika = Customer::open(server.address, "mika")?;
    for words in ["where is my order?", "12288", "how much do I owe?", "which plan do I have?", "cancel order 12345, wrong button"] {
        mika.ask(words)?;
    }
    let after = resident(server.pid())?;
    server.stop()?;
    Ok(vec![Figure::megabytes("memory at rest", rest, Some(40)), Figure::megabytes("memory after the demo dialogue", after, Some(120))])
}
