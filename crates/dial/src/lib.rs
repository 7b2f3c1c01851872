//! The only way out of the house: egress rules, TLS, deadlines and size limits around one HTTP client.
//!
//! Three promises, kept here and nowhere else. Only hosts that somebody named are called ([`Egress`]), checked on the address
//! that is really connected to. Every exchange ends: at its deadline, or at its size limit, also after decompression. And every
//! failure says in one stable word what it was and whether the request may have reached the server ([`DialFailure`]), because
//! a write may only be called undone when it surely never left.

mod address;
mod client;
mod egress;
mod failure;
mod resolve;
mod tls;

pub use client::{Answer, Dial, OpenError, Request, Settings};
pub use egress::{Egress, EgressError, NamedBy};
pub use failure::{DialFailure, Word};
pub use reqwest::{Method, StatusCode, Url, header};
pub use tls::install_crypto;
