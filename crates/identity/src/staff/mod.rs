//! The staff: who belongs to it, links that sign somebody in once, sessions at the desk.
//!
//! [`Member`] is the pure fold of a stream `staff/{id}`. [`Office`] keeps members and writes what changes. Ways to sign in other
//! than by link (password, passkey) prove who somebody is and then call [`Office::sign_in`].

mod account;
mod factor;
mod member;
mod office;
mod refused;
mod token;

pub use account::Way;
pub use factor::{Checks, Factor};
pub use member::Member;
pub use office::{Link, Office, Recognised, SignedIn};
pub use refused::StaffRefused;
