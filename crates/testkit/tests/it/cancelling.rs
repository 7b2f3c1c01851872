//! A write from the wish to the proof: the card, the yes, and every yes that does not count.

use crate::card;
use patchbay_core::words::ReplyStatus;
use patchbay_service::Refused;
use patchbay_testkit::TestApp;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn where_is_my_order() {
    let app = TestApp::start().await;
    let reply = app.mika().says(&app, "where is order 12345?").await;
    assert_eq!(reply.status, ReplyStatus::Answered, "{reply:#?}");
    assert!(reply.text.contains("12345"), "{}", reply.text);
    assert!(reply.facts.iter().any(|fact| fact.name == "order.status" && fact.source == "orders"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pressed_yes_cancels_once() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let card = card(&app, &mut mika).await;
    assert!(app.effects().is_empty(), "nothing happens before the yes");
    let reply = mika.confirms(&app, &card).await;
    assert_eq!(reply.status, ReplyStatus::Done, "{reply:#?}");
    assert_eq!(app.effects().len(), 1);
    assert_eq!(app.effects()[0].object, "12345");
    let again = mika.decides(&app, &card.id, true, Some(&card.digest)).await;
    assert_eq!(again.unwrap_err(), Refused::ConfirmationUsed);
    let reply = mika.says(&app, "yes").await;
    assert_ne!(reply.status, ReplyStatus::Done, "a second yes is for nothing: {}", reply.text);
    assert_eq!(app.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_typed_yes_cancels_and_a_typed_no_does_not() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    card(&app, &mut mika).await;
    mika.says(&app, "no").await;
    assert!(app.effects().is_empty());
    card(&app, &mut mika).await;
    let reply = mika.says(&app, "yes").await;
    assert_eq!(reply.status, ReplyStatus::Done, "{reply:#?}");
    assert_eq!(app.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_yeses_at_once_cancel_once() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let card = card(&app, &mut mika).await;
    let tries = (0..20).map(|_| {
        let (mut mika, card, app) = (mika.clone(), card.clone(), &app);
        async move { mika.decides(app, &card.id, true, Some(&card.digest)).await }
    });
    let results = futures::future::join_all(tries).await;
    let accepted: Vec<_> = results.iter().flatten().collect();
    assert_eq!(accepted.len(), 1, "{results:?}");
    assert_eq!(mika.hears(&app, accepted[0]).await.status, ReplyStatus::Done);
    assert_eq!(app.effects().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_yes_to_exactly_this_counts() {
    let app = TestApp::start().await;
    let (mut mika, mut bob) = (app.mika(), app.bob());
    let card = card(&app, &mut mika).await;
    let other = card.digest.chars().rev().collect::<String>();
    assert_eq!(mika.decides(&app, &card.id, true, None).await.unwrap_err(), Refused::ConfirmationRequired);
    assert_eq!(mika.decides(&app, &card.id, true, Some(&other)).await.unwrap_err(), Refused::ConfirmationMismatch);
    assert_eq!(bob.decides(&app, &card.id, true, Some(&card.digest)).await.unwrap_err(), Refused::NotFound);
    app.clock().advance(Duration::from_secs(601));
    assert_eq!(mika.decides(&app, &card.id, true, Some(&card.digest)).await.unwrap_err(), Refused::ConfirmationExpired);
    assert!(app.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_order_is_shown_again() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let first = card(&app, &mut mika).await;
    let kind = patchbay_world::FaultKind::ChangedField { field: "status".into(), value: "placed".into() };
    app.fault(patchbay_world::Fault::of("orders", kind).operation("getOrder"));
    let reply = mika.confirms(&app, &first).await;
    assert_eq!(reply.status, ReplyStatus::Proposing, "{reply:#?}");
    assert_ne!(reply.proposal.unwrap().digest, first.digest);
    assert!(app.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shipped_order_stays_with_the_reason() {
    let app = TestApp::start().await;
    let reply = app.mika().says(&app, "please cancel order 12288, I do not need it any more").await;
    assert_eq!(reply.status, ReplyStatus::Refused, "{reply:#?}");
    assert!(reply.text.contains("already shipped"), "{}", reply.text);
    assert!(app.effects().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_elses_order_looks_like_none() {
    let app = TestApp::start().await;
    // So that both are told apart by nothing else: whoever comes back is greeted.
    app.mika().says(&app, "hello").await;
    let foreign = app.mika().says(&app, "where is order 99999?").await;
    let missing = app.mika().says(&app, "where is order 88888?").await;
    assert_eq!(foreign.text.replace("99999", "N"), missing.text.replace("88888", "N"));
    assert_eq!((foreign.status, foreign.zone, foreign.parts.len()), (missing.status, missing.zone, missing.parts.len()));
    assert_eq!(foreign.refusal, missing.refusal);
    assert_eq!(foreign.facts.len(), missing.facts.len());
    assert_eq!(crate::outcomes(&foreign), crate::outcomes(&missing), "the calls tell them apart");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_learns_nothing() {
    let app = TestApp::start().await;
    let reply = app.visitor().says(&app, "where is order 12345?").await;
    assert!(reply.facts.is_empty(), "{reply:#?}");
    assert_eq!(reply.question.as_ref().map(|question| question.slot.as_str()), Some("postcode"), "{}", reply.text);
    let wrong = app.visitor().says(&app, "where is order 12345? my postcode is 11111").await;
    assert!(wrong.facts.is_empty() && wrong.text.contains("can't find you"), "{wrong:#?}");
}

/// Whoever knows an order and its postcode may read, but nothing is changed for them, and nothing is asked for that.
#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_who_is_found_changes_nothing() {
    let app = TestApp::start().await;
    let mut visitor = app.visitor();
    let told = visitor.says(&app, "where is order 12345? my postcode is 20095").await;
    assert!(told.text.starts_with("Order 12345 is paid"), "{}", told.text);
    let refused = visitor.says(&app, "can you cancel it?").await;
    assert_eq!((refused.status, refused.question.is_none()), (ReplyStatus::Refused, true), "{refused:#?}");
    assert!(app.effects().is_empty(), "{:?}", app.effects());
}
