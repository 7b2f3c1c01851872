//! Waiting in line: the place is told as it changes, and how long people wait is known after a kill.

use futures::StreamExt;
use patchbay_core::handoff::Place;
use patchbay_core::id::{ConversationId, StaffId};
use patchbay_core::words::{ConversationState, ReplyStatus};
use patchbay_service::{Public, PublicEvent};
use patchbay_testkit::{Persona, TestApp};
use std::time::Duration;

fn kim() -> StaffId {
    StaffId::parse("stf_kim").unwrap()
}

async fn waiting(app: &TestApp, customer: &mut Persona) -> ConversationId {
    let reply = customer.says(app, "I want to talk to a person").await;
    assert_eq!(reply.status, ReplyStatus::HandedOver, "{reply:#?}");
    customer.conversation(app).await
}

/// Kim takes a conversation and settles it.
async fn served(app: &TestApp, conversation: &ConversationId) {
    let (service, conversation) = (app.service(), conversation.clone());
    app.inside(async move {
        service.take(&conversation, &kim()).await.unwrap();
        service.resolve(&conversation, &kim()).await.unwrap();
    })
    .await;
}

/// The next place that the customer's own stream tells, within the test's patience.
async fn told(events: &mut (impl futures::Stream<Item = Public> + Unpin)) -> Place {
    let place = async {
        loop {
            let public = events.next().await.expect("the stream goes on");
            if let PublicEvent::State { state: ConversationState::Waiting, place: Some(place), .. } = public.event {
                return place;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(60), place).await.expect("the place is told")
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_waits_is_told_when_the_line_moves() {
    let app = TestApp::start().await;
    let (mut mika, mut bob) = (app.mika(), app.bob());
    let first = waiting(&app, &mut mika).await;
    app.clock().advance(Duration::from_secs(5));
    let second = waiting(&app, &mut bob).await;

    let (service, session) = (app.service(), bob.session.clone());
    let (tell, mut hear) = futures::channel::mpsc::unbounded();
    let conversation = second.clone();
    let follow = async move {
        let mut events = Box::pin(service.events(session, conversation, 0));
        while let Some(Ok(public)) = events.next().await {
            if tell.unbounded_send(public).is_err() {
                return;
            }
        }
    };
    let following = app.inside(async move { tokio::spawn(follow).abort_handle() }).await;
    assert_eq!(told(&mut hear).await.position, 2, "as it was told in words");
    served(&app, &first).await;
    assert_eq!(told(&mut hear).await.position, 1, "nobody is before him any more");
    // What is told beside the log is not in it.
    let log = app.service();
    let session = bob.session.clone();
    let transcript = app.inside(async move { log.conversation(&session, &second).await }).await.unwrap();
    assert_eq!(transcript.state, ConversationState::Waiting);
    following.abort();
}

#[tokio::test(flavor = "multi_thread")]
async fn how_long_people_wait_is_said_once_enough_have_and_after_a_kill() {
    let mut app = TestApp::start().await;
    for _ in 0..5 {
        let mut mika = app.mika();
        let reply = mika.says(&app, "I want to talk to a person").await;
        assert!(!reply.text.contains("people waited"), "too few have waited: {}", reply.text);
        app.clock().advance(Duration::from_secs(110));
        served(&app, &mika.conversation(&app).await).await;
    }
    let mut bob = app.bob();
    let said = bob.says(&app, "I want to talk to a person").await.text;
    assert!(said.contains("people waited about 2 min lately"), "{said}");
    app.crash().await;
    let mut visitor = app.visitor();
    let said = visitor.says(&app, "I want to talk to a person").await.text;
    assert!(said.contains("number 2 in line; people waited about 2 min lately"), "{said}");
    let conversation = visitor.conversation(&app).await;
    let service = app.service();
    let place = app.inside(async move { service.place(&conversation).await }).await.unwrap().unwrap();
    assert_eq!((place.position, place.expected_from), (2, Some(5)));

    app.clock().advance(Duration::from_secs(8 * 24 * 3600));
    let mut mika = app.mika();
    let said = mika.says(&app, "I want to talk to a person").await.text;
    assert!(said.contains("in line") && !said.contains("people waited"), "what was a week ago is not lately: {said}");
}
