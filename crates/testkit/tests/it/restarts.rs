//! Kills, takeovers and duplicates: what was acknowledged is answered once, whatever happens in between.

use crate::card;
use patchbay_core::event::{Event, Settled};
use patchbay_core::words::ReplyStatus;
use patchbay_service::Refused;
use patchbay_testkit::{Persona, TestApp};
use patchbay_world::{Fault, FaultKind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

fn closed(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::ReplyClosed { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn one_id_five_times_is_one_message_and_one_reply() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let conversation = mika.conversation(&app).await;
    let tries = (0..5).map(|_| {
        let (mut mika, app) = (mika.clone(), &app);
        async move { mika.sends(app, "where is order 12345?", Some("once")).await.unwrap() }
    });
    let received = futures::future::join_all(tries).await;
    assert!(received.iter().all(|one| one.message == received[0].message));
    assert_eq!(received.iter().filter(|one| !one.replayed).count(), 1);
    mika.hears(&app, &received[0]).await;
    let events = app.events(&conversation).await;
    assert_eq!(events.iter().filter(|event| matches!(event, Event::MessageReceived { .. })).count(), 1);
    assert_eq!(closed(&events), 1);
    let other = mika.sends(&app, "something else", Some("once")).await;
    assert_eq!(other.unwrap_err(), Refused::IdempotencyConflict);
}

#[tokio::test(flavor = "multi_thread")]
async fn messages_in_an_open_turn_are_all_answered_in_order() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    app.fault(Fault::of("orders", FaultKind::Delay { ms: 150 }));
    let mut received = Vec::new();
    for text in ["where is order 12345?", "what is in order 12345?", "how much do I owe?", "which plan do I have?"] {
        received.push(mika.sends(&app, text, None).await.unwrap());
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
    for one in &received {
        assert!(!mika.hears(&app, one).await.text.is_empty());
    }
    let taken: Vec<_> = app
        .events(&mika.conversation(&app).await)
        .await
        .into_iter()
        .filter_map(|event| match event {
            Event::TurnOpened { message, .. } => message,
            Event::MessageJoined { message, .. } => Some(message),
            _ => None,
        })
        .collect();
    assert_eq!(taken, received.iter().filter_map(|one| one.message.clone()).collect::<Vec<_>>());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_is_silent_after_a_takeover() {
    let app = TestApp::start().await;
    app.fault(Fault::of("orders", FaultKind::Delay { ms: 100 }));
    for after in (0..400).step_by(20) {
        let mut mika = app.mika();
        mika.sends(&app, "where is order 12345?", None).await.unwrap();
        tokio::time::sleep(Duration::from_millis(after)).await;
        take_over(&app, &mut mika).await;
        mika.sends(&app, "hello?", None).await.unwrap();
        tokio::time::sleep(Duration::from_millis(250)).await;
        let events = app.events(&mika.conversation(&app).await).await;
        assert_silent(&events, after);
        assert_eq!(ended(&events), 1, "taken over after {after} ms: {events:#?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_under_way_is_settled_silently_after_a_takeover_and_a_kill() {
    for after in [0, 60, 140, 220] {
        let mut app = TestApp::start().await;
        let mut mika = app.mika();
        let card = card(&app, &mut mika).await;
        app.fault(Fault::of("orders", FaultKind::Delay { ms: 100 }));
        mika.decides(&app, &card.id, true, Some(&card.digest)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(after)).await;
        take_over(&app, &mut mika).await;
        app.crash().await;
        // One that the kill cut off is looked after, under its own key.
        let settled = |event: &Event| matches!(event, Event::ActionSettled { outcome: Settled::Done, .. } | Event::ActionCancelled { .. });
        let conversation = mika.conversation(&app).await;
        app.until(&conversation, |events| events.iter().any(settled) && ended(events) >= 2).await;
        let events = app.events(&conversation).await;
        assert_silent(&events, after);
        let cancelled = events.iter().any(|event| matches!(event, Event::ActionCancelled { .. }));
        assert_eq!(app.effects().len(), usize::from(!cancelled), "taken over after {after} ms: {events:#?}");
    }
}

async fn take_over(app: &TestApp, mika: &mut Persona) {
    let (service, conversation) = (app.service(), mika.conversation(app).await);
    let kim = patchbay_core::id::StaffId::parse("stf_kim").unwrap();
    app.inside(async move { service.take(&conversation, &kim).await }).await.unwrap();
}

fn ended(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::ReplyClosed { .. } | Event::ReplyCut { .. })).count()
}

fn assert_silent(events: &[Event], after: u64) {
    let taken = events.iter().position(|event| matches!(event, Event::StateChanged { by: Some(_), .. })).unwrap();
    let said = |event: &&Event| matches!(event, Event::PartReleased { .. } | Event::QuestionAsked { .. } | Event::ActionProposed { .. });
    assert_eq!(events[taken..].iter().find(said), None, "taken over after {after} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_survives_a_kill_at_any_moment() {
    let mut app = TestApp::start().await;
    app.fault(Fault::of("orders", FaultKind::Delay { ms: 120 }));
    for after in [0, 5, 20, 60, 130, 200, 260] {
        let mut mika = app.mika();
        let received = mika.sends(&app, "where is order 12345?", None).await.unwrap();
        tokio::time::sleep(Duration::from_millis(after)).await;
        app.crash().await;
        let reply = mika.hears(&app, &received).await;
        assert_eq!(reply.status, ReplyStatus::Answered, "killed after {after} ms: {reply:#?}");
        let numbers: Vec<u32> = reply.parts.iter().map(|part| part.n).collect();
        assert_eq!(numbers, (1..).take(numbers.len()).collect::<Vec<_>>(), "killed after {after} ms");
        assert_eq!(closed(&app.events(&mika.conversation(&app).await).await), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_confirmed_write_survives_a_kill_and_happens_once() {
    for after in [0, 10, 60, 140, 220, 320] {
        let mut app = TestApp::start().await;
        let mut mika = app.mika();
        let card = card(&app, &mut mika).await;
        app.fault(Fault::of("orders", FaultKind::Delay { ms: 100 }));
        mika.decides(&app, &card.id, true, Some(&card.digest)).await.unwrap();
        tokio::time::sleep(Duration::from_millis(after)).await;
        app.crash().await;
        let done = |event: &Event| matches!(event, Event::ActionSettled { outcome: Settled::Done, .. });
        app.until(&mika.conversation(&app).await, |events| events.iter().any(done)).await;
        assert_eq!(app.effects().len(), 1, "killed after {after} ms: {:#?}", app.effects());
    }
}

/// What the disk of the next test has left.
static FREE: AtomicU64 = AtomicU64::new(u64::MAX);

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_and_loses_nothing() {
    let app = TestApp::on_disk_with(|_| Ok(FREE.load(Ordering::Relaxed))).await;
    let mut mika = app.mika();
    let received = mika.sends(&app, "where is order 12345?", Some("first")).await.unwrap();
    FREE.store(0, Ordering::Relaxed);
    let refused = mika.sends(&app, "and what is in it?", Some("second")).await;
    assert!(matches!(refused, Err(Refused::StorageFull(_))), "{refused:?}");
    tokio::time::sleep(Duration::from_millis(300)).await;
    FREE.store(u64::MAX, Ordering::Relaxed);
    assert_eq!(mika.hears(&app, &received).await.status, ReplyStatus::Answered);
    let again = mika.sends(&app, "and what is in it?", Some("second")).await.unwrap();
    assert!(!again.replayed, "it was never accepted");
    assert!(!mika.hears(&app, &again).await.text.is_empty());
}
