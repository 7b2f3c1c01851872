//! The customer API, version 1. One address, one page.

pub(crate) mod actions;
pub(crate) mod conversations;
pub(crate) mod events;
pub(crate) mod messages;
pub(crate) mod passages;
mod path;
pub(crate) mod person;
mod prefer;
pub(crate) mod ratings;
pub(crate) mod sessions;
pub(crate) mod turns;
