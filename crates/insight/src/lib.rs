//! Figures and what they mean: one dictionary, the counting, and the conversations behind each number.
//!
//! Every figure is a [`Definition`]: words and a formula for people, and beside them, in the same place, the cells it adds up. A
//! conversation stands behind a figure exactly when it lies in one of those cells, so a number and its rows cannot disagree.

mod ask;
mod count;
mod definition;
mod dictionary;
mod figure;
mod interval;
mod page;
mod rows;

pub use ask::{Asked, By, InsightError, Question};
pub use count::Insight;
pub use definition::{Definition, Unit};
pub use dictionary::{DEFINITIONS, definition};
pub use figure::{Bar, Change, Figure, Figures, Part, Point, Share, Split, Standing};
pub use interval::{FEW, Interval, wilson};
pub use page::page;
pub use rows::{Row, Rows};
