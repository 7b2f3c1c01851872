//! Data directories that cannot be opened say why, and nobody else may look into one that can.

use crate::house::{House, add, open};
use patchbay_core::port::Log;
use patchbay_store::OpenError;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

fn error(house: &House) -> OpenError {
    open(&house.data()).err().expect("it must not open")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_the_owner_may_look() {
    let house = House::new();
    let log = house.open();
    log.append(add("a", &["x"])).await.unwrap();
    assert_eq!(mode(&house.data()), 0o700);
    for file in ["data.keys", "data.keys-wal", "data/patchbay.db", "data/patchbay.db-wal", "data/lock", "data/reserve"] {
        assert_eq!(mode(&house.root.path().join(file)), 0o600, "{file}");
    }
}

#[test]
fn a_second_opener_is_told_who_has_it() {
    let house = House::new();
    let first = house.open();
    let error = error(&house);
    assert!(matches!(&error, OpenError::InUse { pid, .. } if *pid == std::process::id().to_string()), "{error}");
    drop(first);
    house.open();
}

#[test]
fn a_newer_format_is_refused() {
    let house = House::new();
    drop(house.open());
    rusqlite::Connection::open(house.data().join("patchbay.db")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(error(&house), OpenError::Newer { found: 99, .. }));
}

#[tokio::test]
async fn damage_is_found_at_the_start() {
    let house = House::new();
    let log = house.open();
    for _ in 0..50 {
        log.append(add("a", &["some text to fill a page with"; 20])).await.unwrap();
    }
    drop(log);
    let file = house.data().join("patchbay.db");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 4096 / 2 * 4096;
    bytes[middle..middle + 512].fill(0x5A);
    fs::write(&file, &bytes).unwrap();
    let told = error(&house);
    assert!(matches!(told, OpenError::Damaged { .. }) && told.to_string().contains(".recover"), "{told}");
    fs::write(&file, b"this is no database, it is a letter to somebody").unwrap();
    assert!(matches!(error(&house), OpenError::Damaged { .. }));
}

#[test]
fn what_cannot_be_written_is_named() {
    let house = House::new();
    fs::create_dir(house.data()).unwrap();
    fs::set_permissions(house.data(), Permissions::from_mode(0o500)).unwrap();
    // The superuser may write everywhere.
    if fs::write(house.data().join("probe"), "").is_err() {
        assert!(matches!(error(&house), OpenError::ReadOnly { .. }));
    }
    fs::set_permissions(house.data(), Permissions::from_mode(0o700)).unwrap();
    fs::remove_dir_all(house.data()).unwrap();
    fs::write(house.data(), "a file").unwrap();
    assert!(error(&house).to_string().contains("data"));
}
