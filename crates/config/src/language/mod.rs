//! The language, as tables: every key there is, what stands there, its default and what it means.

mod backend;
mod canned;
mod company;
mod escalation;
mod files;
mod host;
mod kind;
mod knowledge;
mod skill;
mod test;
mod tool;

pub(crate) use company::ROOT;
pub(crate) use test::TESTS;
