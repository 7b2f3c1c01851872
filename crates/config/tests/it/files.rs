//! Which files people may send along.

use super::load;
use patchbay_core::declare::Files;
use patchbay_core::words::FileGroup;

#[test]
fn without_a_word_the_usual_kinds_are_taken() {
    assert_eq!(load("version: 1\n").unwrap().company.files, Files::default());
    assert_eq!(load("version: 1\nfiles: {}\n").unwrap().company.files, Files::default());
}

#[test]
fn kinds_and_size_are_declared() {
    let files = load("version: 1\nfiles: { allow: [image, video], largest: 5MiB }\n").unwrap().company.files;
    assert_eq!(files, Files { allow: vec![FileGroup::Image, FileGroup::Video], largest: 5 << 20 });
    assert_eq!(load("version: 1\nfiles: { allow: [] }\n").unwrap().company.files.allow, []);
}

#[test]
fn what_cannot_be_is_told_with_its_place() {
    let told = |text: &str| load(text).unwrap_err().to_string();
    assert!(told("version: 1\nfiles: { largest: 21MiB }\n").contains("files.largest"));
    assert!(told("version: 1\nfiles: { largest: 0 }\n").contains("files.largest"));
    assert!(told("version: 1\nfiles: { allow: [images] }\n").contains("image"));
}
