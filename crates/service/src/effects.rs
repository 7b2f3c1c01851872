//! Carrying out what a turn wants: nothing is seen outside before it is in the log.

use crate::actor::{Actor, Command};
use crate::limits::Used;
use crate::live::Signal;
use crate::{Carrier, carry_out, timers};
use patchbay_core::event::Event;
use patchbay_core::id::{ActionId, TurnId};
use patchbay_core::log::{Appended, Claim, LogError, StreamId, TimerChange};
use patchbay_core::mind::{MindContext, MindFailure};
use patchbay_core::words::CallOutcome;
use patchbay_core::{Money, Personal, Timestamp};
use patchbay_turn::{Answer, CallStart, Effect, Input, Timer};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

impl Actor {
    /// Carries out the effects of this moment in order, and those that follow from them.
    pub(crate) async fn perform(&mut self, effects: Vec<Effect>, at: Timestamp) {
        let mut queue: VecDeque<(Timestamp, Effect)> = effects.into_iter().map(|effect| (at, effect)).collect();
        let mut seen = false;
        let mut closed = false;
        while let Some((at, effect)) = queue.pop_front() {
            match effect {
                Effect::Record(event) => {
                    seen |= event.is_seen();
                    match &*event {
                        Event::StateChanged { .. } => self.withdraw("taken_over", at),
                        Event::ActionProposed { .. } => self.withdraw("replaced", at),
                        _ => {}
                    }
                    self.pending.push((at, *event));
                }
                Effect::AskMind { mind, context } => self.ask_mind(mind, *context),
                Effect::CancelMind(ask) => self.cancel(&ask.0),
                Effect::CancelCall(call) => self.cancel(&call.0),
                Effect::StartCall(start) => {
                    // A write leaves only after the log shows that it is about to, and so does a try to prove who one is.
                    let proving = self.is_lookup(&start.tool);
                    if (proving || start.operation_id.is_some()) && self.flush().await.is_err() {
                        return;
                    }
                    match self.no_more_tries(proving).await {
                        Some(answer) => queue.extend(self.inform(Input::Answered { call: start.call, answer: Box::new(answer) })),
                        None => self.start_call(*start),
                    }
                }
                Effect::LookUp { sameness } => {
                    let running = self.running(&sameness).await;
                    queue.extend(self.inform(Input::LookedUp { sameness, running }));
                }
                Effect::Claim { action, tool, sameness, amounts } => {
                    let Some(input) = self.claim(action, tool, sameness, amounts).await else { return };
                    queue.extend(self.inform(input));
                }
                Effect::Identify { lookup, external, level, until } => {
                    let session = self.prove(lookup, external, level, until);
                    if self.flush().await.is_err() {
                        return;
                    }
                    queue.extend(self.inform(Input::Identified { session }));
                }
                Effect::Unclaim { sameness } => self.unclaims.push(("write".to_owned(), sameness)),
                Effect::SettleAt { action, at, attempt } => self.timers.push(timers::settle_at(&self.id, &action, at, attempt)),
                Effect::Progress(text) => self.service.signal(&self.id, Signal::Progress(text)),
                Effect::SetTimer(timer, at) => self.set_timer(timer, at),
                Effect::Closed => closed = true,
            }
        }
        if closed {
            self.finish().await;
        } else if seen {
            drop(self.flush().await);
        }
    }

    /// Cards that wait for a yes are withdrawn: when people take the conversation, and when another card takes their place.
    pub(crate) fn withdraw(&mut self, why: &str, at: Timestamp) {
        let decided = |id: &ActionId| {
            let ends =
                |event: &Event| matches!(event, Event::ActionConfirmed { id: of, .. } | Event::ActionCancelled { id: of, .. } if of == id);
            self.pending.iter().any(|(_, event)| ends(event))
        };
        let open: Vec<ActionId> = self.state.open_proposals.iter().filter(|id| !decided(id)).cloned().collect();
        self.pending.extend(open.into_iter().map(|id| (at, Event::ActionCancelled { id, why: why.to_owned() })));
    }

