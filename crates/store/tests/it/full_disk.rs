//! A full disk: intake is refused, reading goes on, and when there is room again so does intake.

use crate::house::{Dice, House, NOON, Noon, add, say, small, subject};
use patchbay_core::log::{LeaseRequest, LogError, Position};
use patchbay_core::port::Log;
use patchbay_store::{Options, SqliteLog};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// What the file system of the first test says is free.
static FREE: AtomicU64 = AtomicU64::new(u64::MAX);

#[expect(clippy::unnecessary_wraps, reason = "the shape of the port")]
fn told(_: &Path) -> io::Result<u64> {
    Ok(FREE.load(Ordering::SeqCst))
}

/// Appends until it works again; says how long that took.
async fn until_accepted(log: &SqliteLog) -> Duration {
    let start = Instant::now();
    while let Err(error) = log.append(add("a", &["again"])).await {
        assert!(matches!(error, LogError::Full { .. }), "{error}");
        assert!(start.elapsed() < Duration::from_secs(30), "intake does not come back");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    start.elapsed()
}

#[tokio::test]
async fn intake_stops_before_the_disk_is_full_and_resumes() {
    let house = House::new();
    let options = Options { margin: 1 << 20, free_space: told, ..small() };
    let log = SqliteLog::open(&house.data(), Arc::new(Noon), Arc::new(Dice), options).unwrap();
    let reserve = house.data().join("reserve");
    log.append(say("ann", "hello")).await.unwrap();
    assert!(reserve.exists());
    FREE.store(1 << 19, Ordering::SeqCst);
    assert!(matches!(log.append(add("a", &["x"])).await, Err(LogError::Full { .. })));
    assert!(!reserve.exists(), "its room is for what must still be written");
    let request = LeaseRequest { name: "turn".to_owned(), holder: "us".to_owned(), now: NOON, lasts: Duration::from_secs(1) };
    assert!(log.lease(request).await.unwrap().is_some());
    assert_eq!(log.read_all(Position(0), 9).await.unwrap().len(), 1);
    log.forget(subject("ann")).await.unwrap();
    FREE.store(u64::MAX, Ordering::SeqCst);
    until_accepted(&log).await;
    assert!(reserve.exists());
}

/// On a real small disk, such as: `mount -t tmpfs -o size=24m tmpfs DIR; PATCHBAY_SMALL_DISK=DIR cargo test -p patchbay-store -- --ignored disk`.
#[tokio::test]
#[ignore = "needs a disk of 24 megabytes, named by PATCHBAY_SMALL_DISK"]
async fn a_disk_that_really_is_full_loses_nothing() {
    let disk = PathBuf::from(std::env::var_os("PATCHBAY_SMALL_DISK").unwrap());
    let options = Options { reserve: 8 << 20, ..small() };
    let log = SqliteLog::open(&disk.join("data"), Arc::new(Noon), Arc::new(Dice), options).unwrap();
    let ballast = disk.join("ballast");
    let mut accepted = 0;
    loop {
        match log.append(add("a", &[&"x".repeat(50_000)])).await {
            Ok(_) => accepted += 1,
            Err(LogError::Full { path }) => break assert!(path.ends_with("patchbay.db")),
            Err(other) => panic!("{other}"),
        }
        std::fs::write(&ballast, vec![0; accepted * 30_000]).ok();
    }
    assert_eq!(log.read_all(Position(0), usize::MAX).await.unwrap().len(), accepted);
    assert!(matches!(log.append(add("a", &["x"])).await, Err(LogError::Full { .. })));
    log.forget(subject("ann")).await.unwrap();
    std::fs::remove_file(&ballast).unwrap();
    println!("{accepted} accepted, intake back after {:?}", until_accepted(&log).await);
    assert_eq!(log.last(), Position(accepted as u64 + 1));
}
