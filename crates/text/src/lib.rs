//! Texts as templates over facts; dates and money as people read them.
//!
//! A text is a small template: `Order {{ order.id }} is due {{ order.eta | date }}.` A test of something that is not there is
//! false (`{% if order.eta %}`); printing it is an error, so that no sentence ever has a hole. Every product text stands in
//! `defaults`, and a company's text of the same name takes its place.
//!
//! Filters: `money`, `date`, `time`, `list` (*a, b and c*; `list("title")` takes a field of each), `plain` (exact spelling),
//! `default`, `first`, `last`, `length`, `upper`, `lower`, `capitalize`, `trim`. With a time under the name `now` in the scope,
//! days of its year are written without the year.

mod check;
mod defaults;
mod filters;
mod form;
mod scope;
mod speech;
mod texts;
mod uses;

pub use form::{Blank, Form, Piece};
pub use texts::{Rendered, TextError, Texts};
pub use uses::Use;

/// The values behind a text's names.
pub type Scope = std::collections::BTreeMap<String, patchbay_core::Value>;
