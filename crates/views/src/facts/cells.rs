//! The cells a conversation lies in. A figure is a sum of cells, so a figure and the rows behind it count the same.

use super::fact::Fact;
use super::judge::Lasting;
use super::rules::Rules;
use patchbay_core::words::Outcome;

/// Times are counted in steps of five percent: fine enough for medians, few enough to add up years.
const STEP: f64 = 1.05;

/// Conversations longer than this are counted as this long.
const DEEPEST: u64 = 1_000;

macro_rules! cubes {
    ($($(#[$doc:meta])* $name:ident = $word:literal,)*) => {
        /// What cells are about; `a` and `b` are its two coordinates.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cube { $($(#[$doc])* $name,)* }

        impl Cube {
            /// Every cube.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// Its name in the file.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),* }
            }

            /// Reads a name.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|cube| cube.as_str() == text)
            }
        }
    };
}

cubes! {
    /// `a`: the outcome.
    Outcome = "outcome",
    /// `a`: the outcome, `b`: 0 came back, 1 reopened, 2 at once. Counts once it can be said.
    Lasting = "lasting",
    /// `a`: the outcome, `b`: 1 when the customer wrote again after the end.
    Reopened = "reopened",
    /// `a`: the topic, `b`: the outcome's place in its list.
    Topic = "topic",
    /// `a`: the language, `b`: the outcome's place in its list.
    Language = "language",
    /// `a`: the channel, `b`: the outcome's place in its list.
    Channel = "channel",
    /// `a`: why it was handed over first.
    Reason = "reason",
    /// `b`: the hour of the company's week, Monday midnight being 0.
    Hour = "hour",
    /// `a`: the outcome, `b`: messages of the customer.
    Depth = "depth",
    /// `a`: the outcome, `b`: the step of the time to the first useful answer.
    Answered = "answered",
    /// `a`: the outcome, `b`: the step of the time waited for a person.
    Waited = "waited",
    /// `a`: the outcome, `b`: the step of the time until it was solved.
    Solved = "solved",
    /// `a`: `bot` or `person`, `b`: the score.
    Csat = "csat",
    /// `b`: 1 when at least one answer was called helpful and none not helpful, 0 when one was called not helpful.
    Helpful = "helpful",
}

/// One cell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell {
    /// The cube.
    pub cube: Cube,
    /// Its first coordinate.
    pub a: String,
    /// Its second coordinate.
    pub b: i64,
}

impl Fact {
    /// Every cell the conversation lies in, as if it had ended and were judged. None while the customer has said nothing.
    #[must_use]
    pub fn cells(&self, rules: &Rules) -> Vec<Cell> {
        if self.messages == 0 {
            return Vec::new();
        }
        let outcome = self.outcome(rules);
        let cell = |cube, a: &str, b| Cell { cube, a: a.to_owned(), b };
        let by_outcome = |cube, b| cell(cube, outcome.as_str(), b);
        let local = rules.local(self.opened_at);
        let hour = i64::from(local.date().weekday().to_monday_zero_offset()) * 24 + i64::from(local.hour());
        let mut cells = vec![
            by_outcome(Cube::Outcome, 0),
            self.lasting_cell(rules),
            by_outcome(Cube::Reopened, i64::from(self.was_reopened(rules))),
            cell(Cube::Topic, self.topic.as_deref().unwrap_or("none"), place(outcome)),
            cell(Cube::Language, &self.language, place(outcome)),
            cell(Cube::Channel, &self.channel, place(outcome)),
            cell(Cube::Hour, "", hour),
            by_outcome(Cube::Depth, i64::try_from(self.messages.min(DEEPEST)).unwrap_or(i64::MAX)),
        ];
        let steps = [(Cube::Answered, self.answered), (Cube::Waited, self.waited), (Cube::Solved, self.solved(rules))];
        cells.extend(steps.into_iter().filter_map(|(cube, ms)| Some(by_outcome(cube, step_of(ms?)))));
        cells.extend(self.reason.as_deref().map(|reason| cell(Cube::Reason, reason, 0)));
        let scale = rules.outcomes().csat.scale;
        // Scores on another scale were given under other rules; they are not mixed.
        let score = self.csat.filter(|(_, of)| *of == scale).map(|(score, _)| i64::from(score));
        let who = if self.person_at.is_some() { "person" } else { "bot" };
        cells.extend(score.map(|score| cell(Cube::Csat, who, score)));
        if self.thumbs_up + self.thumbs_down > 0 {
            cells.push(cell(Cube::Helpful, "", i64::from(self.thumbs_down == 0)));
        }
        cells
    }

    /// The cell that says whether its success has lasted, as if that could be said already.
    pub(super) fn lasting_cell(&self, rules: &Rules) -> Cell {
        let b = match self.lasting(rules) {
            Lasting::CameBack => 0,
            Lasting::Reopened => 1,
            Lasting::AtOnce => 2,
        };
        Cell { cube: Cube::Lasting, a: self.outcome(rules).as_str().to_owned(), b }
    }
}

/// An outcome's place in its list.
#[must_use]
pub fn place(outcome: Outcome) -> i64 {
    Outcome::ALL.iter().position(|other| *other == outcome).map_or(0, |place| place as i64)
}

/// The step a time falls into.
#[must_use]
pub fn step_of(ms: i64) -> i64 {
    ((ms.max(1) as f64).ln() / STEP.ln()).floor() as i64
}

/// The middle of a step, in milliseconds.
#[must_use]
pub fn middle_of(step: i64) -> f64 {
    STEP.powf(step as f64 + 0.5)
}
