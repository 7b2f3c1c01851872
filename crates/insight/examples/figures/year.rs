//! A made-up company's conversations over a long time, as the events of their log: made as they are read, the same for the same
//! seed, in memory or written into a real log.

use patchbay_core::action::ProposedAction;
use patchbay_core::event::{Event, Recorded, Settled, TurnCause};
use patchbay_core::handoff::{HandoffEnd, Survey};
use patchbay_core::id::{ConversationId, CustomerId, HandoffId, MessageId, StaffId, TurnId, VisitorId};
use patchbay_core::log::{Append, Appended, DueTimer, Lease, LeaseRequest, LogError, Outgoing, Position, StreamId, Subject};
use patchbay_core::mind::{MindStep, Speaker, Understanding};
use patchbay_core::port::{Later, Log};
use patchbay_core::session::{Customer, Session};
use patchbay_core::words::{CallOutcome, ConversationState, Level, ReplyStatus, Route, Zone};
use patchbay_core::{Personal, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

const HOUR: i64 = 3_600_000;
const MINUTE: i64 = 60_000;

/// How many events are told at once to get to where reading goes on.
const PAGE: usize = 10_000;

/// What customers ask for: how often, and of a hundred how many are helped.
const TOPICS: [(Option<&str>, Route, u64, u64); 7] = [
    (Some("where_is_it"), Route::Skill, 34, 92),
    (Some("cancel"), Route::Skill, 14, 84),
    (Some("invoice"), Route::Skill, 12, 58),
    (Some("return"), Route::Skill, 12, 74),
    (None, Route::Knowledge, 16, 88),
    (None, Route::Talk, 7, 0),
    (None, Route::None, 5, 0),
];

/// How many customers write in an hour of the day, and on a day of the week from Monday on, of a hundred.
const HOURS: [u64; 24] = [8, 5, 3, 2, 2, 4, 10, 25, 60, 95, 100, 90, 70, 75, 80, 78, 70, 62, 55, 60, 58, 45, 30, 16];
const WEEK: [u64; 7] = [100, 88, 80, 78, 82, 55, 48];

/// Where a long time begins, how long it is, and how many events it has at most.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) begins: Timestamp,
    pub(crate) days: u32,
    pub(crate) events: u64,
    pub(crate) seed: u64,
}

/// Events of one conversation with their times.
pub(crate) type Told = (ConversationId, Vec<(Timestamp, Event)>);

/// Chance that can be had again.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.throw() % n.max(1)
    }

    fn in_hundred(&mut self, n: u64) -> bool {
        self.below(100) < n
    }

    fn millis(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below((to - from).unsigned_abs())).unwrap_or_default()
    }
}

/// Makes conversations in the order they begin.
pub(crate) struct Year {
    plan: Plan,
    dice: Dice,
    hour: i64,
    due: u64,
    told: u64,
    recent: VecDeque<(u64, Option<u64>, usize)>,
}

impl Year {
    pub(crate) fn new(plan: Plan) -> Self {
        Self { plan, dice: Dice(plan.seed), hour: -1, due: 0, told: 0, recent: VecDeque::new() }
    }

    /// How many conversations the plan comes to, about: each has some 17 events.
    fn conversations(&self) -> u64 {
        self.plan.events / 17
    }

    /// When the next one begins.
    fn when(&mut self) -> Option<Timestamp> {
        while self.due == 0 {
            self.hour += 1;
            if self.hour >= i64::from(self.plan.days) * 24 {
                return None;
            }
            let day = (self.plan.begins.0 / (24 * HOUR) + 3 + self.hour / 24).rem_euclid(7);
            let weight = HOURS[usize::try_from(self.hour % 24).unwrap_or_default()] * WEEK[usize::try_from(day).unwrap_or_default()];
            let all = HOURS.iter().sum::<u64>() * WEEK.iter().sum::<u64>() / 7;
            let exact = self.conversations() * weight * 1_000 / all / u64::from(self.plan.days);
            self.due = exact / 1_000 + u64::from(self.dice.below(1_000) < exact % 1_000);
        }
        self.due -= 1;
        let begins = self.plan.begins.0 + self.hour * HOUR;
        Some(Timestamp(begins + self.dice.millis(0, HOUR)))
    }

