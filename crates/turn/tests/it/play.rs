//! One schedule: a driver that answers effects in random order, late, doubled or never, and that crashes.

use crate::backend::{Backend, ORDERS};
use crate::company::{self, NOW};
use crate::dice::Dice;
use crate::laws::Laws;
use crate::mind;
use patchbay_core::event::Recorded;
use patchbay_core::id::{ActionId, AskId, CallId, MessageId};
use patchbay_core::log::{Position, StreamId};
use patchbay_core::mind::{MindDone, MindFailure, MindStep};
use patchbay_core::words::ConversationState;
use patchbay_core::{Event, Timestamp};
use patchbay_turn::{CallStart, Cause, Effect, Input, Opening, Timer, Turn};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// A mind in the middle of an answer.
struct Mouth {
    steps: Vec<MindStep>,
    said: usize,
}

/// What a turn was told, and what it wanted done.
struct Told {
    inputs: Vec<(Input, Timestamp)>,
    effects: Vec<Effect>,
}

pub(crate) struct Play {
    dice: Dice,
    opening: Opening,
    now: Timestamp,
    turn: Turn,
    /// The same turn taken up from the log: it must do exactly the same from then on.
    shadow: Option<Turn>,
    backend: Backend,
    /// What is durable, from the turn's opening on.
    log: Vec<Recorded>,
    pending: Vec<(Timestamp, Event)>,
    claims: BTreeMap<String, ActionId>,
    unclaims: Vec<String>,
    words: BTreeMap<MessageId, String>,
    asks: BTreeMap<AskId, Mouth>,
    calls: BTreeMap<CallId, CallStart>,
    /// Reads that never answer.
    lost: BTreeSet<CallId>,
    undecided: Vec<Effect>,
    timers: BTreeMap<Timer, Timestamp>,
    /// What was told before: it may come again, too late.
    stale: Vec<Input>,
    /// Everything since the opening, unless there was a crash.
    told: Option<Told>,
    laws: Laws,
}

/// Plays the schedule of a seed to its end and holds it against the laws.
pub(crate) fn play(seed: u64) {
    let mut dice = Dice::new(seed);
    let backend = Backend::default();
    let mut laws = Laws::default();
    let cause = cause(&mut dice, &backend, &mut laws);
    let mut claims = BTreeMap::new();
    if let Cause::Settle { action, .. } = &cause {
        let customer = company::customer();
        claims.insert(patchbay_core::action::sameness(&action.tool, &action.args, Some(&customer)), action.id.clone());
    }
    let opening = company::opening(cause);
    let (turn, effects) = Turn::open(company::house(), opening.clone(), NOW);
    if std::env::var_os("SCHEDULE").is_some() {
        println!("{:?}\n       {effects:?}", opening.cause);
    }
    let mut play = Play {
        dice,
        opening,
        now: NOW,
        turn,
        shadow: None,
        backend,
        log: Vec::new(),
        pending: Vec::new(),
        claims,
        unclaims: Vec::new(),
        words: BTreeMap::new(),
        asks: BTreeMap::new(),
        calls: BTreeMap::new(),
        lost: BTreeSet::new(),
        undecided: Vec::new(),
        timers: BTreeMap::new(),
        stale: Vec::new(),
        told: Some(Told { inputs: Vec::new(), effects: effects.clone() }),
        laws,
    };
    play.perform(effects);
    for _ in 0..play.dice.below(160) {
        if play.turn.closed() {
            break;
        }
        play.step();
    }
    play.drain();
    play.again();
    play.laws.hold(&play.log, &play.opening);
}

/// How the turn begins: mostly with words, sometimes with a decision or a write to be looked after.
fn cause(dice: &mut Dice, backend: &Backend, laws: &mut Laws) -> Cause {
    let kind = dice.below(10);
    if kind < 6 {
        return Cause::Message { text: "do something about order 10001".into(), picked: None };
    }
    let tool = *dice.pick(&["cancel_order", "gift_wrap"]);
    let order = ORDERS[dice.below(2)];
    let mut action = Box::new(company::proposed(tool, order, &backend.order(order)));
    if dice.percent(10) {
        action.digest = "for something else".into();
    }
    laws.proposed_before(&action);
    match kind {
        6 | 7 => {
            laws.confirmed_before(&action);
            Cause::Confirmed { action, by: "customer".into() }
        }
        8 => Cause::Declined { action },
        _ => {
            laws.confirmed_before(&action);
            laws.sent_before(&action);
            Cause::Settle { action, attempt: u32::try_from(dice.below(4)).unwrap() }
        }
    }
}

