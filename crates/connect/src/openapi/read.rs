//! Reading a document: files and bytes in, operations out.

use super::at::At;
use super::operation::{Argument, Field, Operation, Place};
use super::shape::{Shape, properties};
use super::style::{Style, plain};
use super::{Document, Problem, body, security};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The largest document read, in bytes.
const LARGEST: u64 = 32 << 20;
/// The longest sentence kept of a description, in characters.
const SENTENCE: usize = 200;

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// A document of which nothing can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// The file cannot be read.
    #[error("{0} cannot be read: {1}")]
    File(PathBuf, String),
    /// It is larger than any sensible document.
    #[error("the document has {0} bytes; at most {LARGEST} are read")]
    TooLarge(u64),
    /// Neither JSON nor YAML.
    #[error("the document is neither JSON nor YAML: {0}")]
    Syntax(String),
    /// JSON or YAML, but not this.
    #[error("{0}")]
    NotOpenApi(Problem),
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// When nothing of it can be used.
    pub fn read_file(path: &Path) -> Result<Self, DocumentError> {
        let failed = |error: std::io::Error| DocumentError::File(path.to_owned(), error.to_string());
        let size = std::fs::metadata(path).map_err(failed)?.len();
        if size > LARGEST {
            return Err(DocumentError::TooLarge(size));
        }
        Self::read(&std::fs::read(path).map_err(failed)?)
    }

    /// Reads JSON or YAML.
    ///
    /// # Errors
    /// When nothing of it can be used.
    pub fn read(bytes: &[u8]) -> Result<Self, DocumentError> {
        if bytes.len() as u64 > LARGEST {
            return Err(DocumentError::TooLarge(bytes.len() as u64));
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let looks_like_json = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let value: Value = if looks_like_json {
            serde_json::from_slice(bytes).map_err(|error| DocumentError::Syntax(error.to_string()))?
        } else {
            let text = std::str::from_utf8(bytes).map_err(|error| DocumentError::Syntax(error.to_string()))?;
            serde_saphyr::from_str(text).map_err(|error| DocumentError::Syntax(error.to_string()))?
        };
        Self::understand(&value)
    }

    fn understand(value: &Value) -> Result<Self, DocumentError> {
        let root = At::root(value);
        if value.get("swagger").is_some() {
            return Err(DocumentError::NotOpenApi(root.problem("this is Swagger 2.0: convert it to OpenAPI 3 first")));
        }
        // Unquoted in YAML, `3.1` is a number.
        let version = value.get("openapi").map(plain).unwrap_or_default();
        if !version.starts_with("3.") {
            return Err(DocumentError::NotOpenApi(root.problem("'openapi' does not say 3.0 or 3.1, so this is no OpenAPI document")));
        }
        let paths = root.get("paths").map_err(DocumentError::NotOpenApi)?;
        let paths = paths.ok_or_else(|| DocumentError::NotOpenApi(root.problem("there are no 'paths'")))?;
        let mut reader = Reader { root: &root, operations: BTreeMap::new(), problems: Vec::new() };
        for (path, item) in paths.entries() {
            reader.path(path, item);
        }
        let Reader { operations, problems, .. } = reader;
        let title = root.seek("info").and_then(|info| info.text("title")).unwrap_or_default().to_owned();
        Ok(Self { title, operations, schemes: security::schemes(&root), servers: servers(&root), problems })
    }
}

/// What has been understood so far.
struct Reader<'r, 'a> {
    root: &'r At<'a>,
    operations: BTreeMap<String, Operation>,
    problems: Vec<Problem>,
}

impl<'a> Reader<'_, 'a> {
    fn path(&mut self, path: &str, item: At<'a>) {
        let item = match item.follow() {
            Ok(item) => item,
            Err(problem) => return self.problems.push(problem),
        };
        if !path.starts_with('/') {
            return self.problems.push(item.problem("a path must begin with '/'"));
        }
        for method in METHODS {
            let Some(at) = item.seek(method) else { continue };
            match self.operation(path, method, &item, &at) {
                Ok(operation) => self.keep(operation, &at),
                Err(problem) => self.problems.push(problem),
            }
        }
    }

    /// Keeps an operation. Of two with the same id the second gets the id of its method and path.
    fn keep(&mut self, mut operation: Operation, at: &At<'_>) {
        if self.operations.contains_key(&operation.id) {
            let derived = derived_id(&operation.method, &operation.path);
            self.problems.push(at.problem(format!("the id '{}' is taken; this one is called '{derived}'", operation.id)));
            operation.id = derived;
        }
        self.operations.entry(operation.id.clone()).or_insert(operation);
    }

    fn operation(&self, path: &str, method: &str, item: &At<'a>, at: &At<'a>) -> Result<Operation, Problem> {
        let mut args = parameters(item, at)?;
        // A parameter the document forgot is still one, and one that is not in the path cannot be sent.
        let in_path: Vec<&str> = template_names(path).collect();
        args.retain(|arg| arg.place != Place::Path || in_path.contains(&arg.wire.as_str()));
        for name in in_path {
            if !args.iter().any(|arg| arg.place == Place::Path && arg.wire == name) {
                args.push(path_argument(name));
            }
        }
        let (body, body_args) = body::body(at)?;
        args.extend(body_args);
        give_names(&mut args);
        let own_servers = [at, item, self.root].into_iter().find_map(|place| servers(place).into_iter().next());
        let security = at.value.get("security").or_else(|| self.root.value.get("security"));
        let id = at.text("operationId").filter(|id| !id.trim().is_empty());
        Ok(Operation {
            id: id.map_or_else(|| derived_id(method, path), str::to_owned),
            method: method.to_ascii_uppercase(),
            path: path.to_owned(),
            describe: at.text("summary").filter(|text| !text.is_empty()).map_or_else(|| sentence(at), shorten),
            args,
            body,
            answer: answer(at),
            server: own_servers,
            security: security.map(requirements).unwrap_or_default(),
            deprecated: at.says("deprecated"),
        })
    }
}

