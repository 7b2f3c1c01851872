//! Lowers a fitted tree to the declarations of `patchbay_core::declare`. Total: where something did not fit, that is reported already.

mod backend;
mod canned;
mod company;
mod escalation;
mod files;
mod host;
mod kind;
mod knowledge;
mod skill;
mod test;
mod tool;

use crate::fitted::Fitted;
use crate::load::Server;
use crate::problem::{Report, below};
use kind::Types;
use patchbay_core::declare::Company;
use std::collections::BTreeMap;

pub(crate) use test::tests;

/// The whole configuration.
pub(crate) fn lower(root: &Fitted, report: &mut Report) -> (Company, Server) {
    let mut types = Types::new(root.get("types"));
    let declared = types.all(report);
    let company = Company {
        name: root.must("name"),
        language: root.must("language"),
        zone: company::zone(root, report),
        backends: each(root, "backends", |name, it, key| backend::backend(name, it, key, report)),
        tools: tool::tools(root.get("tools"), &mut types, report),
        compositions: each(root, "compositions", |name, it, _| tool::composition(name, it)),
        skills: each(root, "skills", |name, it, key| skill::skill(name, it, key, &mut types, report)),
        topics: each(root, "topics", |_, it, _| company::topic(it)),
        knowledge: knowledge::knowledge(root.get("knowledge"), report),
        texts: each(root, "texts", |_, it, _| it.as_text().unwrap_or_default().to_owned()),
        replies: each(root, "replies", |_, it, _| canned::reply(it, &root.must("language"))),
        budgets: each(root, "budgets", |_, it, _| company::budget(it)),
        customer_facts: each(root.get("customer"), "facts", |_, it, _| it.as_text().unwrap_or_default().to_owned()),
        welcome_back: root.get("customer").text("welcome_back"),
        escalation: escalation::escalation(root.get("escalation"), report),
        files: files::files(root.get("files"), report),
        conversations: company::conversations(root.get("conversations"), report),
        outcomes: company::outcomes(root.get("outcomes"), report),
        host: host::host(root.get("identity").get("host"), report),
        lookups: host::lookups(root.get("identity")),
        channels: each(root, "channels", |_, it, _| host::channel(it)),
        types: declared,
    };
    (company, host::server(root.get("server")))
}

/// Every named thing of a section; `make` is given its name, what stands there, and its key.
fn each<T>(above: &Fitted, section: &str, mut make: impl FnMut(&str, &Fitted, &str) -> T) -> BTreeMap<String, T> {
    let entries = above.get(section).entries().iter();
    entries.map(|(name, fitted)| (name.clone(), make(name, fitted, &below(section, name)))).collect()
}
