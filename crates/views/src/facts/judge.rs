//! The judgement of one conversation's facts under a company's rules: the outcome ladder and what hangs on it.

use super::fact::Fact;
use super::rules::Rules;
use patchbay_core::Timestamp;
use patchbay_core::declare::Proof;
use patchbay_core::words::{Outcome, ReplyStatus};

/// How long a success has lasted, once that can be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasting {
    /// The customer came with the same again too soon.
    CameBack,
    /// They did not, but wrote again in this very conversation after it had ended.
    Reopened,
    /// They did not, and one conversation was enough.
    AtOnce,
}

impl Fact {
    /// Where the conversation stands on the outcome ladder if nothing more happens. Exactly one holds.
    #[must_use]
    pub fn outcome(&self, rules: &Rules) -> Outcome {
        let person = self.escalations > 0 || self.person_at.is_some();
        let said_yes = self.thumbs_up > 0 && self.thumbs_down == 0 && rules.proves(Proof::CustomerYes);
        let shown = self.verified > 0 && rules.proves(Proof::BackendState);
        match (person, self.helped > 0) {
            (true, true) => Outcome::AssistedEscalation,
            (true, false) => Outcome::Escalated,
            (false, _) if shown => Outcome::Verified,
            (false, true) if said_yes => Outcome::Verified,
            (false, true) => Outcome::Contained,
            (false, false) => match self.status {
                None | Some(ReplyStatus::Asking | ReplyStatus::Proposing) => Outcome::Abandoned,
                Some(_) => Outcome::Unassisted,
            },
        }
    }

    /// Has it been quiet for long enough that it has ended?
    #[must_use]
    pub fn has_ended(&self, rules: &Rules, now: Timestamp) -> bool {
        self.last_at.0.saturating_add(rules.quiet()) <= now.0
    }

    /// Has enough time gone by to say whether its success has lasted?
    #[must_use]
    pub fn is_judged(&self, rules: &Rules, now: Timestamp) -> bool {
        self.last_at.0.saturating_add(rules.durable()) <= now.0
    }

    /// Did the customer write again after it had ended?
    #[must_use]
    pub fn was_reopened(&self, rules: &Rules) -> bool {
        self.reopened || self.quiet >= rules.quiet()
    }

    /// How long it has lasted, once it [is judged](Self::is_judged).
    #[must_use]
    pub fn lasting(&self, rules: &Rules) -> Lasting {
        match self.came_back {
            Some(after) if after < rules.durable() => Lasting::CameBack,
            _ if self.was_reopened(rules) => Lasting::Reopened,
            _ => Lasting::AtOnce,
        }
    }

    /// How long it took from the customer's first message until it was solved, in milliseconds: until the last useful answer
    /// where no person was needed, until it was resolved where one was.
    #[must_use]
    pub fn solved(&self, rules: &Rules) -> Option<i64> {
        let end = match self.outcome(rules) {
            Outcome::Contained | Outcome::Verified => self.helped_at,
            Outcome::Escalated | Outcome::AssistedEscalation => self.resolved_at,
            Outcome::Abandoned | Outcome::Unassisted => None,
        };
        Some((end?.0 - self.asked_at?.0).max(0))
    }
}
