//! The turn's state and the round of mind and calls.

use crate::input::{Answer, Cause, Input, Opening, Timer};
use crate::proof::Proof;
use crate::wish::{Purpose, Wish};
use crate::{Effect, House};
use patchbay_core::action::{ActionState, ProposedAction};
use patchbay_core::declare::Budget;
use patchbay_core::fact::Released;
use patchbay_core::id::{ActionId, AskId, CallId};
use patchbay_core::mind::{CallResult, MindContext, MindDone, MindFailure, Occasion, Understanding};
use patchbay_core::reply::{Question, WANTS_NO_PERSON, WANTS_PERSON};
use patchbay_core::words::{CallOutcome, RefusalCode};
use patchbay_core::{Event, Personal, Session, Timestamp, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Questions to minds in one turn (`numbers`: a turn has at most this many rounds).
const ROUNDS: u32 = 8;
/// Calls of backends in one turn.
pub(crate) const CALLS: u32 = 24;
/// What is left for last words once the whole budget is used up.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The question a mind is answering now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) id: AskId,
    /// How many things it has said so far.
    pub(crate) heard: u32,
    /// Which of the minds.
    pub(crate) mind: usize,
    pub(crate) occasion: Occasion,
}

/// A call that has not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Running {
    pub(crate) wish: u32,
    pub(crate) tool: String,
    pub(crate) purpose: Purpose,
}

/// A turn, from its opening to its end.
#[derive(Debug)]
pub struct Turn {
    pub(crate) house: Arc<House>,
    pub(crate) opening: Opening,
    pub(crate) opened_at: Timestamp,
    pub(crate) now: Timestamp,
    pub(crate) out: Vec<Effect>,

    pub(crate) asks: u32,
    pub(crate) asking: Option<Asking>,
    pub(crate) memory: serde_json::Value,
    pub(crate) understood: Understanding,

    pub(crate) calls: u32,
    pub(crate) actions: u32,
    pub(crate) running: BTreeMap<CallId, Running>,
    pub(crate) wishes: BTreeMap<u32, Wish>,
    /// Ended wishes the mind has not been told of yet.
    pub(crate) untold: Vec<CallResult>,
    pub(crate) results: Vec<CallResult>,
    pub(crate) facts: BTreeMap<String, Released>,
    /// Every call that ended: tool, outcome, was it essential. What triggers see.
    pub(crate) ended_calls: Vec<(String, CallOutcome, bool)>,

    pub(crate) budget: Budget,
    pub(crate) whole_passed: bool,
    pub(crate) parts: u32,
    pub(crate) question: Option<Question>,
    pub(crate) declined: bool,
    /// The mind said that the company's own rules are against it.
    pub(crate) refused: bool,
    pub(crate) hand_over: Option<HandOver>,
    /// The tool of a write that waits for a person's approval.
    pub(crate) approval_of: Option<String>,
    pub(crate) proposal: Option<ProposedAction>,
    /// The confirmed write this turn carries out.
    pub(crate) executing: Option<ProposedAction>,
    pub(crate) writes: BTreeMap<ActionId, ActionState>,
    pub(crate) refusal: Option<(RefusalCode, String)>,
    /// The customer's message, while it waits for what their greeting speaks about.
    pub(crate) held: Option<Occasion>,
    /// How the customer proves who they are in words.
    pub(crate) proof: Proof,
    /// Nothing is said any more: a person has the conversation.
    pub(crate) silent: bool,
    /// Who took the conversation in the middle of this turn.
    pub(crate) taken_by: Option<String>,
    pub(crate) closed: bool,
}

/// A decision that a person should take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HandOver {
    pub(crate) reason: String,
    pub(crate) rule: Option<String>,
    pub(crate) evidence: BTreeMap<String, String>,
}

impl HandOver {
    /// A handover without a declared trigger behind it.
    pub(crate) fn because(reason: &str, what: &str, value: &dyn ToString) -> Self {
        Self { reason: reason.to_owned(), rule: None, evidence: BTreeMap::from([(what.to_owned(), value.to_string())]) }
    }
}

