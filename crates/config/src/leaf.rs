//! Reads single values: from the text that stands there to what it means, or why it does not.

use crate::fitted::Fitted;
use crate::scalar::{duration, rate, size, thousandths};
use crate::shape::Scalar;
use patchbay_core::declare::{Condition, Secret};
use std::path::Path;

impl Scalar {
    /// Reads a text; otherwise what is wrong with it, as the end of a sentence.
    pub(crate) fn read(self, text: &str, quoted: bool, base: &Path) -> Result<Fitted, String> {
        let no = || Err("does not fit here".to_owned());
        match self {
            Self::Text | Self::Verbatim => Ok(Fitted::Text(text.to_owned())),
            Self::Secret => Ok(Fitted::Secret(Secret::new(text))),
            Self::Condition if text == "always" => Ok(Fitted::Condition(Condition::Always)),
            Self::Condition if !quoted => Err("is not in quotes: YAML would read some of its signs as its own".to_owned()),
            Self::Condition => Ok(Fitted::Condition(Condition::When(text.to_owned()))),
            Self::Duration => duration(text).map_or_else(no, |span| Ok(Fitted::Duration(span))),
            Self::Rate => rate(text).map_or_else(no, |rate| Ok(Fitted::Rate(rate))),
            Self::Version if text == "1" => Ok(Fitted::Count(1)),
            Self::Version => Err("is no version of the language that is known here".to_owned()),
            Self::Size => size(text).map_or_else(no, |bytes| Ok(Fitted::Count(bytes))),
            Self::Count => text.parse().map_or_else(|_| no(), |count| Ok(Fitted::Count(count))),
            Self::Probability => thousandths(text).map_or_else(no, |share| Ok(Fitted::Count(share))),
            Self::Bool => text.parse().map_or_else(|_| no(), |yes| Ok(Fitted::Bool(yes))),
            Self::Word(words) if words.contains(&text) => Ok(Fitted::Text(text.to_owned())),
            Self::Word(_) => Err("is no word that may stand here".to_owned()),
            Self::JsonPath => match serde_json_path::JsonPath::parse(text) {
                Ok(_) => Ok(Fitted::Text(text.to_owned())),
                Err(error) => Err(format!("is no JSONPath: {error}")),
            },
            Self::Pattern => match regex::Regex::new(&format!("^(?:{text})$")) {
                Ok(_) => Ok(Fitted::Text(text.to_owned())),
                Err(error) => Err(format!("is no regular expression: {}", last_line(&error.to_string()))),
            },
            Self::File => Ok(Fitted::File(base.join(text))),
            Self::Url => match url::Url::parse(text) {
                Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(Fitted::Text(text.to_owned())),
                _ => no(),
            },
        }
    }
}

/// The last line of an error that shows the text again before it says what is wrong.
fn last_line(error: &str) -> &str {
    error.lines().last().unwrap_or(error).trim().trim_start_matches("error: ")
}
