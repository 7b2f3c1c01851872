//! Selection: of an answer, the declared values at their paths, with their declared kinds; all else is named and dropped.

use crate::kind::read;
use crate::rules::Patterns;
use patchbay_core::Value;
use patchbay_core::declare::{Kind, Selected, Selection};
use serde_json::Value as Json;
use serde_json_path::JsonPath;
use std::collections::{BTreeMap, BTreeSet};

/// The most records released of one list.
const RECORDS: usize = 1000;

/// The compiled paths of a selection, by selected name.
#[derive(Debug, Default)]
pub(crate) struct Paths(BTreeMap<String, Place>);

/// Where a selected value stands.
#[derive(Debug)]
struct Place {
    /// The path as it was written.
    spelling: String,
    path: JsonPath,
    /// The list whose elements the path takes (`$.items` of `$.items[*]`): it must be there, even when it is empty.
    list: Option<JsonPath>,
    /// The paths below each record.
    inner: Paths,
}

/// Why an answer is not what was declared.
#[derive(Debug)]
pub(crate) enum Wrong {
    /// Missing, or of another shape.
    Bad {
        /// The selected name.
        field: String,
        /// What is wrong, without the value.
        detail: String,
    },
    /// Several where one is declared.
    Ambiguous {
        /// The selected name.
        field: String,
    },
}

impl Paths {
    /// Compiles every path, and lists the field and message of every path that is none.
    pub(crate) fn compile(selection: &Selection) -> (Self, Vec<(String, String)>) {
        let (mut paths, mut problems) = (Self::default(), Vec::new());
        for (name, selected) in &selection.0 {
            let (path, inner) = match selected {
                Selected::One { path, .. } => (path, Self::default()),
                Selected::Each { path, take } => {
                    let (inner, found) = Self::compile(take);
                    problems.extend(
                        found.into_iter().map(|(field, message)| (format!("select.{name}.{}", &field["select.".len()..]), message)),
                    );
                    (path, inner)
                }
            };
            let list = matches!(selected, Selected::Each { .. }).then(|| path.strip_suffix("[*]")).flatten();
            let list = list.and_then(|list| JsonPath::parse(list).ok());
            match JsonPath::parse(path) {
                Ok(compiled) => drop(paths.0.insert(name.clone(), Place { spelling: path.clone(), path: compiled, list, inner })),
                Err(error) => problems.push((format!("select.{name}"), format!("'{path}' is no JSONPath: {error}"))),
            }
        }
        (paths, problems)
    }

    /// The paths as they were written, those of lists with the inner ones behind them.
    pub(crate) fn spellings(&self) -> Vec<String> {
        let mut spellings = Vec::new();
        for Place { spelling: path, inner, .. } in self.0.values() {
            let inner = inner.spellings();
            match inner.is_empty() {
                true => spellings.push(path.clone()),
                false => spellings.extend(inner.into_iter().map(|below| format!("{path}{}", below.trim_start_matches('$')))),
            }
        }
        spellings
    }
}

/// Every kind of a selection with the key it stands under.
pub(crate) fn kinds(selection: &Selection) -> Vec<(String, &Kind)> {
    let mut kinds = Vec::new();
    for (name, selected) in &selection.0 {
        match selected {
            Selected::One { kind, .. } => kinds.push((format!("select.{name}"), kind)),
            Selected::Each { take, .. } => {
                kinds.extend(
                    self::kinds(take).into_iter().map(|(field, kind)| (format!("select.{name}.{}", &field["select.".len()..]), kind)),
                );
            }
        }
    }
    kinds
}

/// Takes records out of answers.
pub(crate) struct Selecting<'a> {
    pub(crate) patterns: &'a Patterns,
}

