//! What a conversation accepts of its customer: messages and decisions on cards. Durable first, then answered.

use crate::actor::{Actor, Next, Start};
use crate::inbound::{Inbound, Received};
use crate::{Refused, load};
use patchbay_core::action::{ActionState, ProposedAction};
use patchbay_core::event::{Event, Recorded, TurnCause};
use patchbay_core::id::{ActionId, ConversationId, FileId, MessageId};
use patchbay_core::log::{Appended, Claim, StreamId};
use patchbay_core::mind::Speaker;
use patchbay_core::reply::{PERSON, WANTS_NO_PERSON, WANTS_PERSON};
use patchbay_core::words::{ConversationState, Level};
use patchbay_core::{Personal, Session, Timestamp};
use patchbay_turn::Cause;
use sha2::{Digest, Sha256};

/// How far from the end of a customer's stream the last conversation is looked for first.
const NEAR: usize = 32;

impl Actor {
    /// A message: durable first, then answered.
    pub(crate) async fn receive(&mut self, session: Session, inbound: Inbound) -> Accepted {
        let now = self.now();
        if let Err(refused) = load::belongs(&session, &self.session, now) {
            return (Err(refused), None);
        }
        let (text, masked) = patchbay_gate::mask(&inbound.text);
        let picked = inbound.picked.as_deref().map(|picked| patchbay_gate::mask(picked).0);
        let fingerprint = fingerprint(&self.id, &text, picked.as_deref(), &inbound.files);
        if let Some(client) = &inbound.client {
            match self.known(client, &fingerprint).await {
                Ok(None) => {}
                Ok(Some(first)) => return (Ok(first), None),
                Err(refused) => return (Err(refused), None),
            }
        }
        if let Err(ended) = self.goes_on_here(&session).await {
            return (Err(ended), None);
        }
        let files = match self.attachments(&inbound.files, None).await {
            Ok(files) => files,
            Err(refused) => return (Err(refused), None),
        };
        let picked = picked.or_else(|| self.offer_answered(&text));
        let before = self.unwritten();
        self.meet(session, now);
        if let Err(refused) = self.meet_customer(now).await {
            self.forget_since(&before);
            return (Err(refused), None);
        }
        // Words of a customer bring back what was settled or put aside.
        self.wake_up(now);
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
                files,
            },
        ));
        let notes: Vec<String> = masked.iter().map(|what| format!("{what}_masked")).collect();
        let said = Said { text, picked, alone: inbound.files.is_empty() };
        let next = self.begin_with(&message, said, notes, now).await;
        let turn = next.as_ref().map(|next| next.turn().clone());
        let received = Received {
            conversation: self.id.clone(),
            message: Some(message),
            turn,
            seq: self.state.length + self.pending.len() as u64,
            replayed: false,
        };
        let claims = inbound.client.iter().map(|client| self.message_claim(client, &fingerprint, &received)).collect();
        let accepted = self.accept(claims, received, next, before).await;
        if accepted.0.is_ok() {
            self.settle_files(inbound.files);
        }
        accepted
    }

    /// Puts a message on its way: a typed yes or no decides the card that was shown last, other words open a turn or join the open one.
    pub(crate) async fn begin_with(&mut self, message: &MessageId, said: Said, notes: Vec<String>, now: Timestamp) -> Option<Next> {
        let Said { text, picked, alone } = said;
        let bot = matches!(self.state.state, Some(ConversationState::Bot | ConversationState::Resolved));
        if !bot || (self.open.is_none() && self.state.turn.is_some()) {
            return None;
        }
        if let Some(open) = &self.open {
            // A person who was chosen is no words that could be joined to others.
            if matches!(picked.as_deref(), Some(WANTS_PERSON | WANTS_NO_PERSON)) {
                return None;
            }
            // Words of somebody who has proven something else must not run with the rights of the turn, nor take them away.
            // Files wait for a turn of their own: something has to be said about them.
            if alone && open.turn.can_join() && same_proof(open.turn.session(), &self.session) {
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

    /// A plain yes or no typed to the question whether a person is wanted counts like the choice itself.
    fn offer_answered(&self, text: &str) -> Option<String> {
        let asked = self.state.question.as_ref().is_some_and(|question| question.slot == PERSON);
        let parts = &self.service.0.parts;
        let yes = if asked { (parts.yes_or_no)(text, &parts.house.company.language)? } else { return None };
        Some(if yes { WANTS_PERSON } else { WANTS_NO_PERSON }.to_owned())
    }

    /// Where customers who come back are greeted: notes that this one has written here, and counts where they had before.
    async fn meet_customer(&mut self, now: Timestamp) -> Result<(), Refused> {
        let greets = self.service.house().company.welcome_back.is_some();
        let Some(customer) = self.session.customer.as_ref().filter(|_| greets && !self.state.met) else { return Ok(()) };
        let (log, stream) = (&*self.service.0.parts.log, StreamId::customer(&customer.id));
        let last = |events: &[Recorded]| {
            events.iter().rev().find_map(|recorded| match &recorded.event {
                Event::CustomerMet { earlier, .. } => Some((earlier.saturating_add(1), recorded.at)),
                _ => None,
            })
        };
        // Each knows how many were before it, so the last one is enough; it stands near the end.
        let tail = log.read_tail(stream.clone(), NEAR).await?;
        let before = match last(&tail) {
            None if tail.len() == NEAR => last(&load::stream(log, &stream, 0).await?),
            found => found,
        };
        let (earlier, last_at) = before.map_or((0, None), |(count, at)| (count, Some(at)));
        let met = Event::CustomerMet { conversation: self.id.clone(), earlier, last_at };
        self.pending.push((now, met));
        Ok(())
    }

    /// The proposal a typed yes or no is about: only one whose card was the last thing shown, and only while it is open.
    pub(crate) async fn decided_by(&self, text: &str, now: Timestamp) -> Option<(ProposedAction, bool)> {
        let (action, expires) = self.state.proposal.clone().filter(|(_, expires)| now < *expires)?;
        let parts = &self.service.0.parts;
        let yes = (parts.yes_or_no)(text, &parts.house.company.language)?;
        let (action, state) = load::action(&*self.service.0.parts.log, &action).await.ok()?;
        (state == ActionState::Proposed && action.expires == expires).then_some((action, yes))
    }

    /// The turn of a decision; a yes is recorded with the digest it was given to.
    pub(crate) fn begin_decided(
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
    pub(crate) async fn decide(&mut self, session: Session, action: &ActionId, yes: bool, digest: Option<&str>) -> Accepted {
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

    pub(crate) async fn decidable(
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
        self.has_not_ended(now)?;
        if state != ActionState::Proposed {
            return Err(Refused::ConfirmationUsed);
        }
        if now >= action.expires || (yes && self.state.state != Some(ConversationState::Bot)) {
            return Err(Refused::ConfirmationExpired);
        }
        Ok(action)
    }

    /// Writes what was accepted. Nothing of it exists if the log refuses.
    pub(crate) async fn accept(&mut self, claims: Vec<Claim>, received: Received, next: Option<Next>, before: Unwritten) -> Accepted {
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
    pub(crate) fn unwritten(&self) -> Unwritten {
        Unwritten { events: self.pending.len(), timers: self.timers.len(), unclaims: self.unclaims.len(), session: self.session.clone() }
    }

    /// What was accepted a moment ago was not written: it never happened. What the open turn recorded before stays.
    pub(crate) fn forget_since(&mut self, before: &Unwritten) {
        self.pending.truncate(before.events);
        self.timers.truncate(before.timers);
        self.unclaims.truncate(before.unclaims);
        self.session.clone_from(&before.session);
    }

    /// The first result of a client id, if it was used; refused when it was used for other words.
    pub(crate) async fn known(&self, client: &str, fingerprint: &str) -> Result<Option<Received>, Refused> {
        let Some(first) = self.service.0.parts.log.claimed("message".to_owned(), self.message_key(client)).await? else {
            return Ok(None);
        };
        let (theirs, received): (String, Received) =
            serde_json::from_str(&first).map_err(|error| Refused::Broken(format!("a message claim is unreadable: {error}")))?;
        if theirs == fingerprint { Ok(Some(Received { replayed: true, ..received })) } else { Err(Refused::IdempotencyConflict) }
    }

    pub(crate) fn message_key(&self, client: &str) -> String {
        format!("{}/{client}", self.id)
    }

    pub(crate) fn message_claim(&self, client: &str, fingerprint: &str, received: &Received) -> Claim {
        let result = serde_json::to_string(&(fingerprint, received)).expect("invariant: ids and numbers always serialise");
        Claim { kind: "message".to_owned(), key: self.message_key(client), result }
    }

    /// Takes the sender's session over, and notes it when it proves something else than before. A sender without the proof the
    /// conversation had (an expired or missing token) keeps the chat; the rights are gone until they prove it again.
    pub(crate) fn meet(&mut self, session: Session, now: Timestamp) {
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
}

/// What was recorded before something is accepted.
pub(crate) struct Unwritten {
    events: usize,
    timers: usize,
    unclaims: usize,
    session: Session,
}

/// What a customer's message says.
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) picked: Option<String>,
    /// Is it nothing but words?
    pub(crate) alone: bool,
}

/// What the sender is told, and what follows.
pub(crate) type Accepted = (Result<Received, Refused>, Option<Next>);

/// Do two sessions speak for the same customer with the same rights?
fn same_proof(one: &Session, two: &Session) -> bool {
    let customer = |session: &Session| session.customer.as_ref().map(|customer| customer.id.clone());
    (customer(one), one.level) == (customer(two), two.level)
}

/// What makes two messages of a conversation the same message: their words as they are stored, masked, and their files.
pub(crate) fn fingerprint(conversation: &ConversationId, text: &str, picked: Option<&str>, files: &[FileId]) -> String {
    let mut hasher = Sha256::new();
    let words = [conversation.as_str(), text, picked.unwrap_or_default()];
    for part in words.into_iter().chain(files.iter().map(FileId::as_str)) {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
