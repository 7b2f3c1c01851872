//! The pure state machine of a turn: from a customer's words to the closed reply, the proposal or the handoff.
//!
//! [`Turn::on`] takes one input and the time, and gives back effects. It performs nothing itself: the driver asks the mind,
//! calls backends, writes events and comes back with inputs, in any order, late, doubled or never. The same inputs give the same
//! effects, which is how a turn is replayed for an audit and taken up again after a crash ([`Turn::resume`]).
//!
//! Where what happens: `turn` holds the state and the round of mind and calls; `wish` plans and starts reads; `write` previews,
//! proposes, executes and verifies; `proof` finds out in words who the customer is; `speech` takes in what the mind says; `close` decides how the reply ends, by the triggers over `signals`; `handover` offers the
//! conversation to a queue of people, or a person to the customer; `greeting` knows who has been here before.

mod close;
mod effect;
mod greeting;
mod handover;
mod house;
mod input;
mod proof;
mod resume;
mod signals;
mod speech;
mod standing;
mod turn;
mod wish;
mod write;

pub use effect::{CallStart, Effect};
pub use house::{House, HouseError};
pub use input::{Answer, Cause, Input, Opening, Timer};
pub use standing::{Lately, Standing, Waiting};
pub use turn::Turn;
