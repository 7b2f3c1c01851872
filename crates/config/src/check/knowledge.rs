//! The written knowledge: its files are there.

use super::Check;
use crate::files::Files;

impl Check<'_> {
    pub(super) fn knowledge(&mut self, files: &dyn Files) {
        for (n, source) in self.company.knowledge.sources.iter().enumerate() {
            if !files.exists(&source.path) && !files.is_folder(&source.path) {
                let message = format!("there is no file or folder {}", source.path.display());
                self.report.add(
                    &format!("knowledge.sources[{n}].path"),
                    message,
                    "put Markdown files there, or correct the path (it is relative to the configuration)",
                );
            }
        }
    }
}