    /// Somebody: often somebody new, sometimes somebody who was here lately, then often with the same.
    fn somebody(&mut self) -> (u64, Option<u64>, usize) {
        let chosen = self.dice.below(100);
        let mut weight = 0;
        let fresh = TOPICS.iter().position(|(_, _, share, _)| {
            weight += share;
            chosen < weight
        });
        let topic = fresh.unwrap_or_default();
        if !self.recent.is_empty() && self.dice.in_hundred(22) {
            let at = usize::try_from(self.dice.below(self.recent.len() as u64)).unwrap_or_default();
            let (visitor, customer, before) = self.recent[at];
            return (visitor, customer, if self.dice.in_hundred(40) { before } else { topic });
        }
        let visitor = self.dice.throw();
        let somebody = (visitor, self.dice.in_hundred(60).then_some(visitor), topic);
        self.recent.push_back(somebody);
        if self.recent.len() > 400 {
            self.recent.pop_front();
        }
        somebody
    }
}

impl Iterator for Year {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        let at = self.when()?;
        let (visitor, customer, topic) = self.somebody();
        self.told += 1;
        let id = ConversationId::from_bits(u128::from(self.told) << 64 | u128::from(self.dice.throw()));
        let channel = if self.dice.in_hundred(82) { "web" } else { "app" };
        let customer =
            customer.map(|n| Customer { id: CustomerId::from_bits(u128::from(n)), external: Personal::identity(format!("C-{n}")) });
        let session = Session {
            visitor: VisitorId::from_bits(u128::from(visitor)),
            level: if customer.is_some() { Level::Identified } else { Level::Anonymous },
            customer,
            until: Timestamp(i64::MAX),
            channel: channel.to_owned(),
        };
        let language = ["en", "en", "en", "de", "de", "ja", "es"][usize::try_from(self.dice.below(7)).unwrap_or_default()];
        let mut events = vec![(at, Event::ConversationOpened { session, language: language.to_owned() })];
        let mut talk = Talk { dice: &mut self.dice, at, turn: u128::from(self.told) << 16, id: &id, events: &mut events };
        talk.run(TOPICS[topic]);
        Some((id, events))
    }
}

/// One conversation while it is told.
struct Talk<'a> {
    dice: &'a mut Dice,
    at: Timestamp,
    turn: u128,
    id: &'a ConversationId,
    events: &'a mut Vec<(Timestamp, Event)>,
}

