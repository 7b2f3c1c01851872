//! Tests of the store through its public door.

mod crash;
mod directory;
mod forgetting;
mod full_disk;
mod groups;
mod house;
mod speed;
mod sqlite;
mod story;
