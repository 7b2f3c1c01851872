//! The configuration of what was chosen: tools that keep what a real answer taught, skills that ask for what is missing, and
//! texts that say it. Written to be read and changed.

mod id;
mod tool;
mod words;

use crate::credentials::Credential;
use crate::learn::Learned;
use crate::names::{key, plural, words as split};
use crate::propose::{Proposal, Role};
use crate::yaml::quoted;
use std::collections::BTreeSet;

/// Names the configuration uses already.
pub type Taken = BTreeSet<String>;

/// What is written for a backend, by section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Drafted {
    /// Names of ids.
    pub types: String,
    /// What may be asked of the backend.
    pub tools: String,
    /// What customers can do with it.
    pub skills: String,
    /// What is said.
    pub texts: String,
    /// The reading tools, to be tried: name, and the argument that takes the sample.
    pub readable: Vec<(String, Option<String>)>,
    /// What was chosen and could not be written, and why.
    pub closed: Vec<(String, String)>,
}

/// One operation that was chosen, with what is known of it.
pub(crate) struct Chosen<'a> {
    proposal: &'a Proposal<'a>,
    learned: &'a Learned,
    sample: Option<&'a str>,
    /// The tool's name.
    name: String,
    /// The type of the object's id.
    id_type: String,
}

impl Chosen<'_> {
    /// What is read for it and how: `getOrder`.
    fn title(&self) -> String {
        format!("{} {}", self.proposal.operation.method, self.proposal.operation.path)
    }
}

/// Writes what was chosen. Each comes with what is known of its answer and the id it was tried with.
#[must_use]
pub fn draft(backend: &str, chosen: &[(Proposal<'_>, Learned, Option<String>)], taken: &Taken) -> Drafted {
    let mut taken = taken.clone();
    let mut drafted = Drafted::default();
    let mut named: Vec<Chosen<'_>> = Vec::new();
    for (proposal, learned, sample) in chosen {
        let sample = sample.as_deref();
        let name = free(&tool_name(proposal, learned), backend, &mut taken);
        let known = named.iter().find(|other| other.proposal.noun == proposal.noun && !other.id_type.is_empty());
        let id_type = match (&proposal.role, known) {
            (Role::Own, _) => String::new(),
            (_, Some(known)) => known.id_type.clone(),
            (Role::One(arg) | Role::Change(arg), None) => {
                let id_type = free(&format!("{}_id", proposal.noun), backend, &mut taken);
                drafted.types += &id::of(&id_type, proposal, arg, sample);
                id_type
            }
        };
        named.push(Chosen { proposal, learned, sample, name, id_type });
    }
    // What lists the customer's own comes first, so that the others can offer it.
    named.sort_by_key(|one| one.proposal.role != Role::Own);
    let mut open: Vec<&Chosen<'_>> = Vec::new();
    for one in &named {
        let written = match &one.proposal.role {
            Role::Change(arg) => tool::change(backend, one, arg, &open),
            _ => tool::read(backend, one),
        };
        match written {
            Ok(yaml) => {
                drafted.tools += &yaml;
                words::say(one, &open, &mut taken, backend, &mut drafted);
                open.push(one);
            }
            Err(why) => drafted.closed.push((one.title(), why)),
        }
    }
    drafted
}

/// The backend's own file.
#[must_use]
pub fn backend_file(backend: &str, spec: &str, base_url: &str, credential: Option<&Credential>, from: &str) -> String {
    let auth = credential.map(|credential| format!("  auth: {}\n", credential.yaml)).unwrap_or_default();
    format!("# Described by {from}\n{backend}:\n  kind: openapi\n  spec: {}\n  base_url: {}\n{auth}", quoted(spec), quoted(base_url))
}

fn tool_name(proposal: &Proposal<'_>, learned: &Learned) -> String {
    match &proposal.role {
        Role::One(_) => proposal.noun.clone(),
        Role::Own if learned.list.is_some() => plural(&proposal.noun),
        Role::Own => format!("my_{}", proposal.noun),
        Role::Change(_) => key(&split(&proposal.operation.id)),
    }
}

/// A name nobody uses yet.
fn free(wished: &str, backend: &str, taken: &mut Taken) -> String {
    let mut name = wished.to_owned();
    if taken.contains(&name) {
        name = format!("{backend}_{wished}");
    }
    let mut n = 2;
    while taken.contains(&name) {
        name = format!("{backend}_{wished}_{n}");
        n += 1;
    }
    taken.insert(name.clone());
    name
}
