//! The three doors: what may be asked of a backend, what may be seen of its answer, what may be said.
//!
//! Everything here is a pure function of what it is given. The gate trusts neither text nor a mind: identity comes from the
//! session only, every rule is compiled when the configuration is loaded, and what no rule allows is refused.
//!
//! - [`Rules::admit`] before a backend is asked: the only maker of an [`Admitted`] call.
//! - [`Rules::release`] before anything of an answer is seen or logged.
//! - [`output()`] before a sentence is read by the customer.
//! - [`mask()`] before a customer's words are stored.

mod admission;
mod admit;
mod args;
mod claims;
mod compile;
mod kind;
mod limits;
mod mask;
mod names;
mod output;
mod release;
mod rules;
mod select;

pub use admission::{Actor, Admission, Admitted, Confirmed, Request};
pub use mask::mask;
pub use output::output;
pub use release::{Answer, Release};
pub use rules::{RuleProblem, Rules};
