//! Events: what happened, in the past tense. Everything anybody sees is folded from these and can be rebuilt.

mod about;
mod recorded;
mod settled;
mod turn_cause;

pub use recorded::Recorded;
pub use settled::Settled;
pub use turn_cause::TurnCause;

use crate::action::ProposedAction;
use crate::attachment::Attachment;
use crate::fact::Released;
use crate::handoff::{HandoffEnd, OfferEnd, Place, Promise, Survey};
use crate::id::{ActionId, AskId, CallId, ConversationId, HandoffId, MessageId, NoteId, StaffId, TurnId};
use crate::mind::{MindDone, MindFailure, MindStep, Occasion, ProofOutcome, Speaker};
use crate::reply::{Citation, Question};
use crate::words::{CallOutcome, ConversationState, RefusalCode, ReplyStatus, Role, Zone};
use crate::{Money, Personal, Session, Timestamp, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
        /// The files sent along.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        files: Vec<Attachment>,
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
        /// Digest of the configuration the decision was made under.
        #[serde(default)]
        config: Option<String>,
        /// Everything the triggers could see: with the rule, what the decision can be made again from.
        #[serde(default)]
        seen: Option<Personal<BTreeMap<String, Value>>>,
    },
    /// A trigger had the customer offered a person, before it is needed; the question with that choice follows. The bot goes on.
    PersonOffered {
        /// The turn.
        turn: TurnId,
        /// The reason's word.
        reason: String,
        /// The trigger as it stands in the configuration.
        rule: String,
        /// The values it saw.
        evidence: BTreeMap<String, String>,
        /// Digest of the configuration the decision was made under.
        config: String,
        /// Everything the triggers could see.
        seen: Personal<BTreeMap<String, Value>>,
    },
    /// A customer wrote in a conversation for the first time. Also in the customer's stream, where the next one is counted from.
    CustomerMet {
        /// The conversation.
        conversation: ConversationId,
        /// In how many conversations they had written before.
        earlier: u32,
        /// When they had begun the last of those.
        last_at: Option<Timestamp>,
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
    /// The conversation is closed: no message is taken any more.
    ConversationClosed {},
    /// The customer came back to a closed conversation: from now on another one follows it.
    ConversationSucceeded {
        /// The one that follows.
        successor: ConversationId,
    },
    /// The conversation follows a closed one. Its second event.
    ConversationFollowed {
        /// The closed one.
        earlier: ConversationId,
    },
    /// Somebody of the staff merged the conversation into another one of the same customer. Also in the customer's stream.
    ConversationMerged {
        /// The one that is silent from now on.
        conversation: ConversationId,
        /// The one that goes on.
        into: ConversationId,
        /// Who.
        by: StaffId,
    },
    /// The merge was taken back: the conversation goes on as it was before. Also in the customer's stream.
    ConversationUnmerged {
        /// The one that goes on again.
        conversation: ConversationId,
        /// The one it had been merged into.
        into: ConversationId,
        /// Who.
        by: StaffId,
    },

    // --- people in conversation streams ---
    /// The customer asked for a person without words: by the button, which needs no mind.
    PersonAsked {
        /// The turn that hands over: the open one, or one of its own.
        turn: TurnId,
    },
    /// The conversation was offered to people: the bot is silent from here on. The first event of a handoff.
    HandoffOffered {
        /// The handoff.
        handoff: HandoffId,
        /// The queue it waits in.
        queue: String,
        /// The person it is offered to; none is everybody of the queue.
        to: Option<StaffId>,
        /// The reason's word.
        reason: String,
        /// Since when the customer waits: their last message nobody has answered.
        wait_since: Timestamp,
        /// Until when somebody should have answered.
        due: Option<Timestamp>,
        /// Until when the person it is offered to may accept; afterwards it is back in the queue.
        expires: Option<Timestamp>,
        /// The place in line, as the customer was told.
        place: Option<Place>,
        /// Until when it should be settled.
        #[serde(default)]
        resolve_by: Option<Timestamp>,
    },
    /// Somebody has the conversation: from here on they alone own it.
    HandoffAccepted {
        /// The handoff.
        handoff: HandoffId,
        /// The owner.
        by: StaffId,
    },
    /// The person it was offered to did not take it: it is back in its queue.
    HandoffFailed {
        /// The handoff.
        handoff: HandoffId,
        /// Who did not take it.
        to: StaffId,
        /// Why.
        why: OfferEnd,
        /// The queue it is back in.
        queue: String,
    },
    /// The owner passed the conversation on, to a person or a queue, with a note.
    HandoffPassed {
        /// The handoff.
        handoff: HandoffId,
        /// Who passed it on.
        by: StaffId,
        /// The person it is offered to; none is everybody of the queue.
        to: Option<StaffId>,
        /// The queue it waits in.
        queue: String,
        /// What whoever comes next should know.
        note: NoteId,
        /// Since when the customer waits.
        wait_since: Timestamp,
        /// Until when somebody should have answered.
        due: Option<Timestamp>,
        /// Until when the person it is offered to may accept.
        expires: Option<Timestamp>,
    },
    /// The handoff is over. What was said before does not hand over again.
    HandoffEnded {
        /// The handoff.
        handoff: HandoffId,
        /// Who ended it.
        by: Option<StaffId>,
        /// How.
        why: HandoffEnd,
        /// The note to the bot, when it goes on.
        note: Option<NoteId>,
    },
    /// Somebody of the staff wrote a note. Customers never see it.
    NoteWritten {
        /// The note.
        note: NoteId,
        /// Who wrote it.
        by: StaffId,
        /// The words.
        text: Personal<String>,
        /// The writer's own id for it.
        client: Option<String>,
        /// Who should read it.
        mentions: Vec<StaffId>,
    },
    /// The conversation was put aside until a time, or until the customer writes.
    Snoozed {
        /// Who did it.
        by: StaffId,
        /// Until when.
        until: Timestamp,
    },
    /// A promise of the queue was broken.
    WaitedTooLong {
        /// The handoff.
        handoff: HandoffId,
        /// When it was promised for.
        due: Timestamp,
        /// What was promised.
        #[serde(default)]
        promise: Promise,
    },
    /// Somebody of the staff had a conversation that waited, while the team was there: how long people wait is folded from these.
    /// Stands in the stream of its queue alone.
    WaitEnded {
        /// The handoff.
        handoff: HandoffId,
        /// The queue it waited in.
        queue: String,
        /// Since when the customer had waited.
        since: Timestamp,
    },
    /// The customer was asked how it was. Once per resolution.
    SurveyAsked {
        /// Which question.
        survey: Survey,
        /// The number of the resolution, from 1.
        n: u32,
        /// The best score; the worst is 1.
        scale: u8,
    },
    /// The customer rated a resolution or an answer.
    Rated {
        /// Which question.
        survey: Survey,
        /// The answer, for `helpful`.
        turn: Option<TurnId>,
        /// The number of the resolution, for `csat`.
        n: Option<u32>,
        /// 1 to `scale` for `csat`; 1 or 0 for `helpful`.
        score: u8,
        /// The best score.
        scale: u8,
        /// Who had the conversation then, if a person did.
        staff: Option<StaffId>,
        /// Why, in the customer's words.
        reason: Option<Personal<String>>,
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
    /// The customer has said yes, and a person of the staff has to as well.
    ApprovalAsked {
        /// The write.
        id: ActionId,
        /// The turn that asked.
        turn: TurnId,
        /// The tool.
        tool: String,
    },
    /// A person of the staff approved a write, or did not. Once.
    ApprovalDecided {
        /// The write.
        id: ActionId,
        /// Who.
        by: StaffId,
        /// Yes or no.
        approved: bool,
        /// Why.
        why: Option<Personal<String>>,
    },
    /// One worker took it; committed before the call.
    ActionClaimed {
        /// The write.
        id: ActionId,
        /// The turn that carries it out.
        turn: TurnId,
        /// The tool: limits per customer are counted from here.
        tool: String,
        /// The amounts among its arguments, by name, where there are some: sums are counted from here.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amounts: Option<Personal<BTreeMap<String, Money>>>,
    },
    /// The write was not taken: in the meantime others had used up a limit. An input, kept so that the turn can be replayed.
    WriteHeldBack {
        /// The turn.
        turn: TurnId,
        /// The write.
        id: ActionId,
        /// The limit, for operators.
        rule: String,
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
    /// Somebody went away, so that nothing is offered to them, or came back.
    AvailabilityChanged {
        /// Are they away from now on?
        away: bool,
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
    /// Somebody of the staff has this password from now on.
    PasswordSet {
        /// Its hash, from which nobody can read it.
        hash: Personal<String>,
    },
    /// Somebody of the staff has a further way to prove who they are.
    FactorAdded {
        /// Its id, unique among theirs.
        factor: String,
        /// What it is: `code` for one-time codes of an app, `passkey`.
        kind: String,
        /// Its name for its owner.
        label: Personal<String>,
        /// What it is checked with: a shared secret, or the public half of a key.
        secret: Personal<String>,
    },
    /// A way to prove who they are counts no more.
    FactorRemoved {
        /// Its id.
        factor: String,
    },
    /// A one-time code was taken; none of its time or before counts again.
    CodeSpent {
        /// The half minute it was for, counted from 1970.
        step: u64,
    },
    /// Somebody of the staff signed in.
    SignedIn {
        /// The hash of the session's token.
        session: String,
        /// How: `start_link`, `password`, `passkey`.
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
