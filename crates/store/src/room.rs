//! Room on the disk: intake stops before the disk is full, and a reserve file leaves room for what must still be written then.
//!
//! On a disk without any room SQLite can neither delete nor checkpoint, so erasure and recovery would be locked out as well.
//! The reserve is given up at that moment, and taken back when there is room for it again: then intake resumes by itself.

use rustix::fs::{FallocateFlags, fallocate, statvfs};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How many bytes are free for this user on the disk that holds a directory.
pub type FreeSpace = fn(&Path) -> io::Result<u64>;

/// Asks the file system.
///
/// # Errors
/// When the directory cannot be looked at.
pub fn free_space(directory: &Path) -> io::Result<u64> {
    let disk = statvfs(directory)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// How long after running full the disk is looked at again.
const PAUSE: Duration = Duration::from_millis(500);

/// The state of the disk as the writer sees it.
pub(crate) struct Room {
    reserve: PathBuf,
    reserve_bytes: u64,
    margin_bytes: u64,
    free: FreeSpace,
    full_since: Option<Instant>,
}

impl Room {
    /// Takes the reserve if there is room for it; otherwise the disk counts as full from the start.
    pub(crate) fn new(reserve: PathBuf, reserve_bytes: u64, margin_bytes: u64, free: FreeSpace) -> Self {
        let mut room = Self { reserve, reserve_bytes, margin_bytes, free, full_since: None };
        if room.missing() && !room.take_back() {
            room.give_up();
        }
        room
    }

    /// May more be accepted?
    pub(crate) fn admits(&mut self) -> bool {
        match self.full_since {
            None if self.is_free(self.margin_bytes) => return true,
            None => self.give_up(),
            Some(since) if since.elapsed() >= PAUSE => {
                if self.take_back() {
                    tracing::info!("there is room on the disk again; intake resumes");
                    self.full_since = None;
                    return true;
                }
                self.full_since = Some(Instant::now());
            }
            Some(_) => {}
        }
        false
    }

    /// A write found no room, or there is too little: frees the reserve for what must still be written, and stops intake.
    pub(crate) fn give_up(&mut self) {
        if self.full_since.is_none() {
            tracing::error!(reserve = %self.reserve.display(), "the disk is full; intake stops until there is room");
        }
        self.full_since = Some(Instant::now());
        match fs::remove_file(&self.reserve) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => tracing::warn!(%error, "the reserve cannot be given up"),
            _ => {}
        }
    }

    fn missing(&self) -> bool {
        fs::metadata(&self.reserve).map_or(true, |found| found.len() != self.reserve_bytes)
    }

    fn is_free(&self, bytes: u64) -> bool {
        // A file system that cannot say is treated as roomy: SQLite still reports when it is not.
        self.reserve.parent().is_none_or(|directory| (self.free)(directory).map_or(true, |free| free >= bytes))
    }

    fn take_back(&self) -> bool {
        // Twice the margin, so that intake does not flap around the limit.
        self.is_free(self.reserve_bytes.saturating_add(self.margin_bytes.saturating_mul(2))) && self.allocate().is_ok()
    }

    fn allocate(&self) -> io::Result<()> {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&self.reserve)?;
        if self.reserve_bytes == 0 || fallocate(&file, FallocateFlags::empty(), 0, self.reserve_bytes).is_ok() {
            return Ok(());
        }
        fill(&mut file, self.reserve_bytes)
    }
}

/// For file systems that cannot allocate: writes the bytes.
fn fill(file: &mut File, bytes: u64) -> io::Result<()> {
    let zeros = vec![0_u8; 1 << 20];
    let mut left = bytes;
    while left > 0 {
        let part = usize::try_from(left).unwrap_or(usize::MAX).min(zeros.len());
        file.write_all(&zeros[..part])?;
        left -= part as u64;
    }
    file.sync_all()
}
