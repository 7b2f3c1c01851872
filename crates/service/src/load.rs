//! Reading the log for the driver: whole streams, whose they are, and following one live.

use crate::live::Signal;
use crate::public::{Public, PublicEvent, Publisher};
use crate::{Refused, Service};
use futures::Stream;
use patchbay_core::action::{ActionState, ProposedAction};
use patchbay_core::event::{Event, Recorded, Settled};
use patchbay_core::handoff::Place;
use patchbay_core::id::{ActionId, ConversationId};
use patchbay_core::log::StreamId;
use patchbay_core::port::Log;
use patchbay_core::words::ConversationState;
use patchbay_core::{Session, Timestamp};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::sync::{broadcast, watch};

/// How many events are read at a time.
const PAGE: usize = 500;

/// A whole stream after a place in it.
pub(crate) async fn stream(log: &dyn Log, id: &StreamId, mut after: u64) -> Result<Vec<Recorded>, Refused> {
    let mut events = Vec::new();
    loop {
        let page = log.read_stream(id.clone(), after, PAGE).await?;
        let full = page.len() == PAGE;
        after = page.last().map_or(after, |event| event.seq);
        events.extend(page);
        if !full {
            return Ok(events);
        }
    }
}

/// May this session look at this conversation? Somebody else's looks exactly like none.
pub(crate) fn allowed(session: &Session, events: &[Recorded], now: Timestamp) -> Result<(), Refused> {
    belongs(session, owner(events).ok_or(Refused::NotFound)?, now)
}

/// Whose conversation it is, by its events.
pub(crate) fn owner(events: &[Recorded]) -> Option<&Session> {
    events.iter().rev().find_map(|event| match &event.event {
        Event::ConversationOpened { session, .. } | Event::SessionChanged { session, .. } => Some(session),
        _ => None,
    })
}

/// Is a conversation of `owner` this session's?
pub(crate) fn belongs(session: &Session, owner: &Session, now: Timestamp) -> Result<(), Refused> {
    let proven = session.external_id(now).and(session.customer.as_ref()).map(|customer| &customer.id);
    let same_visitor = session.visitor == owner.visitor;
    match (owner.customer.as_ref().map(|customer| &customer.id), proven) {
        (Some(owner), Some(customer)) if owner == customer => Ok(()),
        (None, _) if same_visitor => Ok(()),
        (Some(_), Some(_)) if same_visitor => Err(Refused::IdentityMismatch),
        // The browser is the same, but its proof has run out: it keeps the chat, not the rights.
        (Some(_), None) if same_visitor => Ok(()),
        _ => Err(Refused::NotFound),
    }
}

/// A write as it was proposed, and where it stands.
pub(crate) async fn action(log: &dyn Log, id: &ActionId) -> Result<(ProposedAction, ActionState), Refused> {
    let events = stream(log, &StreamId::action(id), 0).await?;
    let mut proposed = None;
    let mut state = ActionState::Proposed;
    for recorded in events {
        match recorded.event {
            Event::ActionProposed { action, .. } => proposed = action.into_inner(),
            Event::ActionConfirmed { .. } => state = ActionState::Confirmed,
            Event::ActionCancelled { .. } => state = ActionState::Cancelled,
            Event::ActionClaimed { .. } => state = ActionState::Claimed,
            Event::ActionSettled { outcome, .. } => {
                state = match outcome {
                    Settled::Done => ActionState::Done,
                    Settled::Failed => ActionState::Failed,
                    Settled::Unknown => ActionState::Unknown,
                }
            }
            _ => {}
        }
    }
    proposed.map(|action| (action, state)).ok_or(Refused::NotFound)
}

/// A line that moves is told after this long, with whatever moved meanwhile: a number that flickers helps nobody.
const PACE: Duration = Duration::from_secs(2);
/// Opening hours and stale waits move a line too, without anybody in it doing anything.
const LOOK_AGAIN: Duration = Duration::from_secs(60);

/// Where a live stream is.
struct Following {
    service: Service,
    session: Session,
    conversation: ConversationId,
    signals: broadcast::Receiver<Signal>,
    publisher: Publisher,
    /// Everything up to here has been read.
    read: u64,
    /// Nothing up to here is sent: the listener has it already.
    after: u64,
    ready: VecDeque<Public>,
    /// Who may listen was decided once; from then on the stream is theirs until the session of the conversation changes.
    checked: bool,
    ended: bool,
    /// The place in line the listener knows.
    told: Option<Place>,
    /// While the conversation waits: is woken when a line moves.
    moves: Option<watch::Receiver<u64>>,
}

