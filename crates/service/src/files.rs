//! Files that people send along: taken in piece by piece, looked at, kept until a message names them, read by those they are for.

mod keep;
mod read;
mod take;

pub use patchbay_files::Refusal as FileRefusal;
pub use read::Download;
pub use take::{Incoming, Taken};

pub(crate) use keep::sweep;

use crate::Refused;
use patchbay_core::log::LogError;

/// Does something that waits for the disk, off the threads that serve requests.
pub(crate) async fn at_the_disk<T: Send + 'static>(work: impl FnOnce() -> Result<T, LogError> + Send + 'static) -> Result<T, Refused> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| Refused::Broken("the work on a file was given up".to_owned()))??)
}