impl Play {
    fn tell(&mut self, input: Input) {
        let effects = self.turn.on(input.clone(), self.now);
        if std::env::var_os("SCHEDULE").is_some() {
            println!("{:>6} {input:?}\n       {effects:?}", self.now.0 - NOW.0);
        }
        if let Some(shadow) = &mut self.shadow {
            assert_eq!(shadow.on(input.clone(), self.now), effects, "a turn taken up again does something else on {input:?}");
        }
        if let Some(told) = &mut self.told {
            told.inputs.push((input.clone(), self.now));
            told.effects.extend(effects.clone());
        }
        if self.dice.percent(15) {
            self.stale.push(input);
        }
        self.perform(effects);
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        let mut flush = false;
        for effect in effects {
            match effect {
                Effect::Record(event) => {
                    let event = *event;
                    flush |= event.is_seen();
                    self.laws.recorded(&event, &self.backend);
                    self.pending.push((self.now, event));
                }
                Effect::AskMind { context, .. } => {
                    let steps = mind::answer(&mut self.dice);
                    self.laws.asked(&context.ask);
                    self.asks.insert(context.ask, Mouth { steps, said: 0 });
                }
                Effect::CancelMind(ask) => drop(self.asks.remove(&ask)),
                Effect::StartCall(start) => {
                    if start.operation_id.is_some() {
                        self.flush();
                    }
                    self.laws.started(&start, &self.log);
                    self.calls.insert(start.call.clone(), *start);
                }
                Effect::CancelCall(call) => {
                    if let Some(start) = self.calls.remove(&call) {
                        let answer = Box::new(self.backend.read(&start, &mut self.dice));
                        self.stale.push(Input::Answered { call, answer });
                    }
                }
                Effect::LookUp { .. } | Effect::Claim { .. } => self.undecided.push(effect),
                Effect::Unclaim { sameness } => self.unclaims.push(sameness),
                Effect::SettleAt { action, .. } => self.laws.looked_after(action),
                Effect::Progress(_) => {}
                Effect::SetTimer(timer, at) => drop(self.timers.insert(timer, at)),
                Effect::Identify { .. } => panic!("nobody can be looked up here"),
                Effect::Closed => flush = true,
            }
        }
        if flush {
            self.flush();
        }
    }

    fn flush(&mut self) {
        let offered = |event: &Event| matches!(event, Event::HandoffOffered { .. });
        if self.pending.iter().any(|(_, event)| offered(event)) {
            let holds = |test: &dyn Fn(&Event) -> bool| self.pending.iter().any(|(_, event)| test(event));
            assert!(holds(&|event| matches!(event, Event::PartReleased { .. })), "the customer's words come in another commit");
            assert!(holds(&|event| matches!(event, Event::StateChanged { state: ConversationState::Waiting, .. })), "still the bot's");
        }
        for (at, event) in std::mem::take(&mut self.pending) {
            let seq = self.log.len() as u64 + 1;
            self.log.push(Recorded { position: Position(seq), stream: StreamId("conversation/cnv_1".into()), seq, at, event });
        }
        for sameness in std::mem::take(&mut self.unclaims) {
            self.claims.remove(&sameness);
        }
    }

    fn step(&mut self) {
        match self.dice.below(100) {
            0..34 => self.mind_goes_on(),
            34..60 => self.call_answers(),
            60..74 => self.decide(),
            74..82 => self.timer_fires(),
            82..86 => self.something_comes_again(),
            86..89 => self.message_joins(),
            89..91 if self.dice.percent(40) => self.taken_over(),
            91..94 => self.crash(),
            94..97 => self.compare_with_log(),
            97 if self.dice.percent(25) => self.person_asked(),
            _ => self.now = self.now.plus(Duration::from_millis(self.dice.below(900) as u64)),
        }
    }

