//! The closed lists: one word for one thing, in events, API, traces, metrics and configuration.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident = $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$word_doc])* #[serde(rename = $text)] $word,)*
        }

        impl $name {
            /// Every word of the list, in order.
            pub const ALL: &'static [Self] = &[$(Self::$word),*];

            /// The word as it is written.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text),* }
            }

            /// Reads a word of the list.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    )*};
}

words! {
    /// Kinds of file that people send along.
    FileGroup {
        /// Pictures.
        Image = "image",
        /// PDF.
        Pdf = "pdf",
        /// Plain text, tables and data as text.
        Text = "text",
        /// Documents, sheets and slides.
        Office = "office",
        /// ZIP archives.
        Archive = "archive",
        /// Sound.
        Audio = "audio",
        /// Films.
        Video = "video",
    }

    /// How sure the understanding of a message is, and what follows from it.
    Zone {
        /// Sure enough to act.
        Answer = "answer",
        /// Not sure: offer the likely choices.
        AskBack = "ask_back",
        /// Not ours to guess: a person or an honest no.
        HandOver = "hand_over",
    }

    /// Where a message went, once it was understood.
    Route {
        /// It is about the customer's own business: a skill, over the backends.
        Skill = "skill",
        /// It is about how things are for everybody: a passage of the knowledge.
        Knowledge = "knowledge",
        /// Small talk.
        Talk = "talk",
        /// A topic that is declined.
        Topic = "topic",
        /// Not clear: it was asked which of a few things is meant.
        Choice = "choice",
        /// Nowhere: neither a skill nor a passage fits.
        None = "none",
    }

    /// Who may read a passage of the knowledge.
    Audience {
        /// Anybody.
        Everyone = "everyone",
        /// Who has proven at least a contact point.
        Contact = "contact",
        /// Who the host says they are.
        Identified = "identified",
    }

    /// How a turn's reply ended.
    ReplyStatus {
        /// Facts or knowledge were given.
        Answered = "answered",
        /// A question is open.
        Asking = "asking",
        /// A write waits for the customer's yes.
        Proposing = "proposing",
        /// A write was carried out.
        Done = "done",
        /// A rule forbids it.
        Refused = "refused",
        /// Not our business.
        Declined = "declined",
        /// A person has the conversation now.
        HandedOver = "handed_over",
        /// It did not work, and the customer was told so.
        Failed = "failed",
    }

    /// How one call of a tool ended.
    CallOutcome {
        /// It answered, and the answer was released.
        Ok = "ok",
        /// The gate or the backend's own rules said no.
        Refused = "refused",
        /// There is no such thing, or it is not this customer's.
        NotFound = "not_found",
        /// The arguments are not what the operation takes.
        Invalid = "invalid",
        /// No answer in time.
        Timeout = "timeout",
        /// No connection: refused, DNS, TLS.
        Unreachable = "unreachable",
        /// Not asked, because the backend has been failing.
        BreakerOpen = "breaker_open",
        /// The backend, or our own limit towards it, said to wait.
        RateLimited = "rate_limited",
        /// An answer that cannot be read or lacks a selected field.
        BadAnswer = "bad_answer",
        /// An answer over the size limit.
        TooLarge = "too_large",
        /// Several records where one was expected.
        Ambiguous = "ambiguous",
        /// A write whose effect is not known.
        Unknown = "unknown",
        /// The customer has to say yes first.
        NeedsConfirmation = "needs_confirmation",
        /// A person of the staff has to approve first.
        NeedsApproval = "needs_approval",
        /// The customer has to prove more about who they are first.
        NeedsStepUp = "needs_step_up",
    }

    /// Why the gate refused.
    RefusalCode {
        /// The record belongs to somebody else.
        OwnerMismatch = "owner_mismatch",
        /// Nobody gave this right.
        Right = "right",
        /// The assurance level is too low.
        Assurance = "assurance",
        /// The tool's condition does not hold.
        Condition = "condition",
        /// A limit is used up.
        Limit = "limit",
        /// The confirmation is for other arguments, an older object, or used.
        ConfirmationMismatch = "confirmation_mismatch",
        /// The tool is unknown, hidden, or got an argument it does not have.
        ToolNotAllowed = "tool_not_allowed",
        /// No rule speaks about it, so it is forbidden.
        NoRule = "no_rule",
    }

    /// Why a conversation went to a person.
    EscalationReason {
        /// The customer asked.
        AskedForHuman = "asked_for_human",
        /// Not understood, repeatedly.
        Misunderstood = "misunderstood",
        /// The customer is upset.
        Frustrated = "frustrated",
        /// We do not know.
        NoAnswer = "no_answer",
        /// The customer could not prove who they are.
        Unproven = "unproven",
        /// A needed system did not answer, or a write's effect is unknown.
        BackendDown = "backend_down",
        /// A person has to approve.
        NeedsApproval = "needs_approval",
        /// Outside what the bot is for.
        OutOfScope = "out_of_scope",
        /// A topic that stays with people.
        Policy = "policy",
        /// The turn used up its rounds or calls.
        ToolBudget = "tool_budget",
        /// Every mind failed.
        MindFailed = "mind_failed",
        /// Somebody wants to look at it.
        Review = "review",
    }

    /// How long, and for whom, a fact may be believed.
    FactClass {
        /// Changes with releases: service areas, codes.
        Reference = "reference",
        /// Products and prices.
        Catalogue = "catalogue",
        /// Rules and terms.
        Policy = "policy",
        /// About an account; minutes.
        Account = "account",
        /// The state of something in motion; seconds.
        Live = "live",
        /// Never kept for a second use.
        Never = "never",
    }

    /// What a member of the staff is for. One person may have several.
    Role {
        /// Helps customers at the desk.
        Agent = "agent",
        /// Leads those who do: figures, traces, assignment.
        Lead = "lead",
        /// Looks into traces and tools.
        Engineer = "engineer",
        /// Watches over who read what.
        Officer = "officer",
        /// Decides who belongs to the staff.
        Admin = "admin",
    }

    /// Who has the conversation.
    ConversationState {
        /// The bot answers.
        Bot = "bot",
        /// Waiting for a person.
        Waiting = "waiting",
        /// A person has it.
        Open = "open",
        /// Put aside until a time or an answer.
        Snoozed = "snoozed",
        /// Finished.
        Resolved = "resolved",
    }

    /// Where a conversation ended: every conversation has exactly one.
    Outcome {
        /// The customer left before the first useful answer.
        Abandoned = "abandoned",
        /// Only greetings or fallbacks.
        Unassisted = "unassisted",
        /// A person took over before anything helped.
        Escalated = "escalated",
        /// A tool or an article helped, a person finished.
        AssistedEscalation = "assisted_escalation",
        /// No person; something helped, and the customer has been quiet since.
        Contained = "contained",
        /// The customer said yes, or the backend's state proves it.
        Verified = "verified",
    }

    /// What a session has proven, lowest first.
    Level {
        /// Nothing.
        Anonymous = "anonymous",
        /// A contact point or knowledge checked against a backend.
        Contact = "contact",
        /// The host's signed token or single sign-on.
        Identified = "identified",
        /// `identified` plus a second factor in the last minutes.
        Strong = "strong",
    }
}

impl Audience {
    /// Does somebody who has proven this much belong to it?
    #[must_use]
    pub fn admits(self, level: Level) -> bool {
        let least = match self {
            Self::Everyone => Level::Anonymous,
            Self::Contact => Level::Contact,
            Self::Identified => Level::Identified,
        };
        level >= least
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_read_back_and_levels_are_ordered() {
        for outcome in CallOutcome::ALL {
            assert_eq!(CallOutcome::parse(outcome.as_str()), Some(*outcome));
            assert_eq!(serde_json::to_string(outcome).unwrap(), format!("\"{outcome}\""));
        }
        assert!(Level::Anonymous < Level::Contact && Level::Contact < Level::Identified && Level::Identified < Level::Strong);
    }
}
