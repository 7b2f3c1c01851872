//! Configuration files to declarations. Everything wrong is reported at once: file, line, the wrong key, the nearest right one, what to do.
//!
//! The way of a configuration: files → located tree (`yaml`, `gather`) → fitted to the language (`language`, `fit`: right keys, right
//! forms, `${…}` filled in, defaults) → lowered to [`patchbay_core::declare::Company`] (`lower`) → checked as a whole (`check`:
//! everything named exists, nothing runs in circles, nothing is missing).
//!
//! The language is one set of tables (`language`). The loader, the JSON Schema ([`schema`]) and the explanation of values
//! ([`Origins`]) read the same tables, so they cannot disagree.

mod check;
mod facts;
mod files;
mod fill;
mod fit;
mod fitted;
mod gather;
mod language;
mod leaf;
mod load;
mod lower;
mod near;
mod node;
mod origin;
mod problem;
mod scalar;
mod schema;
mod shape;
mod test;
mod yaml;

pub use files::{Disk, Files, Memory};
pub use load::{Loaded, Server, load, load_from, load_offline};
pub use near::nearest;
pub use origin::{Origin, Origins, Source};
pub use problem::{Problem, Problems};
pub use schema::schema;
pub use test::{Does, Expect, Fault, Stated, Test, TestStep, load_tests, load_tests_from, test_files};
