//! After people let go: the reason they have just dealt with does not bring them back at once, another one and the customer's wish do.

use patchbay_core::id::StaffId;
use patchbay_core::reply::Reply;
use patchbay_core::words::ReplyStatus;
use patchbay_testkit::{Persona, TestApp};
use std::time::Duration;

const FURIOUS: &str = "this is ridiculous, your service is a disgusting nightmare!!";

/// The demo, handing over whoever is frustrated, with five minutes of rest after people let go.
async fn app() -> TestApp {
    let triggers = "  triggers:\n    - { reason: frustrated, when: \"feeling.last <= -0.6\" }\n";
    TestApp::with_configuration(|text| {
        assert!(text.contains("  triggers:\n"), "the demo has triggers");
        text.replacen("  triggers:\n", triggers, 1)
    })
    .await
}

/// A person takes the conversation and gives it back to the bot.
async fn dealt_with(app: &TestApp, mika: &mut Persona) {
    let (id, kim, service) = (mika.conversation(app).await, StaffId::parse("stf_kim").unwrap(), app.service());
    let back = app
        .inside(async move {
            service.take(&id, &kim).await.unwrap();
            service.hand_back(&id, &kim, "She is angry about the delivery; it is settled.").await.unwrap()
        })
        .await;
    mika.hears(app, &back).await;
}

fn reason(reply: &Reply) -> Option<&str> {
    reply.escalation.as_ref().map(|escalation| escalation.reason.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_reason_people_have_just_dealt_with_rests_for_a_while() {
    let app = app().await;
    let mut mika = app.mika();
    assert_eq!(reason(&mika.says(&app, FURIOUS).await), Some("frustrated"));
    dealt_with(&app, &mut mika).await;
    let soon = mika.says(&app, FURIOUS).await;
    assert_eq!(reason(&soon), None, "{soon:#?}");
    app.clock().advance(Duration::from_secs(301));
    assert_eq!(reason(&mika.says(&app, FURIOUS).await), Some("frustrated"), "it has rested");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_for_a_person_gets_one_all_the_same() {
    let app = app().await;
    let mut mika = app.mika();
    assert_eq!(reason(&mika.says(&app, FURIOUS).await), Some("frustrated"));
    dealt_with(&app, &mut mika).await;
    let asked = mika.says(&app, "I want to talk to a person").await;
    assert_eq!((asked.status, reason(&asked)), (ReplyStatus::HandedOver, Some("asked_for_human")));
}
