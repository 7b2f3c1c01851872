//! A whole house for a test: log on disk, driver, hall and server on a free port.

use super::client::{Answer, Request};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use patchbay_core::declare::{
    Access, Arg, Backend, BackendKind, Company, Condition, Confirm, Confirmer, HostKeys, HostToken, Idempotency, Kind, Limits as Lean,
    Secret, Selection, Tool,
};
use patchbay_core::mind::{Draft, MindContext, MindDone, MindFailure, MindStep, Occasion};
use patchbay_core::port::{Backends, CallFailure, CallOrder, Ear, Later, Mind, RawAnswer};
use patchbay_core::reply::{Offer, Question};
use patchbay_core::words::Level;
use patchbay_core::{Chance, Clock, Timestamp, Value};
use patchbay_identity::staff::Office;
use patchbay_identity::{FileLinks, HostDoor, InstanceSecret, Visitors};
use patchbay_insight::Insight;
use patchbay_service::{Parts, Service};
use patchbay_store::{Options, SqliteLog};
use patchbay_turn::House as Rules;
use patchbay_views::facts::Rules as Judged;
use patchbay_views::{Projector, Views};
use patchbay_web::{Asset, Hall, HallParts, Limits, router, serve};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub(crate) const PUBLIC_URL: &str = "http://support.example";
pub(crate) const SHOP: &str = "https://shop.example";
pub(crate) const SHARED: &str = "the shop and we share these bytes!";
/// 2026-11-20T14:00:00Z, in seconds.
pub(crate) const NOW: i64 = 1_795_183_200;

/// A clock that runs, from a time that can be moved.
pub(crate) struct Watch {
    offset: AtomicI64,
    started: std::time::Instant,
}

impl Watch {
    pub(crate) fn advance(&self, by: Duration) {
        self.offset.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::Relaxed);
    }
}

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp(NOW * 1000 + self.offset.load(Ordering::Relaxed)).plus(self.started.elapsed())
    }
}

/// Chance enough for ids that must differ.
struct Dice(AtomicUsize);

impl Chance for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        let roll = self.0.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = roll[n % 8] ^ u8::try_from(n).unwrap_or(0);
        }
    }
}

/// A mind that does what the message says: `ask`, `cancel`, `do TOOL NAME=VALUE …`, `slow`; to anything else it says hello.
struct Obedient;

impl Obedient {
    async fn steps(context: &MindContext) -> Vec<MindStep> {
        let say = |name: &str, text: &str| {
            MindStep::Say(Draft { text: text.to_owned(), template: Some(name.to_owned()), facts: Vec::new(), citations: Vec::new() })
        };
        match &context.occasion {
            Occasion::Message { text, .. } if text.starts_with("ask") => {
                let choices = vec![Offer { value: "1".to_owned(), label: "The first".to_owned() }];
                let (slot, kind) = ("order_id".to_owned(), "choice".to_owned());
                vec![MindStep::Ask(Question { slot, kind, text: "Which one?".to_owned(), choices })]
            }
            Occasion::Message { text, .. } if text.starts_with("cancel") => {
                let args = BTreeMap::from([("order_id".to_owned(), Value::text("12345"))]);
                vec![MindStep::Call { wish: 1, tool: "cancel_order".to_owned(), args }]
            }
            Occasion::Message { text, .. } if text.starts_with("do ") => {
                let mut words = text.split_whitespace().skip(1);
                let tool = words.next().unwrap_or_default().to_owned();
                let args = words.filter_map(|word| word.split_once('=')).map(|(name, value)| (name.to_owned(), Value::text(value)));
                vec![MindStep::Call { wish: 1, tool, args: args.collect() }]
            }
            Occasion::Message { text, .. } if text.starts_with("slow") => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                vec![say("hello", "Hello.")]
            }
            Occasion::Message { .. } => vec![say("hello", "Hello.")],
            Occasion::ActionEnded { .. } => vec![say("cancelled", "It is cancelled.")],
            Occasion::ActionDeclined { .. } => vec![say("kept", "It stays as it is.")],
            Occasion::Results | Occasion::Partial { .. } | Occasion::Proof { .. } => Vec::new(),
        }
    }
}

impl Mind for Obedient {
    fn name(&self) -> &'static str {
        "obedient"
    }

    fn answer(&self, context: MindContext, mut ear: Ear) -> Later<'_, Result<MindDone, MindFailure>> {
        Box::pin(async move {
            Self::steps(&context).await.into_iter().for_each(&mut ear);
            Ok(MindDone { memory: serde_json::Value::Null })
        })
    }
}

/// An order system that cancels whatever it is asked to, and remembers the keys it was asked with.
#[derive(Default)]
pub(crate) struct Orders(pub(crate) Mutex<Vec<String>>);