impl Turn {
    /// Begins a turn. The driver has recorded that it opened; these are the first effects.
    #[must_use]
    pub fn open(house: Arc<House>, opening: Opening, now: Timestamp) -> (Self, Vec<Effect>) {
        let mut turn = Self {
            silent: opening.silent,
            proof: Proof::after(opening.tries),
            memory: opening.memory.clone(),
            house,
            opening,
            opened_at: now,
            now,
            out: Vec::new(),
            asks: 0,
            asking: None,
            understood: Understanding::default(),
            calls: 0,
            actions: 0,
            running: BTreeMap::new(),
            wishes: BTreeMap::new(),
            untold: Vec::new(),
            results: Vec::new(),
            facts: BTreeMap::new(),
            ended_calls: Vec::new(),
            budget: Budget::default(),
            whole_passed: false,
            parts: 0,
            question: None,
            declined: false,
            refused: false,
            hand_over: None,
            approval_of: None,
            proposal: None,
            executing: None,
            writes: BTreeMap::new(),
            refusal: None,
            held: None,
            taken_by: None,
            closed: false,
        };
        turn.set_deadlines();
        for note in turn.opening.notes.clone() {
            turn.release_text(&note, BTreeMap::new());
        }
        turn.note_files();
        turn.load_customer();
        turn.begin();
        turn.proceed();
        let effects = std::mem::take(&mut turn.out);
        (turn, effects)
    }

    /// Takes one input in. Inputs that are late, doubled or meant for something that ended are ignored.
    pub fn on(&mut self, input: Input, now: Timestamp) -> Vec<Effect> {
        self.now = now;
        if !self.closed {
            self.take(input);
            self.proceed();
        }
        std::mem::take(&mut self.out)
    }

    /// Is the turn over?
    #[must_use]
    pub fn closed(&self) -> bool {
        self.closed
    }

    /// May a further message of the customer still join this turn? Only while nothing was released and nothing was written.
    #[must_use]
    pub fn can_join(&self) -> bool {
        !self.closed && self.parts == 0 && self.writes.is_empty() && matches!(self.opening.cause, Cause::Message { .. })
    }

    /// The calls that carry out writes, with the writes' ids.
    pub(crate) fn executing_calls(&self) -> impl Iterator<Item = (CallId, ActionId)> {
        let executes = self.running.iter().filter(|(_, running)| running.purpose == Purpose::Execute);
        executes.filter_map(|(call, running)| Some((call.clone(), self.wishes.get(&running.wish)?.action.clone()?)))
    }

