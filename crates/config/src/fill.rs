//! `${VAR}`, `${VAR:-default}` and `${file:path}`: filled in from the environment and from files of their own.

use crate::files::Files;
use crate::origin::Source;
use std::path::Path;

/// Looks up an environment variable.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// A text with everything filled in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Filled {
    /// The text.
    pub(crate) text: String,
    /// What it was made of; the first place outside the configuration, if there is one.
    pub(crate) source: Source,
}

/// Why something could not be filled in.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotFilled {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do.
    pub(crate) advice: String,
}

/// Where values come from.
#[derive(Clone, Copy)]
pub(crate) struct Sources<'a> {
    /// The environment.
    pub(crate) environment: Environment<'a>,
    /// Files.
    pub(crate) files: &'a dyn Files,
    /// The folder that relative paths are relative to.
    pub(crate) base: &'a Path,
    /// What stands for a variable or file that is not there; where there is nothing, that is a problem.
    pub(crate) instead: Option<&'a str>,
}

impl Sources<'_> {
    /// Fills a text in. `$${` stands for `${` itself. `secret` refuses files that every account may read.
    pub(crate) fn fill(&self, text: &str, secret: bool) -> Result<Filled, NotFilled> {
        let mut filled = Filled { text: String::new(), source: Source::File };
        let mut rest = text;
        while let Some(start) = rest.find("${") {
            let (before, after) = rest.split_at(start);
            if let Some(before) = before.strip_suffix('$') {
                filled.text.push_str(before);
                filled.text.push_str("${");
                rest = &after[2..];
                continue;
            }
            filled.text.push_str(before);
            let end = after.find('}').ok_or_else(|| NotFilled {
                message: "a '${' is never closed".to_owned(),
                advice: "close it with '}', or write '$${' for the two characters themselves".to_owned(),
            })?;
            let (value, source) = self.one(&after[2..end], secret)?;
            filled.text.push_str(&value);
            if filled.source == Source::File {
                filled.source = source;
            }
            rest = &after[end + 1..];
        }
        filled.text.push_str(rest);
        Ok(filled)
    }

    /// The value of one `${…}`.
    fn one(&self, inside: &str, secret: bool) -> Result<(String, Source), NotFilled> {
        if let Some(path) = inside.strip_prefix("file:") {
            return self.file(path, secret);
        }
        let (name, default) = inside.split_once(":-").map_or((inside, None), |(name, default)| (name, Some(default)));
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !is_name {
            return Err(NotFilled {
                message: format!("'${{{inside}}}' is no name of an environment variable"),
                advice: "write ${NAME}, ${NAME:-default} or ${file:/path}".to_owned(),
            });
        }
        match ((self.environment)(name).filter(|value| !value.is_empty()), default) {
            (Some(value), _) => Ok((value, Source::Environment(name.to_owned()))),
            (None, Some(default)) => Ok((default.to_owned(), Source::File)),
            (None, None) if self.instead.is_some() => Ok((self.instead.unwrap_or_default().to_owned(), Source::Default)),
            (None, None) => Err(NotFilled {
                message: format!("the environment variable {name} is not set"),
                advice: format!("set {name}, or give a default: ${{{name}:-…}}"),
            }),
        }
    }

    fn file(&self, path: &str, secret: bool) -> Result<(String, Source), NotFilled> {
        let whole = self.base.join(path);
        if let Some(instead) = self.instead.filter(|_| !self.files.exists(&whole)) {
            return Ok((instead.to_owned(), Source::Default));
        }
        let text = self.files.read(&whole).map_err(|error| NotFilled {
            message: format!("the file {} cannot be read: {error}", whole.display()),
            advice: "create it, or correct the path (relative paths are relative to the configuration)".to_owned(),
        })?;
        if secret && self.files.is_readable_by_all(&whole) {
            return Err(NotFilled {
                message: format!("the secret file {} is readable by every account of this machine", whole.display()),
                advice: format!("run: chmod 600 {}", whole.display()),
            });
        }
        let text = text.trim_end_matches(['\n', '\r']).to_owned();
        if text.is_empty() {
            return Err(NotFilled {
                message: format!("the file {} is empty", whole.display()),
                advice: "write the value into it".to_owned(),
            });
        }
        Ok((text, Source::OtherFile(whole.display().to_string())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Memory;

    fn fill(text: &str) -> Result<Filled, NotFilled> {
        let files = Memory::new([("conf/key", "s3cret\n")]);
        let environment = |name: &str| (name == "HOST").then(|| "example.org".to_owned());
        Sources { environment: &environment, files: &files, base: Path::new("conf"), instead: None }.fill(text, true)
    }

    #[test]
    fn variables_defaults_and_files_are_filled_in() {
        let text = |text: &str| fill(text).unwrap().text;
        assert_eq!(text("https://${HOST}:${PORT:-80}/"), "https://example.org:80/");
        assert_eq!(fill("${file:key}").unwrap(), Filled { text: "s3cret".to_owned(), source: Source::OtherFile("conf/key".to_owned()) });
        assert_eq!(text("a $${HOST} for $1"), "a ${HOST} for $1");
        assert_eq!(text("${EMPTY:-}"), "");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(fill("${PORT}").unwrap_err().message, "the environment variable PORT is not set");
        assert!(fill("${file:nowhere}").unwrap_err().message.starts_with("the file conf/nowhere cannot be read"));
        assert_eq!(fill("${HOST").unwrap_err().message, "a '${' is never closed");
        assert!(fill("${a b}").unwrap_err().message.contains("no name"));
    }
}
