//! Plays one test: a fresh log, a fresh stand-in, the real driver between them, and one step after another.

use crate::backends::Pointed;
use crate::fixed::{FixedChance, FixedClock};
use crate::judge::{Miss, judge};
use crate::operations::Operations;
use crate::script::Script;
use crate::seen::{Seen, customer_tools};
use crate::stand_in::{Notes, Ports, Scene, Serving};
use patchbay_config::{Does, Test, TestStep};
use patchbay_connect::Connectors;
use patchbay_core::event::Recorded;
use patchbay_core::id::{ConversationId, VisitorId};
use patchbay_core::log::StreamId;
use patchbay_core::port::{Backends, Log, Mind};
use patchbay_core::reply::Reply;
use patchbay_core::{Chance, Clock, Customer, Personal, Session, Timestamp};
use patchbay_identity::InstanceSecret;
use patchbay_service::{Inbound, Parts, Received, Refused, Service};
use patchbay_store::{Options, SqliteLog};
use patchbay_turn::House;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// Longer than any turn takes.
const PATIENCE: Duration = Duration::from_secs(30);
/// The channel of tests, as it stands in their logs.
const CHANNEL: &str = "test";

/// What every test of a company is played with.
pub struct Rehearsal {
    /// The rules in force.
    pub house: Arc<House>,
    /// The minds, best first.
    pub minds: Vec<Arc<dyn Mind>>,
    /// Is a whole message a plain yes or no?
    pub yes_or_no: fn(text: &str, language: &str) -> Option<bool>,
    /// The company's backends as they are declared: their documents are read back from, nothing is sent through them.
    pub connectors: Arc<Connectors>,
}

/// Why a test could not be played at all: this machine, not the conversation, is at fault.
#[derive(Debug, thiserror::Error)]
#[error("the test '{test}' cannot be played: {why}")]
pub struct CannotPlay {
    test: String,
    why: String,
}

/// What came of a test.
#[derive(Debug)]
pub struct Played {
    /// The steps that were played; after the first miss there are no more.
    pub steps: Vec<PlayedStep>,
    /// How many steps the test has.
    pub of: usize,
}

/// What came of one step.
#[derive(Debug)]
pub struct PlayedStep {
    /// Its line in the file.
    pub line: usize,
    /// What the customer said or did, in words.
    pub did: String,
    /// The reply; none where nobody answered.
    pub reply: Option<Reply>,
    /// The conversation's events of this step, for the trace.
    pub events: Vec<Recorded>,
    /// What was not as expected.
    pub missed: Vec<Miss>,
}

impl Played {
    /// Was everything as expected?
    #[must_use]
    pub fn passed(&self) -> bool {
        self.steps.iter().all(|step| step.missed.is_empty())
    }
}

impl Rehearsal {
    /// Plays a test from its first step to its last, or to the first miss.
    ///
    /// # Errors
    /// When there is no port, no temporary folder or no log to be had.
    pub async fn play(&self, test: &Test) -> Result<Played, CannotPlay> {
        let cannot = |why: String| CannotPlay { test: test.name.clone(), why };
        let mut stage = Stage::set(self, test, Answering::Stated).await.map_err(cannot)?;
        let mut steps = Vec::new();
        for step in &test.steps {
            let played = stage.play(step).await.map_err(cannot)?;
            let missed = !played.missed.is_empty();
            steps.push(played);
            if missed {
                break;
            }
        }
        stage.strike().await;
        Ok(Played { steps, of: test.steps.len() })
    }
}

impl Rehearsal {
    /// Plays a test once against the real backends, from this time on, without judging it, and gives what the conversation's log
    /// holds of it. It really does what the customer of the test does: writes happen.
    ///
    /// # Errors
    /// When there is no temporary folder or no log to be had, or a step cannot be done (there is no such choice, no card).
    pub async fn live(&self, test: &Test, backends: Arc<dyn Backends>, now: Timestamp) -> Result<Vec<Recorded>, CannotPlay> {
        let cannot = |why: String| CannotPlay { test: test.name.clone(), why };
        let mut stage = Stage::set(self, test, Answering::Live(backends, now)).await.map_err(cannot)?;
        let mut events = Vec::new();
        for step in &test.steps {
            stage.clock.pass(step.after);
            let received = stage.act(&step.does).await.map_err(|why| cannot(format!("line {}: {why}", step.line)))?;
            stage.last = stage.service.wait_reply(&received, PATIENCE).await.map_err(|refused| cannot(refused.to_string()))?;
            events.extend(stage.events().await.map_err(cannot)?);
        }
        stage.strike().await;
        Ok(events)
    }
}

