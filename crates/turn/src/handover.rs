//! Handing over: which queue takes the conversation, and what the customer is told about their place or the hours.

use crate::Cause;
use crate::turn::{HandOver, Turn};
use patchbay_condition::Scope;
use patchbay_core::declare::{Offered, Queue, Skill, Step, TriggerAction};
use patchbay_core::handoff::Place;
use patchbay_core::handoff::urgency;
use patchbay_core::reply::{Offer, PERSON, Question, WANTS_PERSON};
use patchbay_core::words::{ConversationState, ReplyStatus};
use patchbay_core::{Event, Personal, Value};
use std::collections::BTreeMap;

impl Turn {
    /// Hands the conversation over, with a message that names the place in line or the hours. Somebody who waits in too many other
    /// conversations already is told so, and does not wait once more.
    pub(crate) fn escalate(&mut self, hand_over: HandOver) -> ReplyStatus {
        let standing = &self.opening.standing;
        if standing.elsewhere >= self.house.company.escalation.handover.waiting_at_most
            && self.writes.is_empty()
            && self.approval_of.is_none()
        {
            self.release_text("already_in_line", BTreeMap::new());
            self.record_escalation(hand_over);
            return ReplyStatus::Answered;
        }
        let (queue, place) = self.place(&hand_over.reason);
        let mut extra = BTreeMap::from([("reason".to_owned(), Value::Text(hand_over.reason.clone()))]);
        extra.insert("queue".to_owned(), Value::Map(self.told(&queue, &place)));
        let say = self.house.company.escalation.say.clone().unwrap_or_else(|| "handing_over".to_owned());
        let tells = self.house.texts.paths(&say).iter().any(|path| path == "queue" || path.starts_with("queue."));
        self.release_text(&say, extra.clone());
        if !tells {
            self.release_text("queue_place", extra);
        }
        self.offer(hand_over, &queue, Some(place));
        ReplyStatus::HandedOver
    }

    /// Notes why, and offers the conversation to its queue, without a word to the customer.
    pub(crate) fn offer_silently(&mut self, hand_over: HandOver) {
        let (queue, place) = self.place(&hand_over.reason);
        self.offer(hand_over, &queue, Some(place));
    }

    fn offer(&mut self, hand_over: HandOver, queue: &Queue, place: Option<Place>) {
        let reason = hand_over.reason.clone();
        self.record_escalation(hand_over);
        let wait_since = self.opening.standing.wait_since.unwrap_or(self.opened_at);
        self.record(Event::HandoffOffered {
            handoff: self.opening.id.handoff(),
            queue: queue.name.clone(),
            to: None,
            reason,
            wait_since,
            due: queue.sla.first_reply.map(|within| wait_since.plus(within)),
            expires: None,
            place,
            resolve_by: queue.sla.resolve.map(|within| self.now.plus(within)),
        });
        self.record(Event::StateChanged { state: ConversationState::Waiting, by: None });
    }

    pub(crate) fn record_escalation(&mut self, hand_over: HandOver) {
        let HandOver { reason, rule, evidence } = hand_over;
        let (config, seen) = (Some(self.house.digest.clone()), Some(Personal::trace(self.seen())));
        self.record(Event::Escalated { turn: self.opening.id.clone(), reason, rule, evidence, config, seen });
    }

    /// The first declared trigger that holds, with the values it saw. What people have just dealt with does not hand over again.
    pub(crate) fn pulled_trigger(&self) -> Option<HandOver> {
        if matches!(self.opening.cause, Cause::HandedBack | Cause::NotApproved { .. }) {
            return None;
        }
        self.pulled(TriggerAction::HandOver)
    }

    /// The first declared trigger that does this and holds.
    fn pulled(&self, does: TriggerAction) -> Option<HandOver> {
        let (scope, evidence) = self.signals();
        let pulled = |(trigger, rule): &&(patchbay_core::declare::Trigger, patchbay_condition::Rule)| {
            trigger.does == does && !self.cooling(&trigger.reason) && rule.holds(&scope).unwrap_or(false)
        };
        let (trigger, rule) = self.house.triggers.iter().find(pulled)?;
        let seen = evidence.into_iter().filter(|(name, _)| rule.source().contains(name.as_str())).collect();
        Some(HandOver { reason: trigger.reason.clone(), rule: Some(rule.source().to_owned()), evidence: seen })
    }

