//! The key file: one key for each subject. Destroying a key makes all that was sealed with it unreadable, in every copy.

use crate::error::{OpenError, in_use};
use crate::schema;
use patchbay_core::log::{LogError, Subject};
use patchbay_core::{Chance, Clock};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use zeroize::Zeroizing;

/// The key of one subject, wiped from memory when nobody holds it any more.
pub(crate) type Key = Arc<Zeroizing<[u8; 32]>>;

/// How many keys each half of the cache holds.
const CACHED: usize = 4096;

/// The keys of all subjects and the secret of this installation, in a SQLite file of their own.
///
/// A new key is usable at once but only in memory; `KeyStore::flush` makes all new keys durable, and the writer calls it before
/// it commits anything sealed with them.
pub struct KeyStore {
    path: PathBuf,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Chance>,
    secret: Zeroizing<[u8; 32]>,
    file: Mutex<Connection>,
    known: Mutex<Known>,
}

/// What is in memory. Locked for a moment only, never while something is synced.
struct Known {
    reader: Connection,
    /// New keys that are not in the file yet, with their time.
    fresh: HashMap<Subject, (Key, i64)>,
    /// Keys used lately, and those used before them: two halves, of which the older is dropped when the younger is full.
    young: HashMap<Subject, Key>,
    old: HashMap<Subject, Key>,
}

impl KeyStore {
    /// Where the key file of a data directory is: beside it, so that a copy of the data alone cannot be read.
    #[must_use]
    pub fn file_of(data: &Path) -> PathBuf {
        let data = fs::canonicalize(data).unwrap_or_else(|_| data.to_owned());
        let mut file = data.into_os_string();
        file.push(".keys");
        PathBuf::from(file)
    }

    /// Opens the key file; creates it, readable by its owner only, where it is missing.
    ///
    /// # Errors
    /// When the file is damaged, newer than this version, not writable, or there is no room.
    pub fn open(path: &Path, clock: Arc<dyn Clock>, chance: Arc<dyn Chance>) -> Result<Self, OpenError> {
        let file = schema::open(path, &[include_str!("../migrations/keys_1.sql")])?;
        let secret = secret(&file, chance.as_ref()).map_err(|error| OpenError::sql(path, &error))?;
        let reader = schema::open_to_read(path)?;
        let known = Known { reader, fresh: HashMap::new(), young: HashMap::new(), old: HashMap::new() };
        Ok(Self { path: path.to_owned(), clock, chance, secret, file: Mutex::new(file), known: Mutex::new(known) })
    }

    /// The secret of this installation, from which pseudonyms and tokens are made. It never changes.
    #[must_use]
    pub fn instance_secret(&self) -> &[u8; 32] {
        &self.secret
    }

    /// The key of a subject; a new one where there is none.
    pub(crate) fn key(&self, subject: &Subject) -> Result<Key, LogError> {
        let mut known = lock(&self.known);
        if let Some(key) = known.find(subject).map_err(|error| in_use(&self.path, &error))? {
            return Ok(key);
        }
        let mut bytes = Zeroizing::new([0; 32]);
        self.chance.fill(bytes.as_mut());
        let key = Arc::new(bytes);
        known.fresh.insert(subject.clone(), (Key::clone(&key), self.clock.now().0));
        Ok(key)
    }

    /// The key of a subject, unless it has none or it was destroyed.
    pub(crate) fn existing(&self, subject: &Subject) -> Result<Option<Key>, LogError> {
        lock(&self.known).find(subject).map_err(|error| in_use(&self.path, &error))
    }

    /// Makes all new keys durable with one sync.
    pub(crate) fn flush(&self) -> Result<(), LogError> {
        let mut file = lock(&self.file);
        let fresh = lock(&self.known).fresh.clone();
        if fresh.is_empty() {
            return Ok(());
        }
        write(&mut file, |file| {
            let mut insert = file.prepare_cached("INSERT INTO keys (subject, key, at) VALUES (?1, ?2, ?3)")?;
            fresh.iter().try_for_each(|(subject, (key, at))| insert.execute(params![subject.0, key.as_slice(), at]).map(drop))
        })
        .map_err(|error| in_use(&self.path, &error))?;
        let mut known = lock(&self.known);
        for (subject, (key, _)) in fresh {
            known.fresh.remove(&subject);
            known.remember(subject, key);
        }
        Ok(())
    }

