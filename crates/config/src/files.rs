//! The files a configuration is made of, as a port: the disk, or texts compiled into the program.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// Where configuration files come from.
pub trait Files {
    /// The whole text of a file.
    ///
    /// # Errors
    /// When it is not there, cannot be read, or is no UTF-8.
    fn read(&self, path: &Path) -> io::Result<String>;

    /// The files directly in a folder, by name; none when there is no such folder.
    fn list(&self, folder: &Path) -> Vec<PathBuf>;

    /// Is it a folder?
    fn is_folder(&self, path: &Path) -> bool;

    /// Is there such a file?
    fn exists(&self, path: &Path) -> bool;

    /// May every account of this machine read it? `false` where files have no such rights.
    fn is_readable_by_all(&self, path: &Path) -> bool;
}

/// The files of this machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Files for Disk {
    fn read(&self, path: &Path) -> io::Result<String> {
        std::fs::read_to_string(path)
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
        let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()).collect();
        files.sort();
        files
    }

    fn is_folder(&self, path: &Path) -> bool {
        path.is_dir()
    }

    fn exists(&self, path: &Path) -> bool {
        path.is_file()
    }

    #[cfg(unix)]
    fn is_readable_by_all(&self, path: &Path) -> bool {
        use std::os::unix::fs::PermissionsExt;
        const OTHERS_READ: u32 = 0o004;
        std::fs::metadata(path).is_ok_and(|about| about.permissions().mode() & OTHERS_READ != 0)
    }

    #[cfg(not(unix))]
    fn is_readable_by_all(&self, _path: &Path) -> bool {
        false
    }
}

/// Files that are texts in memory, such as those compiled into the program. Nobody else can read them.
#[derive(Debug, Clone, Default)]
pub struct Memory(pub BTreeMap<PathBuf, String>);

impl Memory {
    /// Files by path and text.
    pub fn new<P: Into<PathBuf>, T: Into<String>>(files: impl IntoIterator<Item = (P, T)>) -> Self {
        Self(files.into_iter().map(|(path, text)| (path.into(), text.into())).collect())
    }
}

impl Files for Memory {
    fn read(&self, path: &Path) -> io::Result<String> {
        self.0.get(path).cloned().ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }

    fn list(&self, folder: &Path) -> Vec<PathBuf> {
        self.0.keys().filter(|path| path.parent() == Some(folder)).cloned().collect()
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.0.keys().any(|file| file != path && file.starts_with(path))
    }

    fn exists(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    fn is_readable_by_all(&self, _path: &Path) -> bool {
        false
    }
}
