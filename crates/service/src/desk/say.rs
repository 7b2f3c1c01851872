//! What the staff writes: answers to the customer, and notes among themselves.

use crate::Refused;
use crate::actor::Actor;
use crate::inbound::Received;
use crate::intake::fingerprint;
use patchbay_core::Personal;
use patchbay_core::event::Event;
use patchbay_core::id::{FileId, MessageId, NoteId, StaffId};
use patchbay_core::log::Claim;
use patchbay_core::mind::Speaker;

/// The longest answer or note, in characters.
const LONGEST: usize = 8_000;

impl Actor {
    /// An answer to the customer. The first one takes the conversation, in the same append.
    pub(crate) async fn say(&mut self, by: &StaffId, text: &str, client: Option<String>, files: Vec<FileId>) -> Result<Received, Refused> {
        // Files may speak for themselves.
        let text = if text.is_empty() && !files.is_empty() { String::new() } else { said(text)? };
        if let Some(mark) = super::first_mark(&text) {
            let why = format!("{mark} stands for a value that could not be had; write it, or take it out");
            return Err(Refused::Invalid { field: "text", why });
        }
        let fingerprint = fingerprint(&self.id, &text, Some(by.as_str()), &files);
        if let Some(first) = self.said_before(client.as_deref(), &fingerprint).await? {
            return Ok(first);
        }
        let attached = self.attachments(&files, Some(by)).await?;
        let before = self.unwritten();
        let mut claims = self.own(by)?;
        let message = MessageId::mint(&*self.service.0.parts.clock, &*self.service.0.parts.chance);
        let (text, masked) = patchbay_gate::mask(&text);
        let event = Event::MessageReceived {
            message: message.clone(),
            client: client.clone(),
            by: Speaker::Agent,
            staff: Some(by.to_string()),
            text: Personal::message(text),
            masked: masked.iter().map(|what| (*what).to_owned()).collect(),
            picked: None,
            files: attached,
        };
        self.pending.push((self.now(), event));
        let received = self.coming(Some(message));
        claims.extend(self.client_claim(client.as_deref(), &fingerprint, &received));
        self.write_and_cut(before, claims, by).await?;
        self.settle_files(files);
        Ok(received)
    }

    /// A note. Nobody has to own the conversation for it.
    pub(crate) async fn note(
        &mut self,
        by: &StaffId,
        text: &str,
        client: Option<String>,
        mentions: Vec<StaffId>,
    ) -> Result<Received, Refused> {
        let fingerprint = fingerprint(&self.id, text, Some(by.as_str()), &[]);
        if let Some(first) = self.said_before(client.as_deref(), &fingerprint).await? {
            return Ok(first);
        }
        let before = self.unwritten();
        self.note_down(by, text, client.clone(), mentions)?;
        let received = self.coming(None);
        let claims = self.client_claim(client.as_deref(), &fingerprint, &received);
        self.write(before, claims.into_iter().collect()).await?;
        Ok(received)
    }

    /// Notes that somebody wrote a note.
    pub(crate) fn note_down(
        &mut self,
        by: &StaffId,
        text: &str,
        client: Option<String>,
        mentions: Vec<StaffId>,
    ) -> Result<NoteId, Refused> {
        let text = said(text).map_err(|refused| match refused {
            Refused::Invalid { why, .. } => Refused::Invalid { field: "note", why },
            other => other,
        })?;
        let note = NoteId::mint(&*self.service.0.parts.clock, &*self.service.0.parts.chance);
        let text = Personal::message(patchbay_gate::mask(&text).0);
        self.pending.push((self.now(), Event::NoteWritten { note: note.clone(), by: by.clone(), text, client, mentions }));
        Ok(note)
    }

    /// What whoever wrote is told, once it is written.
    fn coming(&self, message: Option<MessageId>) -> Received {
        let seq = self.state.length + self.pending.len() as u64;
        Received { conversation: self.id.clone(), message, turn: None, seq, replayed: false }
    }

    async fn said_before(&self, client: Option<&str>, fingerprint: &str) -> Result<Option<Received>, Refused> {
        match client {
            Some(client) => self.known(&desk_key(client), fingerprint).await,
            None => Ok(None),
        }
    }

    fn client_claim(&self, client: Option<&str>, fingerprint: &str, received: &Received) -> Option<Claim> {
        client.map(|client| self.message_claim(&desk_key(client), fingerprint, received))
    }
}

/// The staff's own ids live beside those of customers.
fn desk_key(client: &str) -> String {
    format!("desk/{client}")
}

/// Words that say something, and not too many.
fn said(text: &str) -> Result<String, Refused> {
    let visible = text.chars().any(|character| {
        !character.is_whitespace() && !character.is_control() && !matches!(character, '\u{200b}'..='\u{200f}' | '\u{feff}')
    });
    let length = text.chars().count();
    match (visible, length) {
        (false, _) => Err(Refused::Invalid { field: "text", why: "there are no words in it; write some".to_owned() }),
        (true, LONGEST..) if length > LONGEST => {
            Err(Refused::Invalid { field: "text", why: format!("it has {length} characters; at most {LONGEST} can be sent") })
        }
        _ => Ok(text.to_owned()),
    }
}
