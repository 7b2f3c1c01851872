//! The product as its customers meet it: whole conversations over the real log, driver and connectors, with everything going wrong.
#![allow(clippy::unwrap_used, reason = "a test stops where an expectation fails")]

mod approvals;
mod backends;
mod cancelling;
mod confirmations;
mod cooling;
mod feelings;
mod handoff;
mod lines;
mod minds;
mod offers;
mod races;
mod restarts;
mod streams;
mod welcome;

use patchbay_core::reply::{Proposal, Reply};
use patchbay_testkit::{Persona, TestApp};

/// Mika asks to cancel and gets the card.
async fn card(app: &TestApp, mika: &mut Persona) -> Proposal {
    let reply = mika.says(app, "please cancel order 12345, I do not need it any more").await;
    reply.proposal.clone().unwrap_or_else(|| panic!("no card: {reply:#?}"))
}

/// The words for how each call of a reply ended.
fn outcomes(reply: &Reply) -> Vec<&'static str> {
    reply.calls.iter().map(|call| call.outcome.as_str()).collect()
}
