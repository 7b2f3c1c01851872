//! What is printed into a pipe that nobody reads any more, as in `patchbay schema | head`.

use std::process::{Command, Stdio};

#[test]
fn a_reader_who_has_left_ends_nothing_loudly() {
    for arguments in [&["schema"][..], &["completions", "bash"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_patchbay"));
        let ended = command.args(arguments).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.success() && told.is_empty(), "{arguments:?}: {} {told}", ended.status);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_fails() {
    let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_patchbay")).arg("schema").stdout(full).stderr(Stdio::piped()).output().unwrap();
    let told = String::from_utf8_lossy(&ended.stderr);
    assert!(!ended.status.success() && told.contains("stdout cannot be written"), "{} {told}", ended.status);
}
