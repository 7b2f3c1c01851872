//! Files on the disk: sealed, read from any place, gone with their key, and nothing left of what was cut off.

use crate::house::{Dice, House, NOON, Noon, subject};
use patchbay_core::attachment::{About, KeptFile};
use patchbay_core::id::{ConversationId, FileId};
use patchbay_core::log::LogError;
use patchbay_core::port::Files;
use patchbay_core::{Clock, Timestamp};
use patchbay_store::{Options, SqliteLog};
use proptest::prelude::*;
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

fn kept(size: usize) -> KeptFile {
    let about = About {
        name: "the lighthouse.txt".to_owned(),
        media: "text/plain".to_owned(),
        size: size as u64,
        digest: String::new(),
        pixels: None,
        shown: false,
    };
    KeptFile { conversation: ConversationId::mint(&Noon, &Dice), staff: None, about }
}

/// Keeps these bytes, taken in as these pieces.
fn keep<'a>(files: &dyn Files, whose: &str, pieces: impl IntoIterator<Item = &'a [u8]>) -> FileId {
    let file = FileId::mint(&Noon, &Dice);
    let mut new = files.begin(&file, &subject(whose)).unwrap();
    let mut size = 0;
    for piece in pieces {
        size += piece.len();
        new.write(piece).unwrap();
    }
    drop(new.content().unwrap());
    new.keep(&kept(size)).unwrap();
    file
}

fn read(files: &dyn Files, file: &FileId) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    files.open(file).unwrap()?.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever its length and however it came: what was kept is what is read, from any place.
    #[test]
    fn what_was_kept_is_read_from_any_place(length in 1_usize..300_000, pieces in 1_usize..90_000, at in 0.0_f64..1.0) {
        let house = House::new();
        let log = house.open();
        let bytes: Vec<u8> = (0..length).map(|n| u8::try_from(n * 31 % 251).unwrap()).collect();
        let file = keep(&*log.files(), "ann", bytes.chunks(pieces));
        prop_assert_eq!(&read(&*log.files(), &file).unwrap(), &bytes);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place in a small file")]
        let at = (length as f64 * at) as usize;
        let mut content = log.files().open(&file).unwrap().unwrap();
        content.seek(SeekFrom::Start(at as u64)).unwrap();
        let mut rest = Vec::new();
        content.read_to_end(&mut rest).unwrap();
        prop_assert_eq!(&rest[..], &bytes[at..]);
        prop_assert_eq!(content.seek(SeekFrom::End(0)).unwrap(), length as u64);
    }
}

#[tokio::test]
async fn a_copy_of_data_and_keys_is_a_backup_and_without_keys_nothing_is_read() {
    let house = House::new();
    let log = house.open();
    let secret = b"meet me at the old lighthouse".repeat(5_000);
    let file = keep(&*log.files(), "ann", [secret.as_slice()]);
    assert_eq!(log.files().about(&file).unwrap().unwrap().about.name, "the lighthouse.txt");
    log.close().await;
    drop(log);
    for path in below(&house.data().join("files")) {
        let raw = fs::read(&path).unwrap();
        for clear in [&b"old lighthouse"[..], b"the lighthouse.txt", b"text/plain"] {
            assert!(!raw.windows(clear.len()).any(|bytes| bytes == clear), "{} is sealed", path.display());
        }
    }
    let elsewhere = House::new();
    for path in below(house.root.path()) {
        let to = elsewhere.root.path().join(path.strip_prefix(house.root.path()).unwrap());
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(path, to).unwrap();
    }
    let restored = elsewhere.open();
    assert_eq!(read(&*restored.files(), &file), Some(secret));
    restored.close().await;
    drop(restored);
    for keys in below(elsewhere.root.path()).into_iter().filter(|path| path.to_string_lossy().contains(".keys")) {
        fs::remove_file(keys).unwrap();
    }
    assert_eq!(read(&*elsewhere.open().files(), &file), None);
}

