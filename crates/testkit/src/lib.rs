//! A running product in a test: the real log, driver and connectors against simulated systems, and people who talk to it.
//!
//! ```ignore
//! let app = TestApp::start().await;
//! let mut mika = app.mika();
//! let reply = mika.says("where is order 12345?").await;
//! ```
//!
//! The driver runs on a runtime of its own, so that [`TestApp::crash`] ends it between any two steps, as a killed process does.
#![allow(clippy::missing_panics_doc, clippy::unwrap_used, reason = "a test stops where an expectation fails")]

mod app;
mod demo;
mod persona;
mod ports;

pub use app::TestApp;
pub use persona::Persona;
pub use ports::{TestChance, TestClock};
