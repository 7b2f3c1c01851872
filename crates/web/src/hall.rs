//! The hall: everything the addresses share, handed in by the roof.

use crate::assets::{Asset, Assets};
use crate::desk::{Feed, Presence};
use crate::origin::Origins;
use crate::pace::{Pace, Paces};
use crate::problem::{Code, Problem};
use crate::shield::Shield;
use crate::staff::ceremonies::{Asked, Ceremonies};
use patchbay_core::event::Recorded;
use patchbay_core::id::{CustomerId, RequestId, StaffId};
use patchbay_core::log::Position;
use patchbay_core::port::Log;
use patchbay_core::{Chance, Clock, Timestamp};
use patchbay_factors::Passkeys;
use patchbay_identity::staff::Office;
use patchbay_identity::{FileLinks, HostDoor, Visitors};
use patchbay_insight::Insight;
use patchbay_knowledge::Library;
use patchbay_service::Service;
use patchbay_views::Views;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio_util::sync::CancellationToken;

/// Makes a conversation's events a test, or says why it cannot be one.
pub type CopyAsTest = Arc<dyn Fn(&[Recorded]) -> Result<String, String> + Send + Sync>;

/// What the hall is made of.
pub struct HallParts {
    /// The driver.
    pub service: Service,
    /// The host's tokens, where the company declares them.
    pub host: Option<HostDoor>,
    /// Passes of anonymous visitors.
    pub visitors: Visitors,
    /// Links to files.
    pub file_links: FileLinks,
    /// The company's own people.
    pub staff: Office,
    /// The log of everything: what was said is joined from it when it is read.
    pub log: Arc<dyn Log>,
    /// The views of it.
    pub views: Views,
    /// What became of conversations.
    pub insight: Insight,
    /// How far the views are.
    pub reached: watch::Receiver<Position>,
    /// Our pseudonym for the company's own id of a customer: how a customer is found.
    pub pseudonym: Arc<dyn Fn(&str) -> CustomerId + Send + Sync>,
    /// Makes a conversation's events a test for `patchbay test`, or says why it cannot be one.
    pub copy_as_test: CopyAsTest,
    /// Is this a demonstration with simulated systems?
    pub demo: bool,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where the ids of requests come from.
    pub chance: Arc<dyn Chance>,
    /// Our address as others see it, without a slash at the end.
    pub public_url: String,
    /// The channel these addresses are, by its name in the configuration.
    pub channel: String,
    /// Origins of the pages that may embed the widget and call the API.
    pub origins: Vec<String>,
    /// Files of the user interface.
    pub assets: Assets,
    /// The written knowledge.
    pub library: Arc<Library>,
    /// How much is taken from whom.
    pub limits: Limits,
}

/// How much is taken from whom, and how long things may take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Messages and decisions of one customer or visitor.
    pub messages: Pace,
    /// Files of one customer or visitor.
    pub files: Pace,
    /// New visitors from one network address.
    pub visitors: Pace,
    /// Tries to sign in from one network address.
    pub sign_ins: Pace,
    /// Tries to sign in to one account, from anywhere: few, for a code has only six digits.
    pub accounts: Pace,
    /// What one member of the staff writes or changes.
    pub desk: Pace,
    /// Does a proxy stand before us? Then the last entry of its `X-Forwarded-For` is the address that counts.
    pub behind_proxy: bool,
    /// Requests worked on at the same time; more are turned away with 503.
    pub requests: usize,
    /// Files that come in at the same time; more are turned away with 503.
    pub uploads: usize,
    /// Live streams at the same time; more are turned away with 503.
    pub streams: usize,
    /// Open connections; more wait at the door.
    pub connections: usize,
    /// The head of a request must have arrived by then.
    pub head_within: Duration,
    /// The body of a request must have arrived by then.
    pub body_within: Duration,
    /// A file must have arrived by then, and within the body's time some of it must always come.
    pub file_within: Duration,
    /// How often a quiet stream says that it is alive.
    pub heartbeat: Duration,
    /// How long open requests may take once we are going down.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            messages: Pace { every: Duration::from_secs(1), burst: 30 },
            files: Pace { every: Duration::from_secs(6), burst: 20 },
            visitors: Pace { every: Duration::from_secs(1), burst: 60 },
            sign_ins: Pace { every: Duration::from_secs(6), burst: 10 },
            accounts: Pace { every: Duration::from_secs(30 * 60), burst: 10 },
            desk: Pace { every: Duration::from_millis(200), burst: 60 },
            behind_proxy: false,
            requests: 1_024,
            uploads: 32,
            streams: 10_000,
            connections: 12_000,
            head_within: Duration::from_secs(25),
            body_within: Duration::from_secs(25),
            file_within: Duration::from_secs(10 * 60),
            heartbeat: Duration::from_secs(15),
            drain: Duration::from_secs(5),
        }
    }
}

