//! Text to vector: the sentence encoder that lives inside the binary, and the cache for what it computed.
//!
//! [`Encoder::load`] takes the model of `models/` that is compiled in; [`Encoder::encode`] turns a text into a
//! [`Vector`]. Two texts that mean the same point in nearly the same direction ([`Vector::cosine`]).
//! What the vectors are for is not this crate's business. [`Regression`] learns classes of rows, whatever they are.
//!
//! # Why the arithmetic is our own
//! A general runtime for neural networks (`rten`, `candle`, `tract`) was measured and works, but for this one model
//! it is the worse choice in every respect that matters here:
//! - **Replay.** Integer products are exact and our floating-point sums have one fixed order, so a text has the same
//!   vector, bit for bit, on every processor. Decisions in the log can be replayed elsewhere.
//! - **Agreement.** We scale each token by its own largest value; the runtimes' int8 scales a whole text at once and
//!   loses three times as much (mean cosine to the unquantised model .992 against .998).
//! - **Weight.** No graph file derived from the weights, no 25 crates, half the memory and half the time.
//!
//! The price is `machine.rs`: one multiplication in three versions (portable, AVX2, AVX-512 VNNI), tested to agree.

mod cache;
#[cfg(test)]
mod golden;
mod layers;
mod machine;
mod model;
mod nearby;
mod regression;
mod sparse;
mod tokenizer;
mod vector;
mod weights;

pub use cache::{CacheError, VectorCache};
pub use model::Encoder;
pub use nearby::Nearby;
pub use regression::{Effort, Regression, Row};
pub use sparse::{Places, SparseVector};
pub use vector::{DIMENSIONS, Vector};
pub use weights::ModelError;
