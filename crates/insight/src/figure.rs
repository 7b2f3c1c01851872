//! Figures as they are given out: a number, how many it rests on, how sure it is, its parts and its course.

use crate::ask::By;
use crate::definition::Unit;
use crate::interval::Interval;
use patchbay_core::Timestamp;
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

/// All figures of a range.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Figures {
    /// The first day, in the company's zone.
    #[schema(example = "2026-11-01")]
    pub from: String,
    /// The last day.
    #[schema(example = "2026-11-19")]
    pub to: String,
    /// The zone days and hours are counted in.
    pub zone: String,
    /// The channel, when only one was asked for.
    pub channel: Option<String>,
    /// Every channel there is.
    pub channels: Vec<String>,
    /// When this was counted.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String, format = "date-time")]
    pub at: Timestamp,
    /// In which steps courses are told: `day` or `month`.
    pub step: &'static str,
    /// A conversation has ended after so much quiet, in milliseconds.
    pub contained_after_quiet: i64,
    /// A success has lasted after so long, in milliseconds.
    pub durable_after: i64,
    /// The best score a customer can give.
    pub csat_scale: u8,
    /// Conversations that have not ended yet; no figure counts them.
    pub running: u64,
    /// Below this many cases a figure says little.
    pub few: u64,
    /// The figures, in the order of the dictionary.
    pub figures: Vec<Figure>,
    /// By what they are split, when that was asked for.
    pub by: Option<By>,
    /// The split.
    pub split: Vec<Split>,
}

/// One figure.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Figure {
    /// Its name in the dictionary.
    pub name: &'static str,
    /// The name people read.
    pub title: &'static str,
    /// In what it is measured.
    pub unit: Unit,
    /// The number; none where there is nothing to count from, or only parts have one.
    pub value: Option<f64>,
    /// How many conversations count.
    pub count: u64,
    /// How many it rests on.
    pub n: u64,
    /// Within which it lies with 95 % certainty.
    #[schema(value_type = Option<Vec<f64>>)]
    pub interval: Option<Interval>,
    /// It rests on too few to say much.
    pub few: bool,
    /// How it stands, where there is a target.
    pub standing: Option<Standing>,
    /// How it differs from the same number of days before.
    pub change: Option<Change>,
    /// Its parts.
    pub parts: Vec<Part>,
    /// Its course.
    pub course: Vec<Point>,
    /// How often each value occurred.
    pub spread: Vec<Bar>,
}

/// How a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Above its target.
    Good,
    /// Between alarm and target.
    Watch,
    /// Below the alarm.
    Alarm,
}

/// How a figure differs from before.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Change {
    /// The difference.
    pub value: f64,
    /// Within which it lies with 95 % certainty (Newcombe): one that holds 0 may be chance.
    #[schema(value_type = Vec<f64>)]
    pub interval: Interval,
}

/// A part of a figure.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Part {
    /// Which.
    pub name: String,
    /// Its number.
    pub value: Option<f64>,
    /// How many conversations count.
    pub count: u64,
    /// How many it rests on.
    pub n: u64,
    /// Within which it lies with 95 % certainty.
    #[schema(value_type = Option<Vec<f64>>)]
    pub interval: Option<Interval>,
    /// It rests on too few to say much.
    pub few: bool,
    /// How it differs from the same number of days before.
    pub change: Option<Change>,
    /// Its course.
    pub course: Vec<Point>,
}

/// One step of a course.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Point {
    /// The day or the month.
    #[schema(example = "2026-11-01")]
    pub at: String,
    /// The number.
    pub value: Option<f64>,
    /// How many conversations count.
    pub count: u64,
    /// How many it rests on.
    pub n: u64,
}

/// How often a value occurred.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Bar {
    /// The value.
    pub value: f64,
    /// How often.
    pub count: u64,
}

/// What one channel, language or topic comes to.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Split {
    /// Which.
    pub name: String,
    /// Its conversations.
    pub n: u64,
    /// They are too few to say much.
    pub few: bool,
    /// Its outcomes.
    pub outcomes: Vec<Share>,
}

/// The share of one outcome.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct Share {
    /// The outcome.
    pub name: &'static str,
    /// Its share.
    pub value: f64,
    /// How many.
    pub count: u64,
    /// Within which it lies with 95 % certainty.
    #[schema(value_type = Option<Vec<f64>>)]
    pub interval: Option<Interval>,
}

/// Times are written for people and other systems as RFC 3339.
pub(crate) fn rfc3339<S: Serializer>(at: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(at)
}