/// What all addresses share. Cheap to clone.
#[derive(Clone)]
pub struct Hall(Arc<Inside>);

struct Inside {
    parts: HallParts,
    origins: Origins,
    shield: Shield,
    messages: Paces,
    files: Paces,
    new_visitors: Paces,
    sign_ins: Paces,
    accounts: Paces,
    ceremonies: Ceremonies,
    passkeys: Option<Passkeys>,
    desk: Paces,
    presence: Presence,
    feed: Feed,
    requests: Arc<Semaphore>,
    uploads: Arc<Semaphore>,
    streams: Arc<Semaphore>,
    ready: AtomicBool,
    /// Cancelled when we are going down: streams end, connections finish what they do.
    closing: CancellationToken,
}

impl Hall {
    /// A hall of these parts. It is not ready until [`Hall::open`].
    #[must_use]
    pub fn new(parts: HallParts) -> Self {
        let origins = Origins::new(&parts.public_url, &parts.origins);
        let limits = &parts.limits;
        Self(Arc::new(Inside {
            shield: Shield::new(&parts.public_url, &origins),
            messages: Paces::new(limits.messages),
            files: Paces::new(limits.files),
            new_visitors: Paces::new(limits.visitors),
            sign_ins: Paces::new(limits.sign_ins),
            accounts: Paces::new(limits.accounts),
            ceremonies: Ceremonies::default(),
            passkeys: Passkeys::at(&parts.public_url, &parts.service.house().company.name).ok(),
            desk: Paces::new(limits.desk),
            presence: Presence::new(),
            feed: Feed::new(),
            requests: Arc::new(Semaphore::new(limits.requests)),
            uploads: Arc::new(Semaphore::new(limits.uploads)),
            streams: Arc::new(Semaphore::new(limits.streams)),
            ready: AtomicBool::new(false),
            closing: CancellationToken::new(),
            origins,
            parts,
        }))
    }

    /// From now on `/readyz` says yes.
    pub fn open(&self) {
        self.0.ready.store(true, Ordering::Release);
    }

