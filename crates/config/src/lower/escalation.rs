//! Lowers triggers, the handover and queues.

use crate::fitted::Fitted;
use crate::problem::{Report, below};
use patchbay_core::declare::{
    BriefPart, Condition, Escalation, Handover, Hours, Offered, Queue, QueueOrder, Sla, TakeOn, Trigger, TriggerAction,
};

pub(super) fn escalation(it: &Fitted, report: &mut Report) -> Escalation {
    let trigger = |it: &Fitted| Trigger {
        reason: it.must("reason"),
        when: it.condition("when").unwrap_or(Condition::Always),
        does: if it.text("do").as_deref() == Some("offer") { TriggerAction::Offer } else { TriggerAction::HandOver },
    };
    let handoff = it.get("handoff");
    Escalation {
        triggers: it.get("triggers").items().iter().map(trigger).collect(),
        say: handoff.text("say"),
        handover: handover(handoff, report),
        queues: queues(it.get("queues"), report),
    }
}

fn handover(it: &Fitted, report: &mut Report) -> Handover {
    if matches!(it, Fitted::Absent) {
        return Handover::default();
    }
    let at_most = it.count("waiting_at_most");
    if it.has("waiting_at_most") && at_most == 0 {
        report.add("escalation.handoff.waiting_at_most", "then nobody could ever wait for a person", "write a number from 1: 3");
    }
    let accept_within = it.duration("accept_within");
    if it.has("accept_within") && accept_within.is_zero() {
        report.add("escalation.handoff.accept_within", "nobody can accept in no time at all", "write a duration: 1m");
    }
    if it.has("keep_wait_clock") && !it.is_true("keep_wait_clock") {
        let message = "a wait that began anew with each transfer would hide from the staff how long somebody really waits";
        report.add("escalation.handoff.keep_wait_clock", message, "leave it out, or write `true`");
    }
    let brief = it.get("brief").texts();
    Handover {
        accept_within,
        brief: BriefPart::ALL.into_iter().filter(|part| brief.iter().any(|word| word == part.as_str())).collect(),
        cooldown: it.duration("cooldown"),
        waiting_at_most: u32::try_from(at_most).unwrap_or(u32::MAX).max(1),
        take_on: if it.text("take_on").as_deref() == Some("keystroke") { TakeOn::Keystroke } else { TakeOn::Reply },
    }
}

fn queues(it: &Fitted, report: &mut Report) -> Vec<Queue> {
    let queues: Vec<Queue> = it.entries().iter().map(|(name, it)| queue(name, it, report)).collect();
    let always = queues.iter().position(|queue| queue.takes == Condition::Always);
    for unreached in always.and_then(|at| queues.get(at + 1..)).unwrap_or_default() {
        let above = always.map_or("", |at| queues[at].name.as_str());
        let message = format!("no conversation ever gets here: the queue '{above}' above takes every one");
        report.add(
            &below(&below("escalation.queues", &unreached.name), "for"),
            message,
            "move this queue up, or give the other a condition",
        );
    }
    queues
}

fn queue(name: &str, it: &Fitted, report: &mut Report) -> Queue {
    let key = below("escalation.queues", name);
    let hours = it.text("hours").unwrap_or_else(|| "always".to_owned());
    let hours = hours.parse().unwrap_or_else(|error: patchbay_core::declare::NotHours| {
        report.add(
            &below(&key, "hours"),
            error.to_string(),
            "write `always`, or days, times and a time zone: Mon-Fri 09:00-18:00 Europe/Berlin",
        );
        Hours::Always
    });
    let sla = it.get("sla");
    let promised = |which: &str| sla.has(which).then(|| sla.duration(which));
    let order = if it.text("order").as_deref() == Some("feeling") { QueueOrder::Feeling } else { QueueOrder::Promise };
    let closed = it.get("closed");
    let offered = if closed.text("offer").as_deref() == Some("email") { Offered::Email } else { Offered::Wait };
    Queue {
        name: name.to_owned(),
        takes: it.condition("for").unwrap_or(Condition::Always),
        team: it.text("team").unwrap_or_else(|| "support".to_owned()),
        hours,
        sla: Sla { first_reply: promised("first_reply"), resolve: promised("resolve") },
        order,
        closed: (!matches!(closed, Fitted::Absent)).then_some(offered),
    }
}
