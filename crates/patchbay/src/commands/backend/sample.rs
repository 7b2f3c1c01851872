//! Trying operations with a real customer and a real id, before anything is written: what they answer teaches what to keep.

use super::document::Described;
use crate::asking::Asking;
use crate::cli::BackendAdd;
use crate::failure::{Exit, Failure};
use crate::ports::{SystemChance, SystemClock};
use patchbay_config::Memory;
use patchbay_connect::Connectors;
use patchbay_core::declare;
use patchbay_core::port::{Backends, CallOrder};
use patchbay_core::{Chance, Clock};
use patchbay_onboard::{Credential, Learned, Proposal, Role, backend_file, learn};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(10);

/// What was chosen with what is known of it, and whom it was tried with.
pub(super) struct Tried<'a> {
    pub(super) learned: Vec<(Proposal<'a>, Learned, Option<String>)>,
    pub(super) customer: Option<String>,
    /// Ids by the argument that takes them.
    pub(super) ids: BTreeMap<String, String>,
}

/// Tries what can be tried, and learns from the document where nothing can.
pub(super) async fn learn_all<'a>(
    described: &Described,
    name: &str,
    base_url: &str,
    credential: Option<&Credential>,
    chosen: Vec<Proposal<'a>>,
    add: &BackendAdd,
    asking: &Asking,
) -> Result<Tried<'a>, Failure> {
    let connectors = if add.untried { None } else { Some(connect(described, name, base_url, credential)?) };
    let customer = connectors
        .as_ref()
        .and_then(|_| add.customer.clone().or_else(|| Some(asking.or("\nA customer's id there, to try it with (empty: do not try)", ""))))
        .filter(|id| !id.is_empty());
    let mut tried = Tried { learned: Vec::new(), customer, ids: BTreeMap::new() };
    for proposal in chosen {
        let id = match (&proposal.role, &tried.customer) {
            (Role::One(arg), Some(_)) => id(&proposal, arg, add, asking, &tried),
            (Role::Change(arg), Some(_)) => tried.ids.get(arg).cloned(),
            _ => None,
        };
        if let (Role::One(arg), Some(id)) = (&proposal.role, &id) {
            tried.ids.insert(arg.clone(), id.clone());
        }
        let answer = match (&connectors, &tried.customer) {
            (Some(connectors), Some(customer)) => ask(connectors, name, &proposal, customer, id.as_deref()).await,
            _ => None,
        };
        let learned = learn(proposal.operation, answer.as_ref(), tried.customer.as_deref());
        tried.learned.push((proposal, learned, id));
    }
    Ok(tried)
}

/// An id to try an operation with: said as `--sample order=12345` or `order_id=12345`, or asked for.
fn id(proposal: &Proposal<'_>, arg: &str, add: &BackendAdd, asking: &Asking, tried: &Tried<'_>) -> Option<String> {
    let said = add.samples.iter().filter_map(|sample| sample.split_once('='));
    let mut fitting = said.filter(|(name, _)| *name == arg || *name == proposal.noun).map(|(_, id)| id.to_owned());
    let id = fitting.next().or_else(|| tried.ids.get(arg).filter(|_| arg != "id").cloned());
    id.or_else(|| Some(asking.or(&format!("A number of one of this customer's {} ({arg}; empty: skip)", proposal.noun), "")))
        .filter(|id| !id.is_empty())
}

async fn ask(connectors: &Connectors, backend: &str, proposal: &Proposal<'_>, customer: &str, id: Option<&str>) -> Option<Value> {
    let mut args = BTreeMap::new();
    if let Some(who) = proposal.who {
        args.insert(who.to_owned(), Value::from(customer));
    }
    match (&proposal.role, id) {
        (Role::Own, _) => {}
        (Role::One(arg), Some(id)) => drop(args.insert(arg.clone(), Value::from(id))),
        _ => return None,
    }
    let operation = proposal.operation;
    let order = CallOrder {
        backend: backend.to_owned(),
        operation: operation.id.clone(),
        args,
        write: false,
        within: WITHIN,
        idempotency: None,
        cache: None,
    };
    match connectors.call(order).await {
        Ok(answer) => {
            eprintln!("tried     {} {}: answered in {} ms", operation.method, operation.path, answer.ms);
            Some(answer.body)
        }
        Err(failure) => {
            let said = failure.message.map(|message| format!(" — {message}")).unwrap_or_default();
            eprintln!("tried     {} {}: {} ({}){said}", operation.method, operation.path, failure.outcome, failure.detail);
            None
        }
    }
}

/// The backend as it will be declared, read by the same loader, connected by the same connectors.
fn connect(described: &Described, name: &str, base_url: &str, credential: Option<&Credential>) -> Result<Connectors, Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::new(Exit::Storage, format!("no temporary folder: {error}")))?;
    let spec = folder.path().join(format!("spec.{}", described.extension));
    std::fs::write(&spec, &described.text).map_err(|error| Failure::new(Exit::Storage, format!("{}: {error}", spec.display())))?;
    let yaml = backend_file(name, &spec.display().to_string(), base_url, credential, "a trial");
    let indented: String = yaml.lines().map(|line| format!("  {line}\n")).collect();
    let whole = format!("version: 1\nbackends:\n{indented}");
    let path = PathBuf::from("trial.yaml");
    let files = Memory([(path.clone(), whole), (spec.clone(), String::new())].into());
    let loaded = patchbay_config::load_from(&path, &files, &|name| std::env::var(name).ok()).map_err(Failure::configuration)?;
    let backends: BTreeMap<String, declare::Backend> = loaded.company.backends;
    let (clock, chance): (Arc<dyn Clock>, Arc<dyn Chance>) = (Arc::new(SystemClock), Arc::new(SystemChance));
    Connectors::open(&backends, &clock, &chance).map_err(|errors| {
        let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
        Failure::configuration(errors.join("\n"))
    })
}
