//! The driver's doors: open, receive, decide, look, listen.

use crate::actor::{self, Command};
use crate::desk::Lines;
use crate::inbound::{Inbound, Received, Transcript, TranscriptLine};
use crate::live::{Live, Signal};
use crate::public::{Public, PublicEvent, Publisher};
use crate::{Refused, fold_reply, load, timers};
use futures::Stream;
use patchbay_core::conversation::Conversation;
use patchbay_core::declare::Queue;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::id::{ActionId, ConversationId, CustomerId, MessageId, TurnId};
use patchbay_core::log::{Append, Expected, StreamId, Subject};
use patchbay_core::port::{Backends, Files, Log, Mind};
use patchbay_core::reply::Reply;
use patchbay_core::words::ConversationState;
use patchbay_core::{Chance, Clock, Session};
use patchbay_turn::House;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{OnceCell, broadcast, oneshot, watch};

/// How many events before the end of what was accepted are read to find it: one append of a message writes fewer.
const NEAR: u64 = 16;

/// Everything the driver is made of.
pub struct Parts {
    /// The log of everything.
    pub log: Arc<dyn Log>,
    /// The files that people send along.
    pub files: Arc<dyn Files>,
    /// The company's backends.
    pub backends: Arc<dyn Backends>,
    /// The minds, best first; the last one needs nobody else.
    pub minds: Vec<Arc<dyn Mind>>,
    /// The rules in force.
    pub house: Arc<House>,
    /// Is a whole message a plain yes or no to the card that was shown last? Anything more is `None` and goes to a mind.
    pub yes_or_no: fn(text: &str, language: &str) -> Option<bool>,
    /// Our pseudonym for the company's own id of a customer.
    pub pseudonym: Arc<dyn Fn(&str) -> CustomerId + Send + Sync>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where ids come from.
    pub chance: Arc<dyn Chance>,
    /// The name of this process among those that share the log.
    pub node: String,
}

pub(crate) struct Inner {
    pub(crate) parts: Parts,
    pub(crate) live: Live<Command>,
    pub(crate) stop: watch::Sender<bool>,
    /// Who waits for people; read at the first need.
    pub(crate) lines: OnceCell<Lines>,
    /// Does a turn wait for storage just now?
    pub(crate) storage_down: AtomicBool,
    /// Held by whoever looks into a file that came in.
    pub(crate) looking: Mutex<()>,
}

/// The driver. Cheap to clone.
#[derive(Clone)]
pub struct Service(pub(crate) Arc<Inner>);

impl Service {
    /// Starts the driver: its timers, and with them every turn that a crash left open.
    /// Must be called within a tokio runtime.
    #[must_use]
    pub fn start(parts: Parts) -> Self {
        let (stop, _) = watch::channel(false);
        let service = Self(Arc::new(Inner {
            parts,
            live: Live::default(),
            lines: OnceCell::new(),
            stop,
            storage_down: AtomicBool::new(false),
            looking: Mutex::default(),
        }));
        tokio::spawn(timers::run(service.clone()));
        service
    }

    /// Asks everything that runs in the background to stop. Conversations are safe at any moment: their log is their state.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }

    /// The rules in force.
    #[must_use]
    pub fn house(&self) -> &Arc<House> {
        &self.0.parts.house
    }

    /// The names of the minds, best first.
    #[must_use]
    pub fn minds(&self) -> Vec<&str> {
        self.0.parts.minds.iter().map(|mind| mind.name()).collect()
    }

    /// Opens a conversation for this session.
    ///
    /// # Errors
    /// When it cannot be stored.
    pub async fn open(&self, session: &Session, language: Option<String>) -> Result<ConversationId, Refused> {
        let parts = &self.0.parts;
        let id = ConversationId::mint(&*parts.clock, &*parts.chance);
        let language = language.unwrap_or_else(|| parts.house.company.language.clone());
        let event = Event::ConversationOpened { session: session.clone(), language };
        let mut append = Append::new(parts.clock.now(), StreamId::conversation(&id), Expected::Length(0), vec![event]);
        append.subject = Some(subject(session, &id));
        parts.log.append(append).await?;
        Ok(id)
    }

