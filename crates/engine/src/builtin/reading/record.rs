//! Records such as an address: given as `name: value` pairs, or found field by field where the fields' kinds tell them apart.

use super::{Found, Reader};
use crate::builtin::words::alike;
use patchbay_core::Value;
use patchbay_core::declare::Kind;
use std::collections::BTreeMap;

/// The fields of a record a message gives; fields it does not give are left out.
pub(super) fn read(reader: &Reader<'_>, fields: &BTreeMap<String, Kind>) -> Option<Found> {
    let mut values = BTreeMap::new();
    let mut rest = Vec::new();
    for piece in reader.text.split([',', ';', '\n']).map(str::trim).filter(|piece| !piece.is_empty()) {
        match named(reader, piece, fields) {
            Some((name, value)) => {
                values.insert(name, value);
            }
            None => rest.push(piece),
        }
    }
    for (name, kind) in fields.iter().filter(|(_, kind)| !matches!(kind, Kind::Text)) {
        if !values.contains_key(name)
            && let Some(found) = typed(reader, &mut rest, kind)
        {
            values.insert(name.clone(), found);
        }
    }
    // One text field left and one piece left: that is it. More of both cannot be told apart by a machine.
    let open: Vec<_> = fields.iter().filter(|(name, kind)| matches!(kind, Kind::Text) && !values.contains_key(*name)).collect();
    if let ([(name, _)], [piece]) = (open.as_slice(), rest.as_slice()) {
        values.insert((*name).clone(), Value::text(*piece));
    }
    (!values.is_empty()).then_some(Found { value: Value::Map(values), span: 0..reader.text.len() })
}

/// The fields that are given by name.
pub(super) fn named_pieces(reader: &Reader<'_>, fields: &BTreeMap<String, Kind>) -> BTreeMap<String, Value> {
    reader.text.split([',', ';', '\n']).filter_map(|piece| named(reader, piece.trim(), fields)).collect()
}

/// `city: Lyon`, `zip is 69001`.
fn named(reader: &Reader<'_>, piece: &str, fields: &BTreeMap<String, Kind>) -> Option<(String, Value)> {
    let (before, after) = piece.split_once(':').or_else(|| piece.split_once(" is ")).or_else(|| piece.split_once('='))?;
    let said = reader.lexicon.words(before);
    let (name, kind) = fields.iter().find(|(name, _)| {
        let name = reader.lexicon.words(&name.replace('_', " "));
        name.iter().all(|word| said.iter().any(|said| alike(said, word)))
    })?;
    Some((name.clone(), value(reader, after.trim(), kind)?))
}

/// The first piece that holds a value of this kind; the value is cut out of it.
fn typed<'t>(reader: &Reader<'t>, rest: &mut Vec<&'t str>, kind: &Kind) -> Option<Value> {
    let (at, found) = rest.iter().enumerate().find_map(|(at, piece)| Some((at, find(reader, piece, kind)?)))?;
    let piece = rest.remove(at);
    let around = [piece[..found.span.start].trim(), piece[found.span.end..].trim()];
    for (n, part) in around.into_iter().filter(|part| !part.is_empty()).enumerate() {
        rest.insert(at + n, part);
    }
    Some(found.value)
}

fn value(reader: &Reader<'_>, text: &str, kind: &Kind) -> Option<Value> {
    match kind {
        Kind::Text | Kind::Address { .. } => (!text.is_empty()).then(|| Value::text(text)),
        _ => find(reader, text, kind).map(|found| found.value),
    }
}

fn find(reader: &Reader<'_>, text: &str, kind: &Kind) -> Option<Found> {
    let words = reader.lexicon.words(text);
    Reader { text, words: &words, ..*reader }.answered(kind).into_iter().next()
}
