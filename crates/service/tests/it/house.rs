//! A small company: log on disk, driver, built-in mind, and a shop that counts what it is asked.

use patchbay_config::{Memory, load_from};
use patchbay_core::event::Recorded;
use patchbay_core::id::{ConversationId, CustomerId, VisitorId};
use patchbay_core::log::{Position, StreamId};
use patchbay_core::port::{Backends, CallFailure, CallOrder, Later, Log, RawAnswer};
use patchbay_core::reply::Reply;
use patchbay_core::words::CallOutcome;
use patchbay_core::{Chance, Clock, Session, Timestamp};
use patchbay_engine::builtin::{BuiltIn, Hearing, Trained, examples, plain_yes_or_no};
use patchbay_service::{Inbound, Parts, Refused, Service};
use patchbay_store::{Options, SqliteLog};
use patchbay_turn::House;
use serde_json::{Value, json};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// 2026-11-20T14:00:00Z, in milliseconds.
const NOW: i64 = 1_795_183_200_000;

/// A clock that stands still until it is moved.
pub(crate) struct Watch(AtomicI64);

impl Watch {
    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        // Time goes on by itself a little, so that nothing waits for ever.
        Timestamp(self.0.fetch_add(1, Ordering::Relaxed))
    }
}

struct Dice(AtomicUsize);

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        let roll = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = roll[n % 8] ^ u8::try_from(n).unwrap_or(0);
        }
    }
}

/// Customers by e-mail, first and last name and postcode; order 123456 is Fatima's, 222222 is Omar's. There are two Ann Lees.
const CUSTOMERS: [(&str, &str, &str, &str, &str); 4] = [
    ("fatima", "fatima@mail.example", "fatima", "taylor", "32169"),
    ("omar", "omar@mail.example", "omar", "diaz", "10001"),
    ("ann_1", "ann.1@mail.example", "ann", "lee", "20002"),
    ("ann_2", "ann.2@mail.example", "ann", "lee", "20002"),
];

#[derive(Default)]
pub(crate) struct Shop {
    /// Operations in the order they were asked for.
    pub(crate) asked: Mutex<Vec<String>>,
    pub(crate) down: AtomicBool,
}

impl Backends for Shop {
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>> {
        self.asked.lock().unwrap().push(order.operation.clone());
        let failed = |outcome| Err(CallFailure { outcome, detail: "no".to_owned(), message: None, retry_after: None, ms: 1 });
        let said = |name: &str| order.args.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase();
        let body = match order.operation.as_str() {
            _ if self.down.load(Ordering::Relaxed) => return Box::pin(async move { failed(CallOutcome::Unreachable) }),
            "byEmail" => CUSTOMERS.iter().find(|one| one.1 == said("email")).map(|one| json!({ "id": one.0 })),
            "byName" => {
                let same = |one: &&(&str, &str, &str, &str, &str)| {
                    (one.2, one.3, one.4) == (&*said("first_name"), &*said("last_name"), &*said("postcode"))
                };
                Some(CUSTOMERS.iter().filter(same).map(|one| json!({ "id": one.0 })).collect())
            }
            _ => match said("order_id").trim_start_matches('#') {
                "123456" => Some(json!({ "id": "123456", "status": "on its way", "customer": "fatima" })),
                "222222" => Some(json!({ "id": "222222", "status": "delivered", "customer": "omar" })),
                _ => None,
            },
        };
        let answer = body.map(|body| RawAnswer { body, fetched_at: Timestamp(NOW), ms: 1, cached: false });
        Box::pin(async move { answer.map_or_else(|| failed(CallOutcome::NotFound), Ok) })
    }
}

/// The house, with a visitor who talks to it.
pub(crate) struct Home {
    pub(crate) service: Service,
    pub(crate) shop: Arc<Shop>,
    pub(crate) watch: Arc<Watch>,
    pub(crate) log: Arc<SqliteLog>,
    data: tempfile::TempDir,
}

