//! Queues: what they mean, and what is said about those that cannot work.

use super::{changed, documented, load};
use insta::assert_snapshot;
use patchbay_core::declare::{Condition, Hours, Offered, QueueOrder, TakeOn};
use std::time::Duration;

#[test]
fn queues_keep_their_order_and_their_hours() {
    let escalation = load(&documented()).unwrap().company.escalation;
    let names: Vec<&str> = escalation.queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["seniors", "default"]);
    let [seniors, default] = escalation.queues.as_slice() else { panic!("two queues") };
    assert_eq!(seniors.takes, Condition::When("customer.tier == 'platinum'".to_owned()));
    assert_eq!((&seniors.hours, seniors.closed), (&Hours::Always, None));
    assert_eq!(seniors.sla.resolve, Some(Duration::from_secs(4 * 3600)));
    assert_eq!((default.hours.zone(), default.closed), (Some("Europe/Berlin"), Some(Offered::Email)));
    assert_eq!((default.sla.first_reply, default.sla.resolve), (Some(Duration::from_secs(120)), None));
    assert_eq!(escalation.handover.accept_within, Duration::from_secs(60));
    assert_eq!((escalation.handover.take_on, seniors.order), (TakeOn::Reply, QueueOrder::Promise));
}

#[test]
fn a_lead_declares_who_is_first_and_what_takes_a_conversation() {
    let declared = documented()
        .replace("accept_within: 1m", "accept_within: 1m, take_on: keystroke")
        .replace("closed: { offer: email }", "closed: { offer: email }, order: feeling");
    let escalation = load(&declared).unwrap().company.escalation;
    assert_eq!(escalation.handover.take_on, TakeOn::Keystroke);
    let orders: Vec<QueueOrder> = escalation.queues.iter().map(|queue| queue.order).collect();
    assert_eq!(orders, [QueueOrder::Promise, QueueOrder::Feeling]);
    assert_snapshot!(changed("closed: { offer: email }", "order: mood"), @r"
    shop/patchbay.yaml:162:106  escalation.queues.default.order
        'mood' is no word that may stand here
        → write one of: promise, feeling

    1 problem in the configuration
    ");
}

#[test]
fn queues_that_cannot_work_are_refused() {
    assert_snapshot!(changed("Mon-Fri 09:00-18:00 Europe/Berlin", "Mon-Fri 9-18 Europe/Berlin"), @r"
    shop/patchbay.yaml:162:29  escalation.queues.default.hours
        'Mon-Fri 9-18' is no days and times like 'Mon-Fri 09:00-18:00'
        → write `always`, or days, times and a time zone: Mon-Fri 09:00-18:00 Europe/Berlin

    1 problem in the configuration
    ");
    assert_snapshot!(changed("Mon-Fri 09:00-18:00 Europe/Berlin", "Mon-Fri 09:00-18:00 Europe/Berlim"), @r"
    shop/patchbay.yaml:162:29  escalation.queues.default.hours
        there is no time zone 'Europe/Berlim'
        → write `always`, or days, times and a time zone: Mon-Fri 09:00-18:00 Europe/Berlin

    1 problem in the configuration
    ");
    assert_snapshot!(changed("for: \"customer.tier == 'platinum'\"", "for: always"), @r"
    shop/patchbay.yaml:162:16  escalation.queues.default.for
        no conversation ever gets here: the queue 'seniors' above takes every one
        → move this queue up, or give the other a condition

    1 problem in the configuration
    ");
    assert_snapshot!(changed("accept_within: 1m", "accept_within: 1m, waiting_at_most: 0"), @r"
    shop/patchbay.yaml:159:52  escalation.handoff.waiting_at_most
        then nobody could ever wait for a person
        → write a number from 1: 3

    1 problem in the configuration
    ");
    assert_snapshot!(changed("closed: { offer: email }", "closed: { offer: phone }"), @r"
    shop/patchbay.yaml:162:116  escalation.queues.default.closed.offer
        'phone' is no word that may stand here
        → write one of: wait, email

    1 problem in the configuration
    ");
}