impl Selecting<'_> {
    /// One record of selected values. `under` is where it stands in the selection, for messages (`items.`). Optional values
    /// that are missing or null are left out.
    pub(crate) fn record(&self, selection: &Selection, paths: &Paths, body: &Json, under: &str) -> Result<Value, Wrong> {
        let mut record = BTreeMap::new();
        for (name, selected) in &selection.0 {
            let Some(Place { path, list, inner, .. }) = paths.0.get(name) else { continue };
            let field = format!("{under}{name}");
            match selected {
                Selected::One { kind, optional, .. } => {
                    if let Some(value) = self.one(kind, *optional, path, body, &field)? {
                        record.insert(name.clone(), value);
                    }
                }
                Selected::Each { take, .. } => {
                    if let Some(list) = list {
                        listed(list, body, &field)?;
                    }
                    let nodes = path.query(body).all();
                    if nodes.len() > RECORDS {
                        return Err(Wrong::Bad { field, detail: format!("has more than {RECORDS} records") });
                    }
                    let under = format!("{field}.");
                    let records: Result<Vec<Value>, Wrong> = nodes.into_iter().map(|node| self.record(take, inner, node, &under)).collect();
                    record.insert(name.clone(), Value::List(records?));
                }
            }
        }
        Ok(Value::Map(record))
    }

    fn one(&self, kind: &Kind, optional: bool, path: &JsonPath, body: &Json, field: &str) -> Result<Option<Value>, Wrong> {
        let bad = |detail: String| Wrong::Bad { field: field.to_owned(), detail };
        let nodes = path.query(body).all();
        // A list may also be given as the nodes themselves.
        if let (Kind::List(of), false) = (kind, matches!(nodes.as_slice(), [Json::Array(_)])) {
            let values: Result<Vec<Value>, String> = nodes.iter().map(|node| read(of, &Value::from_json(node), self.patterns)).collect();
            return match values {
                Ok(values) if values.is_empty() && !optional => Err(bad("is missing".to_owned())),
                Ok(values) => Ok(Some(Value::List(values))),
                Err(detail) => Err(bad(detail)),
            };
        }
        match nodes.as_slice() {
            [] | [Json::Null] if optional => Ok(None),
            [] => Err(bad("is missing".to_owned())),
            [Json::Null] => Err(bad("is null".to_owned())),
            [node] => read(kind, &Value::from_json(node), self.patterns).map(Some).map_err(bad),
            _ => Err(Wrong::Ambiguous { field: field.to_owned() }),
        }
    }
}

/// A list that is missing is no empty list: nothing may be concluded from it.
fn listed(list: &JsonPath, body: &Json, field: &str) -> Result<(), Wrong> {
    let bad = |detail: &str| Err(Wrong::Bad { field: field.to_owned(), detail: detail.to_owned() });
    match list.query(body).all().as_slice() {
        [] => bad("is missing"),
        lists if lists.iter().all(|list| list.is_array()) => Ok(()),
        _ => bad("is no list"),
    }
}

/// Collects the names in an answer that no path reaches: names only, dotted, without positions in lists.
pub(crate) fn unselected(body: &Json, paths: &Paths, dropped: &mut BTreeSet<String>) {
    let mut reached = BTreeSet::new();
    reach(body, paths, "", &mut reached);
    name_rest(body, "", "", &reached, dropped);
}

/// The normalised paths of every node that is kept.
fn reach(body: &Json, paths: &Paths, under: &str, reached: &mut BTreeSet<String>) {
    for Place { path, inner, .. } in paths.0.values() {
        for located in path.query_located(body).iter() {
            let place = format!("{under}{}", located.location().to_json_pointer());
            if inner.0.is_empty() {
                reached.insert(place);
            } else {
                reach(located.node(), inner, &place, reached);
            }
        }
    }
}

fn name_rest(node: &Json, pointer: &str, name: &str, reached: &BTreeSet<String>, dropped: &mut BTreeSet<String>) {
    if reached.contains(pointer) {
        return;
    }
    match node {
        Json::Object(fields) => {
            for (field, value) in fields {
                let pointer = format!("{pointer}/{}", field.replace('~', "~0").replace('/', "~1"));
                let dotted = if name.is_empty() { field.clone() } else { format!("{name}.{field}") };
                let below = reached.range(format!("{pointer}/")..).next().is_some_and(|next| next.starts_with(&format!("{pointer}/")));
                if below {
                    name_rest(value, &pointer, &dotted, reached, dropped);
                } else if !reached.contains(&pointer) {
                    dropped.insert(dotted);
                }
            }
        }
        Json::Array(elements) => {
            for (place, element) in elements.iter().enumerate() {
                name_rest(element, &format!("{pointer}/{place}"), name, reached, dropped);
            }
        }
        _ => {}
    }
}