/// Who answers.
enum Answering {
    /// The stand-in, with what the test states, at the test's time.
    Stated,
    /// The real backends, at this time.
    Live(Arc<dyn Backends>, Timestamp),
}

/// One test being played.
struct Stage<'a> {
    rehearsal: &'a Rehearsal,
    clock: Arc<FixedClock>,
    log: Arc<SqliteLog>,
    service: Service,
    scene: Arc<Scene>,
    session: Session,
    conversation: ConversationId,
    /// How much of the conversation's stream earlier steps have seen.
    seen: u64,
    last: Option<Reply>,
    // Dropped last, in this order.
    _serving: Serving,
    _folder: TempDir,
}

impl<'a> Stage<'a> {
    async fn set(rehearsal: &'a Rehearsal, test: &Test, answering: Answering) -> Result<Self, String> {
        let company = &rehearsal.house.company;
        let now = match &answering {
            Answering::Stated => test.now,
            Answering::Live(_, now) => Some(*now),
        };
        let fixed = Arc::new(FixedClock::at(now));
        let clock: Arc<dyn Clock> = Arc::clone(&fixed) as _;
        let chance: Arc<dyn Chance> = Arc::new(FixedChance::default());
        let script = Arc::new(Script::new(&test.answers));
        let ports = Ports::bind().await.map_err(|error| format!("no port on this machine: {error}"))?;
        let addresses = ports.addresses().map_err(|error| error.to_string())?;
        let backends: Arc<dyn Backends> = match answering {
            Answering::Live(backends, _) => backends,
            Answering::Stated => Arc::new(
                Pointed::open(company, addresses, Arc::clone(&script), &clock, &chance)
                    .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?,
            ),
        };
        let optional = customer_tools(company).filter_map(|tool| company.tools.get(tool));
        let scene = Arc::new(Scene {
            operations: Operations::of(company, &rehearsal.connectors),
            script,
            largest: company.backends.values().map(|backend| backend.limits.answer_bytes).max().unwrap_or_default(),
            optional: optional.map(|tool| format!("{}.{}", tool.backend, tool.operation)).collect(),
            notes: Mutex::new(Notes::default()),
        });
        let serving = ports.serve(Arc::clone(&scene));
        let folder = tempfile::Builder::new().prefix("patchbay-test-").tempdir().map_err(|error| error.to_string())?;
        // A test's log is small and short-lived: no room is kept back for it.
        let options = Options { reserve: 0, readers: 1, ..Options::default() };
        let log = SqliteLog::open(&folder.path().join("data"), Arc::clone(&clock), Arc::clone(&chance), options);
        let log = Arc::new(log.map_err(|error| error.to_string())?);
        let secret = InstanceSecret::new(log.instance_secret().to_vec()).map_err(|error| error.to_string())?;
        let session = session(&secret, test);
        let service = Service::start(Parts {
            log: Arc::clone(&log) as Arc<dyn Log>,
            files: log.files(),
            backends,
            minds: rehearsal.minds.clone(),
            house: Arc::clone(&rehearsal.house),
            yes_or_no: rehearsal.yes_or_no,
            pseudonym: Arc::new(move |external| secret.pseudonym(external)),
            clock,
            chance,
            node: CHANNEL.to_owned(),
        });
        let conversation = service.open(&session, None).await.map_err(|refused| refused.to_string())?;
        Ok(Self {
            rehearsal,
            clock: fixed,
            log,
            service,
            scene,
            session,
            conversation,
            seen: 0,
            last: None,
            _serving: serving,
            _folder: folder,
        })
    }

