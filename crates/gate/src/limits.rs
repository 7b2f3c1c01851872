//! Limits: how often, and for how much money, one customer may have a tool used in a while.

use crate::admission::{Admission, Admitted};
use crate::args::refused;
use crate::rules::{Checked, Rules};
use patchbay_core::action::Use;
use patchbay_core::declare::Limit;
use patchbay_core::words::RefusalCode;
use patchbay_core::{Money, Timestamp, Value};
use std::collections::BTreeMap;
use std::time::Duration;

impl Rules {
    /// The limit that one more use of a tool, with these amounts, would go beyond; none where it may go ahead. Asked again at the moment
    /// a write is taken, over what the log holds then.
    #[must_use]
    pub fn limit_reached(&self, tool: &str, amounts: &BTreeMap<String, Money>, used: &[Use], now: Timestamp) -> Option<String> {
        let checked = self.tools.get(tool)?;
        checked.tool.limits.iter().find(|limit| reached(limit, amounts, used, now)).map(described)
    }
}

impl Checked {
    pub(crate) fn limits(&self, typed: &BTreeMap<String, Value>, used: &[Use], now: Timestamp) -> Result<(), Admission> {
        let amounts = amounts(typed);
        match self.tool.limits.iter().find(|limit| reached(limit, &amounts, used, now)) {
            Some(limit) => Err(refused(RefusalCode::Limit, described(limit))),
            None => Ok(()),
        }
    }
}

impl Admitted {
    /// The amounts among the arguments, by name: what sums are counted over.
    #[must_use]
    pub fn amounts(&self) -> BTreeMap<String, Money> {
        amounts(self.args())
    }
}

fn amounts(typed: &BTreeMap<String, Value>) -> BTreeMap<String, Money> {
    let amount = |(name, value): (&String, &Value)| match value {
        Value::Money(money) => Some((name.clone(), *money)),
        _ => None,
    };
    typed.iter().filter_map(amount).collect()
}

fn reached(limit: &Limit, amounts: &BTreeMap<String, Money>, used: &[Use], now: Timestamp) -> bool {
    match limit {
        Limit::Times { times, per } => recent(used, *per, now).count() >= usize::try_from(*times).unwrap_or(usize::MAX),
        Limit::Sum { of, at_most, within } => {
            // Without the amount nothing is moved that would count.
            let Some(wanted) = amounts.get(of) else { return false };
            // What cannot be added up, because it was forgotten or is of another currency, lifts no limit.
            let earlier: Option<i128> = recent(used, *within, now).filter(|one| !one.failed).map(|one| spent(one, of, at_most)).sum();
            earlier.and_then(|sum| Some(sum + minor(wanted, at_most)?)).is_none_or(|sum| sum > i128::from(at_most.minor))
        }
    }
}

fn recent(used: &[Use], within: Duration, now: Timestamp) -> impl Iterator<Item = &Use> {
    used.iter().filter(move |one| now.since(one.at) < within)
}

fn spent(one: &Use, of: &str, limit: &Money) -> Option<i128> {
    one.amounts.as_ref()?.get(of).map_or(Some(0), |money| minor(money, limit))
}

/// An amount in the limit's currency.
fn minor(money: &Money, limit: &Money) -> Option<i128> {
    (money.currency == limit.currency).then(|| i128::from(money.minor))
}

/// The limit for operators; it names no values of anybody.
fn described(limit: &Limit) -> String {
    match limit {
        Limit::Times { times, per } => format!("{times} times in {} s", per.as_secs()),
        Limit::Sum { of, at_most, within } => format!("{of} up to {at_most} in {} s", within.as_secs()),
    }
}
