//! What a customer used of tools, folded from their stream: what limits are counted over.

use crate::{Refused, load};
use patchbay_core::action::Use;
use patchbay_core::event::{Event, Recorded, Settled};
use patchbay_core::id::{ActionId, CustomerId};
use patchbay_core::log::{Position, StreamId};
use patchbay_core::port::Log;
use std::collections::{BTreeMap, BTreeSet};

/// The writes of one customer, by tool.
#[derive(Debug, Clone, Default)]
pub(crate) struct Used {
    pub(crate) by_tool: BTreeMap<String, Vec<Use>>,
    /// Every write that was ever taken.
    pub(crate) claimed: BTreeSet<ActionId>,
    /// How long the customer's stream was: whoever writes to it only if it still is knows that nothing was used since.
    pub(crate) length: u64,
}

impl Used {
    /// Reads what stands in a customer's stream before a place, leaving out one write: one that is looked after does not count against
    /// itself.
    pub(crate) async fn read(
        log: &dyn Log,
        customer: &CustomerId,
        own: Option<&ActionId>,
        before: Option<Position>,
    ) -> Result<Self, Refused> {
        let events = load::stream(log, &StreamId::customer(customer), 0).await?;
        Ok(Self::fold(events.into_iter().filter(|event| before.is_none_or(|before| event.position < before)), own))
    }

    fn fold(events: impl Iterator<Item = Recorded>, own: Option<&ActionId>) -> Self {
        let mut used = Self::default();
        // A write that was looked after was claimed more than once, and counts once.
        let mut counted: BTreeMap<ActionId, (String, usize)> = BTreeMap::new();
        for event in events {
            used.length = event.seq;
            if let Event::ActionClaimed { id, .. } = &event.event {
                used.claimed.insert(id.clone());
            }
            match event.event {
                Event::ActionClaimed { id, tool, amounts, .. } if own != Some(&id) && !counted.contains_key(&id) => {
                    // A claim from before amounts were kept has none; one whose amounts were forgotten is not known.
                    let amounts = amounts.map_or_else(|| Some(BTreeMap::new()), patchbay_core::Personal::into_inner);
                    let uses = used.by_tool.entry(tool.clone()).or_default();
                    counted.insert(id, (tool, uses.len()));
                    uses.push(Use { at: event.at, amounts, failed: false });
                }
                Event::ActionSettled { id, outcome, .. } => {
                    let one = counted.get(&id).and_then(|(tool, at)| used.by_tool.get_mut(tool)?.get_mut(*at));
                    one.into_iter().for_each(|one| one.failed = outcome == Settled::Failed);
                }
                _ => {}
            }
        }
        used
    }

    /// What was used of one tool.
    pub(crate) fn of(&self, tool: &str) -> &[Use] {
        self.by_tool.get(tool).map(Vec::as_slice).unwrap_or_default()
    }
}
