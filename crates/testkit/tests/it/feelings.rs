//! How customers feel: a trigger hears it, and the log keeps its course for whoever takes over.

use patchbay_core::handoff::Case;
use patchbay_core::words::ReplyStatus;
use patchbay_testkit::TestApp;

/// The demo, handing over whoever is frustrated.
async fn app() -> TestApp {
    let trigger = "  triggers:\n    - { reason: frustrated, when: \"feeling.last <= -0.6 || turn.repeated >= 2\" }\n";
    TestApp::with_configuration(|text| {
        assert!(text.contains("  triggers:\n"), "the demo has triggers");
        text.replacen("  triggers:\n", trigger, 1)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn mika_is_handed_over_when_furious_and_not_before() {
    let app = app().await;
    let mut mika = app.mika();
    let calm = mika.says(&app, "where is order 12345?").await;
    assert_eq!(calm.status, ReplyStatus::Answered, "{calm:#?}");
    let furious = mika.says(&app, "this is ridiculous, your service is a disgusting nightmare!!").await;
    let escalation = furious.escalation.unwrap();
    assert_eq!((furious.status, escalation.reason.as_str()), (ReplyStatus::HandedOver, "frustrated"));
    let felt = escalation.evidence["feeling.last"].as_str().expect("in words");
    assert!(felt.starts_with("-0."), "{felt}");

    let conversation = mika.conversation(&app).await;
    let case = Case::fold(&conversation, &app.recorded(&conversation).await).expect("a conversation");
    let feeling = case.feeling.expect("the log keeps how the messages felt");
    assert_eq!(feeling.word, "upset");
    assert!(feeling.last <= -600 && feeling.slope < 0, "{feeling:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn mika_asks_for_the_same_three_times() {
    let app = app().await;
    let mut mika = app.mika();
    for _ in 0..2 {
        let reply = mika.says(&app, "when does order 12345 finally arrive?").await;
        assert!(reply.escalation.is_none(), "{reply:#?}");
    }
    let reply = mika.says(&app, "when does order 12345 finally arrive?").await;
    assert_eq!(reply.escalation.as_ref().map(|escalation| escalation.reason.as_str()), Some("frustrated"), "{reply:#?}");
}
