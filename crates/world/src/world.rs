//! Starting the company: six services and the control door, each on a port of its own.

use std::sync::Arc;

use axum::Router;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;

use crate::clock::Clock;
use crate::control;
use crate::door::{Credentials, Door};
use crate::fault::FaultList;
use crate::ledger::Ledger;
use crate::oauth::{TokenDesk, Tokens};
use crate::office::Office;
use crate::operations::Operations;
use crate::panel::Panel;
use crate::record::Company;
use crate::refusal::Refusal;
use crate::seed;
use crate::serve::{Bound, Serving, StartError};
use crate::service::ServiceName;
use crate::site::{Site, addressed};

/// How a world is started.
#[derive(Clone, Debug)]
pub struct WorldOptions {
    /// The company's clock: token expiry, times of writes.
    pub clock: Clock,
    /// The day that all seeded dates are relative to.
    pub today: Date,
    /// The port of the first service; the others follow it. Taken ports, and `None`, become any free port.
    pub first_port: Option<u16>,
    /// The port of the control door; a taken port, and `None`, becomes any free port.
    pub control_port: Option<u16>,
}

impl WorldOptions {
    /// Today's company by the wall clock, on any free ports.
    #[must_use]
    pub fn new() -> Self {
        Self::with_clock(Clock::system())
    }

    /// The company of the day that `clock` shows, on any free ports.
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        Self { today: clock.today(), clock, first_port: None, control_port: None }
    }
}

impl Default for WorldOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// The simulated company.
#[derive(Debug)]
pub struct World;

/// Where one service is and what it wants to be shown.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoint {
    /// Which service.
    pub service: ServiceName,
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub url: String,
    /// The address of its OpenAPI document, open to all.
    pub document: String,
    /// What a caller must show.
    pub credentials: Credentials,
}

/// A company that runs until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    endpoints: Vec<Endpoint>,
    control_url: String,
    panel: Panel,
    serving: Vec<Serving>,
}

impl World {
    /// Starts all services on 127.0.0.1. Needs a running tokio runtime.
    ///
    /// # Errors
    /// Where no port can be bound.
    pub async fn start(options: WorldOptions) -> Result<Running, StartError> {
        let WorldOptions { clock, today, first_port, control_port } = options;
        let ledger = Arc::new(Ledger::default());
        let documents = ServiceName::ALL.map(|service| read_document(service).map(|document| (service, document)));
        let documents = documents.into_iter().collect::<Result<Vec<_>, _>>()?;
        let operations = documents.iter().map(|(service, document)| (service.as_str(), Operations::of(document, "")));
        let faults = Arc::new(FaultList::of(operations.collect()));
        let tokens = Arc::new(Tokens::default());
        let office = Office::new("world", seed::company(today), Arc::clone(&ledger), clock.clone());
        let desk = TokenDesk { tokens: Arc::clone(&tokens), clock: clock.clone() };

        let mut endpoints = Vec::new();
        let mut serving = Vec::new();
        for (place, (service, document)) in (0_u16..).zip(documents) {
            let bound = Bound::at(first_port.and_then(|first| first.checked_add(place))).await?;
            let url = bound.url();
            let credentials = service.credentials(&url);
            let site = Site {
                service: service.as_str(),
                document_path: "/openapi.json",
                document: addressed(document, &url),
                door: Door::new(credentials.clone(), Arc::clone(&tokens)),
                open_path: service.open_path(),
                routes: with_fallbacks(service.routes(&office, &desk)),
                dialect: Refusal::coded,
                clock: clock.clone(),
                faults: Arc::clone(&faults),
            };
            serving.push(bound.serve(site));
            endpoints.push(Endpoint { service, document: format!("{url}/openapi.json"), url, credentials });
        }

        let panel = Panel::new(ledger, faults, clock, move || office.reset(Company::reset));
        let bound = Bound::at(control_port).await?;
        let control_url = bound.url();
        serving.push(bound.serve(control::routes(panel.clone())));
        Ok(Running { endpoints, control_url, panel, serving })
    }
}

impl Running {
    /// All services, in the order of [`ServiceName::ALL`].
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// One service.
    #[must_use]
    pub fn endpoint(&self, service: ServiceName) -> &Endpoint {
        &self.endpoints[service as usize]
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

fn read_document(service: ServiceName) -> Result<Value, StartError> {
    serde_json::from_str(service.document()).map_err(|source| StartError::Document { service: service.as_str(), source })
}

/// Unknown addresses are refused in the same form as everything else.
fn with_fallbacks(routes: Router) -> Router {
    routes.fallback(async |uri: hyper::Uri| Refusal::not_found("address", uri.path()))
}
