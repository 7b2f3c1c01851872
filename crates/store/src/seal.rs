//! Sealing: takes personal values out of an event before it is written, and puts them back when it is read.
//!
//! A value is sealed with XChaCha20-Poly1305 under the key of its subject, bound to the id of its payload. What stays in the
//! event is the id and a hash. The hash is blinded with key and nonce: once either is gone it cannot be guessed from a list of
//! likely values, and while both exist it proves what was said.

use crate::keys::{Key, KeyStore};
use chacha20poly1305::aead::{Aead, KeyInit, Payload as Bound};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use patchbay_core::id::PayloadId;
use patchbay_core::log::{LogError, Outgoing, Subject};
use patchbay_core::personal::{MARK, hash};
use patchbay_core::{Chance, Clock, Event, Timestamp};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::Arc;

/// A value that only the key of its subject opens.
pub(crate) struct Sealed {
    /// The payload's id; sealing binds the bytes to it.
    pub(crate) id: String,
    pub(crate) nonce: [u8; 24],
    pub(crate) bytes: Vec<u8>,
}

/// A personal value taken out of an event.
pub(crate) struct Payload {
    pub(crate) class: String,
    pub(crate) sealed: Sealed,
}

/// An event as it is written.
pub(crate) struct SealedEvent {
    pub(crate) at: Timestamp,
    /// Its JSON, with ids and hashes where personal values were.
    pub(crate) body: String,
    pub(crate) payloads: Vec<Payload>,
    /// The event as it will be read: with its personal values, and their hashes.
    pub(crate) event: Event,
}

/// Seals and opens with the keys of the key file.
pub(crate) struct Sealer {
    pub(crate) keys: Arc<KeyStore>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) chance: Arc<dyn Chance>,
}

impl Sealer {
    /// Takes the personal values out of an event and seals them for the subject.
    pub(crate) fn event(&self, at: Timestamp, event: &Event, subject: Option<&Subject>) -> Result<SealedEvent, LogError> {
        let mut json = serde_json::to_value(event).map_err(|error| unwritable(event, &error))?;
        let mut taken = Vec::new();
        self.take_out(&mut json, subject, &mut taken)?;
        let body = serde_json::to_string(&json).map_err(|error| unwritable(event, &error))?;
        let (mut payloads, mut values) = (Vec::new(), HashMap::new());
        for (payload, value) in taken {
            values.insert(payload.sealed.id.clone(), value);
            payloads.push(payload);
        }
        put_back(&mut json, &mut values);
        let event = serde_json::from_value(json).map_err(|error| unwritable(event, &error))?;
        Ok(SealedEvent { at, body, payloads, event })
    }

    /// Seals what is delivered outside: it says what people said.
    pub(crate) fn outgoing(&self, outgoing: &Outgoing, subject: &Subject) -> Result<Sealed, LogError> {
        let key = self.keys.key(subject)?;
        self.seal(&key, outgoing.body.as_bytes())
    }

    fn take_out(&self, json: &mut Value, subject: Option<&Subject>, taken: &mut Vec<(Payload, Value)>) -> Result<(), LogError> {
        match json {
            Value::Object(map) => match marked(map) {
                Some(inside) => taken.extend(self.exchange(inside, subject)?),
                None => map.values_mut().try_for_each(|value| self.take_out(value, subject, taken))?,
            },
            Value::Array(items) => items.iter_mut().try_for_each(|value| self.take_out(value, subject, taken))?,
            _ => {}
        }
        Ok(())
    }

    /// Replaces the value inside a mark, if it is there, by its payload's id and hash.
    fn exchange(&self, inside: &mut Map<String, Value>, subject: Option<&Subject>) -> Result<Option<(Payload, Value)>, LogError> {
        let Some(value) = inside.remove("value") else { return Ok(None) };
        let Some(subject) = subject else {
            return Err(LogError::Broken("an append with personal values has to name whose they are".to_owned()));
        };
        let text = value.to_string();
        let key = self.keys.key(subject)?;
        let sealed = self.seal(&key, text.as_bytes())?;
        inside.insert("payload".to_owned(), Value::String(sealed.id.clone()));
        inside.insert("hash".to_owned(), Value::String(hash(&blind(&key, &sealed.nonce), &text)));
        let class = inside.get("class").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Some((Payload { class, sealed }, value)))
    }

    fn seal(&self, key: &Key, text: &[u8]) -> Result<Sealed, LogError> {
        let id = PayloadId::mint(self.clock.as_ref(), self.chance.as_ref()).to_string();
        let mut nonce = [0; 24];
        self.chance.fill(&mut nonce);
        let bytes = cipher(key)
            .encrypt(&XNonce::from(nonce), Bound { msg: text, aad: id.as_bytes() })
            .map_err(|_| LogError::Broken("a personal value is too large to be sealed".to_owned()))?;
        Ok(Sealed { id, nonce, bytes })
    }

    /// Opens a sealed value; `None` when its key is gone. A subject that was forgotten and has come back has a new key, which
    /// does not open what was sealed with the old one: that stays forgotten.
    pub(crate) fn open(&self, subject: &Subject, sealed: &Sealed) -> Result<Option<Vec<u8>>, LogError> {
        let bound = Bound { msg: &sealed.bytes, aad: sealed.id.as_bytes() };
        let key = self.keys.existing(subject)?;
        Ok(key.and_then(|key| cipher(&key).decrypt(&XNonce::from(sealed.nonce), bound).ok()))
    }
}

/// Reads an event and puts the opened values back. A value that is not among them stays forgotten.
pub(crate) fn event(body: &str, opened: &mut HashMap<String, Value>) -> serde_json::Result<Event> {
    if !body.contains(MARK) {
        return serde_json::from_str(body);
    }
    let mut json = serde_json::from_str(body)?;
    put_back(&mut json, opened);
    serde_json::from_value(json)
}

fn put_back(json: &mut Value, opened: &mut HashMap<String, Value>) {
    match json {
        Value::Object(map) => match marked(map) {
            Some(inside) => {
                if let Some(value) = inside.get("payload").and_then(Value::as_str).and_then(|id| opened.remove(id)) {
                    inside.insert("value".to_owned(), value);
                }
            }
            None => map.values_mut().for_each(|value| put_back(value, opened)),
        },
        Value::Array(items) => items.iter_mut().for_each(|value| put_back(value, opened)),
        _ => {}
    }
}

/// The inside of a mark, if this object is one.
fn marked(map: &mut Map<String, Value>) -> Option<&mut Map<String, Value>> {
    if map.len() != 1 {
        return None;
    }
    map.get_mut(MARK)?.as_object_mut()
}

fn cipher(key: &Key) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new((&***key).into())
}

fn blind(key: &Key, nonce: &[u8; 24]) -> String {
    hex::encode(Sha256::new().chain_update(key.as_slice()).chain_update(nonce).finalize())
}

fn unwritable(event: &Event, error: &serde_json::Error) -> LogError {
    LogError::Broken(format!("the event {} cannot be written as JSON: {error}", event.name()))
}
