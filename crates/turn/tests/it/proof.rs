//! The only way from words to an identity: a declared lookup that answers with exactly one customer.

use crate::company::opening;
use patchbay_config::{Memory, load_from};
use patchbay_core::fact::Released;
use patchbay_core::id::CustomerId;
use patchbay_core::mind::{MindDone, MindStep};
use patchbay_core::words::{CallOutcome, FactClass, Level};
use patchbay_core::{Customer, Personal, Session, Timestamp, Value};
use patchbay_turn::{Answer, CallStart, Cause, Effect, House, Input, Opening, Turn};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

const NOW: Timestamp = crate::company::NOW;

static HOUSE: LazyLock<Arc<House>> = LazyLock::new(|| {
    let text = r#"
version: 1
identity:
  by_email: { kind: lookup, tool: find, ask: [email], customer: find.id, attempts: 2 }
backends:
  shop: { kind: openapi, spec: shop.json, base_url: "http://127.0.0.1:1", auth: { kind: bearer, token: "${TOKEN}" } }
tools:
  find: { use: shop.find, access: lookup, args: { email: text }, select: { id: { path: "$[*].id", type: { list: text } } } }
  orders: { use: shop.orders, access: read, auth: contact, bind: { customer: customer.id }, guard: always, select: { id: "$.id" } }
"#;
    let files = Memory::new([("patchbay.yaml", text), ("shop.json", "{}")]);
    let loaded = load_from(Path::new("patchbay.yaml"), &files, &|name| (name == "TOKEN").then(|| "t0ken".to_owned()));
    let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
    Arc::new(House::compile(loaded.company, loaded.digest).unwrap())
});

/// What happens to a turn, one thing after another.
#[derive(Debug, Clone)]
enum Move {
    /// The mind says it knows who it is.
    Identify { lookup: &'static str, piece: &'static str, value: String },
    /// The mind wishes for a tool.
    Call { tool: &'static str, args: Vec<(&'static str, String)> },
    /// The mind has finished.
    Finish,
    /// The call that has waited longest answers with these ids, or fails.
    Answer(Result<Vec<String>, CallOutcome>),
    /// The customer writes more.
    Join(String),
}

fn a_move() -> impl Strategy<Value = Move> {
    let word = "[a-z@.]{0,8}";
    let name = prop::sample::select(vec!["email", "id", "customer", "customer_id"]);
    let failed = prop::sample::select(vec![CallOutcome::NotFound, CallOutcome::Ambiguous, CallOutcome::Timeout, CallOutcome::BadAnswer]);
    prop_oneof![
        3 => (prop::sample::select(vec!["by_email", "by_email", "by_name"]), name.clone(), word)
            .prop_map(|(lookup, piece, value)| Move::Identify { lookup, piece, value }),
        2 => (prop::sample::select(vec!["find", "orders"]), prop::collection::vec((name, word), 0..2))
            .prop_map(|(tool, args)| Move::Call { tool, args }),
        3 => Just(Move::Finish),
        3 => prop::collection::vec("[a-z]{0,3}", 0..3).prop_map(|ids| Move::Answer(Ok(ids))),
        1 => failed.prop_map(|outcome| Move::Answer(Err(outcome))),
        1 => word.prop_map(Move::Join),
    ]
}

/// A turn under test, with what is outstanding.
struct Stage {
    turn: Turn,
    asked: Option<patchbay_core::id::AskId>,
    spoken: u32,
    calls: Vec<CallStart>,
    /// The ids the lookup answered last, until the turn has made something of them.
    found: Option<Vec<String>>,
    identified: Vec<String>,
    lookups: usize,
}

impl Stage {
    fn open(session: Session, proven_by: Option<String>, tries: u32) -> Self {
        let cause = Cause::Message { text: "where is it, i am mika".to_owned(), picked: None };
        let opening = Opening { session, proven_by, tries, minds: 1, ..opening(cause) };
        let (turn, effects) = Turn::open(HOUSE.clone(), opening, NOW);
        let mut stage = Self { turn, asked: None, spoken: 0, calls: Vec::new(), found: None, identified: Vec::new(), lookups: 0 };
        stage.take(effects);
        stage
    }

    fn tell(&mut self, input: Input) {
        let effects = self.turn.on(input, NOW);
        self.take(effects);
    }

