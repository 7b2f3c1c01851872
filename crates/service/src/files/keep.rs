//! Which files a message may name, and what becomes of those that none does.

use super::at_the_disk;
use crate::actor::Actor;
use crate::{Refused, Service, load};
use patchbay_core::event::Event;
use patchbay_core::id::{FileId, StaffId};
use patchbay_core::log::StreamId;
use patchbay_core::{Attachment, Personal};
use std::sync::Arc;
use std::time::Duration;

/// What is coming in is not waited for longer than this: with the sweep every half hour, nothing cut off stays for an hour.
const CUT_AFTER: Duration = Duration::from_secs(25 * 60);
/// For so long a message may name a file that came in.
const UNSENT_FOR: Duration = Duration::from_secs(24 * 3600);

impl Actor {
    /// The files a message names: each came in for this conversation, from the same side, and was not sent before.
    pub(crate) async fn attachments(&self, files: &[FileId], by: Option<&StaffId>) -> Result<Vec<Attachment>, Refused> {
        let mut attachments: Vec<Attachment> = Vec::with_capacity(files.len());
        for file in files {
            let twice = self.state.sent.contains(file) || attachments.iter().any(|other| other.file == *file);
            let (kept, id) = (Arc::clone(&self.service.0.parts.files), file.clone());
            let kept = at_the_disk(move || kept.about(&id)).await?;
            let ours = kept.filter(|kept| !twice && kept.conversation == self.id && kept.staff.as_ref() == by);
            let about = ours.ok_or_else(|| Refused::FileUnknown { file: file.clone() })?.about;
            attachments.push(Attachment { file: file.clone(), about: Personal::message(about) });
        }
        Ok(attachments)
    }

    /// A message that names these files is in the log.
    pub(crate) fn settle_files(&self, files: Vec<FileId>) {
        if files.is_empty() {
            return;
        }
        let kept = Arc::clone(&self.service.0.parts.files);
        // Where this does not come to pass, the sweep finds the message.
        tokio::task::spawn_blocking(move || {
            for file in files {
                if let Err(error) = kept.settle(&file) {
                    tracing::warn!(%file, %error, "a file that was sent is not marked as such yet");
                }
            }
        });
    }
}

/// Removes what was cut off, and what no message has named for a day.
pub(crate) async fn sweep(service: Service) {
    if let Err(error) = swept(&service).await {
        tracing::warn!(%error, "files that nobody sent are not removed yet");
    }
}

async fn swept(service: &Service) -> Result<(), Refused> {
    let parts = &service.0.parts;
    let now = parts.clock.now();
    let files = Arc::clone(&parts.files);
    let (cut, unsent) = (now.minus(CUT_AFTER), now.minus(UNSENT_FOR));
    let old = at_the_disk(move || {
        files.sweep(cut)?;
        files.unsettled(unsent)
    });
    for file in old.await? {
        let sent = was_sent(service, &file).await?;
        let files = Arc::clone(&parts.files);
        at_the_disk(move || if sent { files.settle(&file) } else { files.remove(&file) }).await?;
    }
    Ok(())
}

/// Does a message of its conversation name it?
async fn was_sent(service: &Service, file: &FileId) -> Result<bool, Refused> {
    let (files, id) = (Arc::clone(&service.0.parts.files), file.clone());
    let Some(kept) = at_the_disk(move || files.about(&id)).await? else { return Ok(false) };
    let events = load::stream(&*service.0.parts.log, &StreamId::conversation(&kept.conversation), 0).await?;
    let names = |event: &Event| matches!(event, Event::MessageReceived { files, .. } if files.iter().any(|sent| sent.file == *file));
    Ok(events.iter().any(|recorded| names(&recorded.event)))
}
