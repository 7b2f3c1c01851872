//! The facts a tool will bring, as types: what its selection makes of an answer.

use patchbay_core::declare::{Company, Kind, Selected, Selection, Tool};
use std::collections::BTreeMap;

/// What stands under a tool's name once it has answered.
pub(crate) fn of_tool(tool: &Tool) -> Kind {
    let one = of_selection(&tool.select);
    match &tool.each {
        Some(each) => {
            let answers = (each.take_as.clone(), Kind::List(Box::new(one)));
            Kind::Record(BTreeMap::from([answers, ("left_out".to_owned(), Kind::Number)]))
        }
        None => one,
    }
}

/// The type of a fact by its path: `order.status`.
pub(crate) fn at_path(company: &Company, path: &str) -> Option<Kind> {
    let (tool, rest) = path.split_once('.').unwrap_or((path, ""));
    into(&of_tool(company.tools.get(tool)?), rest)
}

/// The type of what stands at a path that may go through lists: of `products.all.variants`, the variants of every product. A list on
/// the way, or at the end, makes the whole a list.
pub(crate) fn through_lists(company: &Company, path: &str) -> Option<Kind> {
    let (tool, rest) = path.split_once('.')?;
    let mut kind = of_tool(company.tools.get(tool)?);
    let mut several = false;
    for name in rest.split('.') {
        if let Kind::List(of) = kind {
            several = true;
            kind = *of;
        }
        kind = into(&kind, name)?;
    }
    match kind {
        Kind::List(_) => Some(kind),
        one if several => Some(Kind::List(Box::new(one))),
        one => Some(one),
    }
}

/// The type of a fact by its path, where the types of all tools are known already.
pub(crate) fn in_kinds(tools: &BTreeMap<String, Kind>, path: &str) -> Option<Kind> {
    let (tool, rest) = path.split_once('.').unwrap_or((path, ""));
    into(tools.get(tool)?, rest)
}

fn into(kind: &Kind, path: &str) -> Option<Kind> {
    let names = path.split('.').filter(|name| !name.is_empty());
    let step = |kind: &Kind, name: &str| match kind {
        Kind::Record(fields) => fields.get(name).cloned(),
        _ => None,
    };
    names.into_iter().try_fold(kind.clone(), |kind, name| step(&kind, name))
}

/// The canonical names of a selection.
pub(crate) fn canonical_names(selection: &Selection) -> impl Iterator<Item = &str> {
    selection.0.values().filter_map(|selected| match selected {
        Selected::One { canonical, .. } => canonical.as_deref(),
        Selected::Each { .. } => None,
    })
}

/// Every path of facts there is, for the nearest right one.
pub(crate) fn paths(company: &Company) -> Vec<String> {
    let mut paths = Vec::new();
    for (name, tool) in &company.tools {
        if let Kind::Record(fields) = of_tool(tool) {
            paths.extend(fields.keys().map(|field| format!("{name}.{field}")));
        }
    }
    paths
}

fn of_selection(selection: &Selection) -> Kind {
    let of = |selected: &Selected| match selected {
        Selected::One { kind, .. } => kind.clone(),
        Selected::Each { take, .. } => Kind::List(Box::new(of_selection(take))),
    };
    Kind::Record(selection.0.iter().map(|(name, selected)| (name.clone(), of(selected))).collect())
}