    /// A trigger that only offers a person, where the customer was not offered one before: why, for the log, and the choice.
    pub(crate) fn offer_person(&mut self) -> Option<Offer> {
        if self.opening.standing.offered || !matches!(self.opening.cause, Cause::Message { .. }) {
            return None;
        }
        let HandOver { reason, rule, evidence } = self.pulled(TriggerAction::Offer)?;
        let label = self.render("talk_to_person", &BTreeMap::new())?;
        let (config, seen) = (self.house.digest.clone(), Personal::trace(self.seen()));
        let turn = self.opening.id.clone();
        self.record(Event::PersonOffered { turn, reason, rule: rule.unwrap_or_default(), evidence, config, seen });
        Some(Offer { value: WANTS_PERSON.to_owned(), label })
    }

    /// Does a choice lead to a person: the product's own, or a skill that does nothing else?
    pub(crate) fn leads_to_person(&self, choice: &str) -> bool {
        let hands_over = |skill: &Skill| matches!(skill.steps.as_slice(), [Step::HandOver(_)]);
        choice == WANTS_PERSON || self.house.company.skills.get(choice).is_some_and(hands_over)
    }

    /// Asks whether the customer wants a person, with that choice alone.
    pub(crate) fn ask_for_person(&mut self, choice: Offer) {
        let Some(text) = self.render("offer_person", &BTreeMap::new()) else { return };
        let question = Question { slot: PERSON.to_owned(), kind: "choice".to_owned(), text, choices: vec![choice] };
        self.record(Event::QuestionAsked { turn: self.opening.id.clone(), question: Personal::message(question) });
    }

    /// Have people let go of the conversation only just, for this very reason? Asking for a person always counts.
    fn cooling(&self, reason: &str) -> bool {
        let cooldown = self.house.company.escalation.handover.cooldown;
        reason != "asked_for_human"
            && self.opening.standing.released.as_ref().is_some_and(|(at, last)| last == reason && self.now.since(*at) < cooldown)
    }

    /// The queue that takes the conversation, and the place in it.
    fn place(&self, reason: &str) -> (Queue, Place) {
        let queue = self.house.queue(&self.queue_scope(reason));
        let waiting = self.opening.standing.queues.get(&queue.name).copied().unwrap_or_default();
        let open = queue.hours.open_at(self.now);
        let feeling = self.understood.zone.map(|_| self.understood.feeling.last).or(self.opening.standing.feeling);
        let calm = usize::try_from(urgency::calm(feeling)).unwrap_or(2);
        let place = Place {
            position: waiting.upset.get(calm).unwrap_or(&waiting.people).saturating_add(1),
            expected_wait_s: waiting.lately.filter(|_| open).map(|lately| lately.median_s),
            expected_from: waiting.lately.filter(|_| open).map(|lately| lately.of),
            open,
            opens_at: queue.hours.opens_at(self.now).filter(|_| !open),
        };
        (queue, place)
    }

    /// What the condition of a queue may speak about.
    fn queue_scope(&self, reason: &str) -> Scope {
        let text = |text: &str| Value::Text(text.to_owned());
        BTreeMap::from([
            ("customer".to_owned(), Value::Map(self.opening.customer.clone())),
            ("reason".to_owned(), text(reason)),
            ("skill".to_owned(), text(self.understood.skill.as_deref().unwrap_or_default())),
            ("channel".to_owned(), text(&self.opening.session.channel)),
            ("level".to_owned(), text(self.opening.session.level_at(self.now).as_str())),
        ])
    }

    /// What texts may say about the queue.
    fn told(&self, queue: &Queue, place: &Place) -> BTreeMap<String, Value> {
        let mut told = BTreeMap::from([
            ("team".to_owned(), Value::Text(queue.team.clone())),
            ("open".to_owned(), Value::Bool(place.open)),
            ("position".to_owned(), Value::Number(place.position.into())),
        ]);
        // Whole minutes, rounded up: nobody is angry about a minute less.
        let minutes = place.expected_wait_s.map(|seconds| seconds.div_ceil(60).max(1));
        told.insert("expected_minutes".to_owned(), minutes.map_or(Value::Null, |minutes| Value::Number(minutes.into())));
        told.insert("expected_from".to_owned(), place.expected_from.map_or(Value::Null, |of| Value::Number(of.into())));
        if let Some(at) = place.opens_at {
            let (day, time) = queue.hours.clock(at).unwrap_or(("", String::new()));
            told.insert("opens_at".to_owned(), Value::Time(at));
            told.insert("opens_day".to_owned(), Value::text(day));
            told.insert("opens_time".to_owned(), Value::Text(time));
        }
        told.extend(queue.hours.zone().map(|zone| ("zone".to_owned(), Value::text(zone))));
        told.insert("offers_email".to_owned(), Value::Bool(queue.closed == Some(Offered::Email)));
        let scope = BTreeMap::from([("queue".to_owned(), Value::Map(told.clone()))]);
        if let Some(words) = self.render("position_or_hours", &scope) {
            told.insert("position_or_hours".to_owned(), Value::Text(words));
        }
        told
    }
}
