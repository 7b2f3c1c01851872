//! One conversation that is awake: it alone writes its stream, and it runs its open turn.

use crate::customer::CustomerFacts;
use crate::inbound::{Inbound, Received};
use crate::live::Signal;
use crate::service::subject;
use crate::{Refused, Service, load, timers};
use patchbay_core::action::{ActionState, ProposedAction};
use patchbay_core::conversation::Conversation;
use patchbay_core::event::{Event, Recorded, Settled, TurnCause};
use patchbay_core::id::{ActionId, ConversationId, MessageId, TurnId};
use patchbay_core::log::{
    Append, Appended, Batch, Claim, Expected, Lease, LeaseRequest, LogError, Position, StreamId, Subject, TimerChange,
};
use patchbay_core::mind::Speaker;
use patchbay_core::words::{ConversationState, Level};
use patchbay_core::{Personal, Session, Timestamp};
use patchbay_turn::{Cause, Input, Opening, Turn};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// An actor without an open turn goes to sleep after this long.
const SLEEPS_AFTER: Duration = Duration::from_secs(20);
/// How long a lease lasts; it is renewed when half of it is gone.
const LEASE: Duration = Duration::from_secs(30);
/// How long a waking actor waits for somebody else's lease to run out.
const LEASE_PATIENCE: Duration = Duration::from_secs(35);
/// The pause before storage that failed in the middle of a turn is tried again.
const STORAGE_PAUSE: Duration = Duration::from_millis(500);

/// Who waits for an answer.
type Done = oneshot::Sender<Result<Received, Refused>>;

/// What an actor is told.
pub(crate) enum Command {
    /// A message came in.
    Receive { session: Session, inbound: Inbound, done: Done },
    /// The customer decided on a card.
    Decide { session: Session, action: ActionId, yes: bool, digest: Option<String>, done: Done },
    /// A person takes the conversation.
    TakeOver { by: String, done: Done },
    /// A write whose effect is not known is to be looked after.
    Settle { action: ActionId, attempt: u32 },
    /// Look whether there is something to do.
    Wake,
    /// Something the open turn is to be told.
    Tell(TurnId, Box<Input>),
}

/// The open turn and what runs for it.
pub(crate) struct Open {
    pub(crate) turn: Turn,
    /// Questions to minds and calls, by their ids; dropping one stops it.
    pub(crate) tasks: BTreeMap<String, tokio::task::JoinHandle<()>>,
}

impl Drop for Open {
    fn drop(&mut self) {
        for task in self.tasks.values() {
            task.abort();
        }
    }
}

pub(crate) struct Actor {
    pub(crate) service: Service,
    pub(crate) id: ConversationId,
    pub(crate) me: mpsc::UnboundedSender<Command>,
    pub(crate) state: Conversation,
    /// The session of the latest message: the freshest proof.
    pub(crate) session: Session,
    lease: Lease,
    pub(crate) open: Option<Open>,
    /// Facts about the customer loaded by earlier turns.
    customer: CustomerFacts,
    /// Recorded, but not in the log yet.
    pub(crate) pending: Vec<(Timestamp, Event)>,
    pub(crate) unclaims: Vec<(String, String)>,
    pub(crate) timers: Vec<TimerChange>,
    /// Commands that wait for the open turn to end.
    later: VecDeque<Command>,
    /// Somebody else writes this stream now: this actor must not.
    pub(crate) lost: bool,
}

/// Runs a conversation until it has been quiet for a while.
pub(crate) async fn run(
    service: Service,
    id: ConversationId,
    me: mpsc::UnboundedSender<Command>,
    mut commands: mpsc::UnboundedReceiver<Command>,
) {
    let mut actor = match Actor::wake(service.clone(), id.clone(), me).await {
        Ok(actor) => actor,
        Err(refused) => return turn_away(&service, &id, &mut commands, &refused),
    };
    actor.recover().await;
    loop {
        match tokio::time::timeout(SLEEPS_AFTER, commands.recv()).await {
            Ok(Some(command)) => actor.obey(command).await,
            Ok(None) => break,
            Err(_) if actor.open.is_none() && service.0.live.retire(&id, &mut commands) => break,
            Err(_) => {}
        }
        if actor.lost {
            turn_away(&service, &id, &mut commands, &Refused::Busy { retry_after: Duration::from_secs(1) });
            return;
        }
    }
    if let Err(error) = service.0.parts.log.release(actor.lease.clone()).await {
        tracing::debug!(conversation = %id, %error, "the lease could not be given back; it runs out by itself");
    }
}

