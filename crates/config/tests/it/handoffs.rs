//! Triggers that offer, the parts of the brief, the greeting of those who come back; and what is said where they cannot work.

use super::{changed, documented, load};
use patchbay_core::declare::{BriefPart, TriggerAction};

#[test]
fn a_trigger_may_offer_a_person_and_a_brief_may_be_shorter() {
    let company = load(&documented()).unwrap().company;
    assert!(company.escalation.triggers.iter().all(|trigger| trigger.does == TriggerAction::HandOver));
    assert_eq!(company.escalation.handover.brief, BriefPart::ALL.into());
    let offering = documented()
        .replacen("when: \"turn.misunderstood >= 2\" }", "when: \"turn.misunderstood >= 2\", do: offer }", 1)
        .replacen("accept_within: 1m", "accept_within: 1m, brief: [next, issue], bot: silent_until_released, keep_wait_clock: true", 1);
    let escalation = load(&offering).unwrap_or_else(|problems| panic!("{problems}")).company.escalation;
    assert_eq!(escalation.triggers[0].does, TriggerAction::Offer);
    assert_eq!(escalation.handover.brief, [BriefPart::Issue, BriefPart::Next].into());
}

#[test]
fn what_would_hide_a_wait_or_let_two_speak_is_refused() {
    for (written, said) in [
        ("keep_wait_clock: false", "would hide from the staff how long somebody really waits"),
        ("bot: talks_along", "write one of: silent_until_released"),
        ("brief: [issue, mood]", "write one of: issue, facts, tried, feeling, next"),
    ] {
        let problems = changed("accept_within: 1m", &format!("accept_within: 1m, {written}"));
        assert!(problems.contains(said) && problems.contains("escalation.handoff."), "{written}: {problems}");
    }
    let problems = changed("when: \"turn.misunderstood >= 2\" }", "when: \"turn.misunderstood >= 2\", do: ofer }");
    assert!(problems.contains("'ofer'") && problems.contains("offer"), "{problems}");
}

#[test]
fn the_greeting_is_a_text_that_is_there() {
    assert_eq!(load(&documented()).unwrap().company.welcome_back, None, "nobody is greeted unless it is declared");
    let problems = changed("\ncustomer:\n", "\ncustomer:\n  welcome_back: seen_befor\n");
    assert!(problems.contains("customer.welcome_back") && problems.contains("there is no text 'seen_befor'"), "{problems}");
    let greeting = documented().replacen("\ncustomer:\n", "\ncustomer:\n  welcome_back: seen_before\n", 1).replacen(
        "\ntexts:\n",
        "\ntexts:\n  seen_before: Welcome back.\n",
        1,
    );
    let company = load(&greeting).unwrap_or_else(|problems| panic!("{problems}")).company;
    assert_eq!(company.welcome_back.as_deref(), Some("seen_before"));
}
