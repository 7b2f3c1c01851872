//! One conversation that is awake: it alone writes its stream, and it runs its open turn.

use crate::customer::CustomerFacts;
use crate::desk::who;
use crate::desk::{Act, Rating, Watch};
use crate::inbound::{Inbound, Received};
use crate::journal::acquire;
use crate::limits::Used;
use crate::recovery::notes_of;
use crate::{Refused, Service, load, timers};
use patchbay_core::action::Use;
use patchbay_core::conversation::Conversation;
use patchbay_core::event::{Event, TurnCause};
use patchbay_core::handoff::{HandoffEnd, People};
use patchbay_core::id::{ActionId, ConversationId, MessageId, StaffId, TurnId};
use patchbay_core::log::{Lease, Position, StreamId, TimerChange};
use patchbay_core::mind::{Line, Speaker};
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Timestamp};
use patchbay_turn::{Cause, Input, Opening, Standing, Turn};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// An actor without an open turn goes to sleep after this long.
const SLEEPS_AFTER: Duration = Duration::from_secs(20);

/// Who waits for an answer.
pub(crate) type Done = oneshot::Sender<Result<Received, Refused>>;

/// What an actor is told.
pub(crate) enum Command {
    /// A message came in.
    Receive { session: Session, inbound: Inbound, done: Done },
    /// The customer decided on a card.
    Decide { session: Session, action: ActionId, yes: bool, digest: Option<String>, done: Done },
    /// The customer pressed the button for a person.
    AskPerson { session: Session, done: Done },
    /// The customer says how it was.
    Rate { session: Session, rating: Rating, done: Done },
    /// A person of the staff does something.
    Desk { by: StaffId, act: Act, done: Done },
    /// Something that is watched for people is due.
    Watched(Watch),
    /// A write whose effect is not known is to be looked after.
    Settle { action: ActionId, attempt: u32 },
    /// Look whether there is something to do.
    Wake,
    /// Something the open turn is to be told.
    Tell(TurnId, Box<Input>),
}

impl Command {
    /// Whoever waits for an answer to it.
    fn waits(self) -> Option<Done> {
        match self {
            Self::Receive { done, .. }
            | Self::Decide { done, .. }
            | Self::AskPerson { done, .. }
            | Self::Rate { done, .. }
            | Self::Desk { done, .. } => Some(done),
            Self::Settle { .. } | Self::Watched(_) | Self::Wake | Self::Tell(..) => None,
        }
    }
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
    pub(crate) lease: Lease,
    pub(crate) open: Option<Open>,
    /// How it stands with people.
    pub(crate) people: People,
    /// Facts about the customer loaded by earlier turns.
    pub(crate) customer: CustomerFacts,
    /// Recorded, but not in the log yet.
    pub(crate) pending: Vec<(Timestamp, Event)>,
    pub(crate) unclaims: Vec<(String, String)>,
    pub(crate) timers: Vec<TimerChange>,
    /// What another stream must look like for the next append to count.
    pub(crate) expects: Option<(StreamId, u64)>,
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
            if let Some(done) = command.waits() {
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
        // Before anything is written: from then on the lines are kept along.
        service.lines().await?;
        let state = Conversation::fold(&events);
        let people = People::fold(&events);
        let session = state.session.clone().ok_or(Refused::NotFound)?;
        let customer = CustomerFacts::fold(&service.house().company, &events);
        Ok(Self {
            service,
            id,
            me,
            state,
            people,
            session,
            lease,
            open: None,
            customer,
            pending: Vec::new(),
            unclaims: Vec::new(),
            timers: Vec::new(),
            expects: None,
            later: VecDeque::new(),
            lost: false,
        })
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.service.0.parts.clock.now()
    }

    async fn obey(&mut self, command: Command) {
        self.carry_out(command).await;
        self.go_on().await;
    }

