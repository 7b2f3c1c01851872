//! Everything wired together on a data folder: log, driver, doors.

use crate::company::Ready;
use crate::failure::{Exit, Failure};
use crate::{assets, minds};
use axum::Router;
use patchbay_core::declare::{Channel, Company, HostKeys};
use patchbay_core::log::Position;
use patchbay_core::port::Log;
use patchbay_identity::staff::Office;
use patchbay_identity::{FileLinks, HostDoor, InstanceSecret, Visitors};
use patchbay_insight::Insight;
use patchbay_rehearsal::as_test;
use patchbay_service::{Parts, Service};
use patchbay_store::{Options, SqliteLog};
use patchbay_views::facts::Rules;
use patchbay_views::{Projector, Views};
use patchbay_web::{Hall, HallParts, Limits};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How long an anonymous visitor's pass lasts.
const VISITOR_LASTS: Duration = Duration::from_secs(30 * 24 * 3600);

/// How long a link to a file is good: long enough to open it, and of little use to whoever finds it later.
const FILE_LINK_LASTS: Duration = Duration::from_secs(5 * 60);

/// Opens the log of the configured data folder.
///
/// # Errors
/// When the folder cannot be used: another process has it, it is damaged, it may not be written.
pub(crate) fn open_log(ready: &Ready) -> Result<Arc<SqliteLog>, Failure> {
    SqliteLog::open(&ready.loaded.server.data, ready.clock.clone(), ready.chance.clone(), Options::default())
        .map(Arc::new)
        .map_err(Failure::storage)
}

/// Where the views of the configured data folder are.
pub(crate) fn views_file(ready: &Ready) -> PathBuf {
    ready.loaded.server.data.join("views.db")
}

/// The company's own people, as this log knows them.
///
/// # Errors
/// When the secret of the installation cannot be used.
pub(crate) fn office(ready: &Ready, log: &Arc<SqliteLog>) -> Result<Office, Failure> {
    let secret = InstanceSecret::new(log.instance_secret().to_vec()).map_err(Failure::storage)?;
    Ok(Office::new(Arc::clone(log) as Arc<dyn Log>, secret, ready.clock.clone(), ready.chance.clone()))
}

/// The rules by which the company's conversations are judged.
pub(crate) fn rules(ready: &Ready) -> Rules {
    Rules::of(&ready.loaded.company)
}

/// The driver on its log.
pub(crate) struct Running {
    /// The log.
    pub(crate) log: Arc<SqliteLog>,
    /// The driver.
    pub(crate) service: Service,
    /// The secret from which pseudonyms and passes are made.
    pub(crate) secret: InstanceSecret,
    /// The company's own people.
    pub(crate) staff: Office,
    views: Views,
    insight: Insight,
    reached: watch::Receiver<Position>,
    ears: watch::Receiver<bool>,
    stop: watch::Sender<bool>,
    follow: JoinHandle<()>,
}

impl Running {
    /// Opens the data folder and starts the driver.
    ///
    /// # Errors
    /// When the folder cannot be used, or skills are wrong.
    pub(crate) fn start(ready: &Ready) -> Result<Self, Failure> {
        let log = open_log(ready)?;
        let projector = Projector::open(&views_file(ready), rules(ready)).map_err(Failure::storage)?;
        let views = Views::open(&views_file(ready)).map_err(Failure::storage)?;
        // Figures read on a connection of their own: the desk must not wait for them.
        let insight = Insight::new(Views::open(&views_file(ready)).map_err(Failure::storage)?, rules(ready));
        let reached = projector.reached();
        let (stop, mut stopped) = watch::channel(false);
        let follow = {
            let log = Arc::clone(&log);
            tokio::spawn(async move { projector.run(&*log, async { drop(stopped.wait_for(|stop| *stop).await) }).await })
        };
        let secret = InstanceSecret::new(log.instance_secret().to_vec()).map_err(Failure::storage)?;
        let minds = minds::start(&ready.house, &ready.library)?;
        let service = Service::start(Parts {
            log: Arc::clone(&log) as Arc<dyn Log>,
            files: log.files(),
            backends: Arc::clone(&ready.connectors) as _,
            minds: vec![minds.mind],
            house: Arc::clone(&ready.house),
            pseudonym: {
                let secret = secret.clone();
                Arc::new(move |external| secret.pseudonym(external))
            },
            yes_or_no: patchbay_engine::builtin::plain_yes_or_no,
            clock: ready.clock.clone(),
            chance: ready.chance.clone(),
            node: "this".to_owned(),
        });
        let staff = office(ready, &log)?;
        Ok(Self { log, service, secret, staff, views, insight, reached, ears: minds.ready, stop, follow })
    }

