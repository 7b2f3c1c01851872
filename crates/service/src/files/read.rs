//! Reading a file that was sent, piece by piece.

use super::at_the_disk;
use crate::{Refused, Service, load};
use futures::Stream;
use patchbay_core::Session;
use patchbay_core::attachment::About;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::{ConversationId, FileId};
use patchbay_core::log::StreamId;
use patchbay_core::port::FileContent;
use std::io::{self, Read};
use std::sync::Arc;
use tokio::sync::mpsc;

/// How many bytes are read at a time.
const PIECE: usize = 64 << 10;

/// A file that was sent in a conversation.
pub struct Download {
    /// What it is.
    pub about: About,
    content: Box<dyn FileContent>,
}

impl Service {
    /// What a file of this session's conversation is. One that was not sent in it is none.
    ///
    /// # Errors
    /// When there is no such file for this session.
    pub async fn file(&self, session: &Session, conversation: &ConversationId, file: &FileId) -> Result<About, Refused> {
        sent(&self.events_of(session, conversation).await?, file)
    }

    /// What a file of a conversation is, for the staff.
    ///
    /// # Errors
    /// When there is no such file.
    pub async fn file_at_desk(&self, conversation: &ConversationId, file: &FileId) -> Result<About, Refused> {
        sent(&load::stream(&*self.0.parts.log, &StreamId::conversation(conversation), 0).await?, file)
    }

    /// Opens a file, for whoever was told what it is.
    ///
    /// # Errors
    /// When it is gone, or the disk cannot be read.
    pub async fn open_file(&self, file: &FileId, about: About) -> Result<Download, Refused> {
        let (files, file) = (Arc::clone(&self.0.parts.files), file.clone());
        let content = at_the_disk(move || files.open(&file)).await?.ok_or(Refused::NotFound)?;
        Ok(Download { about, content })
    }
}

impl Download {
    /// Its bytes, piece by piece. Where the disk fails on the way, they end with an error.
    pub fn pieces(self) -> impl Stream<Item = io::Result<Vec<u8>>> + Send + use<> {
        let (send, receive) = mpsc::channel(2);
        let mut content = self.content;
        tokio::task::spawn_blocking(move || {
            loop {
                let mut piece = Vec::with_capacity(PIECE);
                let read = (&mut content).take(PIECE as u64).read_to_end(&mut piece).map(|_| piece);
                let last = read.as_ref().map_or(true, Vec::is_empty);
                // Whoever read may have gone away.
                let heard = read.as_ref().is_ok_and(Vec::is_empty) || send.blocking_send(read).is_ok();
                if last || !heard {
                    return;
                }
            }
        });
        futures::stream::unfold(receive, |mut receive| async move { receive.recv().await.map(|piece| (piece, receive)) })
    }
}

/// What a file is that these events tell was sent.
fn sent(events: &[Recorded], file: &FileId) -> Result<About, Refused> {
    let in_message = |event: &Recorded| match &event.event {
        Event::MessageReceived { files, .. } => files.iter().find(|sent| sent.file == *file)?.about.get().cloned(),
        _ => None,
    };
    events.iter().find_map(in_message).ok_or(Refused::NotFound)
}
