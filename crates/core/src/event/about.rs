//! What can be said of an event without looking into it: who sees it, which turn it belongs to, its name in the log.

use super::Event;
use crate::id::TurnId;

impl Event {
    /// Does a customer, or anybody else outside, see something of it? Then it must be in the log before they do.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        matches!(
            self,
            Self::PartReleased { .. }
                | Self::QuestionAsked { .. }
                | Self::ActionProposed { .. }
                | Self::ActionConfirmed { .. }
                | Self::ActionCancelled { .. }
                | Self::ActionSettled { .. }
                | Self::Escalated { .. }
                | Self::PersonOffered { .. }
                | Self::StateChanged { .. }
                | Self::ConversationClosed {}
                | Self::ConversationSucceeded { .. }
                | Self::ConversationMerged { .. }
                | Self::ConversationUnmerged { .. }
                | Self::SurveyAsked { .. }
                | Self::ReplyClosed { .. }
                | Self::ReplyCut { .. }
        )
    }

    /// The turn it belongs to, where it names one.
    #[must_use]
    pub fn turn(&self) -> Option<&TurnId> {
        match self {
            Self::ProofTried { turn, .. }
            | Self::ProofEnded { turn, .. }
            | Self::TurnOpened { turn, .. }
            | Self::MessageJoined { turn, .. }
            | Self::MindAsked { turn, .. }
            | Self::MindSpoke { turn, .. }
            | Self::MindFinished { turn, .. }
            | Self::MindFailed { turn, .. }
            | Self::CallStarted { turn, .. }
            | Self::CallAnswered { turn, .. }
            | Self::PartReleased { turn, .. }
            | Self::DraftRejected { turn, .. }
            | Self::QuestionAsked { turn, .. }
            | Self::Escalated { turn, .. }
            | Self::PersonOffered { turn, .. }
            | Self::ReplyClosed { turn, .. }
            | Self::ReplyCut { turn, .. }
            | Self::PersonAsked { turn }
            | Self::ActionProposed { turn, .. }
            | Self::ActionClaimed { turn, .. }
            | Self::ApprovalAsked { turn, .. }
            | Self::TurnTimerFired { turn, .. }
            | Self::WriteHeldBack { turn, .. }
            | Self::WriteLookedUp { turn, .. } => Some(turn),
            Self::Rated { turn, .. } => turn.as_ref(),
            _ => None,
        }
    }

    /// The event's name as it stands in the log: the tag of its JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::ConversationOpened { .. } => "conversation_opened",
            Self::SessionChanged { .. } => "session_changed",
            Self::ProofTried { .. } => "proof_tried",
            Self::ProofEnded { .. } => "proof_ended",
            Self::MessageReceived { .. } => "message_received",
            Self::TurnOpened { .. } => "turn_opened",
            Self::MessageJoined { .. } => "message_joined",
            Self::MindAsked { .. } => "mind_asked",
            Self::MindSpoke { .. } => "mind_spoke",
            Self::MindFinished { .. } => "mind_finished",
            Self::MindFailed { .. } => "mind_failed",
            Self::CallStarted { .. } => "call_started",
            Self::CallAnswered { .. } => "call_answered",
            Self::PartReleased { .. } => "part_released",
            Self::DraftRejected { .. } => "draft_rejected",
            Self::QuestionAsked { .. } => "question_asked",
            Self::Escalated { .. } => "escalated",
            Self::PersonOffered { .. } => "person_offered",
            Self::CustomerMet { .. } => "customer_met",
            Self::ReplyClosed { .. } => "reply_closed",
            Self::ReplyCut { .. } => "reply_cut",
            Self::StateChanged { .. } => "state_changed",
            Self::ConversationClosed {} => "conversation_closed",
            Self::ConversationSucceeded { .. } => "conversation_succeeded",
            Self::ConversationFollowed { .. } => "conversation_followed",
            Self::ConversationMerged { .. } => "conversation_merged",
            Self::ConversationUnmerged { .. } => "conversation_unmerged",
            Self::PersonAsked { .. } => "person_asked",
            Self::HandoffOffered { .. } => "handoff_offered",
            Self::HandoffAccepted { .. } => "handoff_accepted",
            Self::HandoffFailed { .. } => "handoff_failed",
            Self::HandoffPassed { .. } => "handoff_passed",
            Self::HandoffEnded { .. } => "handoff_ended",
            Self::NoteWritten { .. } => "note_written",
            Self::Snoozed { .. } => "snoozed",
            Self::WaitedTooLong { .. } => "waited_too_long",
            Self::WaitEnded { .. } => "wait_ended",
            Self::SurveyAsked { .. } => "survey_asked",
            Self::Rated { .. } => "rated",
            Self::ApprovalAsked { .. } => "approval_asked",
            Self::ApprovalDecided { .. } => "approval_decided",
            Self::ActionProposed { .. } => "action_proposed",
            Self::ActionConfirmed { .. } => "action_confirmed",
            Self::ActionCancelled { .. } => "action_cancelled",
            Self::ActionClaimed { .. } => "action_claimed",
            Self::TurnTimerFired { .. } => "turn_timer_fired",
            Self::WriteHeldBack { .. } => "write_held_back",
            Self::WriteLookedUp { .. } => "write_looked_up",
            Self::ActionSettled { .. } => "action_settled",
            Self::StaffAdded { .. } => "staff_added",
            Self::StaffChanged { .. } => "staff_changed",
            Self::AvailabilityChanged { .. } => "availability_changed",
            Self::StartLinkMade { .. } => "start_link_made",
            Self::StartLinkUsed { .. } => "start_link_used",
            Self::PasswordSet { .. } => "password_set",
            Self::FactorAdded { .. } => "factor_added",
            Self::FactorRemoved { .. } => "factor_removed",
            Self::CodeSpent { .. } => "code_spent",
            Self::SignedIn { .. } => "signed_in",
            Self::SignedOut { .. } => "signed_out",
            Self::BackendTurned { .. } => "backend_turned",
            Self::ConfigurationLoaded { .. } => "configuration_loaded",
        }
    }
}
