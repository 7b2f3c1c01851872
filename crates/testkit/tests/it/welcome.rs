//! Customers who come back are greeted as such, where the company wants that and knows who they are.

use patchbay_core::Event;
use patchbay_testkit::TestApp;
use patchbay_world::{Fault, FaultKind};

/// The demo with a greeting of its own.
async fn app() -> TestApp {
    TestApp::with_configuration(|text| {
        let text = text.replace("  welcome_back: welcome_back\n", "");
        let text = text.replacen("customer:\n", "customer:\n  welcome_back: seen_before\n", 1);
        let greeting = "texts:\n  seen_before: \"Good to see you again{% if customer.name %}, {{ customer.name }}{% endif %} ({{ earlier.conversations }} before).\"\n";
        text.replacen("texts:\n", greeting, 1)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_written_before_is_greeted_first_and_once() {
    let mut app = app().await;
    let mut mika = app.mika();
    let first = mika.says(&app, "hello").await.text;
    assert!(!first.contains("again"), "nobody comes back the first time: {first}");
    let mut mika = app.mika();
    let second = mika.says(&app, "hello").await;
    assert!(second.parts[0].text == "Good to see you again, Mika (1 before)." && second.parts.len() == 2, "{second:#?}");
    let more = mika.says(&app, "where is order 12345?").await.text;
    assert!(!more.contains("again"), "once in a conversation: {more}");
    app.crash().await;
    let mut mika = app.mika();
    let third = mika.says(&app, "where is order 12345?").await;
    assert_eq!(third.parts[0].text, "Good to see you again, Mika (2 before).");
    assert!(third.text.contains("Order 12345"), "{third:#?}");
    let met = app.events(&mika.conversation(&app).await).await;
    assert!(met.iter().any(|event| matches!(event, Event::CustomerMet { earlier: 2, last_at: Some(_), .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_is_nobody_who_comes_back_and_a_missing_name_stops_nothing() {
    let app = app().await;
    for _ in 0..2 {
        let mut visitor = app.visitor();
        let said = visitor.says(&app, "hello").await.text;
        assert!(!said.contains("again"), "{said}");
    }
    app.fault(Fault::of("crm", FaultKind::Error { status: 503, percent: 100 }));
    app.bob().says(&app, "hello").await;
    let mut bob = app.bob();
    let said = bob.says(&app, "hello").await;
    assert_eq!(said.parts[0].text, "Good to see you again (1 before).", "{said:#?}");
}