    /// Does what a command says, or keeps it until the open turn has ended.
    async fn carry_out(&mut self, command: Command) {
        match command {
            Command::Receive { session, inbound, done } => {
                let (result, next) = self.receive(session, inbound).await;
                let _ = done.send(result);
                self.proceed(next).await;
            }
            Command::Decide { .. } | Command::Settle { .. } if self.open.is_some() => self.later.push_back(command),
            Command::Desk { ref act, .. } if act.waits_for_turn() && self.open.is_some() => self.later.push_back(command),
            Command::Decide { session, action, yes, digest, done } => {
                let (result, next) = self.decide(session, &action, yes, digest.as_deref()).await;
                let _ = done.send(result);
                self.proceed(next).await;
            }
            Command::AskPerson { session, done } => {
                let (result, next) = self.ask_person(session).await;
                let _ = done.send(result);
                self.proceed(next).await;
            }
            Command::Rate { session, rating, done } => {
                let result = self.rate(&session, rating).await;
                let _ = done.send(result);
            }
            Command::Desk { by, act, done } => {
                let (result, next) = self.act(by, act).await;
                let _ = done.send(result);
                self.proceed(next).await;
            }
            Command::Watched(watch) => self.watched(watch).await,
            Command::Settle { action, attempt } => self.settle(&action, attempt).await,
            Command::Wake => self.rest().await,
            Command::Tell(turn, input) => self.tell(&turn, *input).await,
        }
    }

    /// After a turn has ended: what waited for it, then the next message.
    pub(crate) async fn go_on(&mut self) {
        while self.open.is_none() && !self.lost {
            if let Some(command) = self.later.pop_front() {
                self.carry_out(command).await;
            } else if self.state.state == Some(ConversationState::Bot)
                && !self.state.ending.is_over()
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
    pub(crate) async fn rest(&mut self) {
        if self.open.is_none()
            && self.state.turn.is_none()
            && (self.state.waiting.is_empty() || self.state.state != Some(ConversationState::Bot) || self.state.ending.is_over())
        {
            self.timers.push(TimerChange::Clear { name: timers::turn_timer(&self.id) });
            drop(self.flush().await);
        }
    }

    /// Goes on with what was accepted, once that is in the log and its sender knows.
    pub(crate) async fn proceed(&mut self, next: Option<Next>) {
        match next {
            None => {}
            Some(Next::Open(start)) => self.start(start).await,
            Some(Next::Ask(turn)) => self.ask_in_turn(&turn).await,
            Some(Next::Join(turn, text)) => self.tell(&turn, Input::Joined { text }).await,
        }
    }

    /// Starts a turn whose opening is in the log.
    pub(crate) async fn start(&mut self, start: Start) {
        let at = start.at;
        let session = session_of(&start.cause, &self.session, &self.people);
        let known = Known { state: &self.state, people: &self.people, session: &session, customer: &self.customer };
        let opening = self.opening(start, known, None).await;
        let (turn, effects) = Turn::open(self.service.house().clone(), opening, at);
        self.open = Some(Open { turn, tasks: BTreeMap::new() });
        self.perform(effects, at).await;
    }

    /// What a turn starts from, given the conversation as it was then. `before` is where its opening stands in the log, when it
    /// is there from an earlier life: what came after it does not count.
    pub(crate) async fn opening(&self, start: Start, known: Known<'_>, before: Option<Position>) -> Opening {
        let Known { state, people, session, customer } = known;
        let Start { id, at, message, cause, notes } = start;
        // What people have dealt with is cut off; what they noted for the bot stands at the beginning.
        let mut history: Vec<Line> = briefing(people).into_iter().collect();
        history.extend(state.lines.get(state.cut..).unwrap_or_default().iter().cloned());
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
            files: message.and_then(|message| state.files.get(&message).cloned()).unwrap_or_default(),
            silent: state.state != Some(ConversationState::Bot),
            standing: self.standing(people, session).await,
            earlier: state.earlier,
            cause,
        }
    }

    /// How the conversation stands with people, and who else waits for them.
    async fn standing(&self, people: &People, session: &Session) -> Standing {
        let (queues, elsewhere) = match self.patiently(|| self.service.lines()).await {
            Some(lines) => {
                let now = self.now();
                lines.standing(&self.id, &who(session), people.unanswered.unwrap_or(now), now, self.service.house())
            }
            None => Default::default(),
        };
        Standing {
            handoff: people.open().map(|open| open.id.clone()),
            wait_since: people.unanswered,
            released: people.released.clone(),
            offered: people.offered,
            feeling: people.feeling,
            queues,
            elsewhere,
        }
    }

    /// Whose conversation it is for the desk: the customer as they were proven in it. Their proof does not run out for people.
    pub(crate) fn desk_session(&self) -> Session {
        at_desk(&self.session, &self.people)
    }

    /// What this customer used before, by tool; looked up only where a tool has limits.
    async fn used(&self, session: &Session, cause: &Cause, before: Option<Position>) -> BTreeMap<String, Vec<Use>> {
        let limited = self.service.house().company.tools.values().any(|tool| !tool.limits.is_empty());
        let Some(customer) = session.customer.as_ref().filter(|_| limited) else { return BTreeMap::new() };
        let own = match cause {
            Cause::Settle { action, .. } => Some(&action.id),
            _ => None,
        };
        let log = self.service.0.parts.log.clone();
        // Guessing "never used" would lift the limits.
        let used = self.patiently(|| Used::read(&*log, &customer.id, own, before)).await;
        used.unwrap_or_default().by_tool
    }

    /// Notes that a turn opens.
    pub(crate) fn begin(
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
        Start { id, at, message: message.cloned(), cause, notes }
    }

    /// Tells the open turn something that came back.
    pub(crate) async fn tell(&mut self, turn: &TurnId, input: Input) {
        let now = self.now();
        if let Some(open) = self.open.as_mut().filter(|open| open.turn.id() == turn) {
            let effects = open.turn.on(input, now);
            self.perform(effects, now).await;
        }
    }
}

/// A conversation as it was at some time.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    pub(crate) state: &'a Conversation,
    pub(crate) people: &'a People,
    pub(crate) session: &'a Session,
    pub(crate) customer: &'a CustomerFacts,
}

