//! What a customer hears of an approval and of the button: a no is said with the way on, and nobody presses in vain.

use crate::card;
use patchbay_core::Event;
use patchbay_core::event::Settled;
use patchbay_core::id::{ActionId, ConversationId, StaffId};
use patchbay_core::mind::Speaker;
use patchbay_core::words::{ConversationState, ReplyStatus};
use patchbay_testkit::{Persona, TestApp};
use patchbay_world::{Fault, FaultKind};

fn staff(name: &str) -> StaffId {
    StaffId::parse(&format!("stf_{name}")).unwrap()
}

/// Mika has said yes to a refund, and a person has to as well.
async fn wanted(app: &TestApp, mika: &mut Persona) -> (ConversationId, ActionId) {
    let reply = mika.says(app, "I was charged twice on INV-70001, please pay back 12 euros").await;
    let proposal = reply.proposal.clone().unwrap_or_else(|| panic!("no card: {reply:#?}"));
    let reply = mika.confirms(app, &proposal).await;
    assert_eq!(reply.status, ReplyStatus::HandedOver, "{reply:#?}");
    (mika.conversation(app).await, proposal.id)
}

/// Somebody of the staff decides.
async fn decides(app: &TestApp, by: &str, (conversation, action): (&ConversationId, &ActionId), approved: bool) {
    let (service, by, conversation, action) = (app.service(), staff(by), conversation.clone(), action.clone());
    app.inside(async move { service.approve(&conversation, &by, &action, approved, Some("I know why.".to_owned())).await }).await.unwrap();
}

fn said(events: &[Event]) -> Vec<(Speaker, String)> {
    let line = |event: &Event| match event {
        Event::MessageReceived { by, text, .. } => Some((*by, text.get()?.clone())),
        Event::PartReleased { text, .. } => Some((Speaker::Bot, text.get()?.clone())),
        _ => None,
    };
    events.iter().filter_map(line).collect()
}

fn closed(events: &[Event]) -> usize {
    events.iter().filter(|event| matches!(event, Event::ReplyClosed { .. })).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_is_told_by_the_bot_which_goes_on() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let (conversation, action) = wanted(&app, &mut mika).await;
    let before = closed(&app.events(&conversation).await);
    decides(&app, "kim", (&conversation, &action), false).await;
    let events = app.until(&conversation, |events| closed(events) > before).await;
    let last = said(&events).pop().unwrap();
    assert!(last.0 == Speaker::Bot && last.1.contains("could not approve it"), "{last:?}");
    assert!(!last.1.contains("I know why"), "what the staff says among themselves stays there");
    assert!(last.1.contains("hand you over"), "there is a way on: {last:?}");
    let next = mika.says(&app, "where is order 12345?").await;
    assert_eq!(next.status, ReplyStatus::Answered, "{next:#?}");
    assert_eq!(app.effects().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_yes_is_carried_out_and_told_by_the_bot() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let (conversation, action) = wanted(&app, &mut mika).await;
    let before = closed(&app.events(&conversation).await);
    decides(&app, "kim", (&conversation, &action), true).await;
    let events = app.until(&conversation, |events| closed(events) > before).await;
    assert_eq!(app.effects().len(), 1);
    let last = said(&events).pop().unwrap();
    assert!(last.0 == Speaker::Bot && last.1.contains("done"), "{last:?}");
    let state = events.iter().rev().find_map(|event| match event {
        Event::StateChanged { state, .. } => Some(*state),
        _ => None,
    });
    assert_eq!(state, Some(ConversationState::Bot));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_to_somebody_who_wants_more_is_a_persons_answer() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let (conversation, action) = wanted(&app, &mut mika).await;
    mika.sends(&app, "and my parcel is late as well", None).await.unwrap();
    decides(&app, "kim", (&conversation, &action), false).await;
    let events = app.events(&conversation).await;
    let last = said(&events).pop().unwrap();
    assert!(last.0 == Speaker::Agent && last.1.contains("can't approve it"), "{last:?}");
    let service = app.service();
    let case = app.inside(async move { service.case(&conversation).await }).await.unwrap();
    assert_eq!((case.owner, case.state), (Some(staff("kim")), ConversationState::Open), "whoever answers has it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_no_beside_the_owner_leaves_the_conversation_with_the_owner() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let (conversation, action) = wanted(&app, &mut mika).await;
    let (service, id) = (app.service(), conversation.clone());
    app.inside(async move { service.take(&id, &staff("ada")).await }).await.unwrap();
    decides(&app, "kim", (&conversation, &action), false).await;
    let last = said(&app.events(&conversation).await).pop().unwrap();
    assert!(last.0 == Speaker::Agent && last.1.contains("can't approve it"), "{last:?}");
    let service = app.service();
    let case = app.inside(async move { service.case(&conversation).await }).await.unwrap();
    assert_eq!((case.owner, case.approvals.len()), (Some(staff("ada")), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_is_heard_at_once_while_a_write_is_on_its_way() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let proposal = card(&app, &mut mika).await;
    app.fault(Fault::of("orders", FaultKind::Hang).operation("cancelOrder"));
    mika.decides(&app, &proposal.id, true, Some(&proposal.digest)).await.unwrap();
    let conversation = mika.conversation(&app).await;
    app.until(&conversation, |events| events.iter().any(|event| matches!(event, Event::ActionClaimed { .. }))).await;
    for _ in 0..2 {
        let (service, session, id) = (app.service(), mika.session.clone(), conversation.clone());
        app.inside(async move { service.ask_person(&session, &id).await }).await.unwrap();
    }
    let offered = |event: &Event| matches!(event, Event::HandoffOffered { .. });
    let events = app.until(&conversation, |events| events.iter().any(offered)).await;
    let heard =
        |event: &Event| matches!(event, Event::PartReleased { text, .. } if text.get().is_some_and(|text| text.contains("I've heard you")));
    let unknown = |event: &Event| matches!(event, Event::ActionSettled { outcome: Settled::Unknown, .. });
    let at = |test: &dyn Fn(&Event) -> bool| events.iter().position(test).expect("it happened");
    assert!(at(&heard) < at(&unknown) && at(&unknown) < at(&offered), "{events:#?}");
    assert_eq!(events.iter().filter(|event| heard(event)).count(), 1, "pressed twice, told once");
}
