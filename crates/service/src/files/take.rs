//! Taking a file in. One thread writes it as it comes, looks at it when it is whole, and keeps it, or leaves nothing behind.

use super::FileRefusal;
use crate::service::subject;
use crate::{Refused, Service, load};
use patchbay_core::Session;
use patchbay_core::attachment::{About, KeptFile};
use patchbay_core::conversation::Conversation;
use patchbay_core::event::Recorded;
use patchbay_core::id::{ConversationId, FileId, StaffId};
use patchbay_core::log::{StreamId, Subject};
use patchbay_core::port::{FileContent, NewFile};
use patchbay_files::Claimed;
use sha2::{Digest, Sha256};
use std::sync::PoisonError;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// How many pieces may wait for the disk.
const WAITING: usize = 4;

/// A file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Its id, for the message that it goes with.
    pub file: FileId,
    /// What it is.
    pub about: About,
}

/// A file that is coming in. Dropped before it is whole, nothing of it stays.
pub struct Incoming {
    pieces: mpsc::Sender<Piece>,
    kept: JoinHandle<Result<Taken, Refused>>,
    size: u64,
    most: u64,
}

enum Piece {
    Bytes(Vec<u8>),
    End,
}

/// Is anything taken in a conversation still? The message that names the file decides in the end.
fn taken(events: &[Recorded]) -> Result<(), Refused> {
    let Conversation { erased, ending, .. } = Conversation::fold(events);
    match (erased, ending.is_over()) {
        (true, _) => Err(Refused::Erased),
        (false, true) => Err(Refused::Closed { successor: ending.goes_on().cloned() }),
        (false, false) => Ok(()),
    }
}

impl Service {
    /// Begins to take a file in that a customer sends to their conversation.
    ///
    /// # Errors
    /// When the conversation is not this session's, or there is no room.
    pub async fn take_file(&self, session: &Session, conversation: &ConversationId, claimed: Claimed) -> Result<Incoming, Refused> {
        taken(&self.events_of(session, conversation).await?)?;
        self.begin_file(conversation, subject(session, conversation), None, claimed)
    }

    /// Begins to take a file in that somebody of the staff sends to a customer.
    ///
    /// # Errors
    /// When there is no such conversation, or no room.
    pub async fn take_file_of_staff(&self, conversation: &ConversationId, by: &StaffId, claimed: Claimed) -> Result<Incoming, Refused> {
        let events = load::stream(&*self.0.parts.log, &StreamId::conversation(conversation), 0).await?;
        let owner = load::owner(&events).ok_or(Refused::NotFound)?;
        taken(&events)?;
        self.begin_file(conversation, subject(owner, conversation), Some(by.clone()), claimed)
    }

    fn begin_file(
        &self,
        conversation: &ConversationId,
        subject: Subject,
        staff: Option<StaffId>,
        claimed: Claimed,
    ) -> Result<Incoming, Refused> {
        let parts = &self.0.parts;
        let file = FileId::mint(&*parts.clock, &*parts.chance);
        let (pieces, coming) = mpsc::channel(WAITING);
        let taking = Taking { service: self.clone(), file, subject, conversation: conversation.clone(), staff, claimed };
        let kept = tokio::task::spawn_blocking(move || taking.take(coming));
        Ok(Incoming { pieces, kept, size: 0, most: parts.house.company.files.largest })
    }
}

impl Incoming {
    /// Takes the next bytes in.
    ///
    /// # Errors
    /// When the file is too large, or cannot be kept.
    pub async fn write(&mut self, bytes: Vec<u8>) -> Result<(), Refused> {
        self.size = self.size.saturating_add(bytes.len() as u64);
        if self.size > self.most {
            return Err(FileRefusal::TooLarge { most: self.most }.into());
        }
        if self.pieces.send(Piece::Bytes(bytes)).await.is_ok() {
            return Ok(());
        }
        // The thread has ended before the file has: it says why.
        Err((&mut self.kept).await.unwrap_or_else(|_| Err(lost())).err().unwrap_or_else(lost))
    }

    /// The file is whole: it is looked at, and kept.
    ///
    /// # Errors
    /// When it is not a file that is taken, or cannot be kept.
    pub async fn finish(self) -> Result<Taken, Refused> {
        let Self { pieces, kept, .. } = self;
        // Where nobody listens any more the thread has ended, and its result says why.
        drop(pieces.send(Piece::End).await);
        kept.await.unwrap_or_else(|_| Err(lost()))
    }
}

fn lost() -> Refused {
    Refused::Broken("the thread that took a file in has ended".to_owned())
}

/// What the thread knows that takes a file in.
struct Taking {
    service: Service,
    file: FileId,
    subject: Subject,
    conversation: ConversationId,
    staff: Option<StaffId>,
    claimed: Claimed,
}

impl Taking {
    fn take(self, mut coming: mpsc::Receiver<Piece>) -> Result<Taken, Refused> {
        let mut new = self.service.0.parts.files.begin(&self.file, &self.subject)?;
        let (mut size, mut digest) = (0, Sha256::new());
        loop {
            match coming.blocking_recv() {
                Some(Piece::Bytes(bytes)) => {
                    size += bytes.len() as u64;
                    digest.update(&bytes);
                    new.write(&bytes)?;
                }
                Some(Piece::End) => break,
                // It was cut off: nobody waits for an answer, and nothing of it stays.
                None => return Err(Refused::Broken("a file was cut off".to_owned())),
            }
        }
        let digest = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.keep(new, size, digest)
    }

    fn keep(self, mut new: Box<dyn NewFile>, size: u64, digest: String) -> Result<Taken, Refused> {
        let mut content = new.content()?;
        let seen = self.look(&mut *content, size)?;
        drop(content);
        // A name may hold what words may not either.
        let name = patchbay_gate::mask(&seen.name).0;
        let about = About { name, media: seen.media.to_owned(), size, digest, pixels: seen.pixels, shown: seen.shown };
        new.keep(&KeptFile { conversation: self.conversation, staff: self.staff, about: about.clone() })?;
        Ok(Taken { file: self.file, about })
    }

    /// Archives are unpacked for it: one at a time.
    fn look(&self, content: &mut dyn FileContent, size: u64) -> Result<patchbay_files::Seen, Refused> {
        let _alone = self.service.0.looking.lock().unwrap_or_else(PoisonError::into_inner);
        patchbay_files::look(&self.claimed, content, size, &self.service.0.parts.house.company.files.allow).map_err(Refused::from)
    }
}