    fn mind_goes_on(&mut self) {
        let asks: Vec<AskId> = self.asks.keys().cloned().collect();
        if asks.is_empty() {
            return;
        }
        let ask = self.dice.pick(&asks).clone();
        let mouth = self.asks.get_mut(&ask).unwrap();
        let Some(step) = mouth.steps.get(mouth.said).cloned() else {
            self.asks.remove(&ask);
            let failure = MindFailure { code: "provider_down".into(), detail: "no answer".into() };
            let failed = self.dice.percent(12);
            return self.tell(if failed {
                Input::MindFailed { ask, failure }
            } else {
                Input::MindFinished { ask, done: MindDone { memory: serde_json::json!({ "n": 1 }) } }
            });
        };
        let n = u32::try_from(mouth.said).unwrap();
        mouth.said += 1;
        if self.dice.percent(5) {
            // Out of its order: this one does not count, and what follows it neither.
            return self.tell(Input::MindSpoke { ask, n: n + 7, step: Box::new(step) });
        }
        self.tell(Input::MindSpoke { ask, n, step: Box::new(step) });
    }

    fn call_answers(&mut self) {
        let calls: Vec<CallId> = self.calls.keys().filter(|call| !self.lost.contains(call)).cloned().collect();
        if calls.is_empty() {
            return;
        }
        let call = self.dice.pick(&calls).clone();
        if self.dice.percent(5) && self.laws.is_read(&call) {
            self.lost.insert(call);
            return;
        }
        self.answer(call);
    }

    fn answer(&mut self, call: CallId) {
        let start = self.calls.remove(&call).unwrap();
        let answer = match &start.operation_id {
            Some(action) => {
                let answer = self.backend.write(&start, &mut self.dice);
                self.laws.executed(action, &answer);
                answer
            }
            None => self.backend.read(&start, &mut self.dice),
        };
        self.tell(Input::Answered { call, answer: Box::new(answer) });
    }

    /// Looks up or claims, as the log would: durably, before the turn hears of it.
    fn decide(&mut self) {
        if self.undecided.is_empty() {
            return;
        }
        let at = self.dice.below(self.undecided.len());
        match self.undecided.remove(at) {
            Effect::LookUp { sameness } => {
                let running = self.claims.get(&sameness).cloned();
                self.tell(Input::LookedUp { sameness, running });
            }
            Effect::Claim { action, tool, sameness, .. } => {
                self.flush();
                if let Some(other) = self.claims.get(&sameness).filter(|claimed| **claimed != action).cloned() {
                    return self.tell(Input::LookedUp { sameness, running: Some(other) });
                }
                if !self.claims.contains_key(&sameness) && self.dice.percent(5) {
                    return self.tell(Input::HeldBack { action, rule: "3 times in 86400 s".to_owned() });
                }
                self.claims.insert(sameness, action.clone());
                self.pending
                    .push((self.now, Event::ActionClaimed { id: action.clone(), turn: self.opening.id.clone(), tool, amounts: None }));
                self.flush();
                if self.dice.percent(5) {
                    return self.crash();
                }
                self.tell(Input::Claimed { action });
            }
            other => panic!("nobody decides {other:?}"),
        }
    }

    fn timer_fires(&mut self) {
        let mut timers: Vec<(Timestamp, Timer)> = self.timers.iter().map(|(timer, at)| (*at, timer.clone())).collect();
        timers.sort();
        if timers.is_empty() {
            return;
        }
        let at = if self.dice.percent(70) { 0 } else { self.dice.below(timers.len()) };
        let (due, timer) = timers.swap_remove(at);
        self.timers.remove(&timer);
        self.now = self.now.max(due);
        if self.dice.percent(5) {
            self.tell(Input::TimerFired(timer.clone()));
        }
        self.tell(Input::TimerFired(timer));
    }

    fn something_comes_again(&mut self) {
        if let Some(input) = (!self.stale.is_empty()).then(|| self.dice.pick(&self.stale).clone())
            // Timers are ours and fire when they are set; a person takes over through the log.
            && !matches!(input, Input::TimerFired(_) | Input::TakenOver { .. } | Input::PersonAsked | Input::Joined { .. } | Input::Claimed { .. } | Input::HeldBack { .. })
        {
            self.tell(input);
        }
    }

    fn message_joins(&mut self) {
        if !self.turn.can_join() {
            return;
        }
        let message = MessageId::parse(&format!("msg_{}", self.words.len())).unwrap();
        let text = "and quickly please".to_owned();
        self.words.insert(message.clone(), text.clone());
        self.pending.push((self.now, Event::MessageJoined { turn: self.opening.id.clone(), message }));
        self.flush();
        self.tell(Input::Joined { text });
    }

