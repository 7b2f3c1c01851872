//! The fold of a conversation's stream: what the driver must know of it before the next message.

use crate::action::AT_DESK;
use crate::attachment::{self, Attachment};
use crate::ending::Ending;
use crate::event::{Event, Recorded};
use crate::id::{ActionId, FileId, MessageId, TurnId};
use crate::mind::{Line, ProofOutcome, Speaker};
use crate::reply::Question;
use crate::words::ConversationState;
use crate::{Session, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// A conversation as its stream tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Conversation {
    /// How many events were folded.
    pub length: u64,
    /// Whose it is now.
    pub session: Option<Session>,
    /// The lookup that proved it, when words did.
    pub proven_by: Option<String>,
    /// Tries to prove it in words since that last succeeded.
    pub tries: u32,
    /// Who has it.
    pub state: Option<ConversationState>,
    /// What was said, oldest first. Forgotten lines are left out.
    pub lines: Vec<Line>,
    /// The open turn, if one is.
    pub turn: Option<TurnId>,
    /// Messages accepted that no turn has taken yet.
    pub waiting: Vec<MessageId>,
    /// What the mind remembered last.
    pub memory: serde_json::Value,
    /// The write whose card was the last thing shown, with its expiry.
    pub proposal: Option<(ActionId, Timestamp)>,
    /// Writes that wait for a yes or a no; at most one of them has its card as the last thing shown.
    pub open_proposals: BTreeSet<ActionId>,
    /// The question that was the last thing shown.
    pub question: Option<Question>,
    /// Turns in a row in which the customer was not understood.
    pub misunderstood: u32,
    /// So many of the lines people have settled: what was said then is no business of the bot any more.
    pub cut: usize,
    /// In how many conversations its customer had written before, and when last: until the first reply is over.
    pub earlier: Option<(u32, Option<Timestamp>)>,
    /// Is it known who its customer is, and was that noted?
    pub met: bool,
    /// Texts of messages by id, for the turn that takes them.
    pub texts: BTreeMap<MessageId, (String, Option<String>)>,
    /// Names of the files sent with messages, by the messages' ids.
    pub files: BTreeMap<MessageId, Vec<String>>,
    /// Every file that was sent: none is sent twice.
    pub sent: BTreeSet<FileId>,
    /// The language of the conversation (BCP 47).
    pub language: String,
    /// What has ended it.
    pub ending: Ending,
    /// The number of the customer's first message in the stream.
    pub first_said: Option<u64>,
    /// Its customer was forgotten: of what they wrote here nothing is left.
    pub erased: bool,
}

impl Conversation {
    /// Folds a whole stream.
    #[must_use]
    pub fn fold<'a>(events: impl IntoIterator<Item = &'a Recorded>) -> Self {
        let mut conversation = Self::default();
        for recorded in events {
            conversation.apply(recorded.seq, recorded.at, &recorded.event);
        }
        conversation
    }

    /// Takes in the next event of the stream.
    pub fn apply(&mut self, seq: u64, at: Timestamp, event: &Event) {
        self.length = seq;
        self.ending.apply(at, event);
        match event {
            Event::ConversationOpened { session, language } => {
                self.language.clone_from(language);
                self.session = Some(session.clone());
                self.state = Some(ConversationState::Bot);
            }
            Event::SessionChanged { session, by } => {
                self.session = Some(session.clone());
                self.proven_by.clone_from(by);
            }
            Event::ProofTried { .. } => self.tries += 1,
            Event::ProofEnded { outcome: ProofOutcome::Proven, .. } => self.tries = 0,
            Event::ProofEnded { outcome: ProofOutcome::Unreachable, .. } => self.tries = self.tries.saturating_sub(1),
            Event::MessageReceived { message, by, text, picked, files, .. } => {
                self.first_said = self.first_said.or((*by == Speaker::Customer).then_some(seq));
                self.attach(message, files);
                self.message(message, *by, text.get(), picked.as_ref().and_then(|picked| picked.get()));
            }
            Event::TurnOpened { turn, message, .. } => {
                self.turn = Some(turn.clone());
                self.take(message.as_ref());
            }
            Event::MessageJoined { message, .. } => self.take(Some(message)),
            Event::MindFinished { done, .. } => {
                if let Some(done) = done.get() {
                    self.memory = done.memory.clone();
                }
            }
            Event::PartReleased { text, .. } => {
                self.lines.extend(text.get().map(|text| Line { who: Speaker::Bot, text: text.clone() }));
                self.proposal = None;
                self.question = None;
            }
            Event::QuestionAsked { question, .. } => {
                self.question = question.get().cloned();
                self.proposal = None;
                self.lines.extend(self.question.iter().map(|question| Line { who: Speaker::Bot, text: question.text.clone() }));
            }
            Event::ActionProposed { action, id, expires, .. } => {
                self.open_proposals.insert(id.clone());
                if action.get().is_some_and(|action| action.wish == AT_DESK) {
                    return;
                }
                self.proposal = Some((id.clone(), *expires));
                self.lines.extend(action.get().map(|action| Line { who: Speaker::Bot, text: action.effect.clone() }));
            }
            Event::ActionConfirmed { id, .. } | Event::ActionCancelled { id, .. } => {
                self.proposal.take_if(|(shown, _)| shown == id);
                self.open_proposals.remove(id);
            }
            Event::CustomerMet { earlier, last_at, .. } => {
                self.met = true;
                self.earlier = Some((*earlier, *last_at)).filter(|(earlier, _)| *earlier > 0);
            }
            Event::ReplyClosed { .. } | Event::ReplyCut { .. } => (self.turn, self.earlier) = (None, None),
            Event::StateChanged { state, .. } => {
                self.state = Some(*state);
                if *state == ConversationState::Resolved {
                    self.cut();
                }
            }
            Event::HandoffEnded { .. } => self.cut(),
            _ => {}
        }
        self.count_misunderstood(event);
    }

    /// What people have dealt with does not come up again: the bot begins anew, and words it has not answered are answered.
    fn cut(&mut self) {
        self.cut = self.lines.len();
        self.waiting.clear();
        self.memory = serde_json::Value::Null;
        self.misunderstood = 0;
        self.question = None;
        self.proposal = None;
    }

    fn message(&mut self, message: &MessageId, by: Speaker, text: Option<&String>, picked: Option<&String>) {
        let Some(text) = text else {
            self.erased |= by == Speaker::Customer;
            return;
        };
        // A message may be nothing but files: those are no words of anybody.
        if !text.is_empty() {
            self.lines.push(Line { who: by, text: text.clone() });
        }
        if by == Speaker::Customer {
            self.waiting.push(message.clone());
            self.texts.insert(message.clone(), (text.clone(), picked.cloned()));
        }
    }

    fn attach(&mut self, message: &MessageId, files: &[Attachment]) {
        if !files.is_empty() {
            self.files.insert(message.clone(), attachment::names(files));
            self.sent.extend(files.iter().map(|file| file.file.clone()));
        }
    }

    fn take(&mut self, message: Option<&MessageId>) {
        if let Some(message) = message {
            self.waiting.retain(|waiting| waiting != message);
        }
    }

    fn count_misunderstood(&mut self, event: &Event) {
        if let Event::MindSpoke { step, .. } = event
            && let Some(crate::mind::MindStep::Understood(understanding)) = step.get()
        {
            self.misunderstood = if understanding.misunderstood { self.misunderstood + 1 } else { 0 };
        }
    }
}
