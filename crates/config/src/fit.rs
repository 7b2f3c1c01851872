//! Fits a tree to the language: right keys, right forms, defaults. Every misfit is reported with the nearest right key.

use crate::fill::Sources;
use crate::fitted::Fitted;
use crate::near::nearest;
use crate::node::{Body, Entry, Node};
use crate::origin::{Origins, Source};
use crate::problem::{At, Report, below, element};
use crate::shape::{Key, Names, Need, Record, Scalar, Shape, first_keys};
use std::sync::Arc;

const ALL_KEYS: &str = "`patchbay schema` lists every key";

/// Fits trees, with all that is needed for it.
pub(crate) struct Fitter<'a> {
    /// Where `${…}` comes from.
    pub(crate) sources: Sources<'a>,
    /// Where problems go.
    pub(crate) report: &'a mut Report,
    /// Where every value came from.
    pub(crate) origins: &'a mut Origins,
    /// Is this a default of the language?
    pub(crate) by_default: bool,
}

impl Fitter<'_> {
    /// Fits one node to what may stand there.
    pub(crate) fn fit(&mut self, node: &Node, shape: &'static Shape, key: &str) -> Fitted {
        if !self.by_default {
            self.report.place(key, &node.at);
        }
        if matches!(node.body, Body::Refused) {
            return Fitted::Absent;
        }
        match (shape, &node.body) {
            (Shape::NotYet, _) => self.not_yet(node, key),
            (Shape::Any, _) => Fitted::Json(node.to_json()),
            (Shape::Either(shapes), _) => match shapes.iter().find(|shape| takes(shape, &node.body)) {
                Some(shape) => self.fit(node, shape, key),
                None => self.misfit(node, shape, key),
            },
            (Shape::Leaf(scalar), Body::Text { text, quoted }) => self.leaf(*scalar, text, *quoted, &node.at, key),
            (Shape::List(of), Body::List(nodes)) => {
                let fitted = nodes.iter().enumerate().map(|(index, node)| self.fit(node, of, &element(key, index)));
                Fitted::List(fitted.collect())
            }
            (Shape::Named(names), Body::Map(entries)) => self.named(entries, names, key),
            (Shape::Record(record), Body::Map(entries)) => self.record(entries, record, None, key),
            (Shape::ByKind(kinds), Body::Map(entries)) => self.by_kind(node, entries, kinds, key),
            (Shape::ByKey(records), Body::Map(entries)) => self.by_key(node, entries, records, key),
            _ => self.misfit(node, shape, key),
        }
    }

    fn misfit(&mut self, node: &Node, shape: &'static Shape, key: &str) -> Fitted {
        let message = format!("here stands {}, where {} belongs", node.describe(), shape.expects());
        let advice = match node.body {
            Body::Empty => "write a value, or remove the key",
            _ => ALL_KEYS,
        };
        self.report.add_at(&node.at, key, message, None, advice);
        Fitted::Absent
    }

    fn not_yet(&mut self, node: &Node, key: &str) -> Fitted {
        let message = format!("'{key}' is not supported in this version");
        self.report.add_at(&node.at, key, message, None, "remove it; what is silently ignored would be worse");
        Fitted::Absent
    }

    fn named(&mut self, entries: &[Entry], names: &'static Names, key: &str) -> Fitted {
        let mut fitted = Vec::new();
        for entry in entries {
            let path = below(key, &entry.key);
            self.report.place(&path, &entry.at);
            if names.plain && !is_plain(&entry.key) {
                let message = format!("'{}' cannot be the name of {}: it is used in conditions and texts", entry.key, names.what);
                self.report.add_at(&entry.at, &path, message, None, "use letters, digits and '_', a letter first");
            }
            fitted.push((entry.key.clone(), self.fit(&entry.value, names.of, &path)));
        }
        Fitted::Map(fitted)
    }

    /// Fits a record; `known` is a key that was already dealt with.
    fn record(&mut self, entries: &[Entry], record: &'static Record, known: Option<&str>, key: &str) -> Fitted {
        let mut fitted = Vec::new();
        for entry in entries.iter().filter(|entry| Some(entry.key.as_str()) != known) {
            let path = below(key, &entry.key);
            self.report.place(&path, &entry.at);
            match (record.keys.iter().find(|known| known.name == entry.key), record.rest) {
                (Some(known), _) => fitted.push((entry.key.clone(), self.fit(&entry.value, known.shape, &path))),
                (None, Some(rest)) if self.near(record, &entry.key).is_none() => {
                    fitted.push((entry.key.clone(), self.fit(&entry.value, rest, &path)));
                }
                (None, _) => {
                    let message = format!("there is no key '{}' in {}", entry.key, record.what);
                    let near = self.near(record, &entry.key);
                    if let Some(meant) = &near {
                        self.report.misspelt(&below(key, meant));
                    }
                    self.report.add_at(&entry.at, &path, message, near, ALL_KEYS);
                }
            }
        }
        for known in record.keys {
            if !entries.iter().any(|entry| entry.key == known.name) {
                self.left_out(known, record, key, &mut fitted);
            }
        }
        Fitted::Map(fitted)
    }

    /// A key nobody wrote: its default, or a problem if it must be there.
    fn left_out(&mut self, known: &Key, record: &Record, key: &str, fitted: &mut Vec<(String, Fitted)>) {
        let path = below(key, known.name);
        match known.need {
            Need::Optional => {}
            Need::Required => {
                let message = format!("{} needs the key '{}'", record.what, known.name);
                self.report.add(&path, message, format!("add `{}:` with {}", known.name, known.shape.expects()));
            }
            Need::Default(text) => {
                let file: Arc<str> = Arc::from("default");
                let Some(node) = crate::yaml::read(&file, text, self.report) else { return };
                let outer = std::mem::replace(&mut self.by_default, true);
                fitted.push((known.name.to_owned(), self.fit(&node, known.shape, &path)));
                self.by_default = outer;
            }
        }
    }

    fn by_kind(&mut self, node: &Node, entries: &[Entry], kinds: &'static [(&'static str, &'static Shape)], key: &str) -> Fitted {
        let words: Vec<&str> = kinds.iter().map(|(word, _)| *word).collect();
        let path = below(key, "kind");
        let Some(entry) = entries.iter().find(|entry| entry.key == "kind") else {
            let advice = format!("add `kind:` with one of: {}", words.join(", "));
            self.report.add_at(&node.at, &path, "the key 'kind' is missing", None, advice);
            return Fitted::Absent;
        };
        let Body::Text { text, .. } = &entry.value.body else {
            return self.misfit(&entry.value, &crate::shape::TEXT, &path);
        };
        match kinds.iter().find(|(word, _)| word == text) {
            Some((word, Shape::Record(record))) => {
                self.origins.remember(&path, (*word).to_owned(), Source::File, &entry.value.at);
                let Fitted::Map(mut fitted) = self.record(entries, record, Some("kind"), key) else { return Fitted::Absent };
                fitted.push(("kind".to_owned(), Fitted::Text((*word).to_owned())));
                Fitted::Map(fitted)
            }
            Some(_) => {
                let message = format!("the kind '{text}' is not supported in this version");
                self.report.add_at(&entry.value.at, key, message, None, "remove it, or use another kind");
                Fitted::Absent
            }
            None => {
                let message = format!("there is no kind '{text}' here");
                let near = nearest(text, words.iter().copied());
                self.report.add_at(&entry.value.at, key, message, near, format!("kinds are: {}", words.join(", ")));
                Fitted::Absent
            }
        }
    }

    fn by_key(&mut self, node: &Node, entries: &[Entry], records: &'static [&'static Record], key: &str) -> Fitted {
        let has = |record: &&Record| entries.iter().any(|entry| entry.key == record.keys[0].name);
        if let Some(record) = records.iter().find(|record| has(record)) {
            return self.record(entries, record, None, key);
        }
        let message = format!("one of these keys is needed: {}", first_keys(records));
        let near = entries.iter().find_map(|entry| nearest(&entry.key, records.iter().map(|record| record.keys[0].name)));
        self.report.add_at(&node.at, key, message, near, ALL_KEYS);
        Fitted::Absent
    }

    fn near(&self, record: &Record, key: &str) -> Option<String> {
        nearest(key, record.keys.iter().filter(|known| !matches!(known.shape, Shape::NotYet)).map(|known| known.name))
    }

    /// Fits a single value.
    fn leaf(&mut self, scalar: Scalar, text: &str, quoted: bool, at: &At, key: &str) -> Fitted {
        let secret = scalar == Scalar::Secret;
        let (text, source) = if !scalar.is_filled() || self.by_default {
            (text.to_owned(), Source::File)
        } else {
            match self.sources.fill(text, secret) {
                Ok(filled) => (filled.text, filled.source),
                Err(error) => {
                    self.report.add_at(at, key, error.message, None, error.advice);
                    return Fitted::Absent;
                }
            }
        };
        if secret && source == Source::File && !self.may_hold_secrets(at, key) {
            return Fitted::Absent;
        }
        let fitted = match scalar.read(&text, quoted, self.sources.base) {
            Ok(fitted) => fitted,
            Err(wrong) => {
                self.wrong(scalar, &wrong, &text, &source, at, key);
                return Fitted::Absent;
            }
        };
        let shown = match text.len() {
            bytes if secret => format!("secret ({bytes} bytes)"),
            bytes if matches!(source, Source::OtherFile(_)) => format!("content ({bytes} bytes)"),
            0 => "''".to_owned(),
            _ => text,
        };
        let source = if self.by_default { Source::Default } else { source };
        self.origins.remember(key, shown, source, at);
        fitted
    }

    /// A secret in plain text is refused in a file that every account may read.
    fn may_hold_secrets(&mut self, at: &At, key: &str) -> bool {
        let file = std::path::Path::new(&*at.file);
        let open = self.sources.files.is_readable_by_all(file);
        if open {
            let message = "a secret stands here in plain text, and every account of this machine may read this file";
            let advice =
                format!("put it into a file of its own and write ${{file:/path}}, take it from ${{NAME}}, or run: chmod 600 {}", at.file);
            self.report.add_at(at, key, message, None, advice);
        }
        !open
    }

    fn wrong(&mut self, scalar: Scalar, wrong: &str, text: &str, source: &Source, at: &At, key: &str) {
        // What came from elsewhere may be a secret in the wrong place: it is named, not shown.
        let value = match source {
            Source::Environment(name) => format!("the value of ${{{name}}}"),
            Source::OtherFile(path) => format!("the content of {path}"),
            _ => format!("'{text}'"),
        };
        let near = match scalar {
            Scalar::Word(words) => nearest(text, words.iter().copied()),
            _ => None,
        };
        let advice = format!("write {}", scalar.expects());
        self.report.add_at(at, key, format!("{value} {wrong}"), near, advice);
    }
}

/// Does this shape take a node of this form?
fn takes(shape: &Shape, body: &Body) -> bool {
    match (shape, body) {
        (Shape::Either(shapes), _) => shapes.iter().any(|shape| takes(shape, body)),
        (Shape::Any, _) => true,
        (Shape::Leaf(_), Body::Text { .. }) | (Shape::List(_), Body::List(_)) => true,
        (Shape::Named(_) | Shape::Record(_) | Shape::ByKind(_) | Shape::ByKey(_), Body::Map(_)) => true,
        _ => false,
    }
}

/// Can this name be used in conditions and texts?
fn is_plain(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
