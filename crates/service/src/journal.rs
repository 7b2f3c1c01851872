//! How an actor writes its conversation's stream: under its lease, in one append, again while storage is down.

use crate::actor::Actor;
use crate::desk::{InLine, Waited, customer_of, watches};
use crate::live::Signal;
use crate::service::subject;
use crate::{Refused, Service};
use patchbay_core::Timestamp;
use patchbay_core::event::{Event, Settled};
use patchbay_core::handoff::People;
use patchbay_core::id::ConversationId;
use patchbay_core::log::{Append, Appended, Batch, Claim, Expected, Lease, LeaseRequest, LogError, StreamId, Subject};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How long a lease lasts; it is renewed when half of it is gone.
const LEASE: Duration = Duration::from_secs(30);
/// How long a waking actor waits for somebody else's lease to run out.
const LEASE_PATIENCE: Duration = Duration::from_secs(35);
/// The pause before storage that failed in the middle of a turn is tried again.
const STORAGE_PAUSE: Duration = Duration::from_millis(500);

impl Actor {
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
        let people = self.people_after();
        let mut timers = self.timers.clone();
        timers.extend(watches(&self.people, &people, &self.id, &self.session, self.service.house()));
        let ended = self.wait_ended(&people);
        let append = Append {
            at: self.now(),
            batches: self.batches().into_iter().chain(ended.clone().map(|(_, batch)| batch)).collect(),
            subject: Some(subject(&self.session, &self.id)),
            claims,
            unclaims: self.unclaims.clone(),
            outgoing: Vec::new(),
            timers,
            fence: Some(self.lease.fence.clone()),
        };
        let appended = self.service.0.parts.log.append(append).await;
        self.expects = None;
        match &appended {
            Ok(Appended::Written { .. }) => {
                for (at, event) in std::mem::take(&mut self.pending) {
                    self.customer.apply(&self.service.0.parts.house.company, &event);
                    self.state.apply(self.state.length + 1, at, &event);
                }
                self.keep_line(people, ended.map(|(waited, _)| waited)).await;
                self.unclaims.clear();
                self.timers.clear();
                self.service.signal(&self.id, Signal::Grew);
            }
            // Another stream than this conversation's is not ours alone: whoever expected something of it looks again.
            Err(LogError::Conflict { stream, .. }) if stream.kind() != "conversation" => {}
            Err(LogError::Conflict { .. } | LogError::Fenced(_)) => self.lost = true,
            Ok(Appended::AlreadyClaimed { .. }) | Err(_) => {}
        }
        appended
    }

    /// How it stands with people once everything recorded is written.
    fn people_after(&self) -> People {
        let mut people = self.people.clone();
        for (at, event) in &self.pending {
            people.apply(*at, event);
        }
        people
    }

    /// The wait that ends with what is about to be written, for its queue's stream. One that began while nobody was there says nothing
    /// about how long people wait.
    fn wait_ended(&self, after: &People) -> Option<(Waited, Batch)> {
        let line = InLine::of(&self.people, &self.session, self.service.house()).filter(|_| after.owner().is_some())?;
        let handoff = self.people.open()?.id.clone();
        let hours = self.service.house().queue_named(&line.queue).unwrap_or_default().hours;
        let now = self.now();
        let event = Event::WaitEnded { handoff, queue: line.queue.clone(), since: line.since };
        let batch = Batch { stream: StreamId::queue(&line.queue), expected: Expected::Any, events: vec![(now, event)] };
        hours.open_at(line.since).then(|| (Waited::new(line.since, now), batch))
    }

    /// The lines follow what was written.
    async fn keep_line(&mut self, people: People, waited: Option<Waited>) {
        let (was, is) =
            (InLine::of(&self.people, &self.session, self.service.house()), InLine::of(&people, &self.session, self.service.house()));
        if was != is
            && let Ok(lines) = self.service.lines().await
        {
            lines.put(&self.id, is, waited);
        }
        self.people = people;
    }

    /// Before a conversation is first written with a customer's key, the key it had until now is linked to them.
    pub(crate) async fn link_customer(&self) -> Result<(), LogError> {
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
    pub(crate) fn batches(&self) -> Vec<Batch> {
        let own =
            Batch { stream: StreamId::conversation(&self.id), expected: Expected::Length(self.state.length), events: self.pending.clone() };
        let mut others: BTreeMap<StreamId, Vec<(Timestamp, Event)>> = BTreeMap::new();
        for (at, event) in &self.pending {
            if let Event::ActionProposed { id, .. }
            | Event::ActionConfirmed { id, .. }
            | Event::ActionCancelled { id, .. }
            | Event::ActionClaimed { id, .. }
            | Event::ApprovalAsked { id, .. }
            | Event::ApprovalDecided { id, .. }
            | Event::ActionSettled { id, .. } = event
            {
                others.entry(StreamId::action(id)).or_default().push((*at, event.clone()));
            }
            if let Event::ConversationSucceeded { successor } = event {
                let begun = self.beginning_of_successor().into_iter().map(|event| (*at, event));
                others.entry(StreamId::conversation(successor)).or_default().extend(begun);
            }
            if let (Event::ConversationMerged { .. } | Event::ConversationUnmerged { .. }, Some(customer)) =
                (event, customer_of(&self.people))
            {
                others.entry(StreamId::customer(&customer)).or_default().push((*at, event.clone()));
            }
            if matches!(event, Event::ProofTried { .. } | Event::ProofEnded { .. }) {
                others.entry(StreamId::visitor(&self.session.visitor)).or_default().push((*at, event.clone()));
            }
            let failed = matches!(event, Event::ActionSettled { outcome: Settled::Failed, .. });
            if let (true, Some(customer)) = (failed, &self.session.customer) {
                others.entry(StreamId::customer(&customer.id)).or_default().push((*at, event.clone()));
            }
            if let (Event::ActionClaimed { .. } | Event::CustomerMet { .. }, Some(customer)) = (event, &self.session.customer) {
                others.entry(StreamId::customer(&customer.id)).or_default().push((*at, event.clone()));
            }
        }
        let expects = |stream: &StreamId| self.expects.as_ref().filter(|(expected, _)| expected == stream).map(|(_, length)| *length);
        let others = others.into_iter().map(|(stream, events)| {
            let expected = expects(&stream).map_or(Expected::Any, Expected::Length);
            Batch { stream, expected, events }
        });
        std::iter::once(own).chain(others).collect()
    }

    pub(crate) async fn renew(&mut self) -> Result<(), LogError> {
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

    /// A turn cannot go on without storage. Until it can, the doors turn new messages away instead of letting them wait here.
    pub(crate) async fn wait_for_storage(&self, error: &(dyn std::fmt::Display + Sync)) {
        tracing::error!(conversation = %self.id, %error, "a turn waits for storage");
        self.service.0.storage_down.store(true, Ordering::Relaxed);
        tokio::time::sleep(STORAGE_PAUSE).await;
        self.service.0.storage_down.store(false, Ordering::Relaxed);
    }

    /// Reads until it succeeds: a storage error says nothing about what is stored. `None` when there is no such thing.
    pub(crate) async fn patiently<T, F>(&self, mut read: impl FnMut() -> F) -> Option<T>
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
}

fn request(service: &Service, id: &ConversationId, now: Timestamp) -> LeaseRequest {
    LeaseRequest { name: StreamId::conversation(id).0, holder: service.0.parts.node.clone(), now, lasts: LEASE }
}

/// Takes the lease on a conversation, waiting for somebody else's to run out.
pub(crate) async fn acquire(service: &Service, id: &ConversationId) -> Result<Lease, Refused> {
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