    async fn play(&mut self, step: &TestStep) -> Result<PlayedStep, String> {
        self.clock.pass(step.after);
        let before = self.scene.notes().heard.len();
        let mut missed = Vec::new();
        match self.act(&step.does).await {
            Ok(received) => {
                let reply = self.service.wait_reply(&received, PATIENCE).await;
                self.last = reply.map_err(|refused| refused.to_string())?;
                if self.last.is_none() && step.expect.status.is_some() {
                    let says = "expected a reply, but nobody answered: people have the conversation, or the turn never ended";
                    missed.push(Miss::step(says));
                }
            }
            Err(why) => missed.push(Miss::step(why)),
        }
        let events = self.events().await?;
        {
            let mut notes = self.scene.notes();
            let unstated = std::mem::take(&mut notes.unstated);
            missed.extend(
                unstated.into_iter().map(|request| Miss::step(format!("a backend was asked what the test states no answer to: {request}"))),
            );
            let seen = Seen { reply: self.last.as_ref(), events: &events, heard: &notes.heard[before..] };
            if missed.is_empty() || self.last.is_some() {
                missed.extend(judge(&step.expect, &seen, &self.rehearsal.house.company));
            }
        }
        Ok(PlayedStep { line: step.line, did: said(&step.does), reply: self.last.clone(), events, missed })
    }

    /// Does what the customer does, through the same doors as the API; otherwise why it cannot be done.
    async fn act(&self, does: &Does) -> Result<Received, String> {
        let refused = |refused: Refused| format!("the customer could not do this: {refused}");
        let (text, picked) = match does {
            Does::Says(text) => (text.clone(), None),
            Does::Picks(value) => (self.choice(value)?, Some(value.clone())),
            Does::Decides(yes) => {
                let proposal = self.last.as_ref().and_then(|reply| reply.proposal.as_ref());
                let proposal = proposal.ok_or("there is no card to decide on: the reply before proposed nothing")?;
                let (action, digest) = (&proposal.id, Some(proposal.digest.clone()));
                return self.service.decide(&self.session, &self.conversation, action, *yes, digest).await.map_err(refused);
            }
        };
        let inbound = Inbound { conversation: self.conversation.clone(), client: None, text, picked, files: Vec::new() };
        self.service.receive(&self.session, inbound).await.map_err(refused)
    }

    /// What a choice of the last question says.
    fn choice(&self, value: &str) -> Result<String, String> {
        let choices = self.last.iter().filter_map(|reply| reply.question.as_ref()).flat_map(|question| &question.choices);
        let choices: Vec<_> = choices.collect();
        let known: Vec<&str> = choices.iter().map(|choice| choice.value.as_str()).collect();
        let chosen = choices.iter().find(|choice| choice.value == value);
        chosen.map(|choice| choice.label.clone()).ok_or_else(|| format!("there is no choice '{value}'; offered are [{}]", known.join(", ")))
    }

    /// The conversation's events since the last step.
    async fn events(&mut self) -> Result<Vec<Recorded>, String> {
        let mut events: Vec<Recorded> = Vec::new();
        loop {
            let page = self.log.read_stream(StreamId::conversation(&self.conversation), self.seen, 500).await;
            let page = page.map_err(|error| error.to_string())?;
            let Some(last) = page.last() else { return Ok(events) };
            self.seen = last.seq;
            events.extend(page);
        }
    }

    async fn strike(self) {
        self.service.stop();
        self.log.close().await;
    }
}

/// The session of the test's persona. Whoever runs the tests vouches for it.
fn session(secret: &InstanceSecret, test: &Test) -> Session {
    let Some(external) = &test.customer else { return Session::anonymous(VisitorId::from_bits(0), CHANNEL) };
    Session {
        visitor: secret.visitor_of(external),
        customer: Some(Customer { id: secret.pseudonym(external), external: Personal::identity(external.clone()) }),
        level: test.level,
        until: Timestamp(i64::MAX),
        channel: CHANNEL.to_owned(),
    }
}

/// What the customer did, in words.
fn said(does: &Does) -> String {
    match does {
        Does::Says(text) => text.clone(),
        Does::Picks(value) => format!("(picks {value})"),
        Does::Decides(true) => "(says yes on the card)".to_owned(),
        Does::Decides(false) => "(says no on the card)".to_owned(),
    }
}
