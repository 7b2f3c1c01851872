//! How a customer seems to feel over a conversation, in a word for people.

use crate::Timestamp;
use crate::mind::Feeling;
use serde::Serialize;

/// From here on down, in thousandths, somebody is annoyed.
const ANNOYED: i64 = -200;
/// From here on down somebody is upset.
const UPSET: i64 = -500;
/// From here on up somebody is content.
const CONTENT: i64 = 200;

/// The latest feeling and its course.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Feelings {
    /// The latest message, in thousandths from -1000 to 1000.
    pub last: i64,
    /// How much better, or below zero worse, each message felt than the one before.
    pub slope: i64,
    /// `upset`, `annoyed`, `neutral` or `content`.
    pub word: &'static str,
    /// Since which message it has been this word.
    pub since: Timestamp,
}

impl Feelings {
    pub(super) fn after(earlier: Option<Self>, feeling: Feeling, at: Timestamp) -> Self {
        let word = match feeling.last {
            last if last <= UPSET => "upset",
            last if last <= ANNOYED => "annoyed",
            last if last >= CONTENT => "content",
            _ => "neutral",
        };
        let since = earlier.filter(|earlier| earlier.word == word).map_or(at, |earlier| earlier.since);
        Self { last: feeling.last, slope: feeling.slope, word, since }
    }
}
