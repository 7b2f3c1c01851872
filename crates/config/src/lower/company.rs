//! Topics, budgets and escalation.

use crate::fitted::Fitted;
use patchbay_core::declare::{Budget, Condition, Escalation, Topic, Trigger};

pub(super) fn topic(it: &Fitted) -> Topic {
    Topic { examples: it.get("examples").texts(), say: it.must("say") }
}

pub(super) fn budget(it: &Fitted) -> Budget {
    Budget { useful: it.duration("useful"), whole: it.duration("whole") }
}

pub(super) fn escalation(it: &Fitted) -> Escalation {
    let trigger = |it: &Fitted| Trigger { reason: it.must("reason"), when: it.condition("when").unwrap_or(Condition::Always) };
    Escalation { triggers: it.get("triggers").items().iter().map(trigger).collect(), say: it.get("handoff").text("say") }
}
