//! Events: what happened, in the past tense. Everything anybody sees is folded from these and can be rebuilt.

use crate::action::ProposedAction;
use crate::fact::Released;
use crate::id::{ActionId, AskId, CallId, MessageId, StaffId, TurnId};
use crate::log::{Position, StreamId};
use crate::mind::{MindDone, MindFailure, MindStep, Occasion, ProofOutcome, Speaker};
use crate::reply::{Citation, Question};
use crate::words::{CallOutcome, ConversationState, RefusalCode, ReplyStatus, Role, Zone};
use crate::{Personal, Session, Timestamp, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An event as the log gives it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// Its place in the whole log: gap-free, from 1.
    pub position: Position,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Its place in that stream: gap-free, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// What happened. Externally tagged JSON in the log; variants are only ever added, fields only ever added with a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    // --- conversation streams ---
    /// A conversation began.
    ConversationOpened {
        /// Who opened it.
        session: Session,
        /// The language of the conversation (BCP 47).
        language: String,
    },
    /// The session of the conversation proved more, or somebody else signed in.
    SessionChanged {
        /// The session from now on.
        session: Session,
        /// The lookup that proved it, when words did and no token.
        #[serde(default)]
        by: Option<String>,
    },
    /// Somebody is about to be looked up by what the customer said; committed before the call, so that no try is free.
    ProofTried {
        /// The turn.
        turn: TurnId,
        /// The number of the try within the turn, from 1.
        n: u32,
        /// The lookup.
        lookup: String,
    },
    /// The lookup has ended.
    ProofEnded {
        /// The turn.
        turn: TurnId,
        /// The number of the try within the turn.
        n: u32,
        /// The lookup.
        lookup: String,
        /// How. `not_proven` is the same for nobody, several, and somebody else.
        outcome: ProofOutcome,
    },
    /// A message was accepted. Once this is in the log it is never lost.
    MessageReceived {
        /// Our id.
        message: MessageId,
        /// The id the sender gave, if any; unique within the conversation.
        client: Option<String>,
        /// Who wrote it.
        by: Speaker,
        /// The staff member, when a person of the staff wrote it.
        staff: Option<String>,
        /// The words, after masking.
        text: Personal<String>,
        /// What was masked: `card`, `code`.
        masked: Vec<String>,
        /// The value of a choice, when the customer picked instead of typing; masked like the words.
        picked: Option<Personal<String>>,
    },
    /// A turn began.
    TurnOpened {
        /// The turn.
        turn: TurnId,
        /// The message that opened it; none when a confirmation did.
        message: Option<MessageId>,
        /// The write it is about, when it is not about a message.
        action: Option<ActionId>,
        /// Why it began.
        cause: TurnCause,
        /// Digest of the configuration it runs under.
        rules: String,
        /// The mind it began with.
        mind: String,
    },
    /// A further message joined the open turn, because nothing was released or sent yet.
    MessageJoined {
        /// The turn.
        turn: TurnId,
        /// The message.
        message: MessageId,
    },
    /// The mind was asked.
    MindAsked {
        /// The turn.
        turn: TurnId,
        /// The question.
        ask: AskId,
        /// Why.
        occasion: Personal<Occasion>,
    },
    /// The mind said one thing.
    MindSpoke {
        /// The turn.
        turn: TurnId,
        /// The question it answers.
        ask: AskId,
        /// Its number within the answer, from 0.
        n: u32,
        /// What it said.
        step: Personal<MindStep>,
    },
    /// The mind finished its answer.
    MindFinished {
        /// The turn.
        turn: TurnId,
        /// The question it answered.
        ask: AskId,
        /// What it wants to be given back next time.
        done: Personal<MindDone>,
    },
    /// The mind could not answer.
    MindFailed {
        /// The turn.
        turn: TurnId,
        /// The question.
        ask: AskId,
        /// Why.
        failure: Personal<MindFailure>,
    },
    /// A call of a tool was started.
    CallStarted {
        /// The turn.
        turn: TurnId,
        /// The call.
        call: CallId,
        /// The tool.
        tool: String,
        /// What it is for: `wish`, `need`, `execute`, `verify`, `identify`.
        purpose: String,
        /// The arguments, bound identity left out.
        args: Personal<BTreeMap<String, Value>>,
    },
    /// A call ended.
    CallAnswered {
        /// The turn.
        turn: TurnId,
        /// The call.
        call: CallId,
        /// The tool.
        tool: String,
        /// How it ended.
        outcome: CallOutcome,
        /// Why the gate refused, when it did.
        refusal: Option<RefusalCode>,
        /// The rule that decided, as it stands in the configuration.
        rule: Option<String>,
        /// What exactly went wrong, for operators.
        detail: Option<String>,
        /// What was released.
        released: Option<Personal<Released>>,
        /// Names of what was kept of the answer.
        kept: Vec<String>,
        /// Names of what was dropped of the answer.
        dropped: Vec<String>,
        /// How long it took, in milliseconds.
        ms: i64,
        /// Did the answer come from a cache?
        cached: bool,
    },
    /// A checked piece of the reply was released to the customer.
    PartReleased {
        /// The turn.
        turn: TurnId,
        /// Its number in the turn, from 1.
        part: u32,
        /// The words.
        text: Personal<String>,
        /// Names of the facts it rests on.
        facts: Vec<String>,
        /// The passages it rests on.
        citations: Vec<Citation>,
    },
    /// A draft of a mind was not released: the gate's last door stayed shut.
    DraftRejected {
        /// The turn.
        turn: TurnId,
        /// What could not be proven.
        claims: Personal<Vec<String>>,
    },
    /// A question was put to the customer.
    QuestionAsked {
        /// The turn.
        turn: TurnId,
        /// The question.
        question: Personal<Question>,
    },
    /// A trigger or a mind sent the conversation to a person.
    Escalated {
        /// The turn.
        turn: TurnId,
        /// The reason's word.
        reason: String,
        /// The trigger as it stands in the configuration, when one decided.
        rule: Option<String>,
        /// The values it saw.
        evidence: BTreeMap<String, String>,
    },
    /// The reply ended.
    ReplyClosed {
        /// The turn.
        turn: TurnId,
        /// How it ended.
        status: ReplyStatus,
        /// How sure the understanding was.
        zone: Zone,
        /// The refusal, when there was one: code and tool.
        refusal: Option<(RefusalCode, String)>,
    },
    /// The reply was cut off, because a person took over or the customer said stop.
    ReplyCut {
        /// The turn.
        turn: TurnId,
        /// Why.
        why: String,
    },
    /// Who has the conversation changed.
    StateChanged {
        /// From now on.
        state: ConversationState,
        /// The staff member, when a person did it.
        by: Option<String>,
    },

    // --- action streams (each also noted in its conversation's stream) ---
    /// A write was proposed to the customer.
    ActionProposed {
        /// The turn that proposed it.
        turn: TurnId,
        /// What exactly.
        action: Box<Personal<ProposedAction>>,
        /// Its id, readable also when the rest is forgotten.
        id: ActionId,
        /// The tool.
        tool: String,
        /// The digest a yes is bound to.
        digest: String,
        /// Until when a yes counts.
        expires: Timestamp,
    },
    /// Somebody said yes to exactly this digest.
    ActionConfirmed {
        /// The write.
        id: ActionId,
        /// What the yes was for.
        digest: String,
        /// Who: `customer`, or a staff member.
        by: String,
    },
    /// It was ended without an effect: declined, expired, taken over, or the object changed.
    ActionCancelled {
        /// The write.
        id: ActionId,
        /// Why: `declined`, `expired`, `taken_over`, `object_changed`, `refused`.
        why: String,
    },
    /// One worker took it; committed before the call.
    ActionClaimed {
        /// The write.
        id: ActionId,
        /// The turn that carries it out.
        turn: TurnId,
        /// The tool: limits per customer are counted from here.
        tool: String,
    },
    /// A timer of the turn fired: an input, kept so that the turn can be replayed.
    TurnTimerFired {
        /// The turn.
        turn: TurnId,
        /// Which timer.
        timer: String,
    },
    /// It was looked up whether the same write is already under way: an input, kept so that the turn can be replayed.
    WriteLookedUp {
        /// The turn.
        turn: TurnId,
        /// Which write: tool, arguments and customer, as a digest.
        sameness: String,
        /// The unsettled write, if there is one.
        running: Option<ActionId>,
    },
    /// Its effect was settled, or is not known.
    ActionSettled {
        /// The write.
        id: ActionId,
        /// `done`, `failed` or `unknown`.
        outcome: Settled,
        /// Did the backend's own state prove it?
        verified: Option<bool>,
        /// What exactly happened, for operators.
        detail: Option<String>,
    },

    // --- staff streams (who was added is also noted in the roster) ---
    /// Somebody belongs to the staff from now on.
    StaffAdded {
        /// Who.
        staff: StaffId,
        /// Their name, as colleagues and customers read it.
        name: Personal<String>,
        /// Their address for e-mail, if one is known.
        email: Option<Personal<String>>,
        /// What they are for.
        roles: Vec<Role>,
    },
    /// What somebody is for, or whether they still belong to the staff, changed. Nobody who does not is signed in any more.
    StaffChanged {
        /// From now on.
        roles: Vec<Role>,
        /// Do they belong to the staff?
        active: bool,
    },
    /// A link that signs somebody in once was made. Only its hash is known here.
    StartLinkMade {
        /// The hash of its token.
        hash: String,
        /// Until when it works.
        expires: Timestamp,
    },
    /// A link was used up.
    StartLinkUsed {
        /// The hash of its token.
        hash: String,
    },
    /// Somebody of the staff signed in.
    SignedIn {
        /// The hash of the session's token.
        session: String,
        /// How: `start_link`.
        by: String,
        /// How long it lasts, whatever happens.
        until: Timestamp,
    },
    /// Somebody of the staff signed out.
    SignedOut {
        /// The hash of the session's token; none when every session of theirs ended.
        session: Option<String>,
    },

    // --- backend and configuration streams ---
    /// A backend's breaker opened or closed.
    BackendTurned {
        /// The backend.
        backend: String,
        /// `open` or `closed`.
        breaker: String,
    },
    /// A configuration came into force.
    ConfigurationLoaded {
        /// Its digest.
        digest: String,
    },
}

