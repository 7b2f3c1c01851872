//! The hall where people come in: every address, the live streams, the widget's files, the documents. No decisions are made here.
//!
//! The roof builds a [`Hall`], asks for the [`router`] and gives both to [`serve`]. What comes in is read strictly (`json`,
//! `body`), who sends it is in `who` (customers) and `staff` (the company's own people), errors are [`Problem`]s, and one layer (`request`) stands around everything.

mod addresses;
mod assets;
mod body;
mod desk;
mod explain;
mod files;
mod hall;
mod health;
mod insight;
mod json;
mod message;
mod openapi;
mod origin;
mod pace;
mod problem;
mod request;
mod server;
mod shield;
mod shown;
mod staff;
mod v1;
mod who;
pub mod wire;

pub use addresses::router;
pub use assets::{Asset, Assets};
pub use hall::{CopyAsTest, Hall, HallParts, Limits};
pub use pace::Pace;
pub use problem::{Code, Problem};
pub use server::serve;
