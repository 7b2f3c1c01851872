//! The product on a data folder of its own, which can be killed and started again.

use crate::demo;
use crate::persona::Persona;
use crate::ports::{TestChance, TestClock};
use patchbay_connect::Connectors;
use patchbay_core::event::Recorded;
use patchbay_core::id::ConversationId;
use patchbay_core::log::StreamId;
use patchbay_core::port::{Log, Mind};
use patchbay_core::{Chance, Clock, Event};
use patchbay_engine::builtin::{BuiltIn, Hearing, Trained, examples, plain_yes_or_no};
use patchbay_service::{Parts, Service};
use patchbay_store::{Options, SqliteLog};
use patchbay_turn::House;
use patchbay_world::{Entry, Fault, Running, World, WorldOptions};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::runtime::Runtime;

/// Small enough that a test's disk has room for it.
const OPTIONS: fn() -> Options = || Options { reserve: 1 << 16, margin: 1 << 16, ..Options::default() };

/// A running product.
pub struct TestApp {
    folder: TempDir,
    world: Running,
    house: Arc<House>,
    clock: Arc<TestClock>,
    chance: Arc<TestChance>,
    minds: Vec<Arc<dyn Mind>>,
    options: Options,
    life: Option<Life>,
}

/// What a kill ends.
struct Life {
    log: Arc<SqliteLog>,
    service: Service,
    runtime: Runtime,
}

impl TestApp {
    /// The demo's company with the built-in mind, hearing by wording.
    pub async fn start() -> Self {
        Self::with(None, OPTIONS(), None, &|text| text).await
    }

    /// The demo's company with its `patchbay.yaml` changed.
    pub async fn with_configuration(change: impl Fn(String) -> String) -> Self {
        Self::with(None, OPTIONS(), None, &change).await
    }

    /// The demo's company with one of its systems somewhere else: the variable of its address, and the address.
    pub async fn with_system_at(variable: &str, address: &str) -> Self {
        Self::with(None, OPTIONS(), Some((variable, address)), &|text| text).await
    }

    /// The demo's company with another mind.
    pub async fn with_mind(mind: impl Mind + 'static) -> Self {
        Self::with(Some(Arc::new(mind)), OPTIONS(), None, &|text| text).await
    }

    /// The demo's company on a disk that has only as much room as this says.
    pub async fn on_disk_with(free_space: patchbay_store::FreeSpace) -> Self {
        Self::with(None, Options { free_space, ..OPTIONS() }, None, &|text| text).await
    }

    async fn with(mind: Option<Arc<dyn Mind>>, options: Options, moved: Option<(&str, &str)>, change: &dyn Fn(String) -> String) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (clock, chance) = (Arc::new(TestClock::new()), Arc::new(TestChance::new()));
        let world = World::start(WorldOptions::with_clock(company_clock(&clock))).await.unwrap();
        let mut values = demo::environment(&world);
        values.extend(moved.map(|(variable, address)| (variable.to_owned(), address.to_owned())));
        let loaded = patchbay_config::load(&demo::write(folder.path(), change), &|name| values.get(name).cloned());
        let loaded = loaded.unwrap_or_else(|problems| panic!("{problems}"));
        let house = Arc::new(House::compile(loaded.company, loaded.digest).unwrap());
        let mind = mind.unwrap_or_else(|| Arc::new(built_in(&house)));
        let mut app = Self { folder, world, house, clock, chance, minds: vec![mind], options, life: None };
        app.live();
        app
    }

    /// Opens the log and starts the driver.
    fn live(&mut self) {
        let clock: Arc<dyn Clock> = self.clock.clone();
        let chance: Arc<dyn Chance> = self.chance.clone();
        let log = SqliteLog::open(&self.folder.path().join("data"), clock.clone(), chance.clone(), self.options).unwrap();
        let log = Arc::new(log);
        let backends = Connectors::open(&self.house.company.backends, &clock, &chance).unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let parts = Parts {
            log: Arc::clone(&log) as Arc<dyn Log>,
            files: log.files(),
            backends: Arc::new(backends),
            minds: self.minds.clone(),
            house: Arc::clone(&self.house),
            yes_or_no: plain_yes_or_no,
            pseudonym: Arc::new(crate::persona::pseudonym),
            clock,
            chance,
            node: "this".to_owned(),
        };
        let service = {
            let _inside = runtime.enter();
            Service::start(parts)
        };
        self.life = Some(Life { log, service, runtime });
    }

    /// Kills the process: whatever is not in the log is gone. Then starts it again.
    pub async fn crash(&mut self) {
        let Life { log, service, runtime } = self.life.take().unwrap();
        runtime.shutdown_background();
        drop(service);
        // Tasks end at their next step; the folder is free when the last of them has let go.
        while Arc::strong_count(&log) > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        drop(log);
        self.live();
    }

    /// Mika, signed in, whose order 12345 may be cancelled and 12288 has shipped.
    #[must_use]
    pub fn mika(&self) -> Persona {
        Persona::customer("mika")
    }

    /// Bob, signed in; order 99999 is his.
    #[must_use]
    pub fn bob(&self) -> Persona {
        Persona::customer("bob")
    }

    /// Somebody who has proven nothing.
    #[must_use]
    pub fn visitor(&self) -> Persona {
        Persona::visitor()
    }

    /// The driver.
    #[must_use]
    pub fn service(&self) -> Service {
        self.life.as_ref().unwrap().service.clone()
    }

    /// Runs something where the driver runs, so that a kill ends it too.
    pub async fn inside<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> T {
        self.life.as_ref().unwrap().runtime.spawn(work).await.unwrap()
    }

    /// The test's clock.
    #[must_use]
    pub fn clock(&self) -> &TestClock {
        &self.clock
    }

    /// Lets a system misbehave.
    pub fn fault(&self, fault: Fault) {
        self.world.panel().faults().place(fault).unwrap();
    }

    /// All systems are well again.
    pub fn heal(&self) {
        self.world.panel().faults().clear();
    }

    /// What was really changed in the company's systems.
    #[must_use]
    pub fn effects(&self) -> Vec<Entry> {
        self.world.panel().ledger().effects()
    }

    /// A conversation's events, private ones included.
    pub async fn events(&self, conversation: &ConversationId) -> Vec<Event> {
        self.recorded(conversation).await.into_iter().map(|recorded| recorded.event).collect()
    }

    /// A conversation's stream.
    pub async fn recorded(&self, conversation: &ConversationId) -> Vec<Recorded> {
        self.life.as_ref().unwrap().log.read_stream(StreamId::conversation(conversation), 0, 10_000).await.unwrap()
    }

    /// Waits until a conversation's events satisfy this; panics after 20 s.
    pub async fn until(&self, conversation: &ConversationId, done: impl Fn(&[Event]) -> bool) -> Vec<Event> {
        for _ in 0..800 {
            let events = self.events(conversation).await;
            if done(&events) {
                return events;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("it did not come to that: {:#?}", self.events(conversation).await);
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(life) = self.life.take() {
            life.runtime.shutdown_background();
        }
    }
}

fn company_clock(clock: &Arc<TestClock>) -> patchbay_world::Clock {
    let clock = Arc::clone(clock);
    patchbay_world::Clock::from_fn(move || jiff::Timestamp::from_millisecond(clock.now().0).unwrap())
}

fn built_in(house: &House) -> BuiltIn {
    let trained = Trained::quick(examples(&house.company));
    BuiltIn::new(Arc::clone(&house.company), Arc::clone(&house.texts), Arc::new(Hearing::new(Arc::new(trained)))).unwrap()
}