impl Talk<'_> {
    fn run(&mut self, (skill, route, _, helped): (Option<&str>, Route, u64, u64)) {
        let helps = self.dice.in_hundred(helped);
        let asks = 1 + self.dice.below(3) + if helps { 0 } else { self.dice.below(2) };
        for n in 1..=asks {
            let last = n == asks;
            if last && !helps && self.dice.in_hundred(30) {
                // They leave while they are asked something.
                return self.turn(skill, route, ReplyStatus::Asking);
            }
            let status = if helps { ReplyStatus::Answered } else { ReplyStatus::Failed };
            self.turn(skill, route, status);
            self.wait(10_000, 6 * MINUTE);
        }
        if !helps && self.dice.in_hundred(70) || self.dice.in_hundred(7) {
            return self.person();
        }
        if helps && skill == Some("cancel") {
            self.write();
        }
        if helps && self.dice.in_hundred(20) {
            let score = u8::from(self.dice.in_hundred(86));
            self.rated(Survey::Helpful, score, 1);
        }
        if helps && self.dice.in_hundred(6) {
            self.wait(3 * HOUR, 40 * HOUR);
            self.turn(skill, route, ReplyStatus::Answered);
        }
    }

    fn wait(&mut self, from: i64, to: i64) {
        self.at.0 += self.dice.millis(from, to);
    }

    fn say(&mut self, event: Event) {
        self.events.push((self.at, event));
    }

    fn message(&mut self, by: Speaker) {
        let text = Personal::message("words".to_owned());
        let message = MessageId::from_bits(self.turn);
        self.say(Event::MessageReceived {
            message,
            client: None,
            by,
            staff: None,
            text,
            masked: Vec::new(),
            picked: None,
            files: Vec::new(),
        });
    }

    fn turn(&mut self, skill: Option<&str>, route: Route, status: ReplyStatus) {
        self.turn += 1;
        let turn = TurnId::from_bits(self.turn);
        self.message(Speaker::Customer);
        let (rules, mind) = ("digest".to_owned(), "builtin".to_owned());
        self.say(Event::TurnOpened { turn: turn.clone(), message: None, action: None, cause: TurnCause::Message, rules, mind });
        let understanding = Understanding { skill: skill.map(str::to_owned), route: Some(route), ..Understanding::default() };
        let step = Personal::trace(MindStep::Understood(understanding));
        self.say(Event::MindSpoke { turn: turn.clone(), ask: turn.ask(1), n: 0, step });
        let useful = status == ReplyStatus::Answered;
        if route == Route::Skill {
            self.call(&turn, if useful { CallOutcome::Ok } else { CallOutcome::Timeout });
        }
        self.wait(200, if useful { 2_500 } else { 9_000 });
        let text = Personal::message("words".to_owned());
        let facts = if useful { vec!["order.status".to_owned()] } else { Vec::new() };
        self.say(Event::PartReleased { turn: turn.clone(), part: 1, text, facts, citations: Vec::new() });
        self.say(Event::ReplyClosed { turn, status, zone: Zone::Answer, refusal: None });
    }

    fn call(&mut self, turn: &TurnId, outcome: CallOutcome) {
        let (call, tool) = (turn.call(1), "order".to_owned());
        let args = Personal::payload(BTreeMap::new());
        self.say(Event::CallStarted { turn: turn.clone(), call: call.clone(), tool: tool.clone(), purpose: "wish".to_owned(), args });
        self.say(Event::CallAnswered {
            turn: turn.clone(),
            call,
            tool,
            outcome,
            refusal: None,
            rule: None,
            detail: None,
            released: None,
            kept: Vec::new(),
            dropped: Vec::new(),
            ms: 120,
            cached: false,
        });
    }

    /// A write that the customer confirms and the backend proves.
    fn write(&mut self) {
        let turn = TurnId::from_bits(self.turn);
        let (id, digest, tool) = (turn.action(1), "d".to_owned(), "cancel_order".to_owned());
        let action = ProposedAction {
            id: id.clone(),
            conversation: self.id.clone(),
            wish: 1,
            tool: tool.clone(),
            args: BTreeMap::new(),
            seen: BTreeMap::new(),
            effect: "It will be cancelled.".to_owned(),
            confirmers: Vec::new(),
            expires: self.at,
            digest: digest.clone(),
        };
        let action = Box::new(Personal::payload(action));
        let expires = self.at;
        self.say(Event::ActionProposed { turn: turn.clone(), action, id: id.clone(), tool: tool.clone(), digest: digest.clone(), expires });
        self.wait(3_000, MINUTE);
        self.say(Event::ActionConfirmed { id: id.clone(), digest, by: "customer".to_owned() });
        self.say(Event::ActionClaimed { id: id.clone(), turn, tool, amounts: None });
        let verified = Some(self.dice.in_hundred(93));
        self.say(Event::ActionSettled { id, outcome: Settled::Done, verified, detail: None });
    }

    /// Handed over, answered by a person, resolved, rated.
    fn person(&mut self) {
        let reasons = ["asked_for_human", "no_answer", "backend_down", "misunderstood", "frustrated"];
        let reason = reasons[usize::try_from(self.dice.below(9) / 2).unwrap_or_default()].to_owned();
        let (turn, handoff, by) = (TurnId::from_bits(self.turn), HandoffId::from_bits(self.turn), StaffId::from_bits(1));
        let evidence = BTreeMap::new();
        self.say(Event::Escalated { turn, reason: reason.clone(), rule: None, evidence, config: None, seen: None });
        let queue = "support".to_owned();
        let wait_since = self.at;
        self.say(Event::HandoffOffered {
            handoff: handoff.clone(),
            queue,
            to: None,
            reason,
            wait_since,
            due: None,
            expires: None,
            place: None,
            resolve_by: None,
        });
        self.say(Event::StateChanged { state: ConversationState::Waiting, by: None });
        if self.dice.in_hundred(8) {
            return;
        }
        self.wait(20_000, 9 * MINUTE);
        self.say(Event::HandoffAccepted { handoff: handoff.clone(), by: by.clone() });
        self.message(Speaker::Agent);
        self.wait(MINUTE, 25 * MINUTE);
        self.say(Event::HandoffEnded { handoff, by: Some(by), why: HandoffEnd::Resolved, note: None });
        self.say(Event::StateChanged { state: ConversationState::Resolved, by: None });
        if self.dice.in_hundred(35) {
            let score = 5 - u8::try_from(self.dice.below(10) / 4).unwrap_or_default();
            self.rated(Survey::Csat, score, 5);
        }
    }

    fn rated(&mut self, survey: Survey, score: u8, scale: u8) {
        self.wait(5_000, MINUTE);
        self.say(Event::Rated { survey, turn: None, n: Some(1), score, scale, staff: None, reason: None });
    }
}

