//! From a configuration to something that can run: loaded, compiled, and held against the backends' documents.

use crate::cli::Configured;
use crate::failure::Failure;
use crate::ports::{SystemChance, SystemClock};
use patchbay_config::Loaded;
use patchbay_connect::Connectors;
use patchbay_core::declare::{Company, Tool};
use patchbay_core::{Chance, Clock};
use patchbay_turn::House;
use std::path::Path;
use std::sync::Arc;

/// A company ready to be served.
pub(crate) struct Ready {
    /// The configuration as it was read.
    pub(crate) loaded: Loaded,
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
        let loaded = patchbay_config::load(path, environment).map_err(Failure::configuration)?;
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let chance: Arc<dyn Chance> = Arc::new(SystemChance);
        let house =
            House::compile(loaded.company.clone(), loaded.digest.clone()).map_err(|errors| Failure::configuration(lines(&errors)))?;
        let connectors =
            Connectors::open(&loaded.company.backends, &clock, &chance).map_err(|errors| Failure::configuration(lines(&errors)))?;
        let wrong = held_against_documents(&loaded.company, &connectors);
        if !wrong.is_empty() {
            return Err(Failure::configuration(wrong.join("\n")));
        }
        Ok(Self { loaded, house: Arc::new(house), connectors: Arc::new(connectors), clock, chance })
    }
}

fn lines<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// What tools say about operations that the backends' documents do not bear out.
fn held_against_documents(company: &Company, connectors: &Connectors) -> Vec<String> {
    company.tools.values().flat_map(|tool| wrong_with(tool, connectors)).collect()
}

fn wrong_with(tool: &Tool, connectors: &Connectors) -> Vec<String> {
    let place = format!("tools.{}", tool.name);
    let Some(operation) = connectors.operation(&tool.backend, &tool.operation) else {
        let known: Vec<&str> =
            connectors.operations(&tool.backend).into_iter().flatten().map(|operation| operation.id.as_str()).take(12).collect();
        return vec![format!("{place}.use: backend '{}' has no operation '{}'; it has {}", tool.backend, tool.operation, known.join(", "))];
    };
    let given: Vec<&String> = tool.args.keys().chain(tool.bind.keys()).chain(tool.each.as_ref().map(|each| &each.arg)).collect();
    let unknown = given.iter().filter(|name| operation.arg(name).is_none()).map(|name| {
        let known: Vec<&str> = operation.args.iter().map(|arg| arg.name.as_str()).collect();
        format!("{place}: operation '{}' takes no argument '{name}'; it takes {}", tool.operation, known.join(", "))
    });
    let keyed = |name: &str| match &tool.idempotency {
        patchbay_core::declare::Idempotency::Header(header) => header.eq_ignore_ascii_case(name),
        patchbay_core::declare::Idempotency::Argument(argument) => argument == name,
        patchbay_core::declare::Idempotency::None => false,
    };
    let missing =
        operation.args.iter().filter(|arg| arg.required && !keyed(&arg.name) && !given.iter().any(|name| **name == arg.name)).map(|arg| {
            format!("{place}: operation '{}' needs the argument '{}'; give it under `args` or `bind`", tool.operation, arg.name)
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