/// The public events of a conversation after a place, then each new one as it comes.
pub(crate) fn follow(
    service: Service,
    session: Session,
    conversation: ConversationId,
    after: u64,
) -> impl Stream<Item = Result<Public, Refused>> + use<> {
    let signals = service.0.live.listen(&conversation);
    let state = Following {
        service,
        session,
        conversation,
        signals,
        publisher: Publisher::default(),
        read: 0,
        after,
        ready: VecDeque::new(),
        checked: false,
        ended: false,
        told: None,
        moves: None,
    };
    futures::stream::unfold(state, |mut state| async move {
        let next = state.next().await;
        next.map(|item| (item, state))
    })
}

impl Following {
    async fn next(&mut self) -> Option<Result<Public, Refused>> {
        if self.ended {
            return None;
        }
        let next = self.step().await;
        if matches!(next, Some(Err(_))) {
            self.ended = true;
        }
        next
    }

    async fn step(&mut self) -> Option<Result<Public, Refused>> {
        let mut stop = self.service.0.stop.subscribe();
        loop {
            if let Some(public) = self.ready.pop_front() {
                return Some(Ok(public));
            }
            match self.read_more().await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(refused) => return Some(Err(refused)),
            }
            if let Some(place) = self.moved().await {
                return Some(Ok(place));
            }
            let line = async {
                match &mut self.moves {
                    Some(moves) => {
                        let _ = tokio::time::timeout(LOOK_AGAIN, moves.changed()).await;
                        tokio::time::sleep(PACE).await;
                    }
                    None => std::future::pending().await,
                }
            };
            let signal = tokio::select! {
                signal = self.signals.recv() => signal,
                () = line => continue,
                stopped = stop.wait_for(|stop| *stop) => { let _ = stopped; return None; }
            };
            match signal {
                Ok(Signal::Progress(text)) => {
                    let at = self.service.0.parts.clock.now();
                    return Some(Ok(Public { seq: None, at, event: PublicEvent::Progress { text } }));
                }
                Ok(Signal::Grew) | Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => {
                    self.signals = self.service.0.live.listen(&self.conversation);
                }
            }
        }
    }

    /// The place in line, when the listener knows another one.
    async fn moved(&mut self) -> Option<Public> {
        self.moves.as_ref()?;
        // A place that cannot be read just now is told the next time.
        let place = self.service.place(&self.conversation).await.ok().flatten()?;
        if self.told.as_ref().map(shown) == Some(shown(&place)) {
            return None;
        }
        self.told = Some(place.clone());
        let event = PublicEvent::State { state: ConversationState::Waiting, staff: None, place: Some(place) };
        Some(Public { seq: None, at: self.service.0.parts.clock.now(), event })
    }

    /// What an event does to the place in line.
    async fn keep_place(&mut self, event: &Event) -> Result<(), Refused> {
        match event {
            Event::HandoffOffered { place, .. } => self.told.clone_from(place),
            Event::StateChanged { state: ConversationState::Waiting, .. } => self.moves = Some(self.service.lines().await?.moves()),
            Event::StateChanged { .. } => (self.moves, self.told) = (None, None),
            _ => {}
        }
        Ok(())
    }

    /// Reads what is new; true when there was something.
    async fn read_more(&mut self) -> Result<bool, Refused> {
        let stream_id = StreamId::conversation(&self.conversation);
        let events = stream(&*self.service.0.parts.log, &stream_id, self.read).await?;
        let now = self.service.0.parts.clock.now();
        if !self.checked {
            allowed(&self.session, &events, now)?;
            if events.last().is_none_or(|last| last.seq < self.after) {
                return Err(Refused::CursorInvalid);
            }
            self.checked = true;
        }
        for event in &events {
            if let Event::SessionChanged { session, .. } = &event.event {
                belongs(&self.session, session, now)?;
            }
            self.keep_place(&event.event).await?;
            self.read = event.seq;
            self.ready.extend(self.publisher.publish(event).filter(|_| event.seq > self.after));
        }
        Ok(!events.is_empty())
    }
}

/// What a customer sees of a place: of the wait only the minutes.
fn shown(place: &Place) -> (u32, Option<u64>, bool, Option<Timestamp>) {
    (place.position, place.expected_wait_s.map(|seconds| seconds.div_ceil(60)), place.open, place.opens_at)
}