    pub(crate) fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Acquire) && !self.0.closing.is_cancelled()
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.0.parts.limits
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    pub(crate) fn request_id(&self) -> RequestId {
        RequestId::mint(&*self.0.parts.clock, &*self.0.parts.chance)
    }

    /// Counts a message or decision of this customer or visitor.
    pub(crate) fn pace_message(&self, who: &str) -> Result<(), Problem> {
        self.0.messages.take(who, self.now()).map_err(|wait| Problem::new(Code::RateLimited).retry_after(wait))
    }

    /// Counts a new visitor from this address.
    pub(crate) fn pace_visitor(&self, from: Option<IpAddr>) -> Result<(), Problem> {
        let key = from.map(|address| address.to_string()).unwrap_or_default();
        self.0.new_visitors.take(&key, self.now()).map_err(|wait| Problem::new(Code::RateLimited).retry_after(wait))
    }

    /// Counts a try to sign in from this address.
    pub(crate) fn pace_sign_in(&self, from: Option<IpAddr>) -> Result<(), Problem> {
        let key = from.map(|address| address.to_string()).unwrap_or_default();
        self.0.sign_ins.take(&key, self.now()).map_err(|wait| Problem::new(Code::RateLimited).retry_after(wait))
    }

    /// Counts a try to sign in to this account.
    pub(crate) fn pace_account(&self, email: &str) -> Result<(), Problem> {
        self.0.accounts.take(&email.trim().to_lowercase(), self.now()).map_err(|wait| Problem::new(Code::RateLimited).retry_after(wait))
    }

    /// Passkeys for our address, where browsers allow them.
    pub(crate) fn passkeys(&self) -> Result<&Passkeys, Problem> {
        self.0.passkeys.as_ref().ok_or_else(|| Code::PasskeysImpossible.into())
    }

    /// Keeps what a device was asked; the name comes back with its answer.
    pub(crate) fn keep_ceremony(&self, asked: Asked) -> String {
        self.0.ceremonies.keep(asked, self.now(), &*self.0.parts.chance)
    }

    /// What a device was asked under this name; once.
    pub(crate) fn take_ceremony(&self, name: &str) -> Option<Asked> {
        self.0.ceremonies.take(name, self.now())
    }

    /// Counts something a member of the staff writes or changes.
    pub(crate) fn pace_staff(&self, who: &StaffId) -> Result<(), Problem> {
        self.0.desk.take(who.as_str(), self.now()).map_err(|wait| Problem::new(Code::RateLimited).retry_after(wait))
    }

    /// A place among the requests worked on.
    pub(crate) fn request_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        place(&self.0.requests)
    }

    /// Counts a file of this customer or visitor.
    pub(crate) fn pace_file(&self, who: &str) -> Result<(), Problem> {
        self.0.files.take(who, self.now()).map_err(|wait| Problem::new(Code::RateLimited).retry_after(wait))
    }

    /// A place among the files that come in.
    pub(crate) fn upload_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        place(&self.0.uploads)
    }

    /// A place among the live streams.
    pub(crate) fn stream_place(&self) -> Result<OwnedSemaphorePermit, Problem> {
        place(&self.0.streams)
    }

    pub(crate) fn service(&self) -> &Service {
        &self.0.parts.service
    }

    pub(crate) fn host(&self) -> Option<&HostDoor> {
        self.0.parts.host.as_ref()
    }

    pub(crate) fn visitors(&self) -> &Visitors {
        &self.0.parts.visitors
    }

    pub(crate) fn file_links(&self) -> &FileLinks {
        &self.0.parts.file_links
    }

    pub(crate) fn staff(&self) -> &Office {
        &self.0.parts.staff
    }

    pub(crate) fn log(&self) -> &Arc<dyn Log> {
        &self.0.parts.log
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.0.parts.clock
    }

    pub(crate) fn views(&self) -> &Views {
        &self.0.parts.views
    }

    pub(crate) fn reached(&self) -> watch::Receiver<Position> {
        self.0.parts.reached.clone()
    }

    pub(crate) fn presence(&self) -> &Presence {
        &self.0.presence
    }

    pub(crate) fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// Our pseudonym for the company's own id of a customer.
    pub(crate) fn pseudonym(&self, external: &str) -> CustomerId {
        (self.0.parts.pseudonym)(external)
    }

    pub(crate) fn copy_as_test(&self, events: &[Recorded]) -> Result<String, String> {
        (self.0.parts.copy_as_test)(events)
    }

    pub(crate) fn is_demo(&self) -> bool {
        self.0.parts.demo
    }

    pub(crate) fn is_https(&self) -> bool {
        self.public_url().starts_with("https://")
    }

    pub(crate) fn channel(&self) -> &str {
        &self.0.parts.channel
    }

    pub(crate) fn public_url(&self) -> &str {
        self.0.parts.public_url.trim_end_matches('/')
    }

    pub(crate) fn asset(&self, path: &str) -> Option<Asset> {
        (self.0.parts.assets)(path)
    }

    pub(crate) fn insight(&self) -> &Insight {
        &self.0.parts.insight
    }

    pub(crate) fn library(&self) -> &Library {
        &self.0.parts.library
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    pub(crate) fn shield(&self) -> &Shield {
        &self.0.shield
    }

    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.0.closing
    }
}

fn place(places: &Arc<Semaphore>) -> Result<OwnedSemaphorePermit, Problem> {
    places.clone().try_acquire_owned().map_err(|_| Code::Overloaded.into())
}