/// The same as a log that can only be read, from the beginning on.
pub(crate) struct MadeUp {
    plan: Plan,
    reading: Mutex<Reading>,
}

struct Reading {
    year: Year,
    reached: u64,
    ready: VecDeque<Recorded>,
}

impl MadeUp {
    pub(crate) fn new(plan: Plan) -> Self {
        Self { plan, reading: Mutex::new(Reading { year: Year::new(plan), reached: 0, ready: VecDeque::new() }) }
    }

    fn read(&self, after: u64, limit: usize) -> Result<Vec<Recorded>, LogError> {
        let mut reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if after < reading.reached {
            *reading = Reading { year: Year::new(self.plan), reached: 0, ready: VecDeque::new() };
        }
        while reading.reached < after {
            // Told before, to a projector that goes on now.
            let told = usize::try_from(after - reading.reached).unwrap_or(usize::MAX).min(PAGE);
            if Self::page(&mut reading, told).is_empty() {
                return Ok(Vec::new());
            }
        }
        Ok(Self::page(&mut reading, limit))
    }

    /// The next events.
    fn page(reading: &mut Reading, limit: usize) -> Vec<Recorded> {
        while reading.ready.len() < limit {
            let Some((id, events)) = reading.year.next() else { break };
            let stream = StreamId::conversation(&id);
            let first = reading.reached + reading.ready.len() as u64;
            for (n, (at, event)) in (1..).zip(events) {
                reading.ready.push_back(Recorded { position: Position(first + n), stream: stream.clone(), seq: n, at, event });
            }
        }
        let take = limit.min(reading.ready.len());
        let page: Vec<Recorded> = reading.ready.drain(..take).collect();
        reading.reached += page.len() as u64;
        page
    }
}

fn never<'a, T: Send + 'a>() -> Later<'a, Result<T, LogError>> {
    Box::pin(async { Err(LogError::Broken("made-up events can only be read".to_owned())) })
}

impl Log for MadeUp {
    fn read_all(&self, after: Position, limit: usize) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        Box::pin(async move { self.read(after.0, limit) })
    }
    fn append(&self, _: Append) -> Later<'_, Result<Appended, LogError>> {
        never()
    }
    fn read_stream(&self, _: StreamId, _: u64, _: usize) -> Later<'_, Result<Vec<Recorded>, LogError>> {
        never()
    }
    fn grown_past(&self, _: Position) -> Later<'_, Position> {
        Box::pin(std::future::pending())
    }
    fn claimed(&self, _: String, _: String) -> Later<'_, Result<Option<String>, LogError>> {
        never()
    }
    fn link(&self, _: Subject, _: Subject) -> Later<'_, Result<(), LogError>> {
        never()
    }
    fn lease(&self, _: LeaseRequest) -> Later<'_, Result<Option<Lease>, LogError>> {
        never()
    }
    fn release(&self, _: Lease) -> Later<'_, Result<(), LogError>> {
        never()
    }
    fn due_timers(&self, _: Timestamp, _: usize) -> Later<'_, Result<Vec<DueTimer>, LogError>> {
        never()
    }
    fn due_outgoing(&self, _: Timestamp, _: usize) -> Later<'_, Result<Vec<(u64, Outgoing)>, LogError>> {
        never()
    }
    fn delivered(&self, _: u64) -> Later<'_, Result<(), LogError>> {
        never()
    }
}