#[tokio::test]
async fn forgetting_somebody_removes_their_files_and_nobody_elses() {
    let house = House::new();
    let log = house.open();
    let files = log.files();
    let (hers, before, his) =
        (keep(&*files, "cus_ann", [&b"hers"[..]]), keep(&*files, "cnv_ann", [&b"before"[..]]), keep(&*files, "bob", [&b"his"[..]]));
    log.link(subject("cnv_ann"), subject("cus_ann")).await.unwrap();
    log.forget(subject("cus_ann")).await.unwrap();
    assert_eq!((read(&*files, &hers), read(&*files, &before), read(&*files, &his)), (None, None, Some(b"his".to_vec())));
    assert_eq!(files.unsettled(Timestamp(i64::MAX)).unwrap(), [his]);
    assert_eq!(below(&house.data().join("files/kept")).len(), 1);
}

#[tokio::test]
async fn nothing_stays_of_what_was_not_kept() {
    let house = House::new();
    let log = house.open();
    let incoming = house.data().join("files/incoming");
    let mut new = log.files().begin(&FileId::mint(&Noon, &Dice), &subject("ann")).unwrap();
    new.write(&[1; 100_000]).unwrap();
    assert_eq!(below(&incoming).len(), 1);
    drop(new);
    assert!(below(&incoming).is_empty());

    // A process that was killed removes nothing itself: the next start does, and the sweep what is older than it asks for.
    let left = incoming.join(FileId::mint(&Noon, &Dice).as_str());
    fs::write(&left, b"half of it").unwrap();
    log.files().sweep(NOON).unwrap();
    assert!(left.exists());
    log.files().sweep(NOON.plus(Duration::from_secs(1))).unwrap();
    assert!(!left.exists());
    fs::write(&left, b"half of it").unwrap();
    log.close().await;
    drop(log);
    let log = house.open();
    assert!(!left.exists());

    let file = keep(&*log.files(), "ann", [&b"words"[..]]);
    assert_eq!(log.files().unsettled(NOON).unwrap(), []);
    assert_eq!(log.files().unsettled(NOON.plus(Duration::from_secs(1))).unwrap(), std::slice::from_ref(&file));
    log.files().settle(&file).unwrap();
    log.files().settle(&file).unwrap();
    assert_eq!(log.files().unsettled(Timestamp(i64::MAX)).unwrap(), []);
    log.files().remove(&file).unwrap();
    assert_eq!((read(&*log.files(), &file), log.files().about(&file).unwrap()), (None, None));
}

#[tokio::test]
async fn a_file_that_was_changed_on_the_disk_is_not_read() {
    let house = House::new();
    let log = house.open();
    let file = keep(&*log.files(), "ann", [&[7; 200_000][..]]);
    let path = below(&house.data().join("files/kept")).pop().unwrap();
    let whole = fs::read(&path).unwrap();
    // A byte changed, a piece left out, two pieces exchanged: each is noticed.
    let head = whole.len() - 200_000;
    let piece = (64 << 10) + 16;
    let mut flipped = whole.clone();
    flipped[100_000] ^= 1;
    let begin = 16 + 1 + 3 + 19 + 19;
    assert!(head > begin);
    let shorter = [&whole[..begin], &whole[begin + piece..]].concat();
    let mut exchanged = whole.clone();
    exchanged[begin..begin + 2 * piece].rotate_left(piece);
    for spoiled in [flipped, shorter, exchanged] {
        fs::write(&path, spoiled).unwrap();
        let mut bytes = Vec::new();
        assert!(log.files().open(&file).unwrap().unwrap().read_to_end(&mut bytes).is_err());
    }
    fs::write(&path, &whole).unwrap();
    // Under another id it is another file, and the seal says that it is not.
    let other = FileId::mint(&Noon, &Dice);
    let folder = house.data().join("files/kept").join(&other.as_str()[other.as_str().len() - 2..]);
    fs::create_dir_all(&folder).unwrap();
    fs::copy(&path, folder.join(other.as_str())).unwrap();
    assert_eq!(log.files().about(&other).unwrap(), None);
    assert!(log.files().open(&other).unwrap().unwrap().read_to_end(&mut Vec::new()).is_err());
}

#[tokio::test]
async fn a_full_disk_takes_no_file() {
    let house = House::new();
    let options = Options { reserve: 0, margin: 0, free_space: |_| Ok(1 << 20), ..Options::default() };
    let clock: Arc<dyn Clock> = Arc::new(Noon);
    let log = SqliteLog::open(&house.data(), clock, Arc::new(Dice), options).unwrap();
    let refused = log.files().begin(&FileId::mint(&Noon, &Dice), &subject("ann")).err();
    assert!(matches!(refused, Some(LogError::Full { .. })), "{refused:?}");
}
