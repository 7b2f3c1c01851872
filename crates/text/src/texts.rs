//! All texts of a company, compiled once and rendered over facts.

use crate::defaults::TEXTS;
use crate::scope::{Reading, Record};
use crate::speech::Speech;
use crate::{Scope, check, filters};
use jiff::tz::TimeZone;
use minijinja::{Environment, UndefinedBehavior};
use patchbay_core::{Timestamp, Value};
use std::collections::{BTreeMap, BTreeSet};

/// How many steps one rendering may take.
const FUEL: u64 = 50_000;

/// Why a text cannot be used or rendered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("text '{text}'{}: {message}", line.map(|line| format!(", line {line}")).unwrap_or_default())]
pub struct TextError {
    /// The text's name.
    pub text: String,
    /// The line in the text, where it is known.
    pub line: Option<usize>,
    /// What is wrong and what to do.
    pub message: String,
}

/// A rendered text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The words.
    pub text: String,
    /// Dotted paths that were read and were there (`order.status`): what the words rest on.
    pub facts: Vec<String>,
}

/// Every text by name: the company's, and the product's where the company has none.
#[derive(Debug)]
pub struct Texts {
    environment: Environment<'static>,
    paths: BTreeMap<String, BTreeSet<String>>,
    speech: Speech,
}

impl Texts {
    /// Compiles the company's texts over the product's own. `language` (BCP 47) decides how values read; times are in UTC.
    ///
    /// # Errors
    /// Every text that is no template or uses a filter that does not exist.
    pub fn compile(company: &BTreeMap<String, String>, language: &str) -> Result<Self, Vec<TextError>> {
        Self::compile_in(company, language, TimeZone::UTC)
    }

    /// The same, with days and times as they are where the company is.
    ///
    /// # Errors
    /// As [`compile`](Self::compile).
    pub fn compile_in(company: &BTreeMap<String, String>, language: &str, zone: TimeZone) -> Result<Self, Vec<TextError>> {
        let speech = Speech::of(language, zone);
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_fuel(Some(FUEL));
        let own = speech.clone();
        environment.set_formatter(move |out, _, value| filters::printable(value, &own).and_then(|text| Ok(out.write_str(&text)?)));
        filters::add(&mut environment, &speech);
        let mut errors = Vec::new();
        let product = TEXTS.iter().map(|(name, text)| (*name, *text)).filter(|(name, _)| !company.contains_key(*name));
        for (name, text) in company.iter().map(|(name, text)| (name.as_str(), text.as_str())).chain(product) {
            if let Some((line, filter)) = check::unknown_filter(text) {
                let message = format!("there is no filter '{filter}'; there are {}", filters::NAMES.join(", "));
                errors.push(TextError { text: name.to_owned(), line: Some(line), message });
            } else if let Err(error) = environment.add_template_owned(name.to_owned(), text.to_owned()) {
                errors.push(failed(name, &error));
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let paths =
            environment.templates().map(|(name, template)| (name.to_owned(), template.undeclared_variables(true).into_iter().collect()));
        let paths = paths.collect();
        Ok(Self { environment, paths, speech })
    }

    /// Is there a text of this name?
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.paths.contains_key(name)
    }

    /// Every path the text could read (`order.status`, `backend`); empty for an unknown text.
    #[must_use]
    pub fn paths(&self, name: &str) -> Vec<String> {
        self.paths.get(name).into_iter().flatten().cloned().collect()
    }

    /// Every path that must be there for the text to be rendered, with what it tests before; empty for an unknown text.
    #[must_use]
    pub fn uses(&self, name: &str) -> Vec<crate::Use> {
        self.environment.get_template(name).map(|template| crate::uses::of(template.source())).unwrap_or_default()
    }

    /// A value as it reads without a filter.
    #[must_use]
    pub fn say(&self, value: &Value, now: Option<Timestamp>) -> String {
        self.speech.say(value, now)
    }

    /// Renders a text over these values.
    ///
    /// # Errors
    /// When there is no such text, it prints something that is missing, or a filter does not go with its value.
    pub fn render(&self, name: &str, scope: &Scope) -> Result<Rendered, TextError> {
        let (Ok(template), Some(paths)) = (self.environment.get_template(name), self.paths.get(name)) else {
            return Err(TextError { text: name.to_owned(), line: None, message: "there is no text of this name".to_owned() });
        };
        let now = match scope.get("now") {
            Some(Value::Time(at)) => Some(*at),
            _ => None,
        };
        let reading = Reading::new(self.speech.clone(), now, paths.clone());
        let text = template.render(minijinja::Value::from_object(Record::root(scope, &reading))).map_err(|error| failed(name, &error))?;
        Ok(Rendered { text, facts: reading.facts() })
    }
}

fn failed(name: &str, error: &minijinja::Error) -> TextError {
    let message = error.detail().map_or_else(|| error.kind().to_string(), str::to_owned);
    TextError { text: name.to_owned(), line: error.line(), message }
}

#[cfg(test)]
#[path = "texts_tests.rs"]
mod tests;
