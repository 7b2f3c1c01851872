//! The scope of conditions and texts: what every released answer says, by tool and by canonical name.

use super::Company;
use crate::fact::Released;
use crate::{Timestamp, Value};
use std::collections::BTreeMap;

/// Two systems that say different things under one canonical name, where no tool has the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disagreement {
    /// The canonical name (`shipment.eta`).
    pub canonical: String,
    /// Every value with its backend and time, oldest first.
    pub values: Vec<(Value, String, Timestamp)>,
}

impl Company {
    /// Everything known, as one map: each tool's values under its name, and canonical names merged beside them.
    /// Where systems differ, the tool that declared `authority` is right; where none did, the name is left out and reported.
    #[must_use]
    pub fn scope(&self, facts: &BTreeMap<String, Released>) -> (BTreeMap<String, Value>, Vec<Disagreement>) {
        let mut scope: BTreeMap<String, Value> = facts.iter().map(|(tool, released)| (tool.clone(), released.value.clone())).collect();
        let mut named: BTreeMap<&str, Vec<(&Released, &Value)>> = BTreeMap::new();
        for released in facts.values() {
            for (name, canonical) in &released.canonical {
                if let Some(value) = released.value.at(name).filter(|value| !value.is_null()) {
                    named.entry(canonical).or_default().push((released, value));
                }
            }
        }
        let mut disagreements = Vec::new();
        for (canonical, mut values) in named {
            values.sort_by_key(|(released, _)| released.fetched_at);
            match self.settle(canonical, &values) {
                Some(value) => insert(&mut scope, canonical, value.clone()),
                None => disagreements.push(Disagreement {
                    canonical: canonical.to_owned(),
                    values: values.iter().map(|(from, value)| ((*value).clone(), from.source.clone(), from.fetched_at)).collect(),
                }),
            }
        }
        (scope, disagreements)
    }

    /// The value that counts under a canonical name: the authority's, or the one all agree on.
    fn settle<'a>(&self, canonical: &str, values: &[(&Released, &'a Value)]) -> Option<&'a Value> {
        let authority =
            |released: &Released| self.tools.get(&released.tool).is_some_and(|tool| tool.authority.iter().any(|name| name == canonical));
        let chosen = values.iter().find(|(released, _)| authority(released)).or_else(|| values.first())?.1;
        let settled = values.iter().any(|(released, _)| authority(released)) || values.iter().all(|(_, value)| *value == chosen);
        settled.then_some(chosen)
    }
}

/// Puts a value at a dotted path, making maps on the way; a name that is no map there is left as it is.
fn insert(scope: &mut BTreeMap<String, Value>, path: &str, value: Value) {
    match path.split_once('.') {
        None => {
            scope.entry(path.to_owned()).or_insert(value);
        }
        Some((head, rest)) => {
            if let Value::Map(inner) = scope.entry(head.to_owned()).or_insert_with(|| Value::Map(BTreeMap::new())) {
                insert(inner, rest, value);
            }
        }
    }
}
