//! The written knowledge: its files are there.

use super::Check;
use crate::files::Files;

impl Check<'_> {
    pub(super) fn knowledge(&mut self, files: &dyn Files) {
        for (n, source) in self.company.knowledge.sources.iter().enumerate() {
            if !files.exists(&source.path) && !files.is_folder(&source.path) {
                self.missing(&format!("knowledge.sources[{n}].path"), "file or folder", &source.path, "put Markdown files there");
            }
        }
    }
}
