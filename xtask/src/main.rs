//! Developer commands of Patchbay: `cargo xtask help` lists them.

fn main() {}
