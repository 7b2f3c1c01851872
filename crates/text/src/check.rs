//! Filters are looked up when a text is rendered; a misspelt one is found here, when it is loaded.

use crate::filters::NAMES;

/// The first filter of a template that does not exist: its line and its name.
pub(crate) fn unknown_filter(template: &str) -> Option<(usize, &str)> {
    let mut from = 0;
    while let Some(open) = ["{{", "{%"].iter().filter_map(|mark| template[from..].find(mark)).min().map(|at| from + at) {
        let close = if template[open..].starts_with("{{") { "}}" } else { "%}" };
        let end = template[open..].find(close).map_or(template.len(), |at| open + at);
        let unknown = filters(&template[open..end]).find(|(_, name)| !NAMES.contains(name));
        if let Some((at, name)) = unknown {
            return Some((template[..open + at].matches('\n').count() + 1, name));
        }
        from = end.max(open + close.len());
    }
    None
}

/// The names behind `|` in one tag, outside quotes, and where each bar stands.
fn filters(tag: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut quote = None;
    let bars = tag.char_indices().filter_map(move |(at, character)| {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, '|') => return Some(at),
            _ => {}
        }
        None
    });
    bars.map(|bar| {
        let rest = tag[bar + 1..].trim_start();
        (bar, &rest[..rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len())])
    })
}
