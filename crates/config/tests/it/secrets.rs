//! Secrets on a real disk: who may read the files.
#![cfg(unix)]

use super::{beside, documented, environment};
use patchbay_config::load;
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use tempfile::TempDir;

/// The example on disk; the secret file with these rights.
fn on_disk(example: &str, secret: u32, main: u32) -> (TempDir, Result<(), String>) {
    let folder = TempDir::new().unwrap();
    for (path, text) in beside().into_iter().chain([("shop/patchbay.yaml", example)]) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    fs::set_permissions(folder.path().join("shop/secrets/orders"), Permissions::from_mode(secret)).unwrap();
    fs::set_permissions(folder.path().join("shop/patchbay.yaml"), Permissions::from_mode(main)).unwrap();
    let root = folder.path().display().to_string();
    let loaded = load(&folder.path().join("shop"), &environment).map(|_| ()).map_err(|problems| problems.to_string().replace(&root, "…"));
    (folder, loaded)
}

#[test]
fn a_secret_file_of_ones_own_is_read() {
    assert_eq!(on_disk(&documented(), 0o600, 0o644).1, Ok(()));
    assert_eq!(on_disk(&documented(), 0o640, 0o644).1, Ok(()));
}

#[test]
fn a_secret_file_that_all_may_read_is_refused() {
    insta::assert_snapshot!(on_disk(&documented(), 0o644, 0o644).1.unwrap_err(), @r"
    …/shop/patchbay.yaml:30:22  backends.orders.auth.client_secret
        the secret file …/shop/secrets/orders is readable by every account of this machine
        → run: chmod 600 …/shop/secrets/orders

    1 problem in the configuration
    ");
}

#[test]
fn a_secret_in_plain_text_is_refused_where_all_may_read_it() {
    let plain = documented().replace("${file:secrets/orders}", "hush-plain");
    insta::assert_snapshot!(on_disk(&plain, 0o600, 0o644).1.unwrap_err(), @r"
    …/shop/patchbay.yaml:30:22  backends.orders.auth.client_secret
        a secret stands here in plain text, and every account of this machine may read this file
        → put it into a file of its own and write ${file:/path}, take it from ${NAME}, or run: chmod 600 …/shop/patchbay.yaml

    1 problem in the configuration
    ");
    assert_eq!(on_disk(&plain, 0o600, 0o600).1, Ok(()));
}
