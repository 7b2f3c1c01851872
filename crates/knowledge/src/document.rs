//! A document as it comes in: its words, what its source says about it, and what its front matter says instead.

use crate::passage::Validity;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use patchbay_core::Timestamp;
use patchbay_core::words::Audience;
use serde::Deserialize;
use std::time::Duration;

/// One Markdown file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// Its name within the knowledge, such as `knowledge/returns.md`. Passages are known by it, so it must be the same on every machine.
    pub name: String,
    /// Its words.
    pub text: String,
    /// Who may read it, unless it says otherwise.
    pub audience: Audience,
    /// Its language, unless it says otherwise (BCP 47).
    pub language: String,
    /// After how long somebody has to look at it again, unless it says otherwise.
    pub review_every: Option<Duration>,
}

/// Something that is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{document}: {message}")]
pub struct Flaw {
    /// The document's name.
    pub document: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// What a document says about itself, its source's word where it says nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct About {
    pub(crate) title: Option<String>,
    pub(crate) questions: Vec<String>,
    pub(crate) audience: Audience,
    pub(crate) language: String,
    pub(crate) validity: Validity,
    pub(crate) reviewed: Option<Timestamp>,
    pub(crate) review_every: Option<Duration>,
}

/// The front matter as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Front {
    title: Option<String>,
    questions: Vec<String>,
    audience: Option<String>,
    language: Option<String>,
    valid_from: Option<String>,
    valid_to: Option<String>,
    reviewed: Option<String>,
    review_every: Option<String>,
}

impl Document {
    /// What it says about itself, and the Markdown below that.
    pub(crate) fn open(&self) -> Result<(About, &str), Flaw> {
        let flaw = |message: String| Flaw { document: self.name.clone(), message };
        let (front, body) = self.split().map_err(flaw)?;
        let front: Front = match front.trim() {
            "" => Front::default(),
            front => serde_saphyr::from_str(front).map_err(|error| flaw(format!("the front matter cannot be read: {error}")))?,
        };
        let about = self.about(front).map_err(flaw)?;
        Ok((about, body))
    }

    /// The YAML between two lines of `---` at the very beginning, and the rest.
    fn split(&self) -> Result<(&str, &str), String> {
        let text = self.text.trim_start_matches('\u{feff}');
        let Some(after) = text.strip_prefix("---\n").or_else(|| text.strip_prefix("---\r\n")) else { return Ok(("", text)) };
        let mut end = 0;
        for line in after.split_inclusive('\n') {
            if line.trim_end() == "---" {
                return Ok((&after[..end], &after[end + line.len()..]));
            }
            end += line.len();
        }
        Err("the front matter does not end; close it with a line `---`".to_owned())
    }

    fn about(&self, front: Front) -> Result<About, String> {
        let audience = match front.audience.as_deref() {
            None => self.audience,
            Some(word) => {
                Audience::parse(word).ok_or_else(|| format!("there is no audience '{word}'; write everyone, contact or identified"))?
            }
        };
        let validity = Validity {
            from: front.valid_from.as_deref().map(|text| day("valid_from", text)).transpose()?.map(begins),
            // The last day is valid to its end.
            until: front
                .valid_to
                .as_deref()
                .map(|text| day("valid_to", text))
                .transpose()?
                .map(|last| begins(last.saturating_add(jiff::Span::new().days(1)))),
        };
        if let (Some(from), Some(until)) = (validity.from, validity.until)
            && from >= until
        {
            return Err("valid_to is before valid_from".to_owned());
        }
        Ok(About {
            title: front.title,
            questions: front.questions,
            audience,
            language: front.language.unwrap_or_else(|| self.language.clone()),
            validity,
            reviewed: front.reviewed.as_deref().map(|text| day("reviewed", text)).transpose()?.map(begins),
            review_every: front.review_every.as_deref().map(span).transpose()?.or(self.review_every),
        })
    }
}

fn day(key: &str, text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| format!("{key} is '{text}'; write a day such as 2026-11-30"))
}

/// When a day begins, in UTC.
fn begins(day: Date) -> Timestamp {
    let start = day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_millisecond());
    // Only the last days of the calendar have no such time.
    Timestamp(start.unwrap_or(i64::MAX))
}

fn span(text: &str) -> Result<Duration, String> {
    let days = text.trim().strip_suffix('d').and_then(|days| days.parse::<u64>().ok()).filter(|days| *days > 0);
    days.map(|days| Duration::from_secs(days.saturating_mul(86_400)))
        .ok_or_else(|| format!("review_every is '{text}'; write a number of days such as 90d"))
}