    /// Accepts a message. Once this returns, the message is on the disk and will be answered, whatever happens to the process.
    ///
    /// # Errors
    /// When the conversation is not this session's, the id was used for something else, or nothing can be stored.
    pub async fn receive(&self, session: &Session, inbound: Inbound) -> Result<Received, Refused> {
        let conversation = inbound.conversation.clone();
        self.command(&conversation, |done| Command::Receive { session: session.clone(), inbound, done }).await
    }

    /// Takes the customer's yes or no to a proposed write. A yes must name the digest of what was shown.
    ///
    /// # Errors
    /// When there is no such proposal for this session, or it expired, was used, or is for something else.
    pub async fn decide(
        &self,
        session: &Session,
        conversation: &ConversationId,
        action: &ActionId,
        yes: bool,
        digest: Option<String>,
    ) -> Result<Received, Refused> {
        let (session, action) = (session.clone(), action.clone());
        self.command(conversation, |done| Command::Decide { session, action, yes, digest, done }).await
    }

    /// The reply of a turn; `None` while it is open.
    ///
    /// # Errors
    /// When there is no such conversation or turn for this session.
    pub async fn reply(&self, session: &Session, conversation: &ConversationId, turn: &TurnId) -> Result<Option<Reply>, Refused> {
        let events = self.events_of(session, conversation).await?;
        if !opens(&events, turn) {
            return Err(Refused::NotFound);
        }
        Ok(fold_reply(&self.0.parts.house.company, conversation, turn, &events))
    }

    /// Waits for the reply to what was received: a message, or a decision; `None` when it takes longer than that. Only whose it is
    /// was told what was received.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn wait_reply(&self, received: &Received, within: Duration) -> Result<Option<Reply>, Refused> {
        let mut signals = self.0.live.listen(&received.conversation);
        let (log, stream) = (&*self.0.parts.log, StreamId::conversation(&received.conversation));
        let wait = async {
            // What was accepted stands near the end of the stream: a long conversation is not read again for every reply.
            let mut read = received.turn.as_ref().map_or(0, |_| received.seq.saturating_sub(NEAR));
            let mut events = Vec::new();
            loop {
                events.extend(load::stream(log, &stream, read).await?);
                read = events.last().map_or(read, |event: &Recorded| event.seq);
                if let Some(turn) = answering(&events, received) {
                    if !opens(&events, &turn) {
                        events = load::stream(log, &stream, 0).await?;
                    }
                    if let Some(reply) = fold_reply(&self.0.parts.house.company, &received.conversation, &turn, &events) {
                        return Ok(Some(reply));
                    }
                } else if held_by_people(&events) {
                    return Ok(None);
                }
                if matches!(signals.recv().await, Err(broadcast::error::RecvError::Closed)) {
                    return Ok(None);
                }
            }
        };
        tokio::time::timeout(within, wait).await.unwrap_or(Ok(None))
    }

    /// The conversation as its customer may see it.
    ///
    /// # Errors
    /// When there is no such conversation for this session.
    pub async fn conversation(&self, session: &Session, conversation: &ConversationId) -> Result<Transcript, Refused> {
        let events = self.events_of(session, conversation).await?;
        let mut publisher = Publisher::default();
        let mut transcript = Transcript {
            conversation: conversation.clone(),
            state: ConversationState::Bot,
            lines: Vec::new(),
            question: None,
            proposal: None,
            ended: None,
            earlier: Conversation::fold(&events).ending.earlier,
            seq: events.last().map_or(0, |event| event.seq),
        };
        for public in events.iter().filter_map(|event| publisher.publish(event)) {
            show(&mut transcript, public);
        }
        Ok(transcript)
    }

    /// The conversation's public events after a place in its stream, then each new one as it comes. Ends when the driver stops.
    ///
    /// # Errors
    /// Within the stream: when the conversation is not this session's, or the place lies beyond its end.
    pub fn events(
        &self,
        session: Session,
        conversation: ConversationId,
        after: u64,
    ) -> impl Stream<Item = Result<Public, Refused>> + use<> {
        crate::load::follow(self.clone(), session, conversation, after)
    }

    /// Every event of a conversation of this session.
    pub(crate) async fn events_of(&self, session: &Session, conversation: &ConversationId) -> Result<Vec<Recorded>, Refused> {
        let events = load::stream(&*self.0.parts.log, &StreamId::conversation(conversation), 0).await?;
        load::allowed(session, &events, self.0.parts.clock.now())?;
        Ok(events)
    }

    /// Who waits for people.
    pub(crate) async fn lines(&self) -> Result<&Lines, Refused> {
        let queues = || {
            let declared: Vec<String> = self.house().company.escalation.queues.iter().map(|queue| queue.name.clone()).collect();
            if declared.is_empty() { vec![Queue::default().name] } else { declared }
        };
        self.0.lines.get_or_try_init(|| Lines::load(&*self.0.parts.log, queues())).await
    }

    pub(crate) async fn command(
        &self,
        conversation: &ConversationId,
        command: impl FnOnce(oneshot::Sender<Result<Received, Refused>>) -> Command,
    ) -> Result<Received, Refused> {
        if self.0.storage_down.load(Ordering::Relaxed) {
            return Err(Refused::StorageFull("storage cannot be written; nothing was accepted".to_owned()));
        }
        let (done, answer) = oneshot::channel();
        self.tell(conversation, command(done));
        answer.await.unwrap_or(Err(Refused::Busy { retry_after: Duration::from_secs(1) }))
    }

    /// Hands a command to the conversation's actor, waking it if it sleeps.
    pub(crate) fn tell(&self, conversation: &ConversationId, command: Command) {
        self.0.live.send(conversation, command, |sender, receiver| {
            tokio::spawn(actor::run(self.clone(), conversation.clone(), sender, receiver));
        });
    }

    /// Wakes who listens to a conversation.
    pub(crate) fn signal(&self, conversation: &ConversationId, signal: Signal) {
        self.0.live.signal(conversation, signal);
    }
}

