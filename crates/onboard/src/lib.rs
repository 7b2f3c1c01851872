//! The first hour of an integration: which operations of a backend are worth being tools, what a real answer teaches about
//! them, and the configuration files to begin with.
//!
//! Everything here is a proposal for a person to read and change. What cannot be known from a document stays closed: a read
//! whose answers do not say whose they are is not proposed, and a write that is proposed allows nothing until somebody says when.

mod credentials;
mod draft;
mod learn;
mod money;
mod names;
mod propose;
mod start;
mod yaml;

pub use credentials::{Credential, credentials};
pub use draft::{Drafted, Taken, backend_file, draft};
pub use learn::{Learned, learn};
pub use names::backend_name;
pub use propose::{LeftOut, Proposal, Role, Shortlist, propose};
pub use start::{Start, start};
