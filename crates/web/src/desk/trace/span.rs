//! One step of a turn: what it was, when it began, how long it took, how it ended.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A step of a turn.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Span {
    /// Its id within the trace.
    pub(crate) id: String,
    /// The step it is part of.
    #[schema(required)]
    pub(crate) parent: Option<String>,
    /// What it is: `understand`, `retrieve`, `gate`, `call`, `confirm`, `verify`, `say` or `mind`.
    pub(crate) kind: Kind,
    /// Its name: the tool, the skill, the mind.
    pub(crate) name: String,
    /// When it began, in milliseconds from the beginning of the turn.
    pub(crate) start_ms: i64,
    /// How long it took; nothing for a moment.
    pub(crate) ms: i64,
    /// How it ended; `running` while it has not.
    pub(crate) outcome: String,
    /// The letter of its kind, for whom colours say nothing.
    pub(crate) letter: char,
    /// What else there is to know, by kind. Without the role engineer, what people and systems said is left out.
    #[schema(value_type = Object)]
    pub(crate) detail: Value,
}

/// What a step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// How the message was understood.
    Understand,
    /// What was looked up in the written knowledge.
    Retrieve,
    /// A decision of the gate, or of a trigger.
    Gate,
    /// A call of a tool.
    Call,
    /// Somebody's yes or no.
    Confirm,
    /// Was the effect proven?
    Verify,
    /// Something for the customer.
    Say,
    /// A question to the mind.
    Mind,
}

impl Kind {
    /// Its letter.
    pub(crate) const fn letter(self) -> char {
        match self {
            Self::Understand => 'U',
            Self::Retrieve => 'R',
            Self::Gate => 'G',
            Self::Call => 'C',
            Self::Confirm => 'Y',
            Self::Verify => 'V',
            Self::Say => 'S',
            Self::Mind => 'M',
        }
    }
}
