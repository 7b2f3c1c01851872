//! One file, or a directory of files, to one tree: `patchbay.yaml`, a folder per section, texts by language.

use crate::files::Files;
use crate::language::ROOT;
use crate::near::nearest;
use crate::node::{Body, Entry, Node};
use crate::problem::{At, Report, below};
use crate::shape::Shape;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The file a directory must have.
const MAIN: &str = "patchbay.yaml";

/// The largest configuration file.
const MOST_BYTES: usize = 4 << 20;

/// A whole configuration.
pub(crate) struct Gathered {
    /// Everything as one map.
    pub(crate) root: Node,
    /// The folder that relative paths are relative to.
    pub(crate) base: PathBuf,
}

/// Reads a file, or a directory with everything that belongs to it. `None` when there is nothing to go on with. A directory's main
/// file stands for the directory: what lies beside it is never left out in silence.
pub(crate) fn gather(path: &Path, files: &dyn Files, report: &mut Report) -> Option<Gathered> {
    let is_main = path.file_name().is_some_and(|name| name == MAIN);
    let path = if is_main { path.parent().unwrap_or(Path::new("")) } else { path };
    if !is_main && !files.is_folder(path) {
        let root = read(path, files, report)?;
        let base = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        return Some(Gathered { root, base });
    }
    let mut root = read(&path.join(MAIN), files, report)?;
    let sections = sections();
    for section in &sections {
        for file in yaml_files(&path.join(section), files) {
            add(&mut root, section, &file, files, report);
        }
        let singular = path.join(section.trim_end_matches('s'));
        for file in yaml_files(&singular, files) {
            unread(&file, format!("{section}/"), report);
        }
    }
    add_texts(&mut root, path, files, report);
    Some(Gathered { root, base: path.to_owned() })
}

/// The sections that may be spread over files of a folder: those whose names people choose.
fn sections() -> Vec<&'static str> {
    let Shape::Record(record) = &ROOT else { return Vec::new() };
    record.keys.iter().filter(|key| matches!(key.shape, Shape::Named(_))).map(|key| key.name).collect()
}

fn yaml_files(folder: &Path, files: &dyn Files) -> Vec<PathBuf> {
    let is_yaml = |path: &PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    files.list(folder).into_iter().filter(is_yaml).collect()
}

fn read(path: &Path, files: &dyn Files, report: &mut Report) -> Option<Node> {
    let file: Arc<str> = Arc::from(path.display().to_string());
    let at = At::whole(&file);
    let text = match files.read(path) {
        Ok(text) => text,
        Err(error) => {
            let advice = "name the file or directory of the configuration; a directory needs a patchbay.yaml";
            report.add_at(&at, "", format!("this file cannot be read: {error}"), None, advice);
            return None;
        }
    };
    if text.len() > MOST_BYTES {
        report.add_at(&at, "", format!("this file has more than {MOST_BYTES} bytes"), None, "spread it over the files of a directory");
        return None;
    }
    let before = report.has_problems();
    let node = crate::yaml::read(&file, &text, report);
    match node {
        Some(node) if matches!(node.body, Body::Map(_)) => Some(node),
        None if report.has_problems() && !before => None,
        _ => {
            report.add_at(&at, "", "this file holds no map of keys", None, "begin with `version: 1`");
            None
        }
    }
}

/// Adds the names of one file to a section; a name that is there already is a problem that shows both places.
fn add(root: &mut Node, section: &str, path: &Path, files: &dyn Files, report: &mut Report) {
    let Some(Node { at, body: Body::Map(more) }) = read(path, files, report) else { return };
    let Body::Map(entries) = &mut root.body else { return };
    if !entries.iter().any(|entry| entry.key == section) {
        let value = Node { at: at.clone(), body: Body::Map(Vec::new()) };
        entries.push(Entry { key: section.to_owned(), at, value });
    }
    let Some(Body::Map(known)) = entries.iter_mut().find(|entry| entry.key == section).map(|entry| &mut entry.value.body) else { return };
    for entry in more {
        match known.iter().find(|known| known.key == entry.key) {
            Some(first) => {
                let message = format!("'{}' is declared here and in {}", entry.key, first.at);
                report.add_at(&entry.at, &below(section, &entry.key), message, None, "remove one of the two, or rename it");
            }
            None => known.push(entry),
        }
    }
}

/// Adds `texts.LANG.yaml` of the company's language. One language is spoken in this version.
fn add_texts(root: &mut Node, folder: &Path, files: &dyn Files, report: &mut Report) {
    let language = match root.get("language").map(|node| &node.body) {
        Some(Body::Text { text, .. }) => text.clone(),
        _ => "en".to_owned(),
    };
    for path in yaml_files(folder, files) {
        let name = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if name == "texts" || name.strip_prefix("texts.") == Some(&language) {
            add(root, "texts", &path, files, report);
        } else if let Some(other) = name.strip_prefix("texts.") {
            let at = At::whole(&Arc::from(path.display().to_string()));
            let message = format!("texts in a second language ({other}) are not supported in this version");
            report.add_at(&at, "texts", message, None, format!("move the file away, or set `language: {other}`"));
        } else if nearest(name, ["texts"]).is_some() {
            unread(&path, "texts.yaml".to_owned(), report);
        }
    }
}

/// A file that looks as if it belonged to the configuration, under a name that is not looked for.
fn unread(path: &Path, meant: String, report: &mut Report) {
    let at = At::whole(&Arc::from(path.display().to_string()));
    report.add_at(&at, "", "this file would not be read", Some(meant), "rename it, or move it away");
}