    /// Notes that the visitor of a conversation is this customer: whoever forgets the customer forgets the conversation too.
    pub(crate) fn link(&self, conversation: &Subject, customer: &Subject) -> Result<(), LogError> {
        let note = "INSERT INTO links (customer, conversation) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
        write(&mut lock(&self.file), |file| file.execute(note, [&customer.0, &conversation.0]).map(drop))
            .map_err(|error| in_use(&self.path, &error))
    }

    /// Destroys the key of a subject and of all conversations linked to it. Says whose keys these were; the links stay, so that
    /// it can be asked again.
    pub(crate) fn forget(&self, subject: &Subject) -> Result<Vec<Subject>, LogError> {
        let mut file = lock(&self.file);
        let mut gone = vec![subject.clone()];
        write(&mut file, |file| {
            let mut linked = file.prepare_cached("SELECT conversation FROM links WHERE customer = ?1")?;
            for conversation in linked.query_map([&subject.0], |row| row.get(0))? {
                gone.push(Subject(conversation?));
            }
            let mut destroy = file.prepare_cached("DELETE FROM keys WHERE subject = ?1")?;
            gone.iter().try_for_each(|subject| destroy.execute([&subject.0]).map(drop))
        })
        .map_err(|error| in_use(&self.path, &error))?;
        lock(&self.known).drop_all(&gone);
        truncate(&file).map_err(|error| in_use(&self.path, &error))?;
        Ok(gone)
    }
}

impl Known {
    fn find(&mut self, subject: &Subject) -> rusqlite::Result<Option<Key>> {
        if let Some(key) = self.young.get(subject).or_else(|| self.fresh.get(subject).map(|(key, _)| key)) {
            return Ok(Some(Key::clone(key)));
        }
        let key = match self.old.remove(subject) {
            Some(key) => Some(key),
            None => self.read(subject)?,
        };
        if let Some(key) = &key {
            self.remember(subject.clone(), Key::clone(key));
        }
        Ok(key)
    }

    fn read(&self, subject: &Subject) -> rusqlite::Result<Option<Key>> {
        let mut select = self.reader.prepare_cached("SELECT key FROM keys WHERE subject = ?1")?;
        select.query_row([&subject.0], |row| Ok(Arc::new(Zeroizing::new(row.get(0)?)))).optional()
    }

    fn remember(&mut self, subject: Subject, key: Key) {
        if self.young.len() >= CACHED {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(subject, key);
    }

    fn drop_all(&mut self, gone: &[Subject]) {
        for subject in gone {
            self.fresh.remove(subject);
            self.young.remove(subject);
            self.old.remove(subject);
        }
    }
}

/// Reads the secret of the installation; draws it the first time.
fn secret(file: &Connection, chance: &dyn Chance) -> rusqlite::Result<Zeroizing<[u8; 32]>> {
    let read = || file.query_row("SELECT secret FROM instance", [], |row| row.get(0)).optional();
    if let Some(bytes) = read()? {
        return Ok(Zeroizing::new(bytes));
    }
    let mut bytes = Zeroizing::new([0; 32]);
    chance.fill(bytes.as_mut());
    file.execute("INSERT INTO instance (secret) VALUES (?1)", [bytes.as_slice()])?;
    Ok(bytes)
}

/// One durable transaction.
fn write(file: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>) -> rusqlite::Result<()> {
    let transaction = file.transaction()?;
    work(&transaction)?;
    transaction.commit()
}

/// Empties the write-ahead log, so that what was deleted is gone from it too.
pub(crate) fn truncate(file: &Connection) -> rusqlite::Result<()> {
    file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
}

/// A lock whose data is whole after every step: a panic elsewhere does not spoil it.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
