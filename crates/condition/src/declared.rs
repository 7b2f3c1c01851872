//! The shapes that declarations promise: of a kind, of an argument list, of a tool's facts.

use crate::Shape;
use patchbay_core::declare::{Kind, Selected, Selection, Tool};

/// The name under which a tool that reads each of a list says how many elements are not in its answer: somebody else's,
/// missing, or unreadable. Only their number, never which.
pub const LEFT_OUT: &str = "left_out";

impl Shape {
    /// What a tool's answer is released as: its selected names; for a tool that reads each of a list, the list of those
    /// under its `take_as`, and how many are left out under [`LEFT_OUT`].
    #[must_use]
    pub fn of_facts(tool: &Tool) -> Self {
        let one = Self::of_selection(&tool.select);
        match &tool.each {
            None => one,
            Some(each) => Self::Map([(each.take_as.clone(), Self::list(one)), (LEFT_OUT.to_owned(), Self::Number)].into()),
        }
    }

    /// The arguments that a mind may give to a tool or that are taken from facts. Bound identity is not among them.
    #[must_use]
    pub fn of_args(tool: &Tool) -> Self {
        Self::Map(tool.args.iter().map(|(name, arg)| (name.clone(), Self::from(&arg.kind))).collect())
    }

    fn of_selection(selection: &Selection) -> Self {
        let selected = |selected: &Selected| match selected {
            Selected::One { kind, .. } => Self::from(kind),
            Selected::Each { take, .. } => Self::list(Self::of_selection(take)),
        };
        Self::Map(selection.0.iter().map(|(name, one)| (name.clone(), selected(one))).collect())
    }

    /// The shape at a dotted path; `None` where a name does not exist on the way.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |shape, name| match shape {
            Self::Map(fields) => fields.get(name),
            Self::Any => Some(shape),
            _ => None,
        })
    }
}

impl From<&Kind> for Shape {
    fn from(kind: &Kind) -> Self {
        match kind {
            Kind::Text | Kind::Pattern { .. } | Kind::OneOf(_) | Kind::Address { .. } => Self::Text,
            Kind::Number | Kind::Integer => Self::Number,
            Kind::Bool => Self::Bool,
            Kind::Date => Self::Date,
            Kind::Time => Self::Time,
            Kind::Money(_) => Self::Money,
            Kind::Record(fields) => Self::Map(fields.iter().map(|(name, kind)| (name.clone(), Self::from(kind))).collect()),
            // Its names are the backend's.
            Kind::Map(_) => Self::Any,
            Kind::List(of) => Self::list(Self::from(&**of)),
        }
    }
}