/// The parameters of an operation: its own, and those of its path it does not replace.
fn parameters(item: &At<'_>, operation: &At<'_>) -> Result<Vec<Argument>, Problem> {
    let mut args: Vec<Argument> = Vec::new();
    for place in [operation, item] {
        for at in place.seek("parameters").iter().flat_map(At::elements) {
            let at = at.follow()?;
            let Some(arg) = parameter(&at)? else { continue };
            if !args.iter().any(|known| known.place == arg.place && known.wire == arg.wire) {
                args.push(arg);
            }
        }
    }
    Ok(args)
}

fn parameter(at: &At<'_>) -> Result<Option<Argument>, Problem> {
    let Some(name) = at.text("name") else {
        return Err(at.problem("a parameter without 'name'"));
    };
    let Some(place) = at.text("in").and_then(Place::parse) else {
        return Err(at.problem(format!("the parameter '{name}' needs 'in: path', 'query', 'header' or 'cookie'")));
    };
    // These belong to the protocol; the specification says to ignore them as parameters.
    let of_protocol = ["accept", "content-type", "authorization"].iter().any(|header| name.eq_ignore_ascii_case(header));
    if place == Place::Header && of_protocol {
        return Ok(None);
    }
    let content = at.seek("content").and_then(|content| content.entries().next().map(|(_, media)| media));
    let said = at.text("style").and_then(Style::parse);
    let usual = if matches!(place, Place::Query | Place::Cookie) { Style::Form } else { Style::Simple };
    let style = if content.is_some() { Style::Json } else { said.unwrap_or(usual) };
    let schema = match &content {
        Some(media) => media.get("schema")?,
        None => at.get("schema")?,
    };
    Ok(Some(Argument {
        name: name.to_owned(),
        wire: name.to_owned(),
        place,
        required: at.says("required") || place == Place::Path,
        shape: schema.as_ref().map_or(Shape::Any, Shape::of),
        describe: sentence(at),
        style,
        explode: at.value.get("explode").and_then(Value::as_bool).unwrap_or(style == Style::Form),
    }))
}

fn path_argument(name: &str) -> Argument {
    Argument {
        name: name.to_owned(),
        wire: name.to_owned(),
        place: Place::Path,
        required: true,
        shape: Shape::text(),
        describe: String::new(),
        style: Style::Simple,
        explode: false,
    }
}

/// Gives every argument a name of its own: path, query, header, cookie, body; who comes later bears its place in front.
fn give_names(args: &mut [Argument]) {
    args.sort_by_key(|arg| arg.place);
    for index in 1..args.len() {
        let (earlier, later) = args.split_at_mut(index);
        if earlier.iter().any(|arg| arg.name == later[0].name) {
            later[0].name = format!("{}.{}", later[0].place.as_str(), later[0].wire);
        }
    }
}

/// The names in braces of a path template.
pub(super) fn template_names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// An id for an operation without one: `get /orders/{id}` → `get_orders_id`.
fn derived_id(method: &str, path: &str) -> String {
    let words = path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    std::iter::once(method.to_ascii_lowercase().as_str()).chain(words).collect::<Vec<_>>().join("_")
}

/// The servers listed here, variables replaced by their defaults.
fn servers(at: &At<'_>) -> Vec<String> {
    let filled = |server: At<'_>| {
        let mut url = server.text("url")?.to_owned();
        for (name, variable) in server.seek("variables").iter().flat_map(At::entries) {
            url = url.replace(&format!("{{{name}}}"), variable.text("default").unwrap_or_default());
        }
        Some(url)
    };
    at.seek("servers").iter().flat_map(At::elements).filter_map(filled).collect()
}

fn requirements(security: &Value) -> Vec<Vec<String>> {
    let alternatives = security.as_array().into_iter().flatten().filter_map(Value::as_object);
    alternatives.map(|all| all.keys().cloned().collect()).collect()
}

/// The top-level properties of the first good answer in JSON.
fn answer(operation: &At<'_>) -> Vec<Field> {
    let responses = operation.seek("responses");
    let good = responses.iter().flat_map(At::entries).filter(|(status, _)| status.starts_with('2'));
    let schema = good.filter_map(|(_, response)| response.follow().ok()?.seek("content")).find_map(|content| {
        let json = content.entries().find(|(media, _)| essence(media).ends_with("json"));
        json.and_then(|(_, media)| media.seek("schema"))
    });
    let known = schema.as_ref().map(properties).unwrap_or_default();
    known.into_iter().map(|property| Field { shape: Shape::of(&property.schema), name: property.name }).collect()
}

/// A media type without its parameters, in lower case.
pub(super) fn essence(media: &str) -> String {
    media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// The first sentence of a description.
pub(super) fn sentence(at: &At<'_>) -> String {
    shorten(at.text("description").unwrap_or_default())
}

fn shorten(text: &str) -> String {
    let line = text.trim().split(['\n', '\r']).next().unwrap_or_default();
    let first = line.split_once(". ").map_or(line, |(first, _)| first);
    first.chars().take(SENTENCE).collect()
}

#[cfg(test)]
mod tests;
