//! Rules written in CEL: read and checked when they are loaded, evaluated exactly over typed values.
//!
//! The grammar is the library's; names, types and evaluation are ours. The library checks no name before it is too late, counts
//! in floating point and has no bound on the work of one evaluation; a rule that guards somebody's record may do none of that.
//! So the syntax tree is lowered once, at load, to a small tree of ours whose every name has been found and whose numbers are
//! decimals, and that tree is evaluated over [`patchbay_core::Value`]: numbers compare exactly, money only with the same
//! currency, and an evaluation that does too much work is an error.
//!
//! A number is a decimal of up to 28 digits: sums and products are exact, a division is rounded at the last digit.
//! A missing field is an error at run time. Callers treat every error as "does not hold".

mod declared;
mod eval;
mod lower;
mod paths;
mod rule;
mod shape;
mod source;
mod term;
mod typing;

pub use declared::LEFT_OUT;
pub use eval::EvalError;
pub use paths::Side;
pub use rule::{Rule, RuleError, Scope};
pub use shape::{Names, Shape};