    /// The turn is over: its last events are written with the end of its watch.
    async fn finish(&mut self) {
        if self.state.waiting.is_empty() {
            self.timers.push(TimerChange::Clear { name: timers::turn_timer(&self.id) });
        }
        if self.flush().await.is_ok() {
            self.open = None;
        }
    }

    /// Tells the open turn something found out on the way.
    fn inform(&mut self, input: Input) -> Vec<(Timestamp, Effect)> {
        let now = self.now();
        let effects = self.open.as_mut().map(|open| open.turn.on(input, now)).unwrap_or_default();
        effects.into_iter().map(|effect| (now, effect)).collect()
    }

    fn turn(&self) -> Option<TurnId> {
        self.open.as_ref().map(|open| open.turn.id().clone())
    }

    /// Runs something for the open turn; what comes of it arrives as a command.
    fn spawn(&mut self, key: String, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(open) = &mut self.open {
            open.tasks.retain(|_, task| !task.is_finished());
            if let Some(earlier) = open.tasks.insert(key, tokio::spawn(task)) {
                earlier.abort();
            }
        }
    }

    fn cancel(&mut self, key: &str) {
        if let Some(task) = self.open.as_mut().and_then(|open| open.tasks.remove(key)) {
            task.abort();
        }
    }

    fn ask_mind(&mut self, mind: usize, context: MindContext) {
        let (Some(turn), Some(mind)) = (self.turn(), self.service.0.parts.minds.get(mind).cloned()) else { return };
        let me = self.me.clone();
        let ask = context.ask.clone();
        let heard = Arc::new(AtomicU32::new(0));
        let ear = {
            let (me, turn, ask) = (me.clone(), turn.clone(), ask.clone());
            Box::new(move |step| {
                let n = heard.fetch_add(1, Ordering::Relaxed);
                let input = Input::MindSpoke { ask: ask.clone(), n, step: Box::new(step) };
                let _ = me.send(Command::Tell(turn.clone(), Box::new(input)));
            })
        };
        let key = ask.0.clone();
        self.spawn(key, async move {
            let answer = if mind.computes() {
                let runtime = tokio::runtime::Handle::current();
                tokio::task::spawn_blocking(move || runtime.block_on(mind.answer(context, ear))).await
            } else {
                tokio::spawn(async move { mind.answer(context, ear).await }).await
            };
            let input = match answer {
                Ok(Ok(done)) => Input::MindFinished { ask, done },
                Ok(Err(failure)) => Input::MindFailed { ask, failure },
                // The runtime is going down: whoever takes the turn up again asks again.
                Err(ended) if ended.is_cancelled() => return,
                Err(panicked) => {
                    tracing::error!(%turn, %panicked, "a mind ended without an answer");
                    let failure = MindFailure { code: "mind_panicked".to_owned(), detail: panicked.to_string() };
                    Input::MindFailed { ask, failure }
                }
            };
            let _ = me.send(Command::Tell(turn, Box::new(input)));
        });
    }

    fn start_call(&mut self, start: CallStart) {
        let Some(turn) = self.turn() else { return };
        let carrier = Carrier { backends: self.service.0.parts.backends.clone(), house: self.service.house().clone() };
        let (me, call) = (self.me.clone(), start.call.clone());
        let key = call.0.clone();
        let write = start.operation_id.is_some();
        let tell = move |answer: Answer| {
            let input = Input::Answered { call, answer: Box::new(answer) };
            let _ = me.send(Command::Tell(turn, Box::new(input)));
        };
        if write {
            // A write that has left is never aborted with its turn: its answer is wanted by whoever is awake then.
            let work = tokio::spawn(async move { carry_out(&carrier, &start).await });
            tokio::spawn(async move {
                match work.await {
                    Ok(answer) => tell(answer),
                    // The runtime is going down: whoever takes the turn up again knows that the write had left.
                    Err(ended) if ended.is_cancelled() => {}
                    Err(panicked) => {
                        tracing::error!(%panicked, "a write ended without an answer");
                        tell(Answer::none(CallOutcome::Unknown, "outcome_unknown: the call ended without an answer"));
                    }
                }
            });
        } else {
            self.spawn(key, async move { tell(carry_out(&carrier, &start).await) });
        }
    }

