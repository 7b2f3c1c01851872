//! Finds circles in what names what.

use std::collections::BTreeMap;

/// The first circle in a graph, as the names in order with the first one again at the end.
pub(super) fn circle(graph: &BTreeMap<&str, Vec<&str>>) -> Option<Vec<String>> {
    let mut finished: Vec<&str> = Vec::new();
    graph.keys().find_map(|start| visit(start, graph, &mut Vec::new(), &mut finished))
}

fn visit<'a>(
    name: &'a str,
    graph: &BTreeMap<&'a str, Vec<&'a str>>,
    open: &mut Vec<&'a str>,
    finished: &mut Vec<&'a str>,
) -> Option<Vec<String>> {
    if finished.contains(&name) {
        return None;
    }
    if let Some(start) = open.iter().position(|open| *open == name) {
        let names = open[start..].iter().chain([&name]);
        return Some(names.map(|name| (*name).to_owned()).collect());
    }
    open.push(name);
    let found = graph.get(name).into_iter().flatten().find_map(|next| visit(next, graph, open, finished));
    open.pop();
    finished.push(name);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_is_found_wherever_one_begins() {
        let graph = BTreeMap::from([("a", vec!["b"]), ("b", vec!["c", "d"]), ("c", vec![]), ("d", vec!["b"])]);
        assert_eq!(circle(&graph), Some(vec!["b".to_owned(), "d".to_owned(), "b".to_owned()]));
        assert_eq!(circle(&BTreeMap::from([("a", vec!["b", "c"]), ("b", vec!["c"]), ("c", vec![])])), None);
    }
}
