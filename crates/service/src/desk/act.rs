//! What a person of the staff may want of a conversation's actor.

use crate::actor::{Actor, Next};
use crate::inbound::Received;
use crate::intake::Accepted;
use patchbay_core::action::ProposedAction;
use patchbay_core::event::Event;
use patchbay_core::id::{ActionId, ConversationId, FileId, StaffId, TurnId};
use patchbay_core::{Personal, Timestamp};

/// One thing somebody of the staff does.
pub(crate) enum Act {
    /// They take the conversation.
    Take,
    /// They accept what was offered to them.
    Accept,
    /// They do not take what was offered to them.
    Decline,
    /// They write to the customer.
    Reply { text: String, client: Option<String>, files: Vec<FileId> },
    /// They write a note.
    Note { text: String, client: Option<String>, mentions: Vec<StaffId> },
    /// It is settled.
    Resolve,
    /// It is not settled after all.
    Reopen,
    /// It is put aside.
    Snooze { until: Timestamp },
    /// The bot goes on.
    HandBack { note: String },
    /// Somebody else goes on.
    Transfer(Transfer),
    /// A backend was asked at the desk: what came of it stands in the log like any other call.
    Looked(Vec<(Timestamp, Event)>),
    /// A write is prepared at the desk.
    Propose { turn: TurnId, action: Box<ProposedAction>, looked: Vec<(Timestamp, Event)> },
    /// It is made one with another conversation of the same customer.
    Merge { into: ConversationId },
    /// It goes on by itself again.
    Unmerge,
    /// The yes or no to a write prepared at the desk.
    Decide { action: ActionId, yes: bool, digest: Option<String> },
    /// The yes or no to a write the customer wants already.
    Approve { action: ActionId, approved: bool, why: Option<String> },
    /// They have found out what a write did that nobody knew of.
    Settle { action: ActionId, done: bool, note: String },
}

/// Where a conversation goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// A person.
    pub to: Option<StaffId>,
    /// A queue; the one it is in when left out.
    pub queue: Option<String>,
    /// What whoever comes next should know.
    pub note: String,
}

impl Act {
    /// Must it wait until the open turn has ended, because it begins one?
    pub(crate) fn waits_for_turn(&self) -> bool {
        matches!(self, Self::HandBack { .. } | Self::Decide { .. } | Self::Approve { .. } | Self::Settle { .. })
    }

    /// Does it make sense in a conversation that has ended? What was found out about it does, and taking back what ended it.
    fn after_the_end(&self) -> bool {
        matches!(self, Self::Note { .. } | Self::Looked(_) | Self::Settle { .. } | Self::Unmerge)
    }
}

impl Actor {
    /// Does what somebody of the staff wants.
    pub(crate) async fn act(&mut self, by: StaffId, act: Act) -> Accepted {
        let plain = |result| (result, None);
        if !act.after_the_end()
            && let Err(ended) = self.has_not_ended(self.now())
        {
            return plain(Err(ended));
        }
        match act {
            Act::Merge { into } => plain(self.merge(&by, &into).await),
            Act::Unmerge => plain(self.unmerge(&by).await),
            Act::Take => plain(self.take(&by).await),
            Act::Accept => plain(self.accept_offer(&by).await),
            Act::Decline => plain(self.decline(&by).await),
            Act::Reply { text, client, files } => plain(self.say(&by, &text, client, files).await),
            Act::Note { text, client, mentions } => plain(self.note(&by, &text, client, mentions).await),
            Act::Resolve => plain(self.resolve(&by).await),
            Act::Reopen => plain(self.reopen_for(&by).await),
            Act::Snooze { until } => plain(self.snooze(&by, until).await),
            Act::HandBack { note } => self.hand_back(&by, &note).await,
            Act::Transfer(transfer) => plain(self.transfer(&by, transfer).await),
            Act::Looked(events) => plain(self.looked(events).await),
            Act::Propose { turn, action, looked } => plain(self.propose_at_desk(&by, turn, *action, looked).await),
            Act::Decide { action, yes, digest } => self.decide_at_desk(&by, &action, yes, digest.as_deref()).await,
            Act::Approve { action, approved, why } => self.approve(&by, &action, approved, why).await,
            Act::Settle { action, done, note } => plain(self.settle_by_hand(&by, &action, done, &note).await),
        }
    }

    /// What somebody is told after something was written.
    pub(crate) fn done(&self, next: Option<&Next>) -> Received {
        Received {
            conversation: self.id.clone(),
            message: None,
            turn: next.map(|next| next.turn().clone()),
            seq: self.state.length,
            replayed: false,
        }
    }

    async fn looked(&mut self, events: Vec<(Timestamp, Event)>) -> Result<Received, crate::Refused> {
        let before = self.unwritten();
        self.pending.extend(events);
        self.write(before, Vec::new()).await?;
        Ok(self.done(None))
    }

    /// A reason in words, as it is kept.
    pub(crate) fn in_words(text: Option<String>) -> Option<Personal<String>> {
        text.filter(|text| !text.trim().is_empty()).map(|text| Personal::message(patchbay_gate::mask(&text).0))
    }
}
