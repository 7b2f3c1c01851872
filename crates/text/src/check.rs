//! Filters are looked up when a text is rendered; a misspelt one is found here, when it is loaded.

use crate::filters::NAMES;

/// The first filter of a template that does not exist: its line and its name.
pub(crate) fn unknown_filter(template: &str) -> Option<(usize, &str)> {
    let mut rest = template;
    while let Some(open) = rest.find("{{").into_iter().chain(rest.find("{%")).min() {
        let inside = &rest[open + 2..];
        let close = if rest[open..].starts_with("{{") { "}}" } else { "%}" };
        let end = inside.find(close).unwrap_or(inside.len());
        if let Some(wrong) = filters(&inside[..end]).find(|name| !NAMES.contains(name)) {
            let at = wrong.as_ptr() as usize - template.as_ptr() as usize;
            return Some((template[..at].matches('\n').count() + 1, wrong));
        }
        rest = &inside[end..];
    }
    None
}

/// The names behind `|` in one tag, outside quotes.
fn filters(tag: &str) -> impl Iterator<Item = &str> {
    let mut quote = None;
    let bars = tag.char_indices().filter_map(move |(at, character)| {
        match (quote, character) {
            (None, '\'' | '"') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, '|') => return Some(at + 1),
            _ => {}
        }
        None
    });
    bars.map(|from| {
        let rest = tag[from..].trim_start();
        &rest[..rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len())]
    })
}
