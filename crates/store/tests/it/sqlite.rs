//! The SQLite driver passes the story.

use crate::house::{House, add, words};
use crate::story;
use patchbay_core::log::Position;
use patchbay_core::port::Log;
use std::sync::Arc;

macro_rules! chapters {
    ($($chapter:ident: $log:ident => $argument:expr;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 8)]
        async fn $chapter() {
            let house = House::new();
            let $log = Arc::new(house.open());
            story::$chapter($argument).await;
        }
    )*};
}

chapters! {
    order: log => log.as_ref();
    crowd: log => log;
    conflict: log => log.as_ref();
    claims: log => log.as_ref();
    fences: log => log.as_ref();
    timers: log => log.as_ref();
    outgoing: log => log.as_ref();
    followers: log => log;
    personal: log => log.as_ref();
}

#[tokio::test]
async fn opening_again_goes_on_where_it_stopped() {
    let house = House::new();
    let log = house.open();
    let secret = *log.instance_secret();
    log.append(crate::house::say("a", "hello")).await.unwrap();
    log.close().await;
    assert!(log.append(add("a", &["too late"])).await.is_err());
    let again = house.open();
    assert_eq!((*again.instance_secret(), again.last()), (secret, Position(1)));
    again.append(add("a", &["x"])).await.unwrap();
    let events = again.read_all(Position(0), 9).await.unwrap();
    assert_eq!((events.len(), words(&events[0].event)), (2, Some("hello")));
}
