//! Taking up what was left open: turns after a crash, and writes whose effect is not known.

use crate::actor::{Actor, Known, Open, Start, session_of};
use crate::customer::CustomerFacts;
use crate::{Refused, load, timers};
use patchbay_core::action::ActionState;
use patchbay_core::conversation::Conversation;
use patchbay_core::event::{Event, Recorded, Settled, TurnCause};
use patchbay_core::handoff::People;
use patchbay_core::id::{ActionId, MessageId, TurnId};
use patchbay_core::log::{StreamId, TimerChange};
use patchbay_turn::{Cause, Turn};
use std::collections::BTreeMap;

impl Actor {
    /// Takes up a turn that the log shows as open.
    pub(crate) async fn recover(&mut self) {
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
    pub(crate) fn same_rules(&self, opened: &Event) -> bool {
        matches!(opened, Event::TurnOpened { rules, .. } if *rules == self.service.house().digest)
    }

    /// Why a turn was opened; `None` when that has been forgotten.
    pub(crate) async fn cause(&self, opened: &Event) -> Option<Cause> {
        let Event::TurnOpened { message, action, cause, .. } = opened else { return None };
        if *cause == TurnCause::Message {
            let (text, picked) = self.state.texts.get(message.as_ref()?)?.clone();
            return Some(Cause::Message { text, picked });
        }
        match cause {
            TurnCause::PersonAsked => return Some(Cause::PersonAsked),
            TurnCause::HandedBack { .. } => return Some(Cause::HandedBack),
            _ => {}
        }
        let (log, id) = (self.service.0.parts.log.clone(), action.clone()?);
        let action = Box::new(self.patiently(|| load::action(&*log, &id)).await?.0);
        match cause {
            TurnCause::Confirmed { by } => Some(Cause::Confirmed { action, by: by.clone() }),
            TurnCause::Declined => Some(Cause::Declined { action }),
            TurnCause::NotApproved => Some(Cause::NotApproved { action }),
            TurnCause::Settle { attempt } => Some(Cause::Settle { action, attempt: *attempt }),
            TurnCause::Message | TurnCause::PersonAsked | TurnCause::HandedBack { .. } => None,
        }
    }

    /// Feeds the turn its own inputs and goes on where it was.
    pub(crate) async fn reopen(&mut self, turn: &TurnId, cause: Cause, events: &[Recorded], at: usize) {
        tracing::info!(conversation = %self.id, %turn, "taking up an open turn again");
        let (opened, before) = (&events[at], &events[..at]);
        let state = Conversation::fold(before);
        let session = state.session.clone().unwrap_or_else(|| self.session.clone());
        let customer = CustomerFacts::fold(&self.service.house().company, before);
        let message = match &opened.event {
            Event::TurnOpened { message, .. } => message.as_ref(),
            _ => None,
        };
        let start = Start { id: turn.clone(), at: opened.at, message: message.cloned(), cause, notes: notes_of(message, events) };
        let people = People::fold(before);
        let session = session_of(&start.cause, &session, &people);
        let known = Known { state: &state, people: &people, session: &session, customer: &customer };
        let opening = self.opening(start, known, Some(opened.position)).await;
        let words = self.state.texts.iter().map(|(message, (text, _))| (message.clone(), text.clone())).collect();
        let (turn, effects) = Turn::resume(self.service.house().clone(), opening, opened.at, &events[at + 1..], &words, self.now());
        self.open = Some(Open { turn, tasks: BTreeMap::new() });
        self.perform(effects, self.now()).await;
    }

    /// A turn that cannot go on where it was, because the rules have changed or what it was about has been forgotten: a write that
    /// had been taken is unknown and is looked after; where nothing was said or written yet, the turn begins anew.
    pub(crate) async fn abandon(&mut self, turn: &TurnId, cause: Option<Cause>, events: &[Recorded]) {
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

    /// A write whose effect is not known is looked after in a turn of its own.
    pub(crate) async fn settle(&mut self, action: &ActionId, attempt: u32) {
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
}

/// The write that an event takes.
fn claimed_in(event: &Event) -> Option<ActionId> {
    match event {
        Event::ActionClaimed { id, .. } => Some(id.clone()),
        _ => None,
    }
}

/// The texts a message calls for before anything else: what was masked in it.
pub(crate) fn notes_of(message: Option<&MessageId>, events: &[Recorded]) -> Vec<String> {
    let masked = events.iter().find_map(|event| match &event.event {
        Event::MessageReceived { message: id, masked, .. } if Some(id) == message => Some(masked),
        _ => None,
    });
    masked.into_iter().flatten().map(|what| format!("{what}_masked")).collect()
}