/// Whose key seals a conversation's personal values: the customer's, or the conversation's own while nobody is known.
pub(crate) fn subject(session: &Session, conversation: &ConversationId) -> Subject {
    Subject(session.customer.as_ref().map_or_else(|| conversation.to_string(), |customer| customer.id.to_string()))
}

/// Is the opening of this turn among these events?
fn opens(events: &[Recorded], turn: &TurnId) -> bool {
    events.iter().any(|event| matches!(&event.event, Event::TurnOpened { turn: opened, .. } if opened == turn))
}

/// The turn that answers a message or a decision, once it is known.
fn answering(events: &[Recorded], received: &Received) -> Option<TurnId> {
    let Some(message) = &received.message else { return received.turn.clone() };
    let takes = |message: &MessageId, event: &Recorded| match &event.event {
        Event::TurnOpened { turn, message: Some(taken), .. } if taken == message => Some(turn.clone()),
        Event::MessageJoined { turn, message: taken } if taken == message => Some(turn.clone()),
        _ => None,
    };
    events.iter().find_map(|event| takes(message, event))
}

/// Do people have the conversation, so that no turn will open?
fn held_by_people(events: &[Recorded]) -> bool {
    let state = events.iter().rev().find_map(|event| match &event.event {
        Event::StateChanged { state, .. } => Some(*state),
        _ => None,
    });
    state.is_some_and(|state| state != ConversationState::Bot)
}

fn show(transcript: &mut Transcript, public: Public) {
    let Public { seq, at, event } = public;
    let mut line = |who, text: &str| {
        transcript.lines.push(TranscriptLine { seq: seq.unwrap_or(0), at, who, text: text.to_owned(), files: Vec::new() });
    };
    match event {
        PublicEvent::Message { by, text, files, .. } => {
            line(by, &text);
            transcript.lines.last_mut().into_iter().for_each(|line| line.files.clone_from(&files));
            transcript.question = None;
            transcript.proposal = None;
        }
        PublicEvent::Part { text, .. } => line(patchbay_core::mind::Speaker::Bot, &text),
        PublicEvent::Question { question, .. } => {
            line(patchbay_core::mind::Speaker::Bot, &question.text);
            transcript.question = Some(question);
        }
        PublicEvent::Proposal { proposal, .. } => {
            line(patchbay_core::mind::Speaker::Bot, &proposal.effect);
            transcript.proposal = Some(proposal);
        }
        PublicEvent::Action { action, .. } => {
            transcript.proposal.take_if(|proposal| proposal.id == action);
        }
        PublicEvent::State { state, .. } => (transcript.state, transcript.ended) = (state, None),
        PublicEvent::Ended { why, successor } => transcript.ended = Some((why, successor)),
        PublicEvent::Survey { .. }
        | PublicEvent::Rated { .. }
        | PublicEvent::Progress { .. }
        | PublicEvent::Closed { .. }
        | PublicEvent::Cut { .. } => {}
    }
}
