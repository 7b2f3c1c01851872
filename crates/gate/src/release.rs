//! The second door: of a raw answer, only what is the customer's, was selected, and has the declared shape goes on.

use crate::admission::Admitted;
use crate::mask::redact;
use crate::rules::{Checked, Rules, Who};
use crate::select::{Selecting, Wrong};
use patchbay_condition::{LEFT_OUT, Scope};
use patchbay_core::declare::Selected;
use patchbay_core::fact::Released;
use patchbay_core::words::{FactClass, RefusalCode};
use patchbay_core::{Session, Timestamp, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A raw answer: the place of its call in [`Admitted::calls`], its body, and when the backend gave it.
pub type Answer<'a> = (usize, &'a serde_json::Value, Timestamp);

/// What the second door says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Release {
    /// What may be known.
    Released(Released),
    /// The record is somebody else's, or no rule speaks about the tool.
    Refused {
        /// Why.
        code: RefusalCode,
        /// The rule that refused, as it was written.
        rule: String,
    },
    /// The answer lacks something, or it has another shape than declared.
    BadAnswer {
        /// The selected name (`items.price`); empty for the whole answer.
        field: String,
        /// What is wrong, without the value.
        detail: String,
    },
    /// Several values where one is declared.
    Ambiguous {
        /// The selected name; empty for the whole answer.
        field: String,
    },
}

/// One answer that cannot be released.
enum Held {
    Foreign,
    Wrong(Wrong),
}

impl Rules {
    /// Decides what of these answers may be known. `facts` are those of the tool's needs; `source` is the backend's name.
    ///
    /// A tool that reads each of a list leaves out elements that are somebody else's, missing or unreadable, and counts them
    /// under `left_out`.
    #[must_use]
    pub fn release(
        &self,
        admitted: &Admitted,
        answers: &[Answer<'_>],
        session: &Session,
        customer: &BTreeMap<String, Value>,
        facts: &BTreeMap<String, Released>,
        source: &str,
    ) -> Release {
        let Some(checked) = self.tools.get(admitted.tool()) else {
            return Release::Refused { code: RefusalCode::NoRule, rule: "the tool has no rules".to_owned() };
        };
        // The oldest answer dates the whole: it is never newer than its parts.
        let fetched_at = answers.iter().map(|(_, _, at)| *at).min().unwrap_or_default();
        let who = Who { session, customer, now: fetched_at };
        let scope = checked.scope(admitted.args(), who, facts);
        let mut dropped = BTreeSet::new();
        let value = match &checked.tool.each {
            None => match answers {
                [(_, body, _)] => checked.one(body, &scope, &mut dropped),
                [] => Err(Held::Wrong(Wrong::Bad { field: String::new(), detail: "there is no answer".to_owned() })),
                _ => Err(Held::Wrong(Wrong::Ambiguous { field: String::new() })),
            },
            Some(each) => checked.several(answers, &scope, &mut dropped).map(|kept| {
                let left_out = Value::Number(admitted.calls().len().saturating_sub(kept.len()).into());
                Value::Map([(each.take_as.clone(), Value::List(kept)), (LEFT_OUT.to_owned(), left_out)].into())
            }),
        };
        match value {
            Ok(value) => Release::Released(checked.released(value, dropped, source, fetched_at)),
            Err(Held::Foreign) => Release::Refused { code: RefusalCode::OwnerMismatch, rule: checked.guard.source().to_owned() },
            Err(Held::Wrong(Wrong::Bad { field, detail })) => Release::BadAnswer { field, detail },
            Err(Held::Wrong(Wrong::Ambiguous { field })) => Release::Ambiguous { field },
        }
    }
}

impl Checked {
    /// One answer: whose it is first, then what was selected of it.
    fn one(&self, body: &serde_json::Value, scope: &Scope, dropped: &mut BTreeSet<String>) -> Result<Value, Held> {
        let mut scope = scope.clone();
        scope.insert("answer".to_owned(), Value::from_json(body));
        match (self.guard.holds(&scope), body) {
            (Ok(true), _) => {}
            // A rule about one record cannot be asked about a list of them.
            (Err(_), serde_json::Value::Array(records)) if !records.is_empty() => {
                return Err(Held::Wrong(Wrong::Ambiguous { field: String::new() }));
            }
            // An error is no proof of ownership.
            (Ok(false) | Err(_), _) => return Err(Held::Foreign),
        }
        let selecting = Selecting { patterns: &self.patterns };
        let value = selecting.record(&self.tool.select, &self.paths, body, "").map_err(Held::Wrong)?;
        crate::select::unselected(body, &self.paths, dropped);
        Ok(redacted(value))
    }

    /// Those answers that may be known. Where none may and one of them was unreadable, that is what is wrong.
    fn several(&self, answers: &[Answer<'_>], scope: &Scope, dropped: &mut BTreeSet<String>) -> Result<Vec<Value>, Held> {
        let (mut kept, mut wrong) = (Vec::new(), None);
        for (_, body, _) in answers {
            match self.one(body, scope, dropped) {
                Ok(value) => kept.push(value),
                Err(Held::Foreign) => {}
                Err(unreadable) => wrong = Some(unreadable),
            }
        }
        match wrong {
            Some(wrong) if kept.is_empty() => Err(wrong),
            _ => Ok(kept),
        }
    }

    fn released(&self, value: Value, dropped: BTreeSet<String>, source: &str, fetched_at: Timestamp) -> Released {
        let canonical = self.tool.select.0.iter().filter_map(|(name, selected)| match selected {
            Selected::One { canonical, .. } => Some((name.clone(), canonical.clone()?)),
            Selected::Each { .. } => None,
        });
        Released {
            tool: self.tool.name.clone(),
            source: source.to_owned(),
            fetched_at,
            class: self.tool.cache.as_ref().map_or(FactClass::Live, |cache| cache.class),
            value,
            canonical: canonical.collect(),
            kept: self.paths.spellings(),
            dropped: dropped.into_iter().collect(),
        }
    }
}

/// The value with every card number in its texts masked.
fn redacted(value: Value) -> Value {
    match value {
        Value::Text(text) => Value::Text(redact(&text)),
        Value::List(list) => Value::List(list.into_iter().map(redacted).collect()),
        Value::Map(map) => Value::Map(map.into_iter().map(|(name, value)| (name, redacted(value))).collect()),
        other => other,
    }
}
