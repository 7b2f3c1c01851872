//! Starting a shop: the data folder, its document, one port for customers' systems and one for control.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::routes::{plain, routes};
use super::shop::Shop;
use crate::clock::Clock;
use crate::control;
use crate::door::{Credentials, Door};
use crate::fault::FaultList;
use crate::ledger::Ledger;
use crate::oauth::Tokens;
use crate::office::Office;
use crate::operations::Operations;
use crate::panel::Panel;
use crate::serve::{Bound, Serving, StartError};
use crate::site::{Site, addressed};

/// What stands before every path, as in the shop's document.
const BASE: &str = "/retail";

/// The key of a shop that does not exist.
const KEY: &str = "retail-shop-key";

/// How a shop is started.
#[derive(Clone, Debug)]
pub struct RetailOptions {
    /// The folder that contains `retail/db.json` and `retail/openapi.json`.
    pub data: PathBuf,
    /// The clock of ledger entries.
    pub clock: Clock,
    /// The shop's port; a taken port, and `None`, becomes any free port.
    pub port: Option<u16>,
    /// The port of the control door; a taken port, and `None`, becomes any free port.
    pub control_port: Option<u16>,
}

impl RetailOptions {
    /// The shop of `data`, on any free ports.
    pub fn new(data: impl Into<PathBuf>) -> Self {
        Self { data: data.into(), clock: Clock::system(), port: None, control_port: None }
    }
}

/// Why a shop could not start.
#[derive(Debug, thiserror::Error)]
pub enum RetailError {
    /// A file of the data folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file of the data folder does not hold what it should.
    #[error("{} does not fit: {source}", path.display())]
    Content {
        /// Which file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// No port could be bound.
    #[error(transparent)]
    Start(#[from] StartError),
}

/// The shop of the public data set.
#[derive(Debug)]
pub struct Retail;

/// A shop that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct RunningRetail {
    url: String,
    document: String,
    credentials: Credentials,
    control_url: String,
    panel: Panel,
    serving: Vec<Serving>,
}

impl Retail {
    /// Starts a shop of its own on 127.0.0.1. Needs a running tokio runtime.
    ///
    /// # Errors
    /// Where the data cannot be read or no port can be bound.
    pub async fn start(options: RetailOptions) -> Result<RunningRetail, RetailError> {
        let RetailOptions { data, clock, port, control_port } = options;
        let folder = data.join("retail");
        let shop = read(&folder.join("db.json"), Shop::read)?;
        let document: Value = read(&folder.join("openapi.json"), |text| serde_json::from_slice(text))?;

        let ledger = Arc::new(Ledger::default());
        let faults = Arc::new(FaultList::of(vec![("retail", Operations::of(&document, BASE))]));
        let counter = Office::new("retail", shop, Arc::clone(&ledger), clock.clone());
        let credentials = Credentials::ApiKey { header: "X-Api-Key", key: KEY.to_owned() };

        let bound = Bound::at(port).await?;
        let url = format!("{}{BASE}", bound.url());
        let site = Site {
            service: "retail",
            document_path: "/retail/openapi.json",
            document: addressed(document, &url),
            door: Door::new(credentials.clone(), Arc::new(Tokens::default())),
            open_path: None,
            routes: routes(BASE, counter.clone()),
            dialect: plain,
            clock: clock.clone(),
            faults: Arc::clone(&faults),
        };
        let mut serving = vec![bound.serve(site)];

        let panel = Panel::new(ledger, faults, clock, move || counter.reset(Shop::reset));
        let bound = Bound::at(control_port).await?;
        let control_url = bound.url();
        serving.push(bound.serve(control::routes(panel.clone())));
        let document = format!("{url}/openapi.json");
        Ok(RunningRetail { url, document, credentials, control_url, panel, serving })
    }
}

impl RunningRetail {
    /// `http://127.0.0.1:PORT/retail`
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The address of the OpenAPI document, open to all.
    #[must_use]
    pub fn document(&self) -> &str {
        &self.document
    }

    /// What a caller must show.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Where the control door is, without `/_control`.
    #[must_use]
    pub fn control_url(&self) -> &str {
        &self.control_url
    }

    /// The control handle for the same process.
    #[must_use]
    pub fn panel(&self) -> &Panel {
        &self.panel
    }

    /// Stops gently: no new connections, at most a second for open requests.
    pub async fn stop(self) {
        futures::future::join_all(self.serving.into_iter().map(Serving::stop)).await;
    }
}

fn read<T>(path: &Path, parse: impl FnOnce(&[u8]) -> Result<T, serde_json::Error>) -> Result<T, RetailError> {
    let text = fs::read(path).map_err(|source| RetailError::File { path: path.to_owned(), source })?;
    parse(&text).map_err(|source| RetailError::Content { path: path.to_owned(), source })
}
