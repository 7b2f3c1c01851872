//! The story every driver of the log passes, told against the contract alone.

use crate::house::{NOON, add, plain, said, say, stream, subject, words, written};
use patchbay_core::log::{Append, Appended, Batch, Claim, Expected, Fence, Lease, LeaseRequest, LogError, Outgoing, Position, TimerChange};
use patchbay_core::port::Log;
use std::sync::Arc;
use std::time::Duration;

const LONG: usize = 10_000;

/// Events come back in order, by stream and over all, with times and page by page.
pub(crate) async fn order(log: &dyn Log) {
    assert_eq!(written(log.append(add("a", &["1", "2"])).await.unwrap()), (Position(2), vec![2]));
    let two = Append {
        batches: vec![
            Batch { stream: stream("b"), expected: Expected::Length(0), events: vec![(NOON.plus(Duration::from_millis(5)), plain("3"))] },
            Batch { stream: stream("a"), expected: Expected::Length(2), events: vec![(NOON, plain("4"))] },
            Batch { stream: stream("a"), expected: Expected::Length(3), events: vec![(NOON, plain("5"))] },
        ],
        ..add("a", &[])
    };
    assert_eq!(written(log.append(two).await.unwrap()), (Position(5), vec![1, 3, 4]));
    let all = log.read_all(Position(0), LONG).await.unwrap();
    assert_eq!(all.iter().map(|event| event.position.0).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(all[2].at, NOON.plus(Duration::from_millis(5)));
    let a = log.read_stream(stream("a"), 1, 2).await.unwrap();
    assert_eq!(a.iter().map(|event| (event.seq, event.event.clone())).collect::<Vec<_>>(), [(2, plain("2")), (3, plain("4"))]);
    assert_eq!(log.read_all(Position(4), 1).await.unwrap()[0].event, plain("5"));
    assert_eq!(log.read_stream(stream("nobody"), 0, LONG).await.unwrap(), []);
    let nothing = log.append(add("a", &[])).await.unwrap();
    assert_eq!(written(nothing), (Position(5), vec![4]));
}

/// Eight writers at once leave no gap, neither over all nor within their streams.
pub(crate) async fn crowd(log: Arc<dyn Log>) {
    let writer = |n: usize| {
        let log = Arc::clone(&log);
        tokio::spawn(async move {
            for i in 0..25 {
                let one = log.append(add(&format!("own-{n}"), &["x"])).await.unwrap();
                assert_eq!(written(one).1, [i + 1]);
                log.append(add("shared", &["x", "y"])).await.unwrap();
            }
        })
    };
    for task in (0..8).map(writer).collect::<Vec<_>>() {
        task.await.unwrap();
    }
    let all = log.read_all(Position(0), LONG).await.unwrap();
    assert!(all.iter().map(|event| event.position.0).eq(1..=600));
    let shared = log.read_stream(stream("shared"), 0, LONG).await.unwrap();
    assert!(shared.iter().map(|event| event.seq).eq(1..=400));
}

/// A stream of another length than expected refuses all of the append.
pub(crate) async fn conflict(log: &dyn Log) {
    log.append(add("a", &["1"])).await.unwrap();
    let mut late = Append::new(NOON, stream("a"), Expected::Length(0), vec![plain("2")]);
    late.batches.insert(0, Batch { stream: stream("b"), expected: Expected::Any, events: vec![(NOON, plain("x"))] });
    late.claims = vec![claim("once", "mine")];
    assert_eq!(log.append(late).await, Err(LogError::Conflict { stream: stream("a"), actual: 1 }));
    assert_eq!(log.read_all(Position(0), LONG).await.unwrap().len(), 1);
    assert_eq!(log.claimed("message".to_owned(), "once".to_owned()).await.unwrap(), None);
    assert_eq!(written(log.append(add("b", &["2"])).await.unwrap()).0, Position(2));
}

fn claim(key: &str, result: &str) -> Claim {
    Claim { kind: "message".to_owned(), key: key.to_owned(), result: result.to_owned() }
}

/// The first to claim wins; later comers get its result and write nothing, until the claim is given up.
pub(crate) async fn claims(log: &dyn Log) {
    let first = Append { claims: vec![claim("k", "first")], ..add("a", &["1"]) };
    log.append(first).await.unwrap();
    let mut second = Append { claims: vec![claim("free", "x"), claim("k", "second")], ..add("a", &["2"]) };
    // A claim that exists speaks before a conflict: who repeats a message gets the first answer.
    second.batches[0].expected = Expected::Length(0);
    assert_eq!(log.append(second).await.unwrap(), Appended::AlreadyClaimed { claim: claim("k", "first") });
    assert_eq!(log.read_all(Position(0), LONG).await.unwrap().len(), 1);
    assert_eq!(log.claimed("message".to_owned(), "free".to_owned()).await.unwrap(), None);
    assert_eq!(log.claimed("message".to_owned(), "k".to_owned()).await.unwrap(), Some("first".to_owned()));
    let unclaims = vec![("message".to_owned(), "k".to_owned())];
    let handed = Append { claims: vec![claim("k", "third")], unclaims: unclaims.clone(), ..add("a", &["2"]) };
    log.append(handed).await.unwrap();
    assert_eq!(log.claimed("message".to_owned(), "k".to_owned()).await.unwrap(), Some("third".to_owned()));
    log.append(Append { unclaims, ..add("a", &[]) }).await.unwrap();
    assert_eq!(log.claimed("message".to_owned(), "k".to_owned()).await.unwrap(), None);
}

/// Two nodes: one holds the lease, the other takes over after it ran out, and the first is then too late.
pub(crate) async fn fences(log: &dyn Log) {
    let ask = |holder: &str, after: u64| LeaseRequest {
        name: "turn".to_owned(),
        holder: holder.to_owned(),
        now: NOON.plus(Duration::from_secs(after)),
        lasts: Duration::from_secs(10),
    };
    let under = |lease: &Lease| Append { fence: Some(lease.fence.clone()), ..add("a", &["x"]) };
    let north = log.lease(ask("north", 0)).await.unwrap().unwrap();
    assert_eq!(log.lease(ask("south", 9)).await.unwrap(), None);
    let renewed = log.lease(ask("north", 9)).await.unwrap().unwrap();
    assert_eq!((&renewed.fence, renewed.until), (&north.fence, NOON.plus(Duration::from_secs(19))));
    log.append(under(&renewed)).await.unwrap();
    assert_eq!(log.lease(ask("south", 18)).await.unwrap(), None);
    let south = log.lease(ask("south", 19)).await.unwrap().unwrap();
    assert!(south.fence.number > north.fence.number);
    assert_eq!(log.append(under(&north)).await, Err(LogError::Fenced("turn".to_owned())));
    log.release(north).await.unwrap();
    log.append(under(&south)).await.unwrap();
    log.release(south.clone()).await.unwrap();
    assert_eq!(log.append(under(&south)).await, Err(LogError::Fenced("turn".to_owned())));
    let again = log.lease(ask("north", 20)).await.unwrap().unwrap();
    assert!(again.fence.number > south.fence.number, "a fence never comes back");
    let nobody = Fence { lease: "other".to_owned(), number: again.fence.number };
    assert!(log.append(Append { fence: Some(nobody), ..add("a", &["x"]) }).await.is_err());
    assert_eq!(log.read_all(Position(0), LONG).await.unwrap().len(), 2);
}

/// Timers stand until an append clears them; setting one again replaces it; a refused append changes none.
pub(crate) async fn timers(log: &dyn Log) {
    let set = |name: &str, seconds: u64| TimerChange::Set {
        name: name.to_owned(),
        due: NOON.plus(Duration::from_secs(seconds)),
        note: format!("in {seconds}"),
    };
    let at = |seconds| NOON.plus(Duration::from_secs(seconds));
    log.append(Append { timers: vec![set("late", 9), set("soon", 2), set("soon", 1)], ..add("a", &["1"]) }).await.unwrap();
    assert_eq!(log.due_timers(at(0), LONG).await.unwrap(), []);
    let due = log.due_timers(at(9), LONG).await.unwrap();
    assert_eq!(due.iter().map(|timer| timer.note.as_str()).collect::<Vec<_>>(), ["in 1", "in 9"]);
    assert_eq!(log.due_timers(at(9), 1).await.unwrap().len(), 1);
    let clear = vec![TimerChange::Clear { name: "soon".to_owned() }, TimerChange::Clear { name: "never set".to_owned() }];
    let mut refused = Append { timers: clear.clone(), ..add("a", &["2"]) };
    refused.batches[0].expected = Expected::Length(9);
    log.append(refused).await.unwrap_err();
    assert_eq!(log.due_timers(at(9), LONG).await.unwrap().len(), 2);
    log.append(Append { timers: clear, ..add("a", &["2"]) }).await.unwrap();
    assert_eq!(log.due_timers(at(9), LONG).await.unwrap()[0].name, "late");
}

/// Outgoing messages are given out until they are delivered, oldest first.
pub(crate) async fn outgoing(log: &dyn Log) {
    let post =
        |body: &str, seconds: u64| Outgoing { to: "mail".to_owned(), body: body.to_owned(), due: NOON.plus(Duration::from_secs(seconds)) };
    let later = Append { outgoing: vec![post("second", 5), post("first", 1)], ..say("a", "hello") };
    log.append(later).await.unwrap();
    log.append(Append { outgoing: vec![post("open", 5)], ..add("b", &["x"]) }).await.unwrap();
    let due = log.due_outgoing(NOON.plus(Duration::from_secs(5)), LONG).await.unwrap();
    assert_eq!(due.iter().map(|(_, message)| message.body.as_str()).collect::<Vec<_>>(), ["first", "second", "open"]);
    assert_eq!(due[0].1, post("first", 1));
    log.delivered(due[0].0).await.unwrap();
    log.delivered(due[0].0).await.unwrap();
    let left = log.due_outgoing(NOON.plus(Duration::from_secs(9)), LONG).await.unwrap();
    assert_eq!(left.len(), 2);
    assert_eq!(log.due_outgoing(NOON, LONG).await.unwrap(), []);
}

/// Followers wake when the log grows, and only then.
pub(crate) async fn followers(log: Arc<dyn Log>) {
    let seen = tokio::spawn({
        let log = Arc::clone(&log);
        async move { log.grown_past(Position(1)).await }
    });
    log.append(add("a", &["1"])).await.unwrap();
    tokio::task::yield_now().await;
    assert!(!seen.is_finished());
    log.append(add("a", &["2", "3"])).await.unwrap();
    assert_eq!(seen.await.unwrap(), Position(3));
    assert_eq!(log.grown_past(Position(0)).await, Position(3));
}

/// Personal values come back whole, whichever way they are read, and an append without a subject may hold none.
pub(crate) async fn personal(log: &dyn Log) {
    log.append(say("ann", "my door code is 4711")).await.unwrap();
    let both = Append {
        subject: Some(subject("ann")),
        ..Append::new(NOON, stream("ann"), Expected::Length(1), vec![said("ü\u{0}\"𝄞"), plain("x")])
    };
    log.append(both).await.unwrap();
    log.append(say("bob", "hello")).await.unwrap();
    let ann = log.read_stream(stream("ann"), 0, LONG).await.unwrap();
    assert_eq!(words(&ann[0].event), Some("my door code is 4711"));
    assert_eq!(words(&ann[1].event), Some("ü\u{0}\"𝄞"));
    let all = log.read_all(Position(0), LONG).await.unwrap();
    assert_eq!((words(&all[0].event), words(&all[3].event)), (words(&ann[0].event), Some("hello")));
    let nameless = Append::new(NOON, stream("ann"), Expected::Any, vec![said("whose is this?")]);
    assert!(matches!(log.append(nameless).await, Err(LogError::Broken(_))));
    assert_eq!(log.read_all(Position(0), LONG).await.unwrap().len(), 4);
}