/// With whose rights a turn runs: what a person of the staff confirmed is done for the customer as they were proven.
pub(crate) fn session_of(cause: &Cause, session: &Session, people: &People) -> Session {
    match cause {
        Cause::Confirmed { by, .. } if StaffId::parse(by).is_some() => at_desk(session, people),
        _ => session.clone(),
    }
}

/// The customer of a conversation as they were proven in it.
pub(crate) fn at_desk(session: &Session, people: &People) -> Session {
    let proven = people.proven.clone().unwrap_or_else(|| session.clone());
    Session { until: Timestamp(i64::MAX), ..proven }
}

/// What people noted for the bot when they handed the conversation back to it.
fn briefing(people: &People) -> Option<Line> {
    let last = people.handoffs.last()?;
    let (_, HandoffEnd::HandedBack) = last.ended? else { return None };
    let text = people.note(last.note.as_ref()?)?.text.clone()?;
    Some(Line { who: Speaker::Agent, text })
}

/// A turn whose opening is recorded.
pub(crate) struct Start {
    pub(crate) id: TurnId,
    pub(crate) at: Timestamp,
    /// The message that opens it.
    pub(crate) message: Option<MessageId>,
    pub(crate) cause: Cause,
    pub(crate) notes: Vec<String>,
}

/// What follows from something accepted.
pub(crate) enum Next {
    /// A turn starts.
    Open(Start),
    /// The open turn takes these words in.
    Join(TurnId, String),
    /// The open turn hands over.
    Ask(TurnId),
}

impl Next {
    pub(crate) fn turn(&self) -> &TurnId {
        match self {
            Self::Open(Start { id, .. }) | Self::Join(id, _) | Self::Ask(id) => id,
        }
    }
}
