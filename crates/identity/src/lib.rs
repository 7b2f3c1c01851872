//! Who is speaking: the host's signed tokens and the tokens of anonymous visitors, made into sessions.
//!
//! Nothing here decides what a session may do; that is the gate's. Clock, chance and the way to the host's keys are handed in.
//!
//! - [`HostDoor`] checks the token a company's own pages sign for a customer who is logged in there.
//! - [`Visitors`] gives a browser that has proven nothing a token of ours, so that its conversations stay its own.
//! - [`staff`] knows who belongs to the company's own people and who of them is signed in.
//! - [`InstanceSecret`] is the one secret of an installation from which pseudonyms and visitor tokens are made.

mod claims;
mod file_links;
mod host;
mod invalid;
mod keys;
mod secret;
mod source;
pub mod staff;
mod visitor;

pub use file_links::FileLinks;
pub use host::HostDoor;
pub use invalid::{IdentityInvalid, NotUsable};
pub use secret::InstanceSecret;
pub use source::FetchKeys;
pub use visitor::{Pass, Visitors};

#[cfg(test)]
mod tests;
