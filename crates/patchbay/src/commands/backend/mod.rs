//! `patchbay backend`: the company's systems, listed, and wired in from their own documents.

mod document;
mod sample;

use super::{init, tool};
use crate::asking::Asking;
use crate::cli::{Backend, BackendAdd, Configured};
use crate::company::Ready;
use crate::failure::{Exit, Failure};
use document::Described;
use patchbay_onboard::{Drafted, Proposal, Role, Shortlist, Taken, backend_file, backend_name, credentials, draft, propose};
use serde_json::json;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(crate) async fn run(backend: Backend) -> Result<(), Failure> {
    match backend {
        Backend::Add(add) => wire_in(add).await,
        Backend::List { configured, json } => list(&Ready::of(&configured)?, json),
    }
}

fn list(ready: &Ready, as_json: bool) -> Result<(), Failure> {
    for name in ready.loaded.company.backends.keys() {
        let operations = ready.connectors.operations(name).map_or(0, Iterator::count);
        let tools: Vec<&str> =
            ready.loaded.company.tools.values().filter(|tool| tool.backend == *name).map(|tool| tool.name.as_str()).collect();
        let problems = ready.connectors.problems(name);
        if as_json {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            println!("{}", json!({ "backend": name, "operations": operations, "tools": tools, "problems": problems }));
        } else {
            println!("{name:<20} {operations} operations · tools: {}", if tools.is_empty() { "none".to_owned() } else { tools.join(", ") });
            for problem in problems {
                println!("{:<20} not understood: {problem}", "");
            }
        }
    }
    Ok(())
}

/// From a document to tools that were tried.
async fn wire_in(add: BackendAdd) -> Result<(), Failure> {
    let asking = Asking::new(add.no_input);
    let folder = folder(&add.configured)?;
    let present = Ready::of(&add.configured)?;
    let described = Described::read(&add.document).await?;
    let name = match &add.name {
        Some(name) => name.clone(),
        None => asking
            .or("Its name in the configuration", &backend_name(&present.loaded.company.name, &described.document.title, &add.document)),
    };
    if present.loaded.company.backends.contains_key(&name) {
        return Err(Failure::new(Exit::Usage, format!("a backend '{name}' is declared already; take another name with --name")));
    }
    let base_url = described.base_url(add.base_url.as_deref(), &asking)?;
    let shortlist = propose(&described.document);
    show(&described, &shortlist);
    let chosen = choose(&shortlist, &add, &asking)?;
    let credential = credentials(&described.document, &name, &base_url);
    let missing: Vec<&str> = credential
        .iter()
        .flat_map(|credential| &credential.variables)
        .filter(|name| std::env::var_os(name).is_none())
        .map(String::as_str)
        .collect();
    if !missing.is_empty() && !add.untried {
        let message = format!(
            "It wants to know who asks. Set {} in the environment and run this again: nothing was written.\n(--untried writes what the document alone tells.)",
            missing.join(" and ")
        );
        return Err(Failure::configuration(message));
    }
    let tried = sample::learn_all(&described, &name, &base_url, credential.as_ref(), chosen, &add, &asking).await?;
    let drafted = draft(&name, &tried.learned, &taken(&present));
    for (operation, why) in &drafted.closed {
        eprintln!("left out  {operation}: {why}");
    }
    let spec = format!("specs/{name}.{}", described.extension);
    let backend = backend_file(&name, &format!("./{spec}"), &base_url, credential.as_ref(), &add.document);
    let written = write(&folder, &name, &spec, &described, &backend, &drafted)?;
    eprintln!("\nwritten   {}", written.join("  "));
    if !missing.is_empty() {
        eprintln!("\nSet {} in the environment, then: patchbay check, patchbay tool try …", missing.join(" and "));
        return Ok(());
    }
    let ready = Ready::of(&add.configured)?;
    try_again(&ready, &drafted, &tried).await
}

/// The folder that the configuration's files are in.
fn folder(configured: &Configured) -> Result<PathBuf, Failure> {
    let config = &configured.config;
    let folder = if config.is_dir() { config.clone() } else { config.parent().map(Path::to_owned).unwrap_or_default() };
    let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
    if !folder.join("patchbay.yaml").exists() {
        let message = format!("there is no patchbay.yaml in {}; begin with: patchbay init", folder.display());
        return Err(Failure::new(Exit::Configuration, message));
    }
    Ok(folder)
}

