//! The staff at our doors: one-time links, the session's cookie, who may enter which room.
//!
//! [`guard`] stands before every address of the staff; a handler names the door it stands behind with [`By`]. Further ways to
//! sign in end in `Office::sign_in` and [`cookie::set`].

pub(crate) mod account;
pub(crate) mod ceremonies;
pub(crate) mod cookie;
pub(crate) mod document;
pub(crate) mod door;
pub(crate) mod guard;
pub(crate) mod me;
pub(crate) mod members;
pub(crate) mod pages;
pub(crate) mod sign_in;
pub(crate) mod start;

pub(crate) use door::By;