    fn take(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::AskMind { context, .. } => (self.asked, self.spoken) = (Some(context.ask), 0),
                Effect::StartCall(start) => {
                    self.lookups += usize::from(start.tool == "find");
                    self.calls.push(*start);
                }
                Effect::CancelCall(call) => self.calls.retain(|start| start.call != call),
                Effect::Identify { external, level, .. } => {
                    assert_eq!(self.found.take(), Some(vec![external.clone()]), "only a single match proves anything");
                    assert_eq!(level, Level::Contact);
                    self.identified.push(external.clone());
                    self.tell(Input::Identified { session: session_of(&external) });
                }
                _ => {}
            }
        }
    }

    fn play(&mut self, one: Move) {
        match one {
            Move::Identify { lookup, piece, value } => {
                let answers = BTreeMap::from([(piece.to_owned(), Value::text(value))]);
                self.speak(MindStep::Identify { lookup: lookup.to_owned(), answers });
            }
            Move::Call { tool, args } => {
                let args = args.into_iter().map(|(name, value)| (name.to_owned(), Value::text(value))).collect();
                self.speak(MindStep::Call { wish: 10 + self.spoken, tool: tool.to_owned(), args });
            }
            Move::Finish => {
                let Some(ask) = self.asked.take() else { return };
                self.tell(Input::MindFinished { ask, done: MindDone { memory: serde_json::Value::Null } });
            }
            Move::Answer(result) => self.answer(result),
            Move::Join(text) => {
                if self.turn.can_join() {
                    self.tell(Input::Joined { text });
                }
            }
        }
    }

    fn speak(&mut self, step: MindStep) {
        let Some(ask) = self.asked.clone() else { return };
        let n = self.spoken;
        self.spoken += 1;
        self.tell(Input::MindSpoke { ask, n, step: Box::new(step) });
    }

    fn answer(&mut self, result: Result<Vec<String>, CallOutcome>) {
        if self.calls.is_empty() {
            return;
        }
        let start = self.calls.remove(0);
        let lookup = start.tool == "find";
        self.found = result.as_ref().ok().filter(|_| lookup).cloned();
        let answer = match result {
            Ok(ids) => {
                let ids = Value::List(ids.into_iter().map(Value::text).collect());
                let id = if lookup { ids } else { Value::text("order") };
                Answer { detail: None, released: Some(released(&start.tool, id)), ..Answer::none(CallOutcome::Ok, "") }
            }
            Err(outcome) => Answer::none(outcome, "no"),
        };
        self.tell(Input::Answered { call: start.call, answer: Box::new(answer) });
        self.found = None;
    }
}

fn released(tool: &str, id: Value) -> Released {
    Released {
        tool: tool.to_owned(),
        source: "shop".to_owned(),
        fetched_at: NOW,
        class: FactClass::Live,
        value: Value::Map(BTreeMap::from([("id".to_owned(), id)])),
        canonical: BTreeMap::new(),
        kept: Vec::new(),
        dropped: Vec::new(),
    }
}

fn session_of(external: &str) -> Session {
    let customer = Customer { id: CustomerId::parse("cus_1").unwrap(), external: Personal::identity(external.to_owned()) };
    Session { customer: Some(customer), level: Level::Contact, until: Timestamp(i64::MAX), ..anonymous() }
}

fn anonymous() -> Session {
    Session::anonymous(patchbay_core::id::VisitorId::parse("vis_1").unwrap(), "web")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    /// Whatever the mind says, whoever answers in whatever order: only a single match makes somebody's session, at most so many
    /// are looked up, and every bound argument is the one that was found.
    #[test]
    fn only_a_single_match_proves_anything(moves in prop::collection::vec(a_move(), 0..40)) {
        let mut stage = Stage::open(anonymous(), None, 0);
        let mut proven: Option<String> = None;
        for one in moves {
            stage.play(one);
            proven = stage.identified.last().cloned().or(proven);
            for start in stage.calls.iter().filter(|start| start.tool == "orders") {
                let bound = start.admitted.calls()[0]["customer"].as_str().map(str::to_owned);
                prop_assert!(bound.is_some() && stage.identified.contains(&bound.unwrap()));
            }
        }
        prop_assert!(stage.identified.iter().all(|one| *one == stage.identified[0]), "a conversation is one customer's");
    }

    /// What a token has proven stays, and after too many tries nobody is looked up.
    #[test]
    fn tokens_and_used_up_tries_close_the_way(moves in prop::collection::vec(a_move(), 0..30)) {
        for (session, proven_by, tries) in [(session_of("mika"), None, 0), (anonymous(), None, 2)] {
            let mut stage = Stage::open(session, proven_by, tries);
            moves.iter().cloned().for_each(|one| stage.play(one));
            prop_assert_eq!((stage.lookups, stage.identified.len()), (0, 0));
        }
    }
}
