//! Checks a configuration as a whole: everything named exists, nothing runs in circles, nothing is missing. Then what is unwise.

mod backend;
mod canned;
mod circle;
mod compiled;
mod composition;
mod flow;
mod identity;
mod knowledge;
mod known;
mod reach;
mod skill;
mod tool;
mod usage;
mod warn;

use crate::facts;
use crate::files::Files;
use crate::load::NOWHERE;
use crate::near::nearest;
use crate::problem::Report;
use patchbay_core::declare::{Company, Kind};
use patchbay_text::Texts;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Everything.
pub(crate) fn check(company: &Company, files: &dyn Files, report: &mut Report) {
    let product = Texts::compile(&BTreeMap::new(), &company.language).ok();
    let mut check = Check { company, product, report, unreached: BTreeSet::new(), unknown: BTreeSet::new(), unsure: BTreeSet::new() };
    check.backends(files);
    check.knowledge(files);
    check.tools();
    check.compositions();
    check.skills();
    check.lookups();
    check.surroundings();
    check.replies();
    check.compiled();
    check.proofs();
    if !check.report.has_problems() {
        check.warnings();
    }
}

/// A company being checked.
struct Check<'a> {
    company: &'a Company,
    /// The product's own texts, which a company may use and replace.
    product: Option<Texts>,
    report: &'a mut Report,
    /// Steps no way leads to.
    unreached: BTreeSet<String>,
    /// What is used where it is not known: key, message, advice. A skill that several others use says it once.
    unknown: BTreeSet<(String, String, String)>,
    /// What is shown although it may be missing.
    unsure: BTreeSet<(String, String, String)>,
}

impl Check<'_> {
    /// A file that is not there. Where a variable of its path is not set, and the configuration is only read to be tested, that is why.
    fn missing(&mut self, key: &str, what: &str, path: &Path, put: &str) {
        if path.to_string_lossy().contains(NOWHERE) {
            let message = format!("a variable in the path of this {what} is not set");
            return self.report.add(key, message, "set it: what stands there is needed offline too");
        }
        let message = format!("there is no {what} {}", path.display());
        self.report.add(key, message, format!("{put}, or correct the path (it is relative to the configuration)"));
    }

    /// What holds on every way through every skill. Nothing is said about it while names are wrong: they would be reported twice.
    fn proofs(&mut self) {
        if self.report.has_problems() {
            return;
        }
        self.levels();
        self.flows();
        self.texts_of_tools();
        for (key, message, advice) in std::mem::take(&mut self.unknown) {
            self.report.add(&key, message, advice);
        }
    }

    /// Topics, escalation and the customer's facts.
    fn surroundings(&mut self) {
        for (name, topic) in &self.company.topics {
            self.text(&topic.say, &format!("topics.{name}.say"));
        }
        if let Some(say) = &self.company.escalation.say {
            self.text(say, "escalation.handoff.say");
        }
        if let Some(text) = &self.company.welcome_back {
            self.text(text, "customer.welcome_back");
        }
        for (name, path) in &self.company.customer_facts {
            self.fact(path, &format!("customer.facts.{name}"));
        }
    }

    /// A text that must be declared.
    fn text(&mut self, name: &str, key: &str) -> bool {
        if self.is_product_text(name) {
            return true;
        }
        self.known("texts", "text", &self.company.texts, name, key)
    }

    /// Does the product bring a text of this name?
    fn is_product_text(&self, name: &str) -> bool {
        self.product.as_ref().is_some_and(|texts| texts.has(name))
    }

    /// A name that must be declared in a section.
    fn known<T>(&mut self, section: &str, what: &str, declared: &BTreeMap<String, T>, name: &str, key: &str) -> bool {
        if declared.contains_key(name) {
            return true;
        }
        if !self.report.is_broken(section) {
            let near = nearest(name, declared.keys().map(String::as_str));
            let advice = format!("declare it under `{section}`, or use one that is there");
            self.report.add_near(key, format!("there is no {what} '{name}'"), near, advice);
        }
        false
    }

    /// A fact that some tool must bring, by its path.
    fn fact(&mut self, path: &str, key: &str) -> Option<Kind> {
        let kind = facts::at_path(self.company, path).filter(|_| path.contains('.'));
        kind.or_else(|| self.no_such_fact(path, key))
    }

    /// A fact whose path may go through lists.
    fn fact_through_lists(&mut self, path: &str, key: &str) -> Option<Kind> {
        facts::through_lists(self.company, path).or_else(|| self.no_such_fact(path, key))
    }

    fn no_such_fact(&mut self, path: &str, key: &str) -> Option<Kind> {
        if !self.report.is_broken("tools") {
            let paths = facts::paths(self.company);
            let near = nearest(path, paths.iter().map(String::as_str));
            let advice = "write a tool, a dot and a name of its `select`: order.status";
            self.report.add_near(key, format!("no tool brings the fact '{path}'"), near, advice);
        }
        None
    }
}
