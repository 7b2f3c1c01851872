//! The end of the log is kept in memory: whoever reads it there reads what stands in the file, and nothing forgotten.

use crate::house::{House, add, say, stream, subject, words};
use patchbay_core::event::Recorded;
use patchbay_core::log::Position;
use patchbay_core::port::Log;
use patchbay_store::SqliteLog;

/// More events than are kept in memory.
const MANY: usize = 1_400;

/// Every way of reading, from several places on.
async fn read(log: &SqliteLog) -> Vec<Vec<Recorded>> {
    let mut read = Vec::new();
    for after in [0, 1, 300, 375, 376, 377, 1_000, 1_399, 1_400, 2_000] {
        for limit in [1, 7, 5_000] {
            read.push(log.read_all(Position(after), limit).await.unwrap());
            for name in ["ann", "bob", "nobody"] {
                read.push(log.read_stream(stream(name), after, limit).await.unwrap());
            }
        }
    }
    read
}

#[tokio::test]
async fn what_was_just_written_is_read_as_it_stands_in_the_file() {
    let house = House::new();
    let log = house.open();
    for n in 0..MANY / 28 {
        let (ann, bob) = tokio::join!(log.append(say("ann", &format!("words {n}"))), log.append(add("bob", &["plain"; 27])));
        ann.unwrap();
        bob.unwrap();
    }
    let fresh = read(&log).await;
    log.close().await;
    drop(log);
    assert_eq!(read(&house.open()).await, fresh);
    let all = &fresh[8];
    assert_eq!(all.iter().map(|recorded| recorded.position.0).collect::<Vec<_>>(), (1..=MANY as u64).collect::<Vec<_>>());
}

#[tokio::test]
async fn words_sealed_before_they_were_forgotten_are_not_read_from_memory() {
    let house = House::new();
    let log = house.open();
    for n in 0..40 {
        // Sealed while its key is about to be destroyed, written after that: the file cannot open it any more.
        let (gone, said) = tokio::join!(log.forget(subject("ann")), log.append(say("ann", &format!("words {n}"))));
        said.unwrap();
        gone.unwrap();
    }
    let read = |events: Vec<Recorded>| events.iter().map(|recorded| words(&recorded.event).map(str::to_owned)).collect::<Vec<_>>();
    let fresh = read(log.read_stream(stream("ann"), 0, 100).await.unwrap());
    log.close().await;
    drop(log);
    assert_eq!(read(house.open().read_stream(stream("ann"), 0, 100).await.unwrap()), fresh);
}
