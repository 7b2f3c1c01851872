//! What has to be carried: the binary, and what a browser loads.

use super::figure::Figure;
use crate::failure::Failure;
use crate::project::{self, Build};
use flate2::{Compression, write::GzEncoder};
use std::io::Write;
use std::path::Path;

pub(super) fn measure() -> Result<Vec<Figure>, Failure> {
    let binary = project::program(Build::Release, "patchbay").metadata()?.len();
    let dist = project::ui().join("dist");
    let panel = std::fs::read_dir(dist.join("widget"))?.filter_map(|entry| Some(entry.ok()?.path()));
    let panel = panel.into_iter().find(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("panel.")));
    let panel = panel.ok_or_else(|| Failure::new("the user interface's build left no panel in ui/dist/widget"))?;
    Ok(vec![
        Figure::megabytes("binary (release, stripped)", binary, Some(80)),
        Figure::kilobytes("widget: loader, gzip", packed(&dist.join("widget.js"))?, Some(3)),
        Figure::kilobytes("widget: panel with English, gzip", packed(&panel)?, Some(45)),
    ])
}

/// A file's size after gzip, in bytes.
fn packed(file: &Path) -> Result<u64, Failure> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&std::fs::read(file)?)?;
    Ok(encoder.finish()?.len() as u64)
}
