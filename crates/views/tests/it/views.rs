//! Following, rebuilding, skipping, querying and exporting.

use crate::day::{ANN, Desk, MORNING, asked_for_a_person, cancelled_order, conversation, dump};
use patchbay_core::Timestamp;
use patchbay_core::log::{Position, Subject};
use patchbay_views::facts::Rules;
use patchbay_views::{Filter, Projector, Views, export, rebuild};
use std::fs;
use std::sync::Arc;

/// A followed day, and the way to ask about it.
async fn day() -> (Desk, Views) {
    let desk = Desk::open();
    let projector = Projector::open(&desk.views(), Rules::default()).unwrap();
    cancelled_order(desk.log.as_ref()).await;
    projector.catch_up(desk.log.as_ref()).await.unwrap();
    asked_for_a_person(desk.log.as_ref()).await;
    projector.catch_up(desk.log.as_ref()).await.unwrap();
    let views = Views::open(&desk.views()).unwrap();
    (desk, views)
}

#[tokio::test]
async fn conversations_are_listed_with_how_they_went() {
    let (_desk, views) = day().await;
    let all = views.conversations_before(Filter::default(), None, 9).await.unwrap();
    let words = |n: usize| (all[n].visit.as_str(), all[n].resolution.as_str(), all[n].outcome.as_str(), all[n].state.as_str());
    assert_eq!(words(0), ("repeat", "not", "escalated", "waiting"));
    assert_eq!(words(1), ("new", "resolved", "verified", "bot"));
    assert_eq!((all[1].messages, all[1].turns, all[1].customer.as_deref()), (1, 2, Some(ANN)));
    assert_eq!((all[1].opened_at, all[1].last_at), (Timestamp(MORNING.0 + 1_000_000), Timestamp(MORNING.0 + 1_014_000)));
    let older = views.conversations_before(Filter::default(), Some(all[0].opened), 9).await.unwrap();
    assert_eq!(older, all[1..]);
    let waiting = Filter { state: Some("waiting".to_owned()), customer: Some(ANN.to_owned()), ..Filter::default() };
    assert_eq!(views.conversations_after(waiting, 0, 9).await.unwrap(), all[..1]);
    assert_eq!(views.conversation(all[0].id.clone()).await.unwrap().as_ref(), Some(&all[0]));
}

#[tokio::test]
async fn turns_calls_writes_and_escalations_are_told() {
    let (_desk, views) = day().await;
    let (first, second) = (conversation(1).to_string(), conversation(2).to_string());
    let turns = views.turns(first.clone()).await.unwrap();
    assert_eq!((turns[0].skill.as_deref(), turns[0].status.as_deref(), turns[0].calls), (Some("cancel"), Some("proposing"), 1));
    assert_eq!(turns[0].first_part_at, Some(Timestamp(MORNING.0 + 1_006_000)));
    let calls = views.calls(first.clone()).await.unwrap();
    let call = (calls[0].tool.as_str(), calls[0].backend.as_deref(), calls[0].outcome.as_deref(), calls[0].ms);
    assert_eq!(call, ("order", Some("orders"), Some("ok"), Some(42)));
    assert_eq!(views.calls_after(calls[0].started, 9).await.unwrap(), []);
    let actions = views.actions(first).await.unwrap();
    assert_eq!((actions.len(), actions[0].state.as_str(), actions[0].verified), (1, "done", Some(true)));
    let escalations = views.escalations(second).await.unwrap();
    assert_eq!((escalations[0].reason.as_str(), &escalations[0].evidence["asked"]), ("asked_for_human", &"true".into()));
    assert_eq!(views.escalations_after(0, 9).await.unwrap(), escalations);
}

#[tokio::test]
async fn a_rebuild_gives_the_same_rows() {
    let (desk, views) = day().await;
    let followed = dump(&desk.views());
    assert_eq!(followed.len(), 57, "{followed:#?}");
    drop(views);
    let mut told = Vec::new();
    let done = rebuild(desk.log.as_ref(), &desk.views(), Rules::default(), |progress| told.push(progress)).await.unwrap();
    assert_eq!((done.position, done.skipped), (desk.log.last(), 0));
    assert_eq!(dump(&desk.views()), followed);
    assert!(told.iter().all(|progress| progress.position <= done.position));
}

