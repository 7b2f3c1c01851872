//! What a definition is: the words people read, and beside them the cells that are added up.

use patchbay_core::words::Outcome;
use patchbay_views::facts::{Cell, Cube};
use serde::Serialize;
use utoipa::ToSchema;

/// One entry of the dictionary.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub struct Definition {
    /// The name in addresses and exports.
    pub name: &'static str,
    /// The name people read.
    pub title: &'static str,
    /// What it says.
    pub words: &'static str,
    /// How it is computed.
    pub formula: &'static str,
    /// What of the log it is counted from.
    pub source: &'static str,
    /// In what it is measured.
    pub unit: Unit,
    /// How its interval is made.
    pub interval: &'static str,
    /// What is added up.
    #[serde(skip)]
    pub(crate) kind: Kind,
}

/// In what a figure is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Conversations.
    Conversations,
    /// A share, from 0 to 1.
    Share,
    /// Milliseconds.
    Milliseconds,
    /// Messages of the customer.
    Messages,
    /// A score on the company's scale.
    Score,
}

/// Says something of a cell.
pub(crate) type Test = fn(&Cell) -> bool;

/// What is added up.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// How many conversations there were.
    Count(Cube),
    /// How many of a cube's conversations count.
    Share(Cube, Test),
    /// Into which parts those that count fall, each as a share of all of them.
    Parts(Cube, Test, fn(&Cell) -> String),
    /// In each part, how many of its conversations count.
    Each(Cube, Test),
    /// The median of a time, and its ninth decile.
    Time(Cube),
    /// The median of a number, and its ninth decile.
    Number(Cube),
    /// The mean of a score.
    Mean(Cube),
}

impl Kind {
    /// The cube it adds up.
    pub(crate) fn cube(self) -> Cube {
        match self {
            Self::Count(cube)
            | Self::Share(cube, _)
            | Self::Parts(cube, ..)
            | Self::Each(cube, _)
            | Self::Time(cube)
            | Self::Number(cube)
            | Self::Mean(cube) => cube,
        }
    }

    /// Does a conversation of this cell count?
    pub(crate) fn counts(self, cell: &Cell) -> bool {
        cell.cube == self.cube()
            && match self {
                Self::Share(_, test) | Self::Parts(_, test, _) | Self::Each(_, test) => test(cell),
                Self::Count(_) | Self::Time(_) | Self::Number(_) | Self::Mean(_) => true,
            }
    }

    /// The part a cell belongs to.
    pub(crate) fn part(self, cell: &Cell) -> String {
        match self {
            Self::Parts(_, _, part) => part(cell),
            _ => cell.a.clone(),
        }
    }
}

/// Is the cell's first coordinate one of these outcomes?
pub(crate) fn is(cell: &Cell, outcomes: &[Outcome]) -> bool {
    outcomes.iter().any(|outcome| outcome.as_str() == cell.a)
}

/// No person was needed, and it helped.
pub(crate) const AUTOMATED: [Outcome; 2] = [Outcome::Contained, Outcome::Verified];

/// A person took over.
pub(crate) const HANDED_OVER: [Outcome; 2] = [Outcome::Escalated, Outcome::AssistedEscalation];

/// The bot was of no use.
pub(crate) const FAILED: [Outcome; 3] = [Outcome::Abandoned, Outcome::Unassisted, Outcome::Escalated];