    /// Resolves when messages are understood by meaning, or it is known that they will not be.
    pub(crate) async fn ears_ready(&self) {
        let mut ears = self.ears.clone();
        let _ = ears.wait_for(|ready| *ready).await;
    }

    /// Stops the driver and closes the log.
    pub(crate) async fn stop(self) {
        self.service.stop();
        self.stop.send_replace(true);
        if let Err(error) = self.follow.await {
            tracing::warn!(%error, "the projector did not end by itself");
        }
        self.log.close().await;
    }
}

/// An address we listen on and all that answers there.
pub(crate) struct Doors {
    listener: TcpListener,
    hall: Hall,
    router: Router,
}

/// Binds an address.
///
/// # Errors
/// When the port is taken.
pub(crate) async fn listen(listen: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(listen).await.map_err(|error| {
        let hint = if error.kind() == std::io::ErrorKind::AddrInUse {
            "; another program listens there: stop it, or choose another address with --listen"
        } else {
            ""
        };
        Failure::new(Exit::Unreachable, format!("cannot listen on {listen}: {error}{hint}"))
    })
}

/// Prepares the doors at an address that was bound. `extra` are pages beside the API; `demo` says that the systems are
/// simulated.
///
/// # Errors
/// When the host's keys cannot be used.
pub(crate) fn doors(ready: &Ready, running: &Running, listener: TcpListener, extra: Router, demo: bool) -> Result<Doors, Failure> {
    let hall = hall(ready, running, demo)?;
    let router = patchbay_web::router(&hall, extra);
    Ok(Doors { listener, hall, router })
}

impl Doors {
    /// Serves until `stop` resolves, then finishes what is open.
    pub(crate) async fn serve(self, stop: impl Future<Output = ()>) {
        self.hall.open();
        patchbay_web::serve(self.listener, self.router, &self.hall, stop).await;
    }
}

fn hall(ready: &Ready, running: &Running, demo: bool) -> Result<Hall, Failure> {
    let company = &ready.loaded.company;
    let host = match &company.host {
        Some(declared) => {
            let fetch = match &declared.keys {
                HostKeys::Url(url) => Some(crate::company::fetch_keys(url)?),
                HostKeys::Document(_) | HostKeys::Shared(_) => None,
            };
            Some(HostDoor::new(declared, fetch, running.secret.clone(), ready.clock.clone()).map_err(Failure::configuration)?)
        }
        None => None,
    };
    let (channel, origins) = widget_channel(company);
    Ok(Hall::new(HallParts {
        service: running.service.clone(),
        host,
        staff: running.staff.clone(),
        log: Arc::clone(&running.log) as Arc<dyn Log>,
        views: running.views.clone(),
        insight: running.insight.clone(),
        reached: running.reached.clone(),
        pseudonym: {
            let secret = running.secret.clone();
            Arc::new(move |external| secret.pseudonym(external))
        },
        copy_as_test: {
            let house = running.service.house().clone();
            Arc::new(move |events| as_test(events, &house.company, None).map(|copied| copied.file()).map_err(|why| why.to_string()))
        },
        demo,
        file_links: FileLinks::new(running.secret.clone(), FILE_LINK_LASTS, ready.clock.clone()),
        visitors: Visitors::new(running.secret.clone(), VISITOR_LASTS, ready.clock.clone(), ready.chance.clone()),
        clock: ready.clock.clone(),
        chance: ready.chance.clone(),
        public_url: ready.loaded.server.public_url.clone(),
        channel,
        origins,
        assets: assets::embedded(),
        library: Arc::clone(&ready.library),
        limits: Limits::default(),
    }))
}

/// The widget's channel and the pages that may embed it.
fn widget_channel(company: &Company) -> (String, Vec<String>) {
    let widget = company.channels.iter().map(|(name, channel)| match channel {
        Channel::Widget { origins } => (name.clone(), origins.clone()),
    });
    widget.into_iter().next().unwrap_or_else(|| ("web".to_owned(), Vec::new()))
}
