//! Tests of the store through its public door.

#![allow(clippy::unwrap_used, reason = "a test may fail anywhere, its helpers too")]

mod crash;
mod directory;
mod files;
mod forgetting;
mod full_disk;
mod groups;
mod house;
mod recent;
mod speed;
mod sqlite;
mod story;
