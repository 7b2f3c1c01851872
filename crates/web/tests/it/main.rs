//! The hall through real sockets: a whole house with a log on disk, a mind that does as it is told, and a clock that can be set.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop there")]

mod accounts;
mod actions;
mod canned;
mod client;
mod colleagues;
mod conversations;
mod desk;
mod desk_live;
mod documents;
mod endings;
mod files;
mod hardening;
mod house;
mod identity;
mod insight;
mod messages;
mod money;
mod parsing;
mod passages;
mod people;
mod search;
mod staff;
mod streams;
