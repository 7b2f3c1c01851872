//! A rule: compiled once, asked often.

use crate::eval::{EvalError, evaluate};
use crate::shape::{Names, Shape};
use crate::term::Term;
use crate::{lower, source};
use patchbay_core::Value;
use patchbay_core::declare::Condition;
use std::collections::BTreeMap;

/// The values behind a rule's names.
pub type Scope = BTreeMap<String, Value>;

/// Why a rule cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("at byte {offset}: {message}")]
pub struct RuleError {
    /// Where in the rule's text, in bytes from its start.
    pub offset: usize,
    /// What is wrong and what to do, with the nearest right name where there is one.
    pub message: String,
}

impl RuleError {
    pub(crate) fn at(offset: usize, message: impl Into<String>) -> Self {
        Self { offset, message: message.into() }
    }
}

/// A checked rule.
#[derive(Debug, Clone)]
pub struct Rule {
    source: String,
    /// `None` is the rule that always holds.
    term: Option<Term>,
}

impl Rule {
    /// Reads a condition and checks it against the names it may use.
    ///
    /// # Errors
    /// When it is longer than 4 KiB, nested deeper than 16, no CEL, uses a name or function that does not exist, compares what
    /// can never be compared, or does not end in yes or no.
    pub fn compile(condition: &Condition, names: &Names) -> Result<Self, RuleError> {
        let Condition::When(text) = condition else {
            return Ok(Self { source: "always".to_owned(), term: None });
        };
        let (term, shape) = source::read(text, |tree| lower::lower(tree, names))?;
        match shape {
            Shape::Bool | Shape::Any => Ok(Self { source: text.clone(), term: Some(term) }),
            other => Err(RuleError::at(0, format!("a rule must be true or false, and this is {other}"))),
        }
    }

    /// Does it hold for these values?
    ///
    /// # Errors
    /// When a field is missing, values cannot be compared, or it is too much work. Callers treat that as "does not hold".
    pub fn holds(&self, scope: &Scope) -> Result<bool, EvalError> {
        let Some(term) = &self.term else { return Ok(true) };
        match evaluate(term, scope)? {
            Value::Bool(holds) => Ok(holds),
            other => Err(EvalError::Mismatch { wanted: "true or false", got: crate::eval::kind_of(&other) }),
        }
    }

    /// The lowered rule; nothing for the one that always holds.
    pub(crate) fn term(&self) -> Option<&Term> {
        self.term.as_ref()
    }

    /// The rule as it was written, for logs; `always` for the one that always holds.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }
}

#[cfg(test)]
#[path = "rule_tests.rs"]
mod tests;
