//! From a configuration to something that can run: loaded, compiled, and held against the backends' documents.

use crate::cli::Configured;
use crate::failure::Failure;
use crate::ports::{SystemChance, SystemClock};
use patchbay_config::{Loaded, Problem, Problems};
use patchbay_connect::{ConnectError, Connectors};
use patchbay_core::declare::{Idempotency, Tool};
use patchbay_core::{Chance, Clock};
use patchbay_knowledge::Library;
use patchbay_turn::House;
use std::path::Path;
use std::sync::Arc;

/// A company ready to be served.
pub(crate) struct Ready {
    /// The configuration as it was read.
    pub(crate) loaded: Loaded,
    /// The written knowledge.
    pub(crate) library: Arc<Library>,
    /// The rules, compiled.
    pub(crate) house: Arc<House>,
    /// The backends.
    pub(crate) connectors: Arc<Connectors>,
    /// The system's clock.
    pub(crate) clock: Arc<dyn Clock>,
    /// The system's chance.
    pub(crate) chance: Arc<dyn Chance>,
}

impl Ready {
    /// Reads the configuration a command names.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn of(configured: &Configured) -> Result<Self, Failure> {
        let mut ready = Self::load(&configured.config, &|name| std::env::var(name).ok())?;
        if let Some(data) = &configured.data {
            ready.loaded.server.data.clone_from(data);
        }
        Ok(ready)
    }

    /// Reads a configuration with this environment.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub(crate) fn load(path: &Path, environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, Failure> {
        Self::compile(patchbay_config::load(path, environment).map_err(Failure::configuration)?)
    }

    /// Reads the configuration a command names without asking for what only the real systems need: to be tested, never served.
    ///
    /// # Errors
    /// Everything else that is wrong with it.
    pub(crate) fn offline(configured: &Configured) -> Result<Self, Failure> {
        let loaded = patchbay_config::load_offline(&configured.config, &|name| std::env::var(name).ok());
        Self::compile(loaded.map_err(Failure::configuration)?)
    }

    fn compile(loaded: Loaded) -> Result<Self, Failure> {
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let chance: Arc<dyn Chance> = Arc::new(SystemChance);
        let house = House::compile(loaded.company.clone(), loaded.digest.clone()).map_err(|errors| {
            let wrong = errors.into_iter().map(|error| loaded.problem(&error.place, error.message, "correct the rule or the text"));
            Failure::configuration(Problems(wrong.collect()))
        })?;
        let library = crate::knowledge::read(&loaded.company)?;
        let connectors = Connectors::open(&loaded.company.backends, &clock, &chance).map_err(|errors| {
            let place = |error: &ConnectError| format!("backends.{}.spec", error.backend);
            let wrong =
                errors.into_iter().map(|error| loaded.problem(&place(&error), error.problem, "correct the backend or its document"));
            Failure::configuration(Problems(wrong.collect()))
        })?;
        let wrong = held_against_documents(&loaded, &connectors);
        if !wrong.is_empty() {
            return Err(Failure::configuration(Problems(wrong)));
        }
        Ok(Self { loaded, library: Arc::new(library), house: Arc::new(house), connectors: Arc::new(connectors), clock, chance })
    }
}

/// What tools say about operations that the backends' documents do not bear out.
fn held_against_documents(loaded: &Loaded, connectors: &Connectors) -> Vec<Problem> {
    loaded.company.tools.values().flat_map(|tool| wrong_with(tool, loaded, connectors)).collect()
}

fn wrong_with(tool: &Tool, loaded: &Loaded, connectors: &Connectors) -> Vec<Problem> {
    let place = |key: &str| format!("tools.{}.{key}", tool.name);
    let Some(operation) = connectors.operation(&tool.backend, &tool.operation) else {
        let known = connectors.operations(&tool.backend).into_iter().flatten();
        let known: Vec<&str> = known.map(|operation| operation.id.as_str()).take(12).collect();
        let message = format!("backend '{}' has no operation '{}'", tool.backend, tool.operation);
        return vec![loaded.problem(&place("use"), message, format!("it has {}", known.join(", ")))];
    };
    let given: Vec<&String> = tool.args.keys().chain(tool.bind.keys()).chain(tool.each.as_ref().map(|each| &each.arg)).collect();
    let known: Vec<&str> = operation.args.iter().map(|arg| arg.name.as_str()).collect();
    let unknown = given.iter().filter(|name| operation.arg(name).is_none()).map(|name| {
        let section = if tool.bind.contains_key(*name) { "bind" } else { "args" };
        let message = format!("operation '{}' takes no argument '{name}'", tool.operation);
        loaded.problem(&place(&format!("{section}.{name}")), message, format!("it takes {}", known.join(", ")))
    });
    let keyed = |name: &str| match &tool.idempotency {
        Idempotency::Header(header) => header.eq_ignore_ascii_case(name),
        Idempotency::Argument(argument) => argument == name,
        Idempotency::None => false,
    };
    let needed = operation.args.iter().filter(|arg| arg.required && !keyed(&arg.name));
    let missing = needed.filter(|arg| !given.iter().any(|name| **name == arg.name)).map(|arg| {
        let message = format!("operation '{}' needs the argument '{}'", tool.operation, arg.name);
        loaded.problem(&place("use"), message, "give it under `args`, or under `bind` if it says who the customer is")
    });
    unknown.chain(missing).collect()
}

/// Fetches the host's key document, over the only way out of the house.
///
/// # Errors
/// When the address may not be called.
pub(crate) fn fetch_keys(url: &str) -> Result<patchbay_identity::FetchKeys, Failure> {
    use patchbay_dial::{Dial, Egress, NamedBy, Request, Settings};
    let mut egress = Egress::none();
    let url = egress.name(url, NamedBy::Configuration).map_err(Failure::configuration)?;
    let dial = Arc::new(Dial::open(egress, &Settings::default()).map_err(Failure::configuration)?);
    Ok(Arc::new(move || {
        let (dial, request) = (
            Arc::clone(&dial),
            Request { method: patchbay_dial::Method::GET, url: url.clone(), headers: patchbay_dial::header::HeaderMap::new(), body: None },
        );
        Box::pin(async move {
            let answer = dial.send(request, std::time::Duration::from_secs(5), 1 << 20).await.map_err(|failure| failure.to_string())?;
            let body = answer.body.map_err(|failure| failure.to_string())?;
            String::from_utf8(body).map_err(|_| "the key document is not text".to_owned())
        })
    }))
}
