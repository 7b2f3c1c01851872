//! The figures over HTTP: the numbers, the conversations behind each, and what they mean. For leads and those above.

pub(crate) mod definitions;
pub(crate) mod figures;
pub(crate) mod rows;

use crate::desk::Params;
use crate::hall::Hall;
use crate::problem::{Code, Problem};
use patchbay_insight::{Asked, InsightError, Question};

/// What is asked, from the part of the address after `?`.
fn asked(hall: &Hall, params: &mut Params) -> Result<Asked, Problem> {
    let mut text = |name| params.text(name);
    let question = Question { from: text("from"), to: text("to"), channel: text("channel"), by: text("by") };
    question.read(hall.insight().rules(), hall.now()).map_err(Problem::from)
}

impl From<InsightError> for Problem {
    fn from(error: InsightError) -> Self {
        match error {
            InsightError::Asked { field, message } => Self::new(Code::FieldInvalid).detail(message).field(field),
            InsightError::Unknown(_) => Self::new(Code::NotFound).detail(error.to_string()),
            InsightError::Views(error) => Self::new(Code::StorageUnavailable).reason(error.to_string()),
        }
    }
}
