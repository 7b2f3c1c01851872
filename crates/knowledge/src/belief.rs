//! From a score to the probability that the passage answers the question.
//!
//! The numbers lie between what fits three bodies of questions from different fields best, half of them without an answer;
//! `cargo xtask eval` shows what would fit each.

/// A logistic curve over the score and its lead over the next passage.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Belief {
    score: f32,
    lead: f32,
    constant: f32,
}

impl Belief {
    /// By words alone.
    pub(crate) const WORDS: Self = Self { score: 1.8, lead: 7.0, constant: -2.6 };
    /// By words and meaning.
    pub(crate) const MEANING: Self = Self { score: 6.0, lead: 8.5, constant: -5.6 };

    /// The probability that a passage of this score answers. `lead` is negative where another passage has more.
    pub(crate) fn probability(&self, score: f32, lead: f32) -> f32 {
        1.0 / (1.0 + (-(self.score * score + self.lead * lead.min(0.5) + self.constant)).exp())
    }
}
