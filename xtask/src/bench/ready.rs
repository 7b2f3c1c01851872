//! From the start of the process until it takes traffic.

use super::figure::{Figure, median};
use crate::command::command;
use crate::failure::Failure;
use crate::project::{Build, program};
use crate::server::{Server, free_address};
use std::path::Path;
use std::time::Duration;

const TIMES: usize = 7;

/// The demo, its simulated company included.
pub(super) fn measure(folder: &Path) -> Result<Vec<Figure>, Failure> {
    let once = |_| -> Result<Duration, Failure> {
        let address = free_address()?;
        let mut demo = command(program(Build::Release, "patchbay"), ["demo", "--no-browser", "--listen", &address.to_string()]);
        let demo = Server::start(&mut demo, address, &folder.join("demo.log"), Duration::from_secs(30))?;
        let ready_after = demo.ready_after;
        demo.stop()?;
        Ok(ready_after)
    };
    let times = (0..TIMES).map(once).collect::<Result<Vec<_>, _>>()?;
    Ok(vec![Figure::time(format!("ready (demo, median of {TIMES})"), median(times), Some(300))])
}