/// Everything in the document, and what is proposed of it.
fn show(described: &Described, shortlist: &Shortlist<'_>) {
    let document = &described.document;
    let (reads, writes): (Vec<_>, Vec<_>) = document.operations.values().partition(|operation| !operation.writes());
    eprintln!("\n{} · {} operations: {} read, {} write", document.title, document.operations.len(), reads.len(), writes.len());
    for problem in document.problems.iter().take(5) {
        eprintln!("not understood  {problem}");
    }
    eprintln!("\nProposed as tools:");
    for (n, proposal) in shortlist.proposed.iter().enumerate() {
        let kind = if matches!(proposal.role, Role::Change(_)) { "write" } else { "read" };
        let operation = proposal.operation;
        eprintln!("  {}  {kind:<5} {:<6} {:<44} {}", n + 1, operation.method, operation.path, operation.describe);
    }
    for out in shortlist.left_out.iter().take(8) {
        eprintln!(
            "  –  {:<5} {:<6} {:<44} left out: {}",
            if out.operation.writes() { "write" } else { "read" },
            out.operation.method,
            out.operation.path,
            out.why
        );
    }
}

/// Those that are wanted: all that are proposed, or the numbers or ids that were said.
fn choose<'a>(shortlist: &Shortlist<'a>, add: &BackendAdd, asking: &Asking) -> Result<Vec<Proposal<'a>>, Failure> {
    if shortlist.proposed.is_empty() {
        let message = "nothing in this document looks like a customer's own business; declare tools by hand (docs/configuration.md)";
        return Err(Failure::new(Exit::CheckFailed, message));
    }
    let said: Vec<String> = if add.tools.is_empty() {
        let all: Vec<String> = (1..=shortlist.proposed.len()).map(|n| n.to_string()).collect();
        asking
            .or("\nWhich of them (numbers)", &all.join(" "))
            .split([' ', ','])
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
            .collect()
    } else {
        add.tools.clone()
    };
    let mut chosen = Vec::new();
    for text in &said {
        let by_number = text.parse::<usize>().ok().and_then(|n| shortlist.proposed.get(n.wrapping_sub(1)));
        let found = by_number.or_else(|| shortlist.proposed.iter().find(|proposal| proposal.operation.id == *text));
        let found = found.ok_or_else(|| Failure::new(Exit::Usage, format!("'{text}' is none of the proposed operations")))?;
        chosen.push(found.clone());
    }
    Ok(chosen)
}

/// Names that are not free any more.
fn taken(present: &Ready) -> Taken {
    let company = &present.loaded.company;
    let tools = company.tools.keys().chain(company.compositions.keys());
    tools.chain(company.skills.keys()).chain(company.texts.keys()).chain(company.types.keys()).cloned().collect()
}

fn write(folder: &Path, name: &str, spec: &str, described: &Described, backend: &str, drafted: &Drafted) -> Result<Vec<String>, Failure> {
    let section = |section: &str| format!("{section}/{name}.yaml");
    let files = BTreeMap::from([
        (spec.to_owned(), described.text.as_str()),
        (section("backends"), backend),
        (section("types"), &drafted.types),
        (section("tools"), &drafted.tools),
        (section("skills"), &drafted.skills),
        (section("texts"), &drafted.texts),
    ]);
    let files: Vec<(String, &str)> = files.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} is there already; nothing was written. Move it away, or take another --name", folder.join(path).display()),
        ));
    }
    for (path, text) in &files {
        init::write(&folder.join(path), text)?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// Each reading tool once more, now through every rule, as the customer it was tried with.
async fn try_again(ready: &Ready, drafted: &Drafted, tried: &sample::Tried<'_>) -> Result<(), Failure> {
    let Some(customer) = &tried.customer else {
        eprintln!("\nTry them as one of your customers: patchbay tool try TOOL NAME=VALUE --as CUSTOMER");
        return Ok(());
    };
    let mut example = None;
    for (name, arg) in &drafted.readable {
        let id = arg.as_ref().and_then(|arg| tried.ids.get(arg));
        if arg.is_some() && id.is_none() {
            continue;
        }
        let args = arg.iter().zip(id).map(|(arg, id)| format!("{arg}={id}")).collect::<Vec<_>>();
        tool::try_as(ready, customer, name, &args).await?;
        example = example.or(id.map(|id| format!("what about {} {id}", name.replace('_', " "))));
    }
    let example = example.unwrap_or_else(|| "what can you tell me?".to_owned());
    eprintln!("\nAsk as a customer would: patchbay ask \"{example}\" --as {customer}");
    eprintln!("Writes are closed until you say in tools/… when they may happen. Read the files: they are yours.");
    Ok(())
}
