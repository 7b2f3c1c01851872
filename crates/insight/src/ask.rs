//! What is asked: a range of the company's days, a channel, a split.

use jiff::civil::Date;
use patchbay_core::Timestamp;
use patchbay_views::ViewsError;
use patchbay_views::facts::{Range, Rules, Step, date_of, day_of};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many days are told where nobody says.
const USUAL: i64 = 28;

/// The longest range that is told day by day.
const DAILY: i64 = 92;

/// The longest range there is.
const LONGEST: i64 = 3_660;

/// What somebody asks, as they wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The first day, such as `2026-11-01`.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// The split: `channel`, `language` or `topic`.
    pub by: Option<String>,
}

/// By what figures are split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The channel.
    Channel,
    /// The language.
    Language,
    /// The topic.
    Topic,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum InsightError {
    /// What was asked cannot be read.
    #[error("{message}")]
    Asked {
        /// The part of the question.
        field: &'static str,
        /// What is wrong with it and what to write.
        message: String,
    },
    /// There is no such figure.
    #[error("there is no figure '{0}'; `definitions` lists them all")]
    Unknown(String),
    /// The views cannot be read.
    #[error(transparent)]
    Views(#[from] ViewsError),
}

/// What is asked, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    pub(crate) range: Range,
    pub(crate) by: Option<By>,
}

impl Question {
    /// Understands the question at this time.
    ///
    /// # Errors
    /// When a part of it says nothing, or the wrong way round.
    pub fn read(&self, rules: &Rules, now: Timestamp) -> Result<Asked, InsightError> {
        let today = rules.day(now);
        let to = self.to.as_deref().map(|text| day("to", text)).transpose()?.unwrap_or(today);
        let from = self.from.as_deref().map(|text| day("from", text)).transpose()?.unwrap_or(to + 1 - USUAL);
        if from > to {
            let message = format!("{} is after {}: write the earlier day under `from`", date_of(from), date_of(to));
            return Err(InsightError::Asked { field: "from", message });
        }
        if to - from >= LONGEST {
            let message = format!("from {} to {} is too long: ask for at most {LONGEST} days", date_of(from), date_of(to));
            return Err(InsightError::Asked { field: "from", message });
        }
        Ok(Asked { range: Range { from, to, channel: self.channel.clone() }, by: self.by.as_deref().map(by).transpose()? })
    }
}

fn day(field: &'static str, text: &str) -> Result<i64, InsightError> {
    let wrong = |_| InsightError::Asked { field, message: format!("'{text}' is no day like 2026-11-20") };
    text.parse::<Date>().map(day_of).map_err(wrong)
}

fn by(text: &str) -> Result<By, InsightError> {
    match text {
        "channel" => Ok(By::Channel),
        "language" => Ok(By::Language),
        "topic" => Ok(By::Topic),
        _ => Err(InsightError::Asked { field: "by", message: format!("nothing is split by '{text}': write channel, language or topic") }),
    }
}

impl Asked {
    /// The same number of days before.
    pub(crate) fn before(&self) -> Range {
        let days = self.range.to - self.range.from + 1;
        Range { from: self.range.from - days, to: self.range.from - 1, channel: self.range.channel.clone() }
    }

    /// In which steps the course is told.
    pub(crate) fn step(&self) -> Step {
        if self.range.to - self.range.from < DAILY { Step::Day } else { Step::Month }
    }
}
