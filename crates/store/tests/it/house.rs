//! What every test of the store needs: a clock, chance, a data directory, events.

use patchbay_core::event::Event;
use patchbay_core::id::MessageId;
use patchbay_core::log::{Append, Appended, Expected, Position, StreamId, Subject};
use patchbay_core::mind::Speaker;
use patchbay_core::{Chance, Clock, Personal, Timestamp};
use patchbay_store::{OpenError, Options, SqliteLog};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

/// A clock that stands still: no test here depends on the time.
pub(crate) struct Noon;

pub(crate) const NOON: Timestamp = Timestamp(1_800_000_000_000);

impl Clock for Noon {
    fn now(&self) -> Timestamp {
        NOON
    }
}

/// Real chance: child processes must not draw the same bytes.
pub(crate) struct Dice;

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        static SOURCE: LazyLock<File> = LazyLock::new(|| File::open("/dev/urandom").expect("the system has chance"));
        (&*SOURCE).read_exact(bytes).expect("the system has chance");
    }
}

/// Small reserves, so that tests are quick.
pub(crate) fn small() -> Options {
    Options { reserve: 64 << 10, margin: 0, ..Options::default() }
}

pub(crate) fn open(path: &Path) -> Result<SqliteLog, OpenError> {
    SqliteLog::open(path, Arc::new(Noon), Arc::new(Dice), small())
}

/// A directory whose `data` is a data directory; the key file lies beside it.
pub(crate) struct House {
    pub(crate) root: tempfile::TempDir,
}

impl House {
    pub(crate) fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    pub(crate) fn open(&self) -> SqliteLog {
        open(&self.data()).unwrap()
    }
}

/// An event without personal values.
pub(crate) fn plain(text: &str) -> Event {
    Event::ConfigurationLoaded { digest: text.to_owned() }
}

/// A message with these words.
pub(crate) fn said(words: &str) -> Event {
    Event::MessageReceived {
        message: MessageId::from_bits(7),
        client: None,
        by: Speaker::Customer,
        staff: None,
        text: Personal::message(words.to_owned()),
        masked: Vec::new(),
        picked: None,
        files: Vec::new(),
    }
}

/// The words of a message, unless they were forgotten.
pub(crate) fn words(event: &Event) -> Option<&str> {
    match event {
        Event::MessageReceived { text, .. } => text.get().map(String::as_str),
        other => panic!("not a message: {other:?}"),
    }
}

pub(crate) fn stream(name: &str) -> StreamId {
    StreamId(format!("conversation/{name}"))
}

pub(crate) fn subject(name: &str) -> Subject {
    Subject(name.to_owned())
}

/// Plain events for one stream, whatever its length.
pub(crate) fn add(name: &str, events: &[&str]) -> Append {
    Append::new(NOON, stream(name), Expected::Any, events.iter().map(|text| plain(text)).collect())
}

/// A message for one stream and its own subject.
pub(crate) fn say(name: &str, words: &str) -> Append {
    Append { subject: Some(subject(name)), ..Append::new(NOON, stream(name), Expected::Any, vec![said(words)]) }
}

pub(crate) fn written(appended: Appended) -> (Position, Vec<u64>) {
    match appended {
        Appended::Written { last, lengths } => (last, lengths),
        other => panic!("not written: {other:?}"),
    }
}