/// Answers everybody who waits with the same refusal.
fn turn_away(service: &Service, id: &ConversationId, commands: &mut mpsc::UnboundedReceiver<Command>, refused: &Refused) {
    loop {
        while let Ok(command) = commands.try_recv() {
            if let Command::Receive { done, .. } | Command::Decide { done, .. } | Command::TakeOver { done, .. } = command {
                let _ = done.send(Err(refused.clone()));
            }
        }
        if service.0.live.retire(id, commands) {
            return;
        }
    }
}

impl Actor {
    async fn wake(service: Service, id: ConversationId, me: mpsc::UnboundedSender<Command>) -> Result<Self, Refused> {
        let stream = StreamId::conversation(&id);
        if service.0.parts.log.read_stream(stream.clone(), 0, 1).await?.is_empty() {
            return Err(Refused::NotFound);
        }
        let lease = acquire(&service, &id).await?;
        let events = load::stream(&*service.0.parts.log, &stream, 0).await?;
        let state = Conversation::fold(&events);
        let session = state.session.clone().ok_or(Refused::NotFound)?;
        let customer = CustomerFacts::fold(&service.house().company, &events);
        Ok(Self {
            service,
            id,
            me,
            state,
            session,
            lease,
            open: None,
            customer,
            pending: Vec::new(),
            unclaims: Vec::new(),
            timers: Vec::new(),
            later: VecDeque::new(),
            lost: false,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.service.0.parts.clock.now()
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Receive { session, inbound, done } => {
                let (result, next) = self.receive(session, inbound).await;
                let _ = done.send(result);
                self.proceed(next).await;
            }
            Command::Decide { .. } | Command::Settle { .. } if self.open.is_some() => self.later.push_back(command),
            Command::Decide { session, action, yes, digest, done } => {
                let (result, next) = self.decide(session, &action, yes, digest.as_deref()).await;
                let _ = done.send(result);
                self.proceed(next).await;
            }
            Command::TakeOver { by, done } => {
                let result = self.take_over(&by).await;
                let _ = done.send(result);
            }
            Command::Settle { action, attempt } => self.settle(&action, attempt).await,
            Command::Wake => self.rest().await,
            Command::Tell(turn, input) => self.tell(&turn, *input).await,
        }
        self.go_on().await;
    }

    /// After a turn has ended: what waited for it, then the next message.
    async fn go_on(&mut self) {
        while self.open.is_none() && !self.lost {
            if let Some(command) = self.later.pop_front() {
                Box::pin(self.obey(command)).await;
            } else if self.state.state == Some(ConversationState::Bot)
                && let Some(message) = self.state.waiting.first().cloned()
            {
                let Some((text, picked)) = self.state.texts.get(&message).cloned() else { return };
                let Ok(events) = load::stream(&*self.service.0.parts.log, &StreamId::conversation(&self.id), 0).await else { return };
                let notes = notes_of(Some(&message), &events);
                let start = self.begin(Some(&message), None, TurnCause::Message, Cause::Message { text, picked }, notes);
                if self.flush().await.is_err() {
                    return;
                }
                self.start(start).await;
            } else {
                return;
            }
        }
    }

    /// Was the actor woken for a turn that is over? Then its watch ends.
    async fn rest(&mut self) {
        if self.open.is_none()
            && self.state.turn.is_none()
            && (self.state.waiting.is_empty() || self.state.state != Some(ConversationState::Bot))
        {
            self.timers.push(TimerChange::Clear { name: timers::turn_timer(&self.id) });
            drop(self.flush().await);
        }
    }

    /// Goes on with what was accepted, once that is in the log and its sender knows.
    async fn proceed(&mut self, next: Option<Next>) {
        match next {
            None => {}
            Some(Next::Open(start)) => self.start(start).await,
            Some(Next::Join(turn, text)) => self.tell(&turn, Input::Joined { text }).await,
        }
    }

    /// Starts a turn whose opening is in the log.
    async fn start(&mut self, start: Start) {
        let at = start.at;
        let opening = self.opening(start, &self.state, &self.session, &self.customer, None).await;
        let (turn, effects) = Turn::open(self.service.house().clone(), opening, at);
        self.open = Some(Open { turn, tasks: BTreeMap::new() });
        self.perform(effects, at).await;
    }

    /// What a turn starts from, given the conversation as it was then. `before` is where its opening stands in the log, when it
    /// is there from an earlier life: what came after it does not count.
    async fn opening(
        &self,
        start: Start,
        state: &Conversation,
        session: &Session,
        customer: &CustomerFacts,
        before: Option<Position>,
    ) -> Opening {
        let Start { id, at, cause, notes } = start;
        let mut history = state.lines.clone();
        if let Cause::Message { text, .. } = &cause
            && let Some(own) = history.iter().rposition(|line| line.who == Speaker::Customer && line.text == *text)
        {
            history.remove(own);
        }
        Opening {
            id,
            conversation: self.id.clone(),
            session: session.clone(),
            history,
            memory: state.memory.clone(),
            misunderstood: state.misunderstood,
            proven_by: state.proven_by.clone(),
            // Where the visitor's cannot be counted now, nobody is looked up later either.
            tries: state.tries.max(self.tries_of_visitor(at, before).await.unwrap_or(0)),
            customer: customer.at(&self.service.house().company, at),
            used: self.used(session, &cause, before).await,
            minds: self.service.0.parts.minds.len(),
            notes,
            silent: state.state != Some(ConversationState::Bot),
            cause,
        }
    }

    /// When this customer's writes were carried out before, by tool; looked up only where a tool has limits. A write that is
    /// looked after does not count against itself.
    async fn used(&self, session: &Session, cause: &Cause, before: Option<Position>) -> BTreeMap<String, Vec<Timestamp>> {
        let limited = self.service.house().company.tools.values().any(|tool| !tool.limits.is_empty());
        let Some(customer) = session.customer.as_ref().filter(|_| limited) else { return BTreeMap::new() };
        let (log, stream) = (self.service.0.parts.log.clone(), StreamId::customer(&customer.id));
        // Guessing "never used" would lift the limits.
        let events = self.patiently(|| load::stream(&*log, &stream, 0)).await.unwrap_or_default();
        let own = match cause {
            Cause::Settle { action, .. } => Some(&action.id),
            _ => None,
        };
        let mut used: BTreeMap<String, Vec<Timestamp>> = BTreeMap::new();
        // A write that was looked after was claimed more than once, and counts once.
        let mut counted = BTreeSet::new();
        for event in events.into_iter().filter(|event| before.is_none_or(|before| event.position < before)) {
            if let Event::ActionClaimed { id, tool, .. } = event.event
                && own != Some(&id)
                && counted.insert(id)
            {
                used.entry(tool).or_default().push(event.at);
            }
        }
        used
    }

    /// Notes that a turn opens.
    fn begin(
        &mut self,
        message: Option<&MessageId>,
        action: Option<&ActionId>,
        recorded: TurnCause,
        cause: Cause,
        notes: Vec<String>,
    ) -> Start {
        let at = self.now();
        let parts = &self.service.0.parts;
        let id = TurnId::mint(&*parts.clock, &*parts.chance);
        let event = Event::TurnOpened {
            turn: id.clone(),
            message: message.cloned(),
            action: action.cloned(),
            cause: recorded,
            rules: parts.house.digest.clone(),
            mind: parts.minds.first().map(|mind| mind.name().to_owned()).unwrap_or_default(),
        };
        self.pending.push((at, event));
        self.timers.push(timers::watch_turn(&self.id, at));
        Start { id, at, cause, notes }
    }

    /// A message: durable first, then answered.
    async fn receive(&mut self, session: Session, inbound: Inbound) -> Accepted {
        let now = self.now();
        if let Err(refused) = load::belongs(&session, &self.session, now) {
            return (Err(refused), None);
        }
        let (text, masked) = patchbay_gate::mask(&inbound.text);
        let picked = inbound.picked.as_deref().map(|picked| patchbay_gate::mask(picked).0);
        let fingerprint = fingerprint(&self.id, &text, picked.as_deref());
        if let Some(client) = &inbound.client {
            match self.known(client, &fingerprint).await {
                Ok(None) => {}
                Ok(Some(first)) => return (Ok(first), None),
                Err(refused) => return (Err(refused), None),
            }
        }
        if self.state.state == Some(ConversationState::Resolved) {
            return (Err(Refused::Closed), None);
        }
        let before = self.unwritten();
        self.meet(session, now);
        let message = MessageId::mint(&*self.service.0.parts.clock, &*self.service.0.parts.chance);
        self.pending.push((
            now,
            Event::MessageReceived {
                message: message.clone(),
                client: inbound.client.clone(),
                by: Speaker::Customer,
                staff: None,
                text: Personal::message(text.clone()),
                masked: masked.iter().map(|what| (*what).to_owned()).collect(),
                picked: picked.clone().map(Personal::message),
            },
        ));
        let notes: Vec<String> = masked.iter().map(|what| format!("{what}_masked")).collect();
        let next = self.begin_with(&message, text, picked, notes, now).await;
        let turn = next.as_ref().map(|next| next.turn().clone());
        let received = Received {
            conversation: self.id.clone(),
            message: Some(message),
            turn,
            seq: self.state.length + self.pending.len() as u64,
            replayed: false,
        };
        let claims = inbound.client.iter().map(|client| self.message_claim(client, &fingerprint, &received)).collect();
        self.accept(claims, received, next, before).await
    }

    /// Puts a message on its way: a typed yes or no decides the card that was shown last, other words open a turn or join the open one.
    async fn begin_with(
        &mut self,
        message: &MessageId,
        text: String,
        picked: Option<String>,
        notes: Vec<String>,
        now: Timestamp,
    ) -> Option<Next> {
        if self.state.state != Some(ConversationState::Bot) || (self.open.is_none() && self.state.turn.is_some()) {
            return None;
        }
        if let Some(open) = &self.open {
            // Words of somebody who has proven something else must not run with the rights of the turn, nor take them away.
            if open.turn.can_join() && same_proof(open.turn.session(), &self.session) {
                let turn = open.turn.id().clone();
                self.pending.push((now, Event::MessageJoined { turn: turn.clone(), message: message.clone() }));
                return Some(Next::Join(turn, text));
            }
            return None;
        }
        if let Some((action, yes)) = self.decided_by(&text, now).await {
            return Some(Next::Open(self.begin_decided(Some(message), action, yes, notes, now)));
        }
        Some(Next::Open(self.begin(Some(message), None, TurnCause::Message, Cause::Message { text, picked }, notes)))
    }

    /// The proposal a typed yes or no is about: only one whose card was the last thing shown, and only while it is open.
    async fn decided_by(&self, text: &str, now: Timestamp) -> Option<(ProposedAction, bool)> {
        let (action, expires) = self.state.proposal.clone().filter(|(_, expires)| now < *expires)?;
        let parts = &self.service.0.parts;
        let yes = (parts.yes_or_no)(text, &parts.house.company.language)?;
        let (action, state) = load::action(&*self.service.0.parts.log, &action).await.ok()?;
        (state == ActionState::Proposed && action.expires == expires).then_some((action, yes))
    }

    /// The turn of a decision; a yes is recorded with the digest it was given to.
    fn begin_decided(
        &mut self,
        message: Option<&MessageId>,
        action: ProposedAction,
        yes: bool,
        notes: Vec<String>,
        now: Timestamp,
    ) -> Start {
        let (id, digest, by) = (action.id.clone(), action.digest.clone(), "customer".to_owned());
        let action = Box::new(action);
        if !yes {
            return self.begin(message, Some(&id), TurnCause::Declined, Cause::Declined { action }, notes);
        }
        let start =
            self.begin(message, Some(&id), TurnCause::Confirmed { by: by.clone() }, Cause::Confirmed { action, by: by.clone() }, notes);
        self.pending.push((now, Event::ActionConfirmed { id, digest, by }));
        start
    }

    /// A decision on a card.
    async fn decide(&mut self, session: Session, action: &ActionId, yes: bool, digest: Option<&str>) -> Accepted {
        let now = self.now();
        match self.decidable(&session, action, yes, digest, now).await {
            Err(refused) => (Err(refused), None),
            Ok(action) => {
                let before = self.unwritten();
                self.meet(session, now);
                let action_id = action.id.clone();
                let start = self.begin_decided(None, action, yes, Vec::new(), now);
                // One decision per proposal, whoever else decides at the same moment.
                let once = Claim { kind: "decision".to_owned(), key: action_id.to_string(), result: start.id.to_string() };
                let received = Received {
                    conversation: self.id.clone(),
                    message: None,
                    turn: Some(start.id.clone()),
                    seq: self.state.length + self.pending.len() as u64,
                    replayed: false,
                };
                self.accept(vec![once], received, Some(Next::Open(start)), before).await
            }
        }
    }

    async fn decidable(
        &self,
        session: &Session,
        action: &ActionId,
        yes: bool,
        digest: Option<&str>,
        now: Timestamp,
    ) -> Result<ProposedAction, Refused> {
        load::belongs(session, &self.session, now)?;
        let (action, state) = load::action(&*self.service.0.parts.log, action).await?;
        if action.conversation != self.id {
            return Err(Refused::NotFound);
        }
        match digest {
            None if yes => return Err(Refused::ConfirmationRequired),
            Some(digest) if digest != action.digest => return Err(Refused::ConfirmationMismatch),
            _ => {}
        }
        if state != ActionState::Proposed {
            return Err(Refused::ConfirmationUsed);
        }
        if now >= action.expires || (yes && self.state.state != Some(ConversationState::Bot)) {
            return Err(Refused::ConfirmationExpired);
        }
        Ok(action)
    }

    /// Writes what was accepted. Nothing of it exists if the log refuses.
    async fn accept(&mut self, claims: Vec<Claim>, received: Received, next: Option<Next>, before: Unwritten) -> Accepted {
        match self.append(claims).await {
            Ok(Appended::Written { .. }) => (Ok(received), next),
            Ok(Appended::AlreadyClaimed { claim }) => {
                self.forget_since(&before);
                if claim.kind == "decision" { (Err(Refused::ConfirmationUsed), None) } else { (Err(Refused::IdempotencyConflict), None) }
            }
            Err(error) => {
                self.forget_since(&before);
                (Err(error.into()), None)
            }
        }
    }

    /// Marks what the open turn has recorded and not written yet.
    fn unwritten(&self) -> Unwritten {
        Unwritten { events: self.pending.len(), timers: self.timers.len(), session: self.session.clone() }
    }

    /// What was accepted a moment ago was not written: it never happened. What the open turn recorded before stays.
    fn forget_since(&mut self, before: &Unwritten) {
        self.pending.truncate(before.events);
        self.timers.truncate(before.timers);
        self.session.clone_from(&before.session);
    }

    /// The first result of a client id, if it was used; refused when it was used for other words.
    async fn known(&self, client: &str, fingerprint: &str) -> Result<Option<Received>, Refused> {
        let Some(first) = self.service.0.parts.log.claimed("message".to_owned(), self.message_key(client)).await? else {
            return Ok(None);
        };
        let (theirs, received): (String, Received) =
            serde_json::from_str(&first).map_err(|error| Refused::Broken(format!("a message claim is unreadable: {error}")))?;
        if theirs == fingerprint { Ok(Some(Received { replayed: true, ..received })) } else { Err(Refused::IdempotencyConflict) }
    }

    fn message_key(&self, client: &str) -> String {
        format!("{}/{client}", self.id)
    }

    fn message_claim(&self, client: &str, fingerprint: &str, received: &Received) -> Claim {
        let result = serde_json::to_string(&(fingerprint, received)).expect("invariant: ids and numbers always serialise");
        Claim { kind: "message".to_owned(), key: self.message_key(client), result }
    }

    /// Takes the sender's session over, and notes it when it proves something else than before. A sender without the proof the
    /// conversation had (an expired or missing token) keeps the chat; the rights are gone until they prove it again.
    fn meet(&mut self, session: Session, now: Timestamp) {
        let unproven = self.session.customer.is_some() && session.customer.is_none();
        let by = self.state.proven_by.clone().filter(|_| unproven);
        let session = match &by {
            Some(by) => self.kept_proof(by, now),
            None if unproven => Session { level: Level::Anonymous, ..self.session.clone() },
            None => session,
        };
        let proof = |session: &Session| (session.customer.as_ref().map(|customer| customer.id.clone()), session.level, session.until);
        // Held against the log, not against memory: a change that could not be written is noted again.
        if self.state.session.as_ref().map(proof) != Some(proof(&session)) {
            self.pending.push((now, Event::SessionChanged { session: session.clone(), by }));
        }
        self.session = session;
    }

    /// A person takes the conversation. The open reply is cut; what was proposed is withdrawn.
    async fn take_over(&mut self, by: &str) -> Result<Received, Refused> {
        let now = self.now();
        self.withdraw("taken_over", now);
        // Before what the open turn makes of it: this is how a turn that is taken up again knows.
        self.pending.push((now, Event::StateChanged { state: ConversationState::Open, by: Some(by.to_owned()) }));
        if let Some(open) = &mut self.open {
            let effects = open.turn.on(Input::TakenOver { by: by.to_owned() }, now);
            self.perform(effects, now).await;
        }
        self.flush().await?;
        Ok(Received { conversation: self.id.clone(), message: None, turn: None, seq: self.state.length, replayed: false })
    }

    /// A write whose effect is not known is looked after in a turn of its own.
    async fn settle(&mut self, action: &ActionId, attempt: u32) {
        let clear = TimerChange::Clear { name: timers::settle_timer(action) };
        match load::action(&*self.service.0.parts.log, action).await {
            Ok((action, ActionState::Unknown)) => {
                self.timers.push(clear);
                let id = action.id.clone();
                let cause = Cause::Settle { action: Box::new(action), attempt };
                let start = self.begin(None, Some(&id), TurnCause::Settle { attempt }, cause, Vec::new());
                if self.flush().await.is_ok() {
                    self.start(start).await;
                }
            }
            Ok(_) | Err(Refused::NotFound) => {
                self.timers.push(clear);
                drop(self.flush().await);
            }
            Err(error) => tracing::warn!(%action, %error, "a write that is to be settled cannot be read; its timer stays"),
        }
    }

    /// Tells the open turn something that came back.
    async fn tell(&mut self, turn: &TurnId, input: Input) {
        let now = self.now();
        if let Some(open) = self.open.as_mut().filter(|open| open.turn.id() == turn) {
            let effects = open.turn.on(input, now);
            self.perform(effects, now).await;
        }
    }

    /// Takes up a turn that the log shows as open.
    async fn recover(&mut self) {
        let Some(turn) = self.state.turn.clone() else { return self.go_on().await };
        let stream = StreamId::conversation(&self.id);
        let log = self.service.0.parts.log.clone();
        let Some(events) = self.patiently(|| load::stream(&*log, &stream, 0)).await else { return };
        let opened = events.iter().position(|event| matches!(&event.event, Event::TurnOpened { turn: opened, .. } if *opened == turn));
        let Some(opened) = opened else { return };
        let cause = self.cause(&events[opened].event).await;
        match cause {
            Some(cause) if self.same_rules(&events[opened].event) => self.reopen(&turn, cause, &events, opened).await,
            cause => self.abandon(&turn, cause, &events[opened..]).await,
        }
        self.go_on().await;
    }

    /// Was a turn opened under the rules that are in force now? Only then do its inputs mean what they meant.
    fn same_rules(&self, opened: &Event) -> bool {
        matches!(opened, Event::TurnOpened { rules, .. } if *rules == self.service.house().digest)
    }

    /// Why a turn was opened; `None` when that has been forgotten.
    async fn cause(&self, opened: &Event) -> Option<Cause> {
        let Event::TurnOpened { message, action, cause, .. } = opened else { return None };
        if *cause == TurnCause::Message {
            let (text, picked) = self.state.texts.get(message.as_ref()?)?.clone();
            return Some(Cause::Message { text, picked });
        }
        let (log, id) = (self.service.0.parts.log.clone(), action.clone()?);
        let action = Box::new(self.patiently(|| load::action(&*log, &id)).await?.0);
        match cause {
            TurnCause::Confirmed { by } => Some(Cause::Confirmed { action, by: by.clone() }),
            TurnCause::Declined => Some(Cause::Declined { action }),
            TurnCause::Settle { attempt } => Some(Cause::Settle { action, attempt: *attempt }),
            TurnCause::Message => None,
        }
    }

    /// Feeds the turn its own inputs and goes on where it was.
    async fn reopen(&mut self, turn: &TurnId, cause: Cause, events: &[Recorded], at: usize) {
        tracing::info!(conversation = %self.id, %turn, "taking up an open turn again");
        let (opened, before) = (&events[at], &events[..at]);
        let state = Conversation::fold(before);
        let session = state.session.clone().unwrap_or_else(|| self.session.clone());
        let customer = CustomerFacts::fold(&self.service.house().company, before);
        let message = match &opened.event {
            Event::TurnOpened { message, .. } => message.as_ref(),
            _ => None,
        };
        let start = Start { id: turn.clone(), at: opened.at, cause, notes: notes_of(message, events) };
        let opening = self.opening(start, &state, &session, &customer, Some(opened.position)).await;
        let words = self.state.texts.iter().map(|(message, (text, _))| (message.clone(), text.clone())).collect();
        let (turn, effects) = Turn::resume(self.service.house().clone(), opening, opened.at, &events[at + 1..], &words, self.now());
        self.open = Some(Open { turn, tasks: BTreeMap::new() });
        self.perform(effects, self.now()).await;
    }

    /// A turn that cannot go on where it was, because the rules have changed or what it was about has been forgotten: a write that
    /// had been taken is unknown and is looked after; where nothing was said or written yet, the turn begins anew.
    async fn abandon(&mut self, turn: &TurnId, cause: Option<Cause>, events: &[Recorded]) {
        let now = self.now();
        let released = events.iter().any(|event| matches!(event.event, Event::PartReleased { .. }));
        let taken: Vec<ActionId> = events.iter().filter_map(|event| claimed_in(&event.event)).collect();
        let settled = |id: &ActionId| events.iter().any(|event| matches!(&event.event, Event::ActionSettled { id: of, .. } if of == id));
        for id in taken.iter().filter(|id| !settled(id)) {
            let detail = Some("the process ended before the answer came".to_owned());
            let unknown = Event::ActionSettled { id: id.clone(), outcome: Settled::Unknown, verified: None, detail };
            self.pending.push((now, unknown));
            self.timers.push(timers::settle_at(&self.id, id, now, 0));
        }
        let why = if cause.is_some() { "the rules have changed" } else { "what it was about has been forgotten" };
        self.pending.push((now, Event::ReplyCut { turn: turn.clone(), why: why.to_owned() }));
        let again = cause.filter(|_| !released && taken.is_empty()).and_then(|cause| match events.first().map(|event| &event.event) {
            Some(Event::TurnOpened { message, action, cause: recorded, .. }) => {
                Some(self.begin(message.as_ref(), action.as_ref(), recorded.clone(), cause, notes_of(message.as_ref(), events)))
            }
            _ => None,
        });
        if self.flush().await.is_ok()
            && let Some(start) = again
        {
            self.start(start).await;
        }
    }

    /// A turn cannot go on without storage. Until it can, the doors turn new messages away instead of letting them wait here.
    pub(crate) async fn wait_for_storage(&self, error: &(dyn std::fmt::Display + Sync)) {
        tracing::error!(conversation = %self.id, %error, "a turn waits for storage");
        self.service.0.storage_down.store(true, Ordering::Relaxed);
        tokio::time::sleep(STORAGE_PAUSE).await;
        self.service.0.storage_down.store(false, Ordering::Relaxed);
    }

    /// Reads until it succeeds: a storage error says nothing about what is stored. `None` when there is no such thing.
    async fn patiently<T, F>(&self, mut read: impl FnMut() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Refused>>,
    {
        loop {
            match read().await {
                Ok(found) => return Some(found),
                Err(Refused::NotFound) => return None,
                Err(error) => self.wait_for_storage(&error).await,
            }
        }
    }

    /// Writes everything recorded so far, trying again while storage is full or broken: nobody has seen any of it yet.
    pub(crate) async fn flush(&mut self) -> Result<(), Refused> {
        loop {
            match self.append(Vec::new()).await {
                Ok(_) => return Ok(()),
                Err(error @ (LogError::Full { .. } | LogError::Broken(_))) => self.wait_for_storage(&error).await,
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// One append of everything recorded so far, with these claims.
    pub(crate) async fn append(&mut self, claims: Vec<Claim>) -> Result<Appended, LogError> {
        if self.pending.is_empty() && self.timers.is_empty() && self.unclaims.is_empty() && claims.is_empty() {
            return Ok(Appended::Written { last: patchbay_core::log::Position(0), lengths: Vec::new() });
        }
        self.renew().await?;
        self.link_customer().await?;
        let append = Append {
            at: self.now(),
            batches: self.batches(),
            subject: Some(subject(&self.session, &self.id)),
            claims,
            unclaims: self.unclaims.clone(),
            outgoing: Vec::new(),
            timers: self.timers.clone(),
            fence: Some(self.lease.fence.clone()),
        };
        let appended = self.service.0.parts.log.append(append).await;
        match &appended {
            Ok(Appended::Written { .. }) => {
                for (_, event) in std::mem::take(&mut self.pending) {
                    self.customer.apply(&self.service.0.parts.house.company, &event);
                    self.state.apply(self.state.length + 1, &event);
                }
                self.unclaims.clear();
                self.timers.clear();
                self.service.signal(&self.id, Signal::Grew);
            }
            Err(LogError::Conflict { .. } | LogError::Fenced(_)) => self.lost = true,
            Ok(Appended::AlreadyClaimed { .. }) | Err(_) => {}
        }
        appended
    }

    /// Before a conversation is first written with a customer's key, the key it had until now is linked to them.
    async fn link_customer(&self) -> Result<(), LogError> {
        let known = self.state.session.as_ref().is_some_and(|session| session.customer.is_some());
        match &self.session.customer {
            Some(customer) if !known => {
                let conversation = Subject(self.id.to_string());
                self.service.0.parts.log.link(conversation, Subject(customer.id.to_string())).await
            }
            _ => Ok(()),
        }
    }

    /// The conversation's events, each of a write's life also in the write's own stream, and what counts against limits in the customer's.
    fn batches(&self) -> Vec<Batch> {
        let own =
            Batch { stream: StreamId::conversation(&self.id), expected: Expected::Length(self.state.length), events: self.pending.clone() };
        let mut others: BTreeMap<StreamId, Vec<(Timestamp, Event)>> = BTreeMap::new();
        for (at, event) in &self.pending {
            if let Event::ActionProposed { id, .. }
            | Event::ActionConfirmed { id, .. }
            | Event::ActionCancelled { id, .. }
            | Event::ActionClaimed { id, .. }
            | Event::ActionSettled { id, .. } = event
            {
                others.entry(StreamId::action(id)).or_default().push((*at, event.clone()));
            }
            if matches!(event, Event::ProofTried { .. } | Event::ProofEnded { .. }) {
                others.entry(StreamId::visitor(&self.session.visitor)).or_default().push((*at, event.clone()));
            }
            if let (Event::ActionClaimed { .. }, Some(customer)) = (event, &self.session.customer) {
                others.entry(StreamId::customer(&customer.id)).or_default().push((*at, event.clone()));
            }
        }
        let others = others.into_iter().map(|(stream, events)| Batch { stream, expected: Expected::Any, events });
        std::iter::once(own).chain(others).collect()
    }

    async fn renew(&mut self) -> Result<(), LogError> {
        let now = self.now();
        if self.lease.until.since(now) > LEASE / 2 {
            return Ok(());
        }
        match self.service.0.parts.log.lease(request(&self.service, &self.id, now)).await? {
            Some(lease) => {
                self.lease = lease;
                Ok(())
            }
            None => {
                self.lost = true;
                Err(LogError::Fenced(self.lease.fence.lease.clone()))
            }
        }
    }
}

/// A turn whose opening is recorded.
struct Start {
    id: TurnId,
    at: Timestamp,
    cause: Cause,
    notes: Vec<String>,
}

/// What follows from something accepted.
enum Next {
    /// A turn starts.
    Open(Start),
    /// The open turn takes these words in.
    Join(TurnId, String),
}

impl Next {
    fn turn(&self) -> &TurnId {
        match self {
            Self::Open(Start { id, .. }) | Self::Join(id, _) => id,
        }
    }
}

/// What was recorded before something is accepted.
struct Unwritten {
    events: usize,
    timers: usize,
    session: Session,
}

/// What the sender is told, and what follows.
type Accepted = (Result<Received, Refused>, Option<Next>);

fn request(service: &Service, id: &ConversationId, now: Timestamp) -> LeaseRequest {
    LeaseRequest { name: StreamId::conversation(id).0, holder: service.0.parts.node.clone(), now, lasts: LEASE }
}

async fn acquire(service: &Service, id: &ConversationId) -> Result<Lease, Refused> {
    let began = service.0.parts.clock.now();
    loop {
        let now = service.0.parts.clock.now();
        if let Some(lease) = service.0.parts.log.lease(request(service, id, now)).await? {
            return Ok(lease);
        }
        if now.since(began) > LEASE_PATIENCE {
            return Err(Refused::Busy { retry_after: Duration::from_secs(5) });
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Do two sessions speak for the same customer with the same rights?
fn same_proof(one: &Session, two: &Session) -> bool {
    let customer = |session: &Session| session.customer.as_ref().map(|customer| customer.id.clone());
    (customer(one), one.level) == (customer(two), two.level)
}

/// What makes two messages of a conversation the same message: their words as they are stored, masked.
fn fingerprint(conversation: &ConversationId, text: &str, picked: Option<&str>) -> String {
    let mut hasher = Sha256::new();
    for part in [conversation.as_str(), text, picked.unwrap_or_default()] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The write that an event takes.
fn claimed_in(event: &Event) -> Option<ActionId> {
    match event {
        Event::ActionClaimed { id, .. } => Some(id.clone()),
        _ => None,
    }
}

fn notes_of(message: Option<&MessageId>, events: &[Recorded]) -> Vec<String> {
    let masked = events.iter().find_map(|event| match &event.event {
        Event::MessageReceived { message: id, masked, .. } if Some(id) == message => Some(masked),
        _ => None,
    });
    masked.into_iter().flatten().map(|what| format!("{what}_masked")).collect()
}