    /// Whose turn it is, with what they have proven.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.opening.session
    }

    /// The turn's id.
    #[must_use]
    pub fn id(&self) -> &patchbay_core::id::TurnId {
        &self.opening.id
    }

    /// Facts about the customer known by now; the next turn begins with them.
    #[must_use]
    pub fn customer(&self) -> &BTreeMap<String, Value> {
        &self.opening.customer
    }

    fn begin(&mut self) {
        match self.opening.cause.clone() {
            // Files without a word: what can be said about them is said.
            Cause::Message { text, .. } if text.is_empty() && !self.opening.files.is_empty() => {}
            Cause::Message { text, picked } => match picked.as_deref() {
                Some(WANTS_PERSON) => self.person_wanted("choice"),
                Some(WANTS_NO_PERSON) => self.release_text("person_declined", BTreeMap::new()),
                _ => self.greet_and_ask(Occasion::Message { text, picked }),
            },
            Cause::Confirmed { action, .. } => self.execute_confirmed(*action),
            Cause::Declined { action } => {
                self.cancel_action(&action.id, "declined");
                self.ask(Occasion::ActionDeclined { action: action.id.clone() });
            }
            Cause::Settle { action, .. } => self.settle(*action),
            Cause::PersonAsked => self.person_asked(),
            Cause::HandedBack => self.release_text("handed_back", BTreeMap::new()),
            Cause::NotApproved { action } => {
                self.release_text("not_approved", BTreeMap::from([("effect".to_owned(), Value::Text(action.effect))]));
            }
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Joined { text } => self.join(&text),
            Input::MindSpoke { ask, n, step } => self.heard(&ask, n, *step),
            Input::MindFinished { ask, done } => self.finished(&ask, done),
            Input::MindFailed { ask, failure } => self.mind_failed(&ask, &failure),
            Input::Answered { call, answer } => self.answered(&call, *answer),
            Input::LookedUp { sameness, running } => self.looked_up(&sameness, running),
            Input::Claimed { action } => self.claimed(&action),
            Input::HeldBack { action, rule } => self.held_back(&action, rule),
            Input::Identified { session } => self.identified(session),
            Input::TimerFired(timer) => self.fired(&timer),
            Input::PersonAsked => self.person_asked(),
            Input::TakenOver { by } => self.taken_over(&by),
        }
    }

    /// Writes an event.
    pub(crate) fn record(&mut self, event: Event) {
        self.out.push(Effect::Record(Box::new(event)));
    }

    fn set_deadlines(&mut self) {
        self.out.push(Effect::SetTimer(Timer::Useful, self.opened_at.plus(self.budget.useful)));
        self.out.push(Effect::SetTimer(Timer::Whole, self.reads_until()));
    }

    /// A composition with a budget of its own moves the turn's deadlines.
    pub(crate) fn adopt_budget(&mut self, name: &str) {
        if let Some(budget) = self.house.budget(name) {
            self.budget = budget;
            self.set_deadlines();
        }
    }

    /// The time the turn has left for reads.
    pub(crate) fn time_left(&self) -> Duration {
        self.reads_until().since(self.now)
    }

    /// When reads are given up, so that the last words are said within the budget.
    fn reads_until(&self) -> Timestamp {
        self.opened_at.plus(self.budget.whole.saturating_sub(LAST_WORDS))
    }

    /// Starts what can start; asks the mind when it has something to be told; closes when nothing is left.
    fn proceed(&mut self) {
        self.start_ready();
        if self.closed || self.asking.is_some() || self.waiting() {
            return;
        }
        if let Some(outcome) = self.proof.untold.take().filter(|_| self.hand_over.is_none() && !self.silent) {
            self.ask(Occasion::Proof { outcome });
            return self.proceed();
        }
        if self.untold.is_empty() || self.hand_over.is_some() || self.silent || matches!(self.opening.cause, Cause::Settle { .. }) {
            self.close();
            return;
        }
        let ended = self.untold.iter().rev().find_map(|result| result.action.clone());
        self.ask(ended.map_or(Occasion::Results, |action| Occasion::ActionEnded { action }));
        self.proceed();
    }

    /// Is a wish still under way that the turn waits for? A proposed write is not: it ends the turn.
    fn waiting(&self) -> bool {
        self.proof.under_way() || self.wishes.values().any(Wish::under_way)
    }

    /// Asks the mind, unless the turn has used up its rounds.
    pub(crate) fn ask(&mut self, occasion: Occasion) {
        if self.asks >= ROUNDS {
            self.hand_over = Some(HandOver::because("tool_budget", "rounds", &ROUNDS));
            return;
        }
        self.put_question(occasion, 0);
    }

    fn put_question(&mut self, occasion: Occasion, mind: usize) {
        let id = self.opening.id.ask(self.asks);
        self.asks += 1;
        let told: Vec<CallResult> = std::mem::take(&mut self.untold);
        self.results.extend(told);
        self.asking = Some(Asking { id: id.clone(), heard: 0, mind, occasion: occasion.clone() });
        self.record(Event::MindAsked { turn: self.opening.id.clone(), ask: id.clone(), occasion: Personal::trace(occasion.clone()) });
        let context = MindContext {
            conversation: self.opening.conversation.clone(),
            turn: self.opening.id.clone(),
            ask: id,
            now: self.now,
            occasion,
            history: self.opening.history.clone(),
            level: self.opening.session.level_at(self.now),
            lookups: self.open_lookups(),
            customer: self.opening.customer.clone(),
            facts: self.facts.clone(),
            results: self.results.clone(),
            tools: self.house.company.tools.keys().cloned().collect(),
            memory: self.memory.clone(),
        };
        self.out.push(Effect::AskMind { mind, context: Box::new(context) });
    }

    fn finished(&mut self, ask: &AskId, done: MindDone) {
        if self.asking.as_ref().is_some_and(|asking| asking.id == *ask) {
            self.asking = None;
            self.memory = done.memory.clone();
            self.record(Event::MindFinished { turn: self.opening.id.clone(), ask: ask.clone(), done: Personal::trace(done) });
        }
    }

    /// A mind that fails is replaced by the next one for the same question; when none is left, a person takes over.
    fn mind_failed(&mut self, ask: &AskId, failure: &MindFailure) {
        let Some(asking) = self.asking.take_if(|asking| asking.id == *ask) else { return };
        self.record(Event::MindFailed { turn: self.opening.id.clone(), ask: ask.clone(), failure: Personal::trace(failure.clone()) });
        if asking.mind + 1 < self.opening.minds && asking.heard == 0 {
            self.put_question(asking.occasion, asking.mind + 1);
        } else {
            self.hand_over = Some(HandOver::because("mind_failed", "failure", &failure.code));
        }
    }

    /// A further message: what was begun for the first one is dropped, and the mind is asked about all the words together.
    fn join(&mut self, text: &str) {
        if !self.can_join() {
            return;
        }
        self.stop_everything();
        self.wishes.clear();
        self.untold.clear();
        self.results.clear();
        self.ended_calls.clear();
        self.question = None;
        self.proposal = None;
        self.refusal = None;
        self.proof.drop();
        self.held = None;
        self.declined = false;
        self.refused = false;
        self.hand_over = None;
        self.memory = self.opening.memory.clone();
        let Cause::Message { text: first, .. } = &self.opening.cause else { return };
        let text = format!("{first}\n{text}");
        self.opening.cause = Cause::Message { text: text.clone(), picked: None };
        self.load_customer();
        self.greet_and_ask(Occasion::Message { text, picked: None });
    }

    /// Gives up everything that is under way, but a write that has been sent: its answer, and what its effect reads like, still count.
    pub(crate) fn stop_everything(&mut self) {
        if let Some(asking) = self.asking.take() {
            self.out.push(Effect::CancelMind(asking.id));
        }
        let reads: Vec<CallId> =
            self.running.iter().filter(|(_, running)| !running.purpose.of_a_write()).map(|(call, _)| call.clone()).collect();
        for call in reads {
            self.running.remove(&call);
            self.out.push(Effect::CancelCall(call));
        }
    }

    fn answered(&mut self, call: &CallId, answer: Answer) {
        let Some(running) = self.running.remove(call) else { return };
        let (kept, dropped) =
            answer.released.as_ref().map(|released| (released.kept.clone(), released.dropped.clone())).unwrap_or_default();
        self.record(Event::CallAnswered {
            turn: self.opening.id.clone(),
            call: call.clone(),
            tool: running.tool.clone(),
            outcome: answer.outcome,
            refusal: answer.refusal,
            rule: answer.rule.clone(),
            detail: answer.detail.clone(),
            released: answer.released.clone().map(Personal::payload),
            kept,
            dropped,
            ms: answer.ms,
            cached: answer.cached,
        });
        match running.purpose {
            Purpose::Execute => self.executed(running.wish, answer),
            Purpose::Verify => self.read_back(running.wish, &running.tool, answer),
            Purpose::Wish | Purpose::Need | Purpose::Identify => {
                let answer = self.as_seen_outside(&running.tool, answer);
                self.node_ended(running.wish, &running.tool, answer);
            }
        }
    }

    /// From here on a record that is missing and one that is somebody else's are the same: for minds, triggers, texts and replies.
    fn as_seen_outside(&self, tool: &str, answer: Answer) -> Answer {
        let foreign = answer.refusal == Some(RefusalCode::OwnerMismatch);
        if self.house.owned(tool) && (foreign || answer.outcome == CallOutcome::NotFound) {
            return Answer { outcome: CallOutcome::Refused, refusal: Some(RefusalCode::OwnerMismatch), rule: None, detail: None, ..answer };
        }
        answer
    }

    fn fired(&mut self, timer: &Timer) {
        // Most calls are never slow: what has answered already is no news.
        if matches!(timer, Timer::Slow(call) if !self.running.contains_key(call)) {
            return;
        }
        self.record(Event::TurnTimerFired { turn: self.opening.id.clone(), timer: timer.to_string() });
        match timer {
            Timer::Useful => self.say_something_useful(),
            Timer::Whole => self.give_up_reads(),
            Timer::Last => self.last_words(),
            Timer::Slow(call) => self.say_it_takes_long(call),
            Timer::ReadBack(wish) => self.read_back_again(*wish),
        }
    }

    /// The useful deadline: the mind may say what is there; if it has nothing, the customer gets an honest sentence.
    fn say_something_useful(&mut self) {
        let nobody_waits = self.silent || matches!(self.opening.cause, Cause::Settle { .. });
        if self.parts > 0 || self.question.is_some() || nobody_waits {
            return;
        }
        if let Some(occasion) = self.held.take() {
            self.ask(occasion);
        }
        if self.asking.is_some() {
            self.release_text("still_looking", BTreeMap::new());
            return;
        }
        let pending: Vec<String> =
            self.running.values().filter(|running| !running.purpose.of_a_write()).map(|running| running.tool.clone()).collect();
        if pending.is_empty() {
            return;
        }
        self.ask(Occasion::Partial { pending });
    }

    /// The whole deadline: reads still running count as timed out, so that the mind can answer with what is there.
    fn give_up_reads(&mut self) {
        self.whole_passed = true;
        self.out.push(Effect::SetTimer(Timer::Last, self.now.plus(LAST_WORDS)));
        let late: Vec<CallId> =
            self.running.iter().filter(|(_, running)| !running.purpose.of_a_write()).map(|(call, _)| call.clone()).collect();
        for call in late {
            self.out.push(Effect::CancelCall(call.clone()));
            self.answered(&call, Answer::none(CallOutcome::Timeout, "backend_timeout: the turn's time is used up"));
        }
    }

    /// The end of all patience: whoever still has not finished is left behind. A write under way is never left: its answer closes the turn.
    fn last_words(&mut self) {
        if self.wishes.values().any(Wish::writing) {
            self.out.push(Effect::SetTimer(Timer::Last, self.now.plus(LAST_WORDS)));
            return;
        }
        let reason = if self.asking.is_some() { "mind_failed" } else { "backend_down" };
        self.stop_everything();
        if let Cause::Settle { action, .. } = self.opening.cause.clone() {
            self.unknown(action.wish, &action, "nothing could be read in time");
            return self.close();
        }
        if self.question.is_none() && self.proposal.is_none() {
            if self.parts == 0 {
                self.release_text("cannot_reach", BTreeMap::new());
            }
            // What was said so far was no whole answer, perhaps only that one is coming.
            self.hand_over.get_or_insert_with(|| HandOver::because(reason, "deadline", &"whole turn"));
        }
        self.close();
    }

    fn say_it_takes_long(&mut self, call: &CallId) {
        let Some(running) = self.running.get(call) else { return };
        let text = self.house.tool(&running.tool).and_then(|tool| tool.slow.as_ref()).map_or("slow", |slow| slow.say.as_str()).to_owned();
        if let Some(text) = self.render(&text, &BTreeMap::new()) {
            self.out.push(Effect::Progress(text));
        }
    }

    /// A person took over: nothing more is released. A write under way is finished silently, and the reply is cut after it.
    fn taken_over(&mut self, by: &str) {
        self.silent = true;
        self.taken_by = Some(by.to_owned());
        if matches!(self.opening.cause, Cause::Settle { .. }) {
            return;
        }
        self.hand_over = None;
        self.drop_the_rest();
        if !self.waiting() {
            self.close();
        }
    }

    /// The button for a person: whatever a mind was about is dropped, and the conversation is handed over. It needs no mind.
    fn person_asked(&mut self) {
        self.person_wanted("button");
    }

    /// The customer wants a person, and has said so without words. While a write is on its way they are told that they were heard.
    fn person_wanted(&mut self, asked_by: &str) {
        if self.silent {
            return;
        }
        if !matches!(self.opening.cause, Cause::Settle { .. }) {
            self.drop_the_rest();
        }
        let wanted = HandOver::because("asked_for_human", "asked_by", &asked_by);
        let heard = self.hand_over.replace(wanted.clone()) == Some(wanted);
        if !heard && self.wishes.values().any(Wish::writing) {
            self.release_text("person_heard", BTreeMap::new());
        }
    }

    /// Gives up everything but a write that has left the house.
    fn drop_the_rest(&mut self) {
        self.stop_everything();
        self.question = None;
        self.proposal = None;
        self.held = None;
        self.proof.drop();
        for wish in self.wishes.values_mut().filter(|wish| !wish.writing()) {
            wish.ended = true;
        }
    }

    /// The turn is over with this event: nothing it is told counts any more. A yes that came to nothing is used up all the same.
    pub(crate) fn end(&mut self, with: Event) {
        if let Some(action) = self.executing.take()
            && matches!(self.opening.cause, Cause::Confirmed { .. })
            && !self.writes.contains_key(&action.id)
        {
            self.cancel_action(&action.id, if self.taken_by.is_some() { "taken_over" } else { "refused" });
        }
        self.record(with);
        self.closed = true;
        self.out.push(Effect::Closed);
    }
}