    fn taken_over(&mut self) {
        let by = "kim".to_owned();
        self.pending.push((self.now, Event::StateChanged { state: ConversationState::Open, by: Some(by.clone()) }));
        self.tell(Input::TakenOver { by });
        self.flush();
    }

    /// The customer presses the button for a person: durable first, then the turn hears of it.
    fn person_asked(&mut self) {
        if self.turn.closed() {
            return;
        }
        self.pending.push((self.now, Event::PersonAsked { turn: self.opening.id.clone() }));
        self.flush();
        if self.dice.percent(10) {
            return self.crash();
        }
        self.tell(Input::PersonAsked);
    }

    /// Everything that is not in the log is gone. A write that had left may have arrived or not.
    fn crash(&mut self) {
        for start in std::mem::take(&mut self.calls).into_values().filter(|start| start.operation_id.is_some()) {
            if self.dice.percent(50) {
                self.backend.write(&start, &mut self.dice);
            }
        }
        self.pending.clear();
        self.unclaims.clear();
        self.asks.clear();
        self.lost.clear();
        self.undecided.clear();
        self.timers.clear();
        self.stale.clear();
        self.told = None;
        self.shadow = None;
        self.laws.crashed(&self.log);
        self.now = self.now.plus(Duration::from_millis(self.dice.below(3000) as u64));
        let (turn, effects) = Turn::resume(company::house(), self.opening.clone(), NOW, &self.log, &self.words, self.now);
        self.turn = turn;
        self.perform(effects);
    }

    /// A turn taken up from the log now must wait for the same things, and go on in the same way.
    fn compare_with_log(&mut self) {
        if self.turn.closed() || self.calls.values().any(|start| start.operation_id.is_some()) {
            return;
        }
        self.flush();
        let (shadow, effects) = Turn::resume(company::house(), self.opening.clone(), NOW, &self.log, &self.words, self.now);
        let (mut asks, mut calls, mut undecided, mut timers) = (BTreeSet::new(), BTreeSet::new(), Vec::new(), BTreeMap::new());
        for effect in effects {
            match effect {
                Effect::AskMind { context, .. } => drop(asks.insert(context.ask)),
                Effect::StartCall(start) => drop(calls.insert(start.call)),
                Effect::LookUp { .. } | Effect::Claim { .. } => undecided.push(format!("{effect:?}")),
                Effect::SetTimer(timer, at) => drop(timers.insert(timer, at)),
                other => panic!("done already, and wanted again: {other:?}"),
            }
        }
        let mut open: Vec<String> = self.undecided.iter().map(|effect| format!("{effect:?}")).collect();
        // Two lookups of the same write are one question; one for words that a later message replaced is answered into the void.
        open.retain(|effect| undecided.contains(effect));
        for effects in [&mut open, &mut undecided] {
            effects.sort();
            effects.dedup();
        }
        assert!(calls == self.calls.keys().cloned().collect(), "calls: {calls:?}");
        assert!(self.asks.keys().all(|ask| asks.contains(ask)), "questions: {asks:?}");
        assert_eq!(open, undecided);
        let running = |timer: &Timer| !matches!(timer, Timer::Slow(call) if !self.calls.contains_key(call));
        assert_eq!(timers, self.timers.clone().into_iter().filter(|(timer, _)| running(timer)).collect());
        self.shadow = Some(shadow);
    }

    /// From now on only writes answer and timers fire: the turn must end by itself.
    fn drain(&mut self) {
        for _ in 0..2000 {
            if self.turn.closed() {
                return;
            }
            let writing = self.calls.keys().find(|call| !self.laws.is_read(call)).cloned();
            if !self.undecided.is_empty() {
                self.decide();
            } else if let Some(call) = writing {
                self.answer(call);
            } else {
                assert!(!self.timers.is_empty(), "an open turn waits for nothing");
                self.timer_fires();
            }
        }
        panic!("the turn does not end");
    }

    /// The same inputs give the same effects.
    fn again(&mut self) {
        let Some(Told { inputs, effects }) = self.told.take() else { return };
        let (mut turn, mut same) = Turn::open(company::house(), self.opening.clone(), NOW);
        for (input, at) in inputs {
            same.extend(turn.on(input, at));
        }
        assert_eq!(same, effects);
    }
}
