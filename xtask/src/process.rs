//! What a process has used so far, as the kernel counts it.

use crate::failure::Failure;
use std::time::Duration;

/// The kernel shows times in these, whatever the machine.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of all threads, in and out of the kernel; those that have ended included.
pub(crate) fn cpu(pid: u32) -> Result<Duration, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name stands in brackets and may hold anything; times are the 12th and 13th field after it.
    let after = stat.rsplit_once(')').map(|(_, after)| after).unwrap_or_default();
    let ticks = after.split_whitespace().skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
    Ok(TICK * ticks)
}

/// Resident memory, in bytes.
pub(crate) fn resident(pid: u32) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kilobytes.map(|kilobytes| kilobytes * 1024).ok_or_else(|| Failure::new(format!("the kernel shows no resident memory of process {pid}")))
}
