//! The facts of every conversation and the cells they lie in: what figures are counted from.
//!
//! A fact is a pure fold of a conversation's events. Rules that a company declares judge it; every fact then lies in cells of a
//! few cubes, and the projector keeps how many lie in each, by day and by month. So a figure over years adds up a few thousand
//! numbers, and the rows behind it are exactly the conversations in its cells.

mod ask;
mod cells;
mod fact;
mod judge;
mod keep;
mod row;
mod rules;

pub use ask::{Counted, Period, Range, Step};
pub use cells::{Cell, Cube, middle_of, place, step_of};
pub use fact::Fact;
pub use judge::Lasting;
pub(crate) use keep::{Facts, judge_by};
pub use rules::{Rules, date_of, day_of, month_of};
