//! Taking up a turn again from its events: after a crash, and for replay.

use crate::input::{Answer, Input, Opening, Timer};
use crate::turn::Turn;
use crate::{Effect, House};
use patchbay_core::event::Recorded;
use patchbay_core::id::{AskId, CallId, MessageId};
use patchbay_core::words::{CallOutcome, ConversationState};
use patchbay_core::{Event, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

impl Turn {
    /// Feeds a turn its own recorded inputs. Gives the turn as it was, and the effects that are still outstanding: questions to
    /// the mind and calls that never ended, timers, and whatever was never recorded. What is in the log already is not repeated.
    #[must_use]
    pub fn resume(
        house: Arc<House>,
        opening: Opening,
        opened_at: Timestamp,
        events: &[Recorded],
        words: &BTreeMap<MessageId, String>,
        now: Timestamp,
    ) -> (Self, Vec<Effect>) {
        let (mut turn, mut effects) = Self::open(house, opening, opened_at);
        let mut recorded = BTreeSet::new();
        // Writes that had left the house: known by their own ids, not by how a replay happens to number its calls.
        // Several may be claimed before one leaves: to be sure, all of them count.
        let mut claimed = Vec::new();
        let mut left_house = BTreeSet::new();
        for event in events {
            recorded.insert(mark(&event.event));
            match &event.event {
                Event::ActionClaimed { id, .. } => claimed.push(id.clone()),
                Event::CallStarted { purpose, .. } if purpose == "execute" => left_house.extend(claimed.drain(..)),
                _ => {}
            }
            if let Some(input) = input(&event.event, words) {
                if let Input::TimerFired(fired) = &input {
                    effects.retain(|effect| !matches!(effect, Effect::SetTimer(timer, _) if timer == fired));
                }
                effects.extend(turn.on(input, event.at));
            }
        }
        let has_left = |effect: &Effect| matches!(effect, Effect::StartCall(start) if start.operation_id.as_ref().is_some_and(|id| left_house.contains(id)));
        let mut left = outstanding(effects, &recorded, &turn);
        left.retain(|effect| !has_left(effect));
        let lost: Vec<CallId> = turn.executing_calls().filter(|(_, action)| left_house.contains(action)).map(|(call, _)| call).collect();
        for call in lost {
            // The write was sent by somebody who is gone: whether it arrived is not known, and it is not sent again here.
            let answer = Answer::none(CallOutcome::Unknown, "outcome_unknown: the process ended before the answer came");
            left.extend(turn.on(Input::Answered { call, answer: Box::new(answer) }, now));
        }
        (turn, left)
    }
}

/// The input an event stands for. Messages hold their words in their own events, so these are handed in by id.
fn input(event: &Event, words: &BTreeMap<MessageId, String>) -> Option<Input> {
    match event {
        Event::MessageJoined { message, .. } => Some(Input::Joined { text: words.get(message)?.clone() }),
        Event::MindSpoke { ask, n, step, .. } => Some(Input::MindSpoke { ask: ask.clone(), n: *n, step: Box::new(step.get()?.clone()) }),
        Event::MindFinished { ask, done, .. } => Some(Input::MindFinished { ask: ask.clone(), done: done.get()?.clone() }),
        Event::MindFailed { ask, failure, .. } => Some(Input::MindFailed { ask: ask.clone(), failure: failure.get()?.clone() }),
        Event::CallAnswered { call, outcome, refusal, rule, detail, released, ms, cached, .. } => {
            let answer = Answer {
                outcome: *outcome,
                refusal: *refusal,
                rule: rule.clone(),
                detail: detail.clone(),
                released: released.as_ref().and_then(|released| released.get().cloned()),
                ms: *ms,
                cached: *cached,
            };
            Some(Input::Answered { call: call.clone(), answer: Box::new(answer) })
        }
        Event::WriteLookedUp { sameness, running, .. } => Some(Input::LookedUp { sameness: sameness.clone(), running: running.clone() }),
        Event::ActionClaimed { id, .. } => Some(Input::Claimed { action: id.clone() }),
        Event::WriteHeldBack { id, rule, .. } => Some(Input::HeldBack { action: id.clone(), rule: rule.clone() }),
        Event::SessionChanged { session, by: Some(_) } => Some(Input::Identified { session: session.clone() }),
        Event::StateChanged { state: ConversationState::Open, by: Some(by) } => Some(Input::TakenOver { by: by.clone() }),
        Event::ConversationMerged { by, .. } => Some(Input::TakenOver { by: by.to_string() }),
        Event::PersonAsked { .. } => Some(Input::PersonAsked),
        Event::TurnTimerFired { timer, .. } => Timer::parse(timer).map(Input::TimerFired),
        _ => None,
    }
}

/// What makes two records of one turn the same record.
fn mark(event: &Event) -> String {
    match event {
        Event::MindAsked { ask, .. } | Event::MindFinished { ask, .. } | Event::MindFailed { ask, .. } => format!("{} {ask}", event.name()),
        Event::MindSpoke { ask, n, .. } => format!("mind_spoke {ask} {n}"),
        Event::CallStarted { call, .. } | Event::CallAnswered { call, .. } => format!("{} {call}", event.name()),
        Event::PartReleased { part, .. } => format!("part_released {part}"),
        Event::ActionProposed { id, .. }
        | Event::ActionConfirmed { id, .. }
        | Event::ActionCancelled { id, .. }
        | Event::ActionClaimed { id, .. }
        | Event::WriteHeldBack { id, .. }
        | Event::ActionSettled { id, .. } => format!("{} {id}", event.name()),
        Event::ProofTried { n, .. } | Event::ProofEnded { n, .. } => format!("{} {n}", event.name()),
        Event::TurnTimerFired { timer, .. } => format!("turn_timer_fired {timer}"),
        Event::WriteLookedUp { sameness, .. } => format!("write_looked_up {sameness}"),
        other => other.name().to_owned(),
    }
}

/// The effects of a replay that the log does not show as done.
fn outstanding(effects: Vec<Effect>, recorded: &BTreeSet<String>, turn: &Turn) -> Vec<Effect> {
    let asked: Option<&AskId> = turn.asking.as_ref().map(|asking| &asking.id);
    let mut timers: BTreeMap<Timer, Timestamp> = BTreeMap::new();
    let mut left = Vec::new();
    let mut settled = false;
    for effect in effects {
        match effect {
            Effect::Record(event) => {
                if let Event::ActionSettled { .. } = *event {
                    settled = recorded.contains(&mark(&event));
                }
                if !recorded.contains(&mark(&event)) {
                    left.push(Effect::Record(event));
                }
            }
            Effect::AskMind { mind, context } => {
                if asked == Some(&context.ask) {
                    left.push(Effect::AskMind { mind, context });
                }
            }
            Effect::StartCall(start) => {
                if turn.running.contains_key(&start.call) {
                    left.push(Effect::StartCall(start));
                }
            }
            Effect::SetTimer(Timer::Slow(call), _) if !turn.running.contains_key(&call) => {}
            Effect::SetTimer(timer, at) => {
                timers.insert(timer, at);
            }
            // Written together with the settling that they follow.
            Effect::Unclaim { .. } | Effect::SettleAt { .. } if settled => {}
            // Who it is was recorded together with what follows from it.
            Effect::Identify { .. } if !turn.proof.under_way() => {}
            // What is still undecided is asked again below.
            Effect::LookUp { .. } | Effect::Claim { .. } | Effect::CancelMind(_) | Effect::CancelCall(_) | Effect::Progress(_) => {}
            other => left.push(other),
        }
    }
    left.extend(turn.undecided());
    left.extend(timers.into_iter().map(|(timer, at)| Effect::SetTimer(timer, at)));
    left
}
