//! All backends of a company behind the port of the core.

use crate::answer::Root;
use crate::auth::Credentials;
use crate::backend::Backend;
use crate::health::Health;
use crate::kept::Kept;
use crate::lean::Lean;
use crate::offset::Offset;
use crate::openapi::{Document, Operation, Place, Problem};
use patchbay_core::declare::{self, BackendKind};
use patchbay_core::port::{Backends, CallFailure, CallOrder, Later, RawAnswer};
use patchbay_core::words::CallOutcome;
use patchbay_core::{Chance, Clock};
use patchbay_dial::{Dial, Egress, NamedBy, Settings, Url};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::Semaphore;

/// A backend that cannot be used as it is declared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("backend '{backend}': {problem}")]
pub struct ConnectError {
    /// Its name in the configuration.
    pub backend: String,
    /// What is wrong, where, and what to do.
    pub problem: String,
}

/// The backends of a company.
pub struct Connectors {
    backends: BTreeMap<String, Arc<Backend>>,
}

impl Connectors {
    /// Reads every backend's document and prepares its client. Nothing is called yet.
    ///
    /// # Errors
    /// Everything that is wrong with any of them, so that all can be mended at once.
    pub fn open(
        declared: &BTreeMap<String, declare::Backend>,
        clock: &Arc<dyn Clock>,
        chance: &Arc<dyn Chance>,
    ) -> Result<Self, Vec<ConnectError>> {
        let mut backends = BTreeMap::new();
        let mut errors = Vec::new();
        for (name, backend) in declared {
            match open(backend, clock, chance) {
                Ok(opened) => drop(backends.insert(name.clone(), Arc::new(opened))),
                Err(problem) => errors.push(ConnectError { backend: name.clone(), problem }),
            }
        }
        if errors.is_empty() { Ok(Self { backends }) } else { Err(errors) }
    }

    /// The operations of a backend in order of their ids; `None` where there is no such backend.
    #[must_use]
    pub fn operations(&self, backend: &str) -> Option<impl Iterator<Item = &Operation>> {
        Some(self.backends.get(backend)?.operations.values().map(|(operation, _)| operation))
    }

    /// One operation of a backend.
    #[must_use]
    pub fn operation(&self, backend: &str, operation: &str) -> Option<&Operation> {
        Some(&self.backends.get(backend)?.operations.get(operation)?.0)
    }

    /// What of a backend's document could not be understood; each cost at most one operation.
    #[must_use]
    pub fn problems(&self, backend: &str) -> &[Problem] {
        self.backends.get(backend).map_or(&[], |backend| &backend.problems)
    }

    /// How every backend has been doing, in order of their names.
    #[must_use]
    pub fn health(&self) -> Vec<Health> {
        self.backends.values().map(|backend| backend.health()).collect()
    }
}

impl Backends for Connectors {
    fn call(&self, order: CallOrder) -> Later<'_, Result<RawAnswer, CallFailure>> {
        Box::pin(async move {
            match self.backends.get(&order.backend) {
                Some(backend) => backend.call(order).await,
                None => Err(CallFailure {
                    outcome: CallOutcome::Invalid,
                    detail: format!("no backend '{}'", order.backend),
                    message: None,
                    retry_after: None,
                    ms: 0,
                }),
            }
        })
    }
}

fn open(declared: &declare::Backend, clock: &Arc<dyn Clock>, chance: &Arc<dyn Chance>) -> Result<Backend, String> {
    let BackendKind::Openapi { spec, base_url } = &declared.kind;
    let document = Document::read_file(spec).map_err(|error| error.to_string())?;
    let mut egress = Egress::none();
    let credentials = Credentials::prepare(&declared.auth, &mut egress)?;
    let configured = base_url.as_ref().map(|url| egress.name(url, NamedBy::Configuration)).transpose();
    let configured = configured.map_err(|error| format!("base_url: {error}"))?;
    let mut operations = BTreeMap::new();
    for (id, mut operation) in document.operations {
        // What a credential fills, nobody has to give.
        operation.args.retain(|arg| match arg.place {
            Place::Header => !credentials.fills_header(&arg.wire),
            Place::Query => !credentials.fills_query(&arg.wire),
            _ => true,
        });
        let base = configured.clone().map_or_else(|| documented(operation.server.as_deref(), &mut egress), Ok)?;
        operations.insert(id, (operation, base));
    }
    // A connection may take half of a call's time, so that the other half can still go elsewhere or be told apart.
    let connect_within = (declared.limits.timeout / 2).clamp(Duration::from_millis(100), Duration::from_secs(3));
    let dial = Dial::open(egress, &Settings { connect_within, ..Settings::default() }).map_err(|error| error.to_string())?;
    Ok(Backend {
        name: declared.name.clone(),
        operations,
        problems: document.problems,
        dial,
        credentials,
        root: declared.root.as_deref().map(Root::parse).transpose()?,
        limits: declared.limits.clone(),
        clock: Arc::clone(clock),
        chance: Arc::clone(chance),
        places: Semaphore::new(declared.limits.concurrency.clamp(1, Semaphore::MAX_PERMITS)),
        kept: Kept::new(),
        lean: Mutex::new(Lean::new(&declared.limits)),
        offset: Offset::default(),
    })
}

/// The address a document gives: public, and absolute.
fn documented(server: Option<&str>, egress: &mut Egress) -> Result<Url, String> {
    let server = server.filter(|server| server.contains("://"));
    let server = server.ok_or("the document names no server with a full address: set base_url")?;
    egress.name(server, NamedBy::Document).map_err(|error| format!("the document's server: {error}"))
}
