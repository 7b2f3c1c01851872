//! Personal words never stand on the disk as they are, and forgotten ones are gone from every copy.

use crate::house::{House, NOON, say, stream, subject, words};
use patchbay_core::log::{Append, Outgoing};
use patchbay_core::port::Log;
use patchbay_store::SqliteLog;
use std::fs;
use std::path::Path;

const WORDS: &str = "meet me at the old lighthouse";

/// Does any file below this directory hold these bytes?
fn holds(directory: &Path, bytes: &[u8]) -> bool {
    fs::read_dir(directory).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { holds(&path, bytes) } else { fs::read(&path).unwrap().windows(bytes.len()).any(|window| window == bytes) }
    })
}

async fn read(log: &SqliteLog, name: &str) -> Option<String> {
    let events = log.read_stream(stream(name), 0, 1).await.unwrap();
    words(&events[0].event).map(str::to_owned)
}

#[tokio::test]
async fn words_are_sealed_on_the_disk() {
    let house = House::new();
    let log = house.open();
    let outgoing = Outgoing { to: "mail".to_owned(), body: format!("You said: {WORDS}"), due: NOON };
    log.append(Append { outgoing: vec![outgoing], ..say("ann", WORDS) }).await.unwrap();
    assert!(holds(house.root.path(), b"message_received"), "the event itself is there");
    assert!(!holds(house.root.path(), WORDS.as_bytes()));
    log.close().await;
    assert!(!holds(house.root.path(), WORDS.as_bytes()));
}

#[tokio::test]
async fn forgetting_takes_the_subject_and_its_conversations() {
    let house = House::new();
    let log = house.open();
    let outgoing = Outgoing { to: "mail".to_owned(), body: WORDS.to_owned(), due: NOON };
    log.append(Append { outgoing: vec![outgoing], ..say("cus_ann", "as a customer") }).await.unwrap();
    log.append(say("cnv_ann", "before she signed in")).await.unwrap();
    log.append(say("bob", "somebody else")).await.unwrap();
    log.link(subject("cnv_ann"), subject("cus_ann")).await.unwrap();
    let gone = log.forget(subject("cus_ann")).await.unwrap();
    assert_eq!(gone, [subject("cus_ann"), subject("cnv_ann")]);
    assert_eq!(log.forget(subject("cus_ann")).await.unwrap(), gone, "asking again does no harm");
    assert_eq!((read(&log, "cus_ann").await, read(&log, "cnv_ann").await), (None, None));
    assert_eq!(read(&log, "bob").await.as_deref(), Some("somebody else"));
    assert_eq!(log.due_outgoing(NOON, 9).await.unwrap(), []);
    log.append(say("cus_ann", "back again")).await.unwrap();
    let events = log.read_stream(stream("cus_ann"), 0, 9).await.unwrap();
    assert_eq!((words(&events[0].event), words(&events[1].event)), (None, Some("back again")));
}

#[tokio::test]
async fn a_backup_does_not_bring_forgotten_words_back() {
    let house = House::new();
    let log = house.open();
    log.append(say("ann", WORDS)).await.unwrap();
    log.append(say("bob", "stays")).await.unwrap();
    log.close().await;
    drop(log);
    let (file, backup) = (house.data().join("patchbay.db"), house.root.path().join("backup.db"));
    fs::copy(&file, &backup).unwrap();

    let log = house.open();
    let sealed = sealed(&backup);
    assert!(sealed.iter().all(|bytes| holds(&house.data(), bytes)));
    log.forget(subject("ann")).await.unwrap();
    assert_eq!(sealed.iter().filter(|bytes| holds(&house.data(), bytes)).count(), 1, "the row is overwritten, not only unlinked");
    log.close().await;
    drop(log);
    fs::copy(&backup, &file).unwrap();

    let log = house.open();
    assert_eq!((read(&log, "ann").await, read(&log, "bob").await.as_deref()), (None, Some("stays")));
}

fn sealed(file: &Path) -> Vec<Vec<u8>> {
    let connection = rusqlite::Connection::open(file).unwrap();
    let mut select = connection.prepare("SELECT sealed FROM payloads").unwrap();
    select.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}
