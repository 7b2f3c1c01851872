//! Backends that misbehave: the customer gets an honest sentence in time, never an invented answer, never a second write.

use crate::card;
use patchbay_core::event::{Event, Settled};
use patchbay_core::reply::Reply;
use patchbay_core::words::ReplyStatus;
use patchbay_testkit::{Persona, TestApp};
use patchbay_world::{Fault, FaultKind, Garbage};

/// The longest a customer waits for a first sentence, in milliseconds: 2 s are promised, a busy machine is late by itself.
const FIRST_MS: i64 = 4_000;

/// The longest a whole turn takes, in milliseconds: 8 s are promised.
const WHOLE_MS: i64 = 12_000;

/// Asks for the same cancellation once more.
async fn card_or_words(app: &TestApp, mika: &mut Persona) -> Reply {
    mika.says(app, "please cancel order 12345, I do not need it any more").await
}

/// Asks for an order while its system does this.
async fn asked_while(kind: FaultKind) -> Reply {
    let app = TestApp::start().await;
    app.fault(Fault::of("orders", kind).operation("getOrder"));
    app.mika().says(&app, "where is order 12345?").await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_of_a_bad_answer() {
    let field = |name: &str| name.to_owned();
    let faults = [
        (FaultKind::Error { status: 500, percent: 100 }, "order"),
        (FaultKind::Garbage(Garbage::Html), "order"),
        (FaultKind::Garbage(Garbage::CutJson), "order"),
        (FaultKind::RateLimited { retry_after_s: 3600 }, "order"),
        (FaultKind::TooLarge { bytes: 50 << 20 }, "order"),
        (FaultKind::MissingField { field: field("status") }, "order"),
        (FaultKind::WrongType { field: field("status") }, "order"),
        (FaultKind::AsList, "order"),
        (FaultKind::ForeignRecord, "order"),
        (FaultKind::Redirect { to: "http://elsewhere.invalid/".into() }, "order"),
    ];
    for (kind, tool) in faults {
        let reply = asked_while(kind.clone()).await;
        assert_ne!(reply.status, ReplyStatus::Answered, "{kind:?}: {reply:#?}");
        assert!(reply.facts.iter().all(|fact| !fact.name.starts_with("order.")), "{kind:?}: {reply:#?}");
        assert!(!reply.text.trim().is_empty(), "{kind:?}");
        assert!(reply.calls.iter().any(|call| call.tool == tool && call.outcome.as_str() != "ok"), "{kind:?}: {:?}", reply.calls);
        assert!(reply.timings.whole_ms <= WHOLE_MS, "{kind:?}: {} ms", reply.timings.whole_ms);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hanging_system_gets_an_honest_sentence_in_time() {
    let reply = asked_while(FaultKind::Hang).await;
    let first = reply.timings.first_part_ms.unwrap();
    assert!(first <= FIRST_MS, "the first sentence came after {first} ms");
    assert!(reply.timings.whole_ms <= WHOLE_MS, "the whole took {} ms", reply.timings.whole_ms);
    assert_eq!(reply.status, ReplyStatus::HandedOver, "{reply:#?}");
    assert_eq!(reply.escalation.unwrap().reason, "backend_down");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_that_cannot_be_reached_is_said_to_be() {
    for address in ["http://127.0.0.1:9", "http://orders.invalid"] {
        let app = TestApp::with_system_at("ORDERS_URL", address).await;
        let reply = app.mika().says(&app, "where is order 12345?").await;
        assert_eq!(reply.status, ReplyStatus::HandedOver, "{address}: {reply:#?}");
        assert!(reply.calls.iter().any(|call| call.tool == "order" && call.outcome.as_str() == "unreachable"), "{:#?}", reply.calls);
        assert!(reply.facts.iter().all(|fact| fact.source != "orders"), "{:#?}", reply.facts);
        assert!(reply.timings.whole_ms <= WHOLE_MS, "{} ms", reply.timings.whole_ms);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_rest_is_answered_when_a_part_is_missing() {
    let app = TestApp::start().await;
    app.fault(Fault::of("warehouse", FaultKind::Error { status: 503, percent: 100 }));
    let reply = app.mika().says(&app, "where is order 12345?").await;
    assert_eq!(reply.status, ReplyStatus::Answered, "{reply:#?}");
    assert!(reply.text.contains("12345"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_lost_after_the_commit_is_read_back() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let card = card(&app, &mut mika).await;
    app.fault(Fault::of("orders", FaultKind::CommitThenDrop).operation("cancelOrder"));
    let reply = mika.confirms(&app, &card).await;
    assert_eq!(reply.status, ReplyStatus::Done, "{reply:#?}");
    assert_eq!(app.effects().len(), 1);
    let settled = app.events(&mika.conversation(&app).await).await.into_iter().find_map(|event| match event {
        Event::ActionSettled { outcome, verified, .. } => Some((outcome, verified)),
        _ => None,
    });
    assert_eq!(settled, Some((Settled::Done, Some(true))));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_outcome_is_never_called_done_and_is_settled_later() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let card = card(&app, &mut mika).await;
    app.fault(Fault::of("orders", FaultKind::CommitThenDrop).operation("cancelOrder"));
    let conversation = mika.conversation(&app).await;
    let received = mika.decides(&app, &card.id, true, Some(&card.digest)).await.unwrap();
    app.until(&conversation, |events| events.iter().any(|event| matches!(event, Event::ActionClaimed { .. }))).await;
    // From its read-back on the system shows nothing.
    app.fault(Fault::of("orders", FaultKind::Error { status: 500, percent: 100 }).operation("getOrder"));
    let reply = mika.hears(&app, &received).await;
    assert_eq!(reply.status, ReplyStatus::Failed, "{reply:#?}");
    assert!(reply.text.contains("don't know"), "{}", reply.text);
    let again = card_or_words(&app, &mut mika).await;
    assert!(again.proposal.is_none(), "the same write must not be proposed while its effect is unknown: {again:#?}");
    app.heal();
    let done = |event: &Event| matches!(event, Event::ActionSettled { outcome: Settled::Done, .. });
    app.until(&conversation, |events| events.iter().any(done)).await;
    assert_eq!(app.effects().len(), 1, "{:#?}", app.effects());
}
