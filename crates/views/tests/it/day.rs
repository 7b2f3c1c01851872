//! A day at a support desk, as events: one conversation that goes well and one that ends with a person.

use patchbay_core::action::ProposedAction;
use patchbay_core::event::{Event, Settled, TurnCause};
use patchbay_core::fact::Released;
use patchbay_core::id::{ActionId, ConversationId, CustomerId, MessageId, TurnId, VisitorId};
use patchbay_core::log::{Append, Batch, Expected, StreamId, Subject};
use patchbay_core::mind::{MindStep, Speaker, Understanding};
use patchbay_core::port::Log;
use patchbay_core::session::{Customer, Session};
use patchbay_core::words::{CallOutcome, ConversationState, FactClass, Level, ReplyStatus, Zone};
use patchbay_core::{Chance, Clock, Personal, Timestamp, Value};
use patchbay_store::{Options, SqliteLog};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub(crate) const MORNING: Timestamp = Timestamp(1_800_000_000_000);

struct Noon;
impl Clock for Noon {
    fn now(&self) -> Timestamp {
        MORNING
    }
}

struct Dice;
impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        File::open("/dev/urandom").and_then(|mut source| source.read_exact(bytes)).expect("the system has chance");
    }
}

/// A data directory with a log, and the place for views beside it.
pub(crate) struct Desk {
    root: tempfile::TempDir,
    pub(crate) log: Arc<SqliteLog>,
}

impl Desk {
    pub(crate) fn open() -> Self {
        let root = tempfile::tempdir().unwrap();
        let log = open_log(&root);
        Self { root, log }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.root.path().join("data")
    }

    pub(crate) fn views(&self) -> PathBuf {
        self.data().join("views.db")
    }

    /// Makes events unreadable, as if a newer version had written them: the log is closed meanwhile.
    pub(crate) async fn poisoned(self, positions: &[i64]) -> Self {
        let Self { root, log } = self;
        log.close().await;
        drop(log);
        let file = rusqlite::Connection::open(root.path().join("data").join("patchbay.db")).unwrap();
        for position in positions {
            file.execute("UPDATE events SET body = '{\"from_the_future\":{}}' WHERE position = ?1", [position]).unwrap();
        }
        let log = open_log(&root);
        Self { root, log }
    }
}

fn open_log(root: &tempfile::TempDir) -> Arc<SqliteLog> {
    let options = Options { reserve: 0, margin: 0, ..Options::default() };
    Arc::new(SqliteLog::open(&root.path().join("data"), Arc::new(Noon), Arc::new(Dice), options).unwrap())
}

pub(crate) fn conversation(n: u128) -> ConversationId {
    ConversationId::from_bits(n)
}

pub(crate) const ANN: &str = "cus_ann";

pub(crate) fn session() -> Session {
    let customer = Customer { id: CustomerId::parse(ANN).unwrap(), external: Personal::identity("C-1001".to_owned()) };
    Session {
        visitor: VisitorId::from_bits(1),
        customer: Some(customer),
        level: Level::Identified,
        until: Timestamp(i64::MAX),
        channel: "web".to_owned(),
    }
}

fn said(words: &str, by: Speaker) -> Event {
    Event::MessageReceived {
        message: MessageId::from_bits(words.len() as u128),
        client: None,
        by,
        staff: (by == Speaker::Agent).then(|| "jun".to_owned()),
        text: Personal::message(words.to_owned()),
        masked: Vec::new(),
        picked: None,
        files: Vec::new(),
    }
}

fn turn_opened(turn: &TurnId) -> Event {
    Event::TurnOpened {
        turn: turn.clone(),
        message: None,
        action: None,
        cause: TurnCause::Message,
        rules: "digest".to_owned(),
        mind: "built_in".to_owned(),
    }
}

fn part(turn: &TurnId, words: &str) -> Event {
    let text = Personal::message(words.to_owned());
    Event::PartReleased { turn: turn.clone(), part: 1, text, facts: vec!["order.status".to_owned()], citations: Vec::new() }
}

fn closed(turn: &TurnId, status: ReplyStatus) -> Event {
    Event::ReplyClosed { turn: turn.clone(), status, zone: Zone::Answer, refusal: None }
}

fn call(turn: &TurnId) -> [Event; 2] {
    let released = Released {
        tool: "order".to_owned(),
        source: "orders".to_owned(),
        fetched_at: MORNING,
        class: FactClass::Live,
        value: Value::Map(BTreeMap::new()),
        canonical: BTreeMap::new(),
        kept: Vec::new(),
        dropped: Vec::new(),
    };
    let started = Event::CallStarted {
        turn: turn.clone(),
        call: turn.call(1),
        tool: "order".to_owned(),
        purpose: "wish".to_owned(),
        args: Personal::payload(BTreeMap::new()),
    };
    let answered = Event::CallAnswered {
        turn: turn.clone(),
        call: turn.call(1),
        tool: "order".to_owned(),
        outcome: CallOutcome::Ok,
        refusal: None,
        rule: None,
        detail: None,
        released: Some(Personal::payload(released)),
        kept: Vec::new(),
        dropped: Vec::new(),
        ms: 42,
        cached: false,
    };
    [started, answered]
}