impl Backends for Orders {
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>> {
        self.0.lock().unwrap().push(order.idempotency.map(|(_, key)| key).unwrap_or_default());
        let answer = RawAnswer { body: json!({ "state": "cancelled" }), fetched_at: Timestamp(NOW * 1000), ms: 1, cached: false };
        Box::pin(async move { Ok(answer) })
    }
}

fn company() -> Company {
    let texts = [("hello", "Hello."), ("cancelled", "It is cancelled."), ("kept", "It stays as it is.")];
    let backend = Backend {
        name: "orders".to_owned(),
        kind: BackendKind::Openapi { spec: "orders.yaml".into(), base_url: None },
        auth: Vec::new(),
        root: None,
        limits: Lean::default(),
    };
    Company {
        name: "Example Shop".to_owned(),
        language: "en".to_owned(),
        backends: BTreeMap::from([("orders".to_owned(), backend)]),
        tools: BTreeMap::from([("cancel_order".to_owned(), cancel_order())]),
        texts: texts.map(|(name, text)| (name.to_owned(), text.to_owned())).into(),
        ..Company::default()
    }
}

fn cancel_order() -> Tool {
    Tool {
        name: "cancel_order".to_owned(),
        backend: "orders".to_owned(),
        operation: "cancel".to_owned(),
        describe: "Cancel an order.".to_owned(),
        access: Access::Write,
        auth: Level::Identified,
        args: BTreeMap::from([("order_id".to_owned(), Arg { kind: Kind::Text, optional: false, from: None })]),
        bind: BTreeMap::new(),
        needs: Vec::new(),
        each: None,
        guard: Condition::Always,
        allow: Condition::Always,
        refuse: None,
        preview: None,
        confirm: Confirm::By(vec![Confirmer::Customer]),
        select: Selection::default(),
        idempotency: Idempotency::Header("Idempotency-Key".to_owned()),
        verify: None,
        limits: Vec::new(),
        cache: None,
        slow: None,
        authority: Vec::new(),
    }
}