/// Why a turn began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnCause {
    /// The customer said something.
    Message,
    /// Somebody said yes to a proposed write.
    Confirmed {
        /// Who.
        by: String,
    },
    /// The customer said no to a proposed write.
    Declined,
    /// A write whose effect is not known is looked after.
    Settle {
        /// How many times it was looked after before.
        attempt: u32,
    },
}

/// How a write's effect was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Settled {
    /// The backend did it.
    Done,
    /// The backend did not do it.
    Failed,
    /// Not known; never reported as done.
    Unknown,
}

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
                | Self::StateChanged { .. }
                | Self::ReplyClosed { .. }
                | Self::ReplyCut { .. }
        )
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
            Self::ReplyClosed { .. } => "reply_closed",
            Self::ReplyCut { .. } => "reply_cut",
            Self::StateChanged { .. } => "state_changed",
            Self::ActionProposed { .. } => "action_proposed",
            Self::ActionConfirmed { .. } => "action_confirmed",
            Self::ActionCancelled { .. } => "action_cancelled",
            Self::ActionClaimed { .. } => "action_claimed",
            Self::TurnTimerFired { .. } => "turn_timer_fired",
            Self::WriteLookedUp { .. } => "write_looked_up",
            Self::ActionSettled { .. } => "action_settled",
            Self::StaffAdded { .. } => "staff_added",
            Self::StaffChanged { .. } => "staff_changed",
            Self::StartLinkMade { .. } => "start_link_made",
            Self::StartLinkUsed { .. } => "start_link_used",
            Self::SignedIn { .. } => "signed_in",
            Self::SignedOut { .. } => "signed_out",
            Self::BackendTurned { .. } => "backend_turned",
            Self::ConfigurationLoaded { .. } => "configuration_loaded",
        }
    }
}