/// The events of a conversation, each second one later; some also stand in the stream of a write.
async fn tell(log: &dyn Log, n: u128, events: Vec<Event>, action: Option<&ActionId>) {
    let stream = StreamId::conversation(&conversation(n));
    for (second, event) in (0..).zip(events) {
        let at = Timestamp(MORNING.0 + i64::try_from(n).unwrap() * 1_000_000 + second * 1000);
        let about_action = event.name().starts_with("action_");
        let mut append = Append::new(at, stream.clone(), Expected::Any, vec![event.clone()]);
        if let Some(action) = action.filter(|_| about_action) {
            let batch = Batch { stream: StreamId::action(action), expected: Expected::Any, events: vec![(at, event)] };
            append.batches.insert(0, batch);
        }
        append.subject = Some(Subject(ANN.to_owned()));
        log.append(append).await.unwrap();
    }
}

/// Ann asks for her order, has it cancelled, and the backend proves it.
pub(crate) async fn cancelled_order(log: &dyn Log) {
    let (first, second) = (TurnId::from_bits(11), TurnId::from_bits(12));
    let id = first.action(1);
    let understood = Understanding { skill: Some("cancel".to_owned()), ..Understanding::default() };
    let proposed = ProposedAction {
        id: id.clone(),
        conversation: conversation(1),
        wish: 1,
        tool: "cancel_order".to_owned(),
        args: BTreeMap::new(),
        seen: BTreeMap::new(),
        effect: "Order 10023 will be cancelled.".to_owned(),
        confirmers: Vec::new(),
        expires: MORNING,
        digest: "d".to_owned(),
    };
    let [started, answered] = call(&first);
    let events = vec![
        Event::ConversationOpened { session: session(), language: "en".to_owned() },
        said("please cancel order 10023", Speaker::Customer),
        turn_opened(&first),
        Event::MindSpoke { turn: first.clone(), ask: first.ask(1), n: 0, step: Personal::trace(MindStep::Understood(understood)) },
        started,
        answered,
        part(&first, "Your order has not left yet."),
        Event::ActionProposed {
            turn: first.clone(),
            action: Box::new(Personal::payload(proposed)),
            id: id.clone(),
            tool: "cancel_order".to_owned(),
            digest: "d".to_owned(),
            expires: MORNING,
        },
        closed(&first, ReplyStatus::Proposing),
        Event::ActionConfirmed { id: id.clone(), digest: "d".to_owned(), by: "customer".to_owned() },
        turn_opened(&second),
        Event::ActionClaimed { id: id.clone(), turn: second.clone(), tool: "cancel_order".to_owned(), amounts: None },
        Event::ActionSettled { id: id.clone(), outcome: Settled::Done, verified: Some(true), detail: None },
        part(&second, "It is cancelled."),
        closed(&second, ReplyStatus::Done),
    ];
    tell(log, 1, events, Some(&id)).await;
}

/// Ann comes back, is not understood, and a person takes over.
pub(crate) async fn asked_for_a_person(log: &dyn Log) {
    let turn = TurnId::from_bits(21);
    let escalated = Event::Escalated {
        turn: turn.clone(),
        reason: "asked_for_human".to_owned(),
        rule: Some("when: asked".to_owned()),
        evidence: BTreeMap::from([("asked".to_owned(), "true".to_owned())]),
        config: None,
        seen: None,
    };
    let events = vec![
        Event::ConversationOpened { session: session(), language: "en".to_owned() },
        said("I want to talk to somebody", Speaker::Customer),
        turn_opened(&turn),
        escalated,
        closed(&turn, ReplyStatus::HandedOver),
        Event::StateChanged { state: ConversationState::Waiting, by: None },
        said("Hello, this is Jun.", Speaker::Agent),
    ];
    tell(log, 2, events, None).await;
}

/// All rows of all tables, as text.
pub(crate) fn dump(views: &Path) -> Vec<String> {
    let connection = rusqlite::Connection::open(views).unwrap();
    let tables = ["progress", "skipped", "conversations", "lines", "turns", "calls", "actions", "escalations", "facts", "cells"];
    let table = |table: &&str| {
        let mut select = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1")).unwrap();
        let columns = select.column_count();
        let row =
            |row: &rusqlite::Row<'_>| Ok((0..columns).map(|n| format!("{:?}", row.get_ref(n).unwrap())).collect::<Vec<_>>().join(" "));
        let rows: Vec<String> = select.query_map([], row).unwrap().map(|row| format!("{table} {}", row.unwrap())).collect();
        rows
    };
    tables.iter().flat_map(table).collect()
}
