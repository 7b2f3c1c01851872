//! Topics, budgets and outcomes.

use crate::fitted::Fitted;
use crate::problem::Report;
use patchbay_core::declare::{AskCsat, Budget, Conversations, Csat, Outcomes, Proof, Topic};
use std::time::Duration;

/// The longest quiet after which a conversation counts as ended.
const LONGEST_QUIET: Duration = Duration::from_secs(72 * 3600);

/// The longest time in which a resolved conversation is reopened.
const LONGEST_REOPEN: Duration = Duration::from_secs(365 * 86_400);

pub(super) fn topic(it: &Fitted) -> Topic {
    Topic { examples: it.get("examples").texts(), say: it.must("say") }
}

pub(super) fn budget(it: &Fitted) -> Budget {
    Budget { useful: it.duration("useful"), whole: it.duration("whole") }
}

/// The section `conversations`.
pub(super) fn conversations(it: &Fitted, report: &mut Report) -> Conversations {
    let reopen = it.duration("reopen");
    if it.has("reopen") && (reopen.is_zero() || reopen > LONGEST_REOPEN) {
        let message = "a resolved conversation goes on with its customer's next words for a while, and not for ever";
        report.add("conversations.reopen", message, "write a duration of at most 365d: 72h");
    }
    Conversations { reopen }
}

/// The section `outcomes`. Left out as a whole it has the same defaults as left out key by key.
pub(super) fn outcomes(it: &Fitted, report: &mut Report) -> Outcomes {
    if matches!(it, Fitted::Absent) {
        return Outcomes::default();
    }
    let proof = |word: &str| if word == "customer_yes" { Proof::CustomerYes } else { Proof::BackendState };
    let outcomes = Outcomes {
        verified_by: it.get("verified_by").texts().iter().map(|word| proof(word)).collect(),
        contained_after_quiet: it.duration("contained_after_quiet"),
        durable_after: it.duration("durable_after"),
        csat: csat(it.get("csat"), report),
    };
    let quiet = outcomes.contained_after_quiet;
    if it.has("contained_after_quiet") && (quiet.is_zero() || quiet > LONGEST_QUIET) {
        let message = "a conversation cannot end after no quiet at all, and not after more than 72h";
        report.add("outcomes.contained_after_quiet", message, "write a duration of at most 72h: 2h");
    }
    if it.has("durable_after") && outcomes.durable_after < quiet {
        let message = "a success cannot have lasted before its conversation has ended";
        report.add("outcomes.durable_after", message, "write at least as much as `contained_after_quiet`: 72h");
    }
    outcomes
}

fn csat(it: &Fitted, report: &mut Report) -> Csat {
    let scale = it.count("scale");
    if it.has("scale") && !(2..=10).contains(&scale) {
        report.add("outcomes.csat.scale", format!("nobody can answer on a scale from 1 to {scale}"), "write a number from 2 to 10: 5");
    }
    let ask = if it.text("ask").as_deref() == Some("never") { AskCsat::Never } else { AskCsat::OnResolve };
    Csat { scale: u8::try_from(scale.clamp(2, 10)).unwrap_or(5), ask }
}

/// The company's time zone.
pub(super) fn zone(it: &Fitted, report: &mut Report) -> String {
    let zone: String = it.must("zone");
    if it.has("zone") && jiff::tz::TimeZone::get(&zone).is_err() {
        report.add("zone", format!("there is no time zone '{zone}'"), "write a name of the IANA list: UTC, Europe/Berlin, Asia/Tokyo");
    }
    zone
}
