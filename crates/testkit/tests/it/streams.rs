//! The live stream: after any number of reconnects every public event has come exactly once, in order.

use futures::{Stream, StreamExt};
use patchbay_service::{Public, PublicEvent, Refused};
use patchbay_testkit::TestApp;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_reconnects_have_no_gap_and_no_double() {
    let app = TestApp::start().await;
    let mut mika = app.mika();
    let conversation = mika.conversation(&app).await;
    let (service, session, id) = (app.service(), mika.session.clone(), conversation.clone());
    let listener = tokio::spawn(async move {
        let (mut seen, mut after): (Vec<Public>, u64) = (Vec::new(), 0);
        for turn in 0_u32..200 {
            let mut events = Box::pin(service.events(session.clone(), id.clone(), after));
            // Listens for a moment, takes at most a few, and is gone in the middle of anything.
            for _ in 0..=turn % 3 {
                let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(40), events.next()).await else { break };
                let event = event.unwrap();
                if let Some(seq) = event.seq {
                    after = seq;
                    seen.push(event);
                }
            }
        }
        (seen, after)
    });
    for text in ["where is order 12345?", "what is in order 12345?", "how much do I owe?", "which plan do I have?", "where is order 12288?"]
    {
        mika.says(&app, text).await;
    }
    let (mut seen, after) = listener.await.unwrap();
    let whole = until_five_replies(app.service().events(mika.session.clone(), conversation.clone(), 0), Vec::new()).await;
    seen = until_five_replies(app.service().events(mika.session.clone(), conversation, after), seen).await;
    assert!(whole.len() > 10, "{whole:#?}");
    assert_eq!(seen, whole);
}

/// What was seen, and what comes until the last of the five replies is closed.
async fn until_five_replies(events: impl Stream<Item = Result<Public, Refused>>, mut seen: Vec<Public>) -> Vec<Public> {
    let closed = |seen: &[Public]| seen.iter().filter(|public| matches!(public.event, PublicEvent::Closed { .. })).count();
    let mut events = Box::pin(events);
    while closed(&seen) < 5 {
        let next = tokio::time::timeout(Duration::from_secs(60), events.next()).await.expect("five replies were closed");
        seen.extend(next.map(Result::unwrap).filter(|event| event.seq.is_some()));
    }
    seen
}
