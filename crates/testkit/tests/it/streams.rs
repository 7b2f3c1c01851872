//! The live stream: after any number of reconnects every public event has come exactly once, in order.

use futures::StreamExt;
use patchbay_service::Public;
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
    let rest = app.service().events(mika.session.clone(), conversation.clone(), after);
    let mut rest = Box::pin(rest);
    while let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(300), rest.next()).await {
        seen.extend(Some(event.unwrap()).filter(|event| event.seq.is_some()));
    }
    let mut whole = Vec::new();
    let mut all = Box::pin(app.service().events(mika.session.clone(), conversation, 0));
    while let Ok(Some(event)) = tokio::time::timeout(Duration::from_millis(300), all.next()).await {
        whole.extend(Some(event.unwrap()).filter(|event| event.seq.is_some()));
    }
    assert!(whole.len() > 10, "{whole:#?}");
    assert_eq!(seen, whole);
}