/// One conversation of a visitor.
pub(crate) struct Talk<'h> {
    home: &'h Home,
    pub(crate) session: Session,
    pub(crate) id: ConversationId,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self::of(include_str!("company.yaml"))
    }

    /// The house of another company.
    pub(crate) fn of(company: &str) -> Self {
        Self::on(company, tempfile::tempdir().unwrap(), Arc::default(), Arc::new(Watch(AtomicI64::new(NOW))), 1)
    }

    fn on(company: &str, data: tempfile::TempDir, shop: Arc<Shop>, watch: Arc<Watch>, seed: usize) -> Self {
        let files = Memory::new([("patchbay.yaml", company), ("shop.json", "{}")]);
        let loaded = load_from(Path::new("patchbay.yaml"), &files, &|name| (name == "TOKEN").then(|| "t0ken".to_owned()));
        let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
        let house = Arc::new(House::compile(loaded.company, loaded.digest).unwrap());
        let chance: Arc<dyn Chance> = Arc::new(Dice(AtomicUsize::new(seed)));
        let options = Options { reserve: 0, ..Options::default() };
        let log = Arc::new(SqliteLog::open(&data.path().join("data"), watch.clone(), chance.clone(), options).unwrap());
        let hearing = Arc::new(Hearing::new(Arc::new(Trained::quick(examples(&house.company)))));
        let mind = BuiltIn::new(house.company.clone(), house.texts.clone(), hearing).unwrap();
        let service = Service::start(Parts {
            log: log.clone(),
            files: log.files(),
            backends: shop.clone(),
            minds: vec![Arc::new(mind)],
            house,
            yes_or_no: plain_yes_or_no,
            pseudonym: Arc::new(pseudonym),
            clock: watch.clone(),
            chance,
            node: format!("node {seed}"),
        });
        Self { service, shop, watch, log, data }
    }

    /// The same house after its process has ended and another one has begun.
    pub(crate) async fn restarted(self) -> Self {
        let Self { service, shop, watch, log, data } = self;
        service.stop();
        log.close().await;
        drop((service, log));
        watch.advance(Duration::from_secs(60));
        Self::on(include_str!("company.yaml"), data, shop, watch, 1_000_000)
    }

    /// A new conversation of a visitor without a token.
    pub(crate) async fn visit(&self, visitor: &str) -> Talk<'_> {
        let session = Session::anonymous(VisitorId::parse(visitor).unwrap(), "web");
        let id = self.service.open(&session, None).await.unwrap();
        Talk { home: self, session, id }
    }

    /// A conversation from before.
    pub(crate) fn back(&self, visitor: &str, id: ConversationId) -> Talk<'_> {
        Talk { home: self, session: Session::anonymous(VisitorId::parse(visitor).unwrap(), "web"), id }
    }

    /// What the shop was asked so far.
    pub(crate) fn asked(&self) -> String {
        self.shop.asked.lock().unwrap().join(" ")
    }
}

pub(crate) fn pseudonym(external: &str) -> CustomerId {
    CustomerId::parse(&format!("cus_{external}")).unwrap()
}

impl Talk<'_> {
    /// Says something; the reply.
    pub(crate) async fn reply(&self, text: &str) -> Result<Option<Reply>, Refused> {
        let inbound = Inbound { conversation: self.id.clone(), client: None, text: text.to_owned(), picked: None, files: Vec::new() };
        let received = self.home.service.receive(&self.session, inbound).await?;
        self.home.service.wait_reply(&received, Duration::from_secs(20)).await
    }

    /// Says something; the words of the reply.
    pub(crate) async fn says(&self, text: &str) -> String {
        self.reply(text).await.unwrap().expect("a reply").text
    }

    /// Everything in the log about this conversation.
    pub(crate) async fn events(&self) -> Vec<Recorded> {
        self.home.log.read_stream(StreamId::conversation(&self.id), 0, 1000).await.unwrap()
    }

    /// The raw log as it stands without the sealed values.
    pub(crate) async fn everything(&self) -> Vec<Recorded> {
        self.home.log.read_all(Position(0), 1000).await.unwrap()
    }
}
