//! A simulated company: the backends a support product is connected to, over HTTP, with faults on demand.
//!
//! [`World`] serves six systems of one company (customers, orders, warehouse, carrier, billing, provisioning), each on
//! its own port with its own OpenAPI document and its own way of proving who calls. [`Retail`] serves the shop of a
//! public data set through its sixteen operations. Both keep a [`Ledger`] of what was really changed, take [`Fault`]s
//! on demand and go back to their seed at once, so that a test can say what happened behind the product's back.
//!
//! Nothing here knows the product: it is a customer's backend like any other. Names, numbers and credentials belong
//! to a company that does not exist.

mod clock;
mod control;
mod dice;
mod door;
mod fault;
mod jwt;
mod ledger;
mod money;
mod oauth;
mod office;
mod operations;
mod panel;
mod record;
mod refusal;
mod request;
mod retail;
mod seed;
mod serve;
mod service;
mod site;
mod table;
mod view;
mod world;

pub use clock::Clock;
pub use door::Credentials;
pub use fault::{Fault, FaultError, FaultKind, FaultList, Garbage, PlacedFault};
pub use jwt::{Claims, mint};
pub use ledger::{Entry, EntryKind, Ledger};
pub use money::Cents;
pub use panel::Panel;
pub use retail::{Retail, RetailError, RetailOptions, RunningRetail};
pub use serve::StartError;
pub use service::ServiceName;
pub use world::{Endpoint, Running, World, WorldOptions};