#[tokio::test]
async fn what_cannot_be_read_is_skipped_and_counted() {
    let desk = Desk::open();
    cancelled_order(desk.log.as_ref()).await;
    // Two in a row in the middle, and the last one.
    let last = desk.log.last();
    let desk = desk.poisoned(&[5, 6, i64::try_from(last.0).unwrap()]).await;
    let projector = Projector::open(&desk.views(), Rules::default()).unwrap();
    assert_eq!(projector.catch_up(desk.log.as_ref()).await.unwrap(), last);
    let skipped = Views::open(&desk.views()).unwrap().skipped().await.unwrap();
    assert_eq!(skipped.iter().map(|skipped| skipped.position).collect::<Vec<_>>(), [5, 6, last.0]);
    assert!(skipped[0].why.contains("from_the_future"), "{}", skipped[0].why);
    let followed = dump(&desk.views());
    drop(projector);
    assert_eq!(rebuild(desk.log.as_ref(), &desk.views(), Rules::default(), |_| {}).await.unwrap().skipped, 3);
    assert_eq!(dump(&desk.views()), followed);
}

#[tokio::test]
async fn the_export_holds_every_conversation_with_its_words() {
    let (desk, views) = day().await;
    let mut out = Vec::new();
    let (written, cursor) = export(desk.log.as_ref(), &views, Filter::default(), 0, &mut out).await.unwrap();
    let lines: Vec<serde_json::Value> = out.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
    assert_eq!((written, lines.len()), (2, 2));
    assert_eq!(lines[0]["transcript"][0]["text"], "please cancel order 10023");
    assert_eq!(lines[0]["transcript"][2]["text"], "Order 10023 will be cancelled.");
    assert_eq!(lines[0]["conversation"]["opened_at"], "2027-01-15T08:16:40.000Z");
    assert_eq!(lines[1]["transcript"][1]["staff"], "jun");
    assert_eq!(export(desk.log.as_ref(), &views, Filter::default(), cursor, &mut Vec::new()).await.unwrap(), (0, cursor));

    desk.log.forget(Subject(ANN.to_owned())).await.unwrap();
    let mut out = Vec::new();
    export(desk.log.as_ref(), &views, Filter::default(), 0, &mut out).await.unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(!text.contains("10023") && text.contains("\"text\":null"));
}

#[tokio::test]
async fn nothing_that_was_said_stands_in_the_views() {
    let (desk, views) = day().await;
    drop(views);
    // The projector is gone, so the file is whole and SQLite keeps nothing beside it.
    let bytes = fs::read(desk.views()).unwrap();
    let holds = |words: &str| bytes.windows(words.len()).any(|window| window == words.as_bytes());
    assert!(holds("asked_for_human"));
    for words in ["10023", "talk to somebody", "C-1001", "cancelled."] {
        assert!(!holds(words), "{words}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn running_it_follows_and_stops() {
    let desk = Desk::open();
    let projector = Arc::new(Projector::open(&desk.views(), Rules::default()).unwrap());
    let mut reached = projector.reached();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let running = tokio::spawn({
        let (projector, log) = (Arc::clone(&projector), Arc::clone(&desk.log));
        async move { projector.run(log.as_ref(), async { drop(stopped.await) }).await }
    });
    cancelled_order(desk.log.as_ref()).await;
    reached.wait_for(|position| *position == desk.log.last()).await.unwrap();
    asked_for_a_person(desk.log.as_ref()).await;
    reached.wait_for(|position| *position == desk.log.last()).await.unwrap();
    stop.send(()).unwrap();
    running.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn views_that_are_ahead_of_their_log_or_of_another_version_begin_anew() {
    let (desk, _views) = day().await;
    let older = Desk::open();
    cancelled_order(older.log.as_ref()).await;
    let copy = older.views().display().to_string();
    rusqlite::Connection::open(desk.views()).unwrap().execute("VACUUM INTO ?1", [copy]).unwrap();
    let projector = Projector::open(&older.views(), Rules::default()).unwrap();
    assert_eq!(*projector.reached().borrow(), desk.log.last());
    let mut reached = projector.reached();
    let done = async { drop(reached.wait_for(|position| *position == older.log.last()).await) };
    projector.run(older.log.as_ref(), done).await;
    assert_eq!(Views::open(&older.views()).unwrap().conversations_after(Filter::default(), 0, 9).await.unwrap().len(), 1);
    drop(projector);
    rusqlite::Connection::open(older.views()).unwrap().pragma_update(None, "user_version", 7).unwrap();
    assert_eq!(*Projector::open(&older.views(), Rules::default()).unwrap().reached().borrow(), Position(0));
    fs::write(older.views(), "no database at all, and long enough to be looked at as one").unwrap();
    assert_eq!(*Projector::open(&older.views(), Rules::default()).unwrap().reached().borrow(), Position(0));
}
