//! Which files people may send along.

use crate::fitted::Fitted;
use crate::problem::Report;
use patchbay_core::declare::Files;
use patchbay_core::words::FileGroup;

/// The section `files`. Left out as a whole it has the same defaults as left out key by key.
pub(super) fn files(it: &Fitted, report: &mut Report) -> Files {
    if matches!(it, Fitted::Absent) {
        return Files::default();
    }
    let allow = it.get("allow").texts().iter().filter_map(|word| FileGroup::parse(word)).collect();
    let largest = u64::try_from(it.count("largest")).unwrap_or(u64::MAX);
    if it.has("largest") && !(1..=Files::LARGEST).contains(&largest) {
        report.add("files.largest", "no file can have this size at most", "write a size from 1 to 20MiB: 20MiB");
    }
    Files { allow, largest: largest.min(Files::LARGEST) }
}