    fn set_timer(&mut self, timer: Timer, at: Timestamp) {
        let Some(turn) = self.turn() else { return };
        let (me, wait) = (self.me.clone(), at.since(self.now()));
        self.spawn(format!("timer {timer}"), async move {
            tokio::time::sleep(wait).await;
            let _ = me.send(Command::Tell(turn, Box::new(Input::TimerFired(timer))));
        });
    }

    /// The unsettled write like this one, if there is one. Storage that fails is asked again: guessing "none" could double a write.
    async fn running(&self, sameness: &str) -> Option<ActionId> {
        loop {
            match self.service.0.parts.log.claimed("write".to_owned(), sameness.to_owned()).await {
                Ok(running) => return running.and_then(|id| ActionId::parse(&id)),
                Err(error) => self.wait_for_storage(&error).await,
            }
        }
    }

    /// Takes a write, durably and alone, and says what the turn is to be told. `None` when this actor may not write any more.
    async fn claim(&mut self, action: ActionId, tool: String, sameness: String, amounts: BTreeMap<String, Money>) -> Option<Input> {
        let turn = self.turn()?;
        self.flush().await.ok()?;
        loop {
            // Limits are counted again with the very append that takes the write: of two at once, the second one sees the first.
            if let Some(rule) = self.limit_reached(&action, &tool, &amounts).await? {
                return Some(Input::HeldBack { action, rule });
            }
            let kept = (!amounts.is_empty()).then(|| Personal::payload(amounts.clone()));
            let event = Event::ActionClaimed { id: action.clone(), turn: turn.clone(), tool: tool.clone(), amounts: kept };
            self.pending.push((self.now(), event));
            let claim = Claim { kind: "write".to_owned(), key: sameness.clone(), result: action.to_string() };
            match self.append(vec![claim]).await {
                Ok(Appended::Written { .. }) => return Some(Input::Claimed { action }),
                Ok(Appended::AlreadyClaimed { claim }) if claim.result == action.as_str() => {
                    // It is ours from before: a write that is being settled is sent again under its own key.
                    self.flush().await.ok()?;
                    return Some(Input::Claimed { action });
                }
                Ok(Appended::AlreadyClaimed { claim }) => {
                    self.pending.clear();
                    return Some(Input::LookedUp { sameness, running: ActionId::parse(&claim.result) });
                }
                Err(_) if self.lost => return None,
                Err(LogError::Conflict { .. }) => {}
                Err(error) => self.wait_for_storage(&error).await,
            }
            self.pending.clear();
        }
    }

    /// The limit that a write would go beyond, by what its customer has used until now. What is written next counts only if that still
    /// holds then.
    async fn limit_reached(&mut self, action: &ActionId, tool: &str, amounts: &BTreeMap<String, Money>) -> Option<Option<String>> {
        let limited = !self.service.house().gate.limits(tool).is_empty();
        let Some(customer) = self.session.customer.as_ref().filter(|_| limited) else { return Some(None) };
        let (log, customer) = (self.service.0.parts.log.clone(), customer.id.clone());
        let used = self.patiently(|| Used::read(&*log, &customer, Some(action), None)).await?;
        if used.claimed.contains(action) {
            // It was within the limits when it was taken: that it is looked after does not count again.
            return Some(None);
        }
        self.expects = Some((StreamId::customer(&customer), used.length));
        Some(self.service.house().gate.limit_reached(tool, amounts, used.of(tool), self.now()))
    }
}