/// A house that is open.
pub(crate) struct House {
    pub(crate) address: SocketAddr,
    pub(crate) watch: Arc<Watch>,
    pub(crate) orders: Arc<Orders>,
    pub(crate) service: Service,
    pub(crate) office: Office,
    pub(crate) log: Arc<SqliteLog>,
    secret: InstanceSecret,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
    following: tokio::task::JoinHandle<()>,
    pub(crate) data: tempfile::TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(Limits::default(), Options::default()).await
    }

    pub(crate) async fn limited(limits: Limits) -> Self {
        Self::with(limits, Options::default()).await
    }

    /// A house of another company, with its systems.
    pub(crate) async fn of(company: Company, backends: Arc<dyn Backends>) -> Self {
        Self::built(Limits::default(), Options::default(), Some((company, backends))).await
    }

    pub(crate) async fn with(limits: Limits, options: Options) -> Self {
        Self::built(limits, options, None).await
    }

    async fn built(limits: Limits, options: Options, other: Option<(Company, Arc<dyn Backends>)>) -> Self {
        let data = tempfile::tempdir().unwrap();
        let watch = Arc::new(Watch { offset: AtomicI64::new(0), started: std::time::Instant::now() });
        let clock: Arc<dyn Clock> = watch.clone();
        let chance: Arc<dyn Chance> = Arc::new(Dice(AtomicUsize::new(1)));
        let options = Options { reserve: 0, ..options };
        let log = SqliteLog::open(&data.path().join("data"), clock.clone(), chance.clone(), options).unwrap();
        let secret = InstanceSecret::new(log.instance_secret().to_vec()).unwrap();
        let orders = Arc::new(Orders::default());
        let (company, backends) = other.unwrap_or_else(|| (company(), Arc::clone(&orders) as Arc<dyn Backends>));
        let log = Arc::new(log);
        let office = Office::new(log.clone(), secret.clone(), clock.clone(), chance.clone());
        let file = data.path().join("data/views.db");
        let projector = Projector::open(&file, Judged::default()).unwrap();
        let (views, reached) = (Views::open(&file).unwrap(), projector.reached());
        let following = {
            let log = log.clone();
            tokio::spawn(async move { projector.run(&*log, std::future::pending()).await })
        };
        let service = Service::start(Parts {
            log: log.clone(),
            files: log.files(),
            backends,
            minds: vec![Arc::new(Obedient)],
            house: Arc::new(Rules::compile(company, "test".to_owned()).unwrap()),
            yes_or_no: |_, _| None,
            pseudonym: {
                let secret = secret.clone();
                Arc::new(move |external| secret.pseudonym(external))
            },
            clock: clock.clone(),
            chance: chance.clone(),
            node: "test".to_owned(),
        });
        let declared = HostToken {
            keys: HostKeys::Shared(Secret::new(SHARED)),
            audience: "patchbay".to_owned(),
            issuer: None,
            max_age: Duration::from_secs(12 * 3600),
            customer: "$.sub".to_owned(),
            gives: Level::Identified,
        };
        let hall = Hall::new(HallParts {
            service: service.clone(),
            host: Some(HostDoor::new(&declared, None, secret.clone(), clock.clone()).unwrap()),
            pseudonym: {
                let secret = secret.clone();
                Arc::new(move |external| secret.pseudonym(external))
            },
            staff: office.clone(),
            log: log.clone(),
            views,
            insight: Insight::new(Views::open(&file).unwrap(), Judged::default()),
            reached,
            copy_as_test: Arc::new(|events| {
                if events.len() > 2 { Ok(format!("- test: {} events\n", events.len())) } else { Err("nobody wrote anything".to_owned()) }
            }),
            demo: false,
            file_links: FileLinks::new(secret.clone(), Duration::from_secs(300), clock.clone()),
            visitors: Visitors::new(secret.clone(), Duration::from_secs(24 * 3600), clock.clone(), chance.clone()),
            clock,
            chance,
            public_url: PUBLIC_URL.to_owned(),
            channel: "web".to_owned(),
            origins: vec![SHOP.to_owned()],
            assets: Arc::new(asset),
            library: super::passages::library(),
            limits,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let served = {
            let hall = hall.clone();
            tokio::spawn(async move {
                let stopped = async {
                    let _ = stopped.await;
                };
                serve(listener, router(&hall, extra()), &hall, stopped).await;
            })
        };
        hall.open();
        Self { address, watch, orders, service, office, log, secret, stop: Some(stop), served, following, data }
    }

    /// Waits until everybody has left.
    pub(crate) async fn wait(mut self) {
        (&mut self.served).await.unwrap();
    }

    /// Asks it to go down.
    pub(crate) fn ask_to_close(&mut self) {
        self.stop.take().unwrap().send(()).unwrap();
    }

    pub(crate) fn request(&self, method: &'static str, path: &str) -> Request {
        Request::new(self.address, method, path)
    }

    pub(crate) fn get(&self, path: &str) -> Request {
        self.request("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Request {
        self.request("POST", path)
    }

    /// Whose a customer's personal values are.
    pub(crate) fn pseudonym(&self, customer: &str) -> String {
        self.secret.pseudonym(customer).to_string()
    }

    /// A visitor's pass.
    pub(crate) async fn visitor(&self) -> String {
        let answer = self.post("/v1/sessions").send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()["token"].as_str().unwrap().to_owned()
    }

    /// The address of a new conversation of this visitor.
    pub(crate) async fn conversation(&self, visitor: &str) -> String {
        let answer = self.post("/v1/conversations").visitor(visitor).send().await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.header("location").unwrap().to_owned()
    }

    /// Says something and waits for the receipt only.
    pub(crate) async fn say(&self, visitor: &str, conversation: &str, text: &str) -> Answer {
        self.post(&format!("{conversation}/messages")).visitor(visitor).json(&json!({ "text": text })).send().await
    }
}

/// A token the shop signs for one of its customers.
pub(crate) fn host_token(customer: &str) -> String {
    host_token_with(&json!({ "sub": customer, "aud": "patchbay", "iat": NOW - 10, "exp": NOW + 3600 }), SHARED)
}

pub(crate) fn host_token_with(claims: &serde_json::Value, secret: &str) -> String {
    jsonwebtoken::encode(&Header::new(Algorithm::HS256), claims, &EncodingKey::from_secret(secret.as_bytes())).unwrap()
}

fn asset(path: &str) -> Option<Asset> {
    let (bytes, mime) = match path {
        "widget.js" => ("\"the loader\";", "text/javascript"),
        "desk/index.html" => ("<!doctype html><title>Desk</title>", "text/html; charset=utf-8"),
        "desk/app.1a2b3c4d.js" => ("\"the desk\";", "text/javascript"),
        "widget/panel.html" => ("<!doctype html>", "text/html; charset=utf-8"),
        _ => return None,
    };
    let gzip = (path == "widget.js").then(|| axum::body::Bytes::from_static(b"packed"));
    Some(Asset { bytes: bytes.into(), gzip, mime, etag: "e1".to_owned(), immutable: false })
}

/// Pages of the roof's own.
fn extra() -> axum::Router {
    use axum::response::Html;
    use axum::routing::get;
    axum::Router::new()
        .route("/demo", get(async || Html("<!doctype html><title>Shop</title>")))
        .route("/demo/panic", get(async || -> Html<String> { panic!("a handler of the roof panics") }))
}

impl Drop for House {
    fn drop(&mut self) {
        self.following.abort();
    }
}
