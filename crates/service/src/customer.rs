//! What earlier turns of a conversation learned about its customer, folded from the log so that a restart knows it too.

use patchbay_core::declare::Company;
use patchbay_core::event::{Event, Recorded};
use patchbay_core::fact::Released;
use patchbay_core::{Timestamp, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// Facts about the customer are read again when they are older than this.
const LASTS: Duration = Duration::from_secs(600);

/// The latest answers of the tools that customer facts come from.
#[derive(Debug, Clone, Default)]
pub(crate) struct CustomerFacts(BTreeMap<String, Released>);

impl CustomerFacts {
    /// What these events tell.
    pub(crate) fn fold(company: &Company, events: &[Recorded]) -> Self {
        let mut facts = Self::default();
        for recorded in events {
            facts.apply(company, &recorded.event);
        }
        facts
    }

    /// Takes in the next event.
    pub(crate) fn apply(&mut self, company: &Company, event: &Event) {
        if let Event::CallAnswered { tool, released: Some(released), .. } = event
            && let Some(released) = released.get()
            && company.customer_facts.values().any(|path| path.split_once('.').is_some_and(|(source, _)| source == tool))
        {
            self.0.insert(tool.clone(), released.clone());
        }
    }

    /// The facts that a turn opened at this time begins with.
    pub(crate) fn at(&self, company: &Company, now: Timestamp) -> BTreeMap<String, Value> {
        let known = |path: &String| {
            let (tool, field) = path.split_once('.')?;
            let released = self.0.get(tool).filter(|released| now.since(released.fetched_at) < LASTS)?;
            released.value.at(field).cloned()
        };
        company.customer_facts.iter().filter_map(|(name, path)| Some((name.clone(), known(path)?))).collect()
    }
}
